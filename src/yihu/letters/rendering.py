"""A letter as it is printed: its blocks in order, by what was kept when it was issued."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.letters.enums import LetterKind
from yihu.letters.models import Letter

# What the listed reasons are, where they are not simply reasons.
HEADINGS = {
    LetterKind.MISSING_PAPERS: gettext_lazy("所缺材料"),
    LetterKind.GRANT: gettext_lazy("认定的依据和计算"),
    LetterKind.REFUSAL: gettext_lazy("不予确认的理由"),
    LetterKind.EXTENSION: gettext_lazy("延长的原因"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines under a heading, if it has one; ``is_list``: they are numbered."""

    lines: tuple[str, ...]
    heading: str = ""
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter from its title to its signature. ``entrusted`` says on whose behalf the office decided, if it did."""

    title: str
    number: str
    addressee: str
    blocks: tuple[Block, ...]
    office: str
    entrusted: str
    issued_on: str


def sheet_of(letter: Letter) -> Sheet:
    """The sheet of a letter; the same for as long as the letter is kept."""
    content = letter.content
    reasons = str(HEADINGS.get(LetterKind(letter.kind), _("理由")))
    blocks = (
        Block(tuple(content["paragraphs"])),
        Block(tuple(content["reasons"]), reasons, is_list=True),
        Block(tuple(content["rights"]), _("您的权利")),
    )
    return Sheet(
        title=letter.get_kind_display(),
        number=letter.number,
        addressee=letter.addressee,
        blocks=tuple(block for block in blocks if block.lines),
        office=letter.office,
        entrusted=_("受{office}委托").format(office=letter.entrusted_by) if letter.entrusted_by else "",
        issued_on=in_chinese(letter.issued_on),
    )


def in_chinese(day: date) -> str:
    """A day as letters date themselves: ``2026年3月2日``."""
    return f"{day.year}年{day.month}月{day.day}日"
