"""What the letters of a case say: paragraphs in the packs, dated, with blanks that the case fills in.

    text = letter_text("xicheng", Letter.GRANT, on)
    text.told(About(kind, form, of), {"programme": "…", "amount": "1,616.00", …})

A paragraph stands in the letters of certain programmes only (``kind``, ``form``, ``of``), or where something is known
(``with``) or not (``without``). A blank that may stay empty may be used only in a paragraph that is ``with`` it, so
that no letter is ever sent with a hole in it. All of that is checked when the file is read.
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import policy_packs
from policy_engine import Contents, HelpForm, PackError, ProgrammeKind, Scope
from policy_engine.documents import Document
from policy_engine.language import _
from policy_engine.parameters import Source
from policy_procedures.layers import Version
from policy_procedures.model import Procedure
from policy_procedures.words import Letter

Word = TypeVar("Word", bound=StrEnum)

_FILE_KEYS = ("overrides", "versions")
_VERSION_KEYS = ("until", "source", "note", "paragraphs")
_PARAGRAPH_KEYS = ("text", "kind", "form", "of", "with", "without")
OF = (Scope.HOUSEHOLD, Scope.MEMBER)
FORMS = tuple(HelpForm)


@dataclass(frozen=True, slots=True)
class Blanks:
    """What a kind of letter can say: ``always`` known, ``maybe`` empty; ``flags`` are asked about and never said."""

    always: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()


# Of every letter: the programme, the case, the day, the applicant, and whom the letter speaks of (您, 您家, or a name).
_COMMON = frozenset({"programme", "number", "day", "applicant", "you"})
_ENDING = Blanks(frozenset({"reason"}), frozenset({"because"}), frozenset({"lacking", "nobody_left"}))
# Blanks that are filled together with another one.
_BESIDE = {"capitals": "amount", "days": "due_on", "term": "decided_by"}
BLANKS: Mapping[Letter, Blanks] = {
    Letter.MISSING_PAPERS: Blanks(frozenset({"applied_on"}), frozenset({"note"}), frozenset({"closes"})),
    Letter.ACCEPTANCE: Blanks(
        frozenset({"applied_on"}), frozenset({"due_on", "decided_by", "occasion", "surveys", "later"})
    ),
    Letter.EXTENSION: Blanks(frozenset({"due_on"})),
    Letter.GRANT: Blanks(
        frozenset({"start_month", "start_day"}),
        frozenset({"amount", "form", "opens", "mark", "ceiling", "because", "earlier", "occasion"}),
    ),
    Letter.REFUSAL: Blanks(frozenset({"reason"}), frozenset({"mark", "occasion"})),
    Letter.RECORDS_REFUSAL: _ENDING,
    Letter.INCOMPLETE: _ENDING,
    Letter.TERMINATION: _ENDING,
    Letter.WITHDRAWAL: _ENDING,
}


@dataclass(frozen=True, slots=True)
class About:
    """The programme that a letter is about, as far as its words depend on it; ``form`` None for a status."""

    kind: ProgrammeKind
    form: HelpForm | None
    of: Scope


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; an empty set of kinds, forms or scopes means all of them."""

    text: str
    kinds: frozenset[ProgrammeKind]
    forms: frozenset[HelpForm]
    of: frozenset[Scope]
    wanted: frozenset[str]
    barred: frozenset[str]

    def stands(self, about: About, known: frozenset[str]) -> bool:
        """Whether a letter about this, with these blanks filled, has the paragraph."""
        return (
            (not self.kinds or about.kind in self.kinds)
            and (not self.forms or about.form in self.forms)
            and (not self.of or about.of in self.of)
            and self.wanted <= known
            and not self.barred & known
        )


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a letter says from ``since`` to ``until``; ``source`` is the article by which the family is told."""

    letter: Letter
    pack: str
    since: date
    until: date | None
    source: Source
    paragraphs: tuple[Paragraph, ...]

    def told(self, about: About, values: Mapping[str, str]) -> list[str]:
        """The paragraphs of one letter. An empty value is one that is not known; a missing one raises KeyError."""
        known = frozenset(name for name, value in values.items() if value)
        return [each.text.format_map(values) for each in self.paragraphs if each.stands(about, known)]


class NoLetter(LookupError):
    """No text is written for this letter on this day; the message says which, in Chinese."""


def letter_text(pack: str, letter: Letter, on: date) -> LetterText:
    """What a letter of that day says in ``pack``. Raises NoLetter, PackError."""
    for text in letters_of(pack).get(letter, ()):
        if text.since <= on and (text.until is None or on <= text.until):
            return text
    raise NoLetter(_("政策包 {pack} 没有写 {day} 的“{letter}”").format(pack=pack, day=on, letter=letter))


@cache
def letters_of(pack: str) -> Mapping[Letter, tuple[LetterText, ...]]:
    """Every letter of a pack, early to late, read once a process. Raises PackError."""
    return read_letters(policy_packs.load(pack))


def read_letters(pack: Contents) -> dict[Letter, tuple[LetterText, ...]]:
    """Read and check every letter that ``pack`` has or inherits. Raises PackError for any fault."""
    found: dict[Letter, tuple[LetterText, ...]] = {}
    for member in pack.chain():
        for path in sorted((member.folder / "letters").glob("*.yaml")):
            letter = _letter(path)
            above = found[letter][0].pack if letter in found else None
            found[letter] = _File(path, member.name, letter).read(above)
    return found


def check_letters(
    found: Procedure, version: Version, letters: Mapping[Letter, tuple[LetterText, ...]], pack: Contents
) -> None:
    """Refuse a procedure that sends a letter for which no text is written. Raises PackError."""
    first = max(found.since, pack.covers[0])
    sent = [(version.place("steps", step.name), each) for step in found.steps.values() for each in step.letters]
    sent += [(version.place("closings", reason), each.letter) for reason, each in found.closings.items()]
    if found.total is not None:
        sent.append((version.own, Letter.EXTENSION))
    for entry, letter in sent:
        texts = letters.get(letter, ())
        if not texts or texts[0].since > first:
            raise entry.fault(_("letters 里没有 {day} 起的“{letter}”").format(day=first, letter=letter))


def _letter(path: Path) -> Letter:
    try:
        return Letter(path.stem)
    except ValueError:
        known = "、".join(Letter)
        raise PackError(
            _("没有“{name}”这种通知书；有：{known}").format(name=path.stem, known=known), file=path
        ) from None


class _File:
    """The reading of one letter's file."""

    def __init__(self, path: Path, pack: str, letter: Letter) -> None:
        self.document, self.pack, self.letter = Document(path), pack, letter
        blanks = BLANKS[letter]
        beside = {name for name, other in _BESIDE.items() if other in blanks.maybe}
        self.sayable = _COMMON | blanks.always | blanks.maybe | beside
        self.maybe, self.askable = blanks.maybe, blanks.maybe | blanks.flags

    def read(self, above: str | None) -> tuple[LetterText, ...]:
        document = self.document
        document.only(document.data, _FILE_KEYS)
        overrides = document.data.get("overrides")
        if overrides != above:
            message = (
                _("{pack} 已有这封信；要代替它须写明 overrides: {pack}").format(pack=above)
                if above
                else _("{pack} 里没有可以代替的信").format(pack=overrides)
            )
            raise document.fault(message, "overrides")
        texts = tuple(
            self._version(document.day(since, "versions", since), data)
            for since, data in document.require(document.data, "versions").items()
        )
        for earlier, later in itertools.pairwise(texts):
            if earlier.until is None or earlier.until + timedelta(days=1) != later.since:
                raise document.fault(_("前一个版本须到 {day} 为止，一天不多、一天不少").format(
                    day=later.since - timedelta(days=1)
                ), "versions", later.since)  # fmt: skip
        if texts[-1].until is not None:
            raise document.fault(_("最后一个版本不能有 until：到时就没有信可发"), "versions", texts[-1].since, "until")
        return texts

    def _version(self, since: date, data: dict[str, Any]) -> LetterText:
        document, here = self.document, ("versions", since)
        document.only(data, _VERSION_KEYS, *here)
        source = document.require(data, "source", *here)
        document.only(source, ("document", "clause", "url"), *here, "source")
        for key in ("document", "clause"):
            document.require(source, key, *here, "source")
        until = data.get("until")
        text = LetterText(
            letter=self.letter,
            pack=self.pack,
            since=since,
            until=None if until is None else document.day(until, *here, "until"),
            source=Source(source["document"], source["clause"], source.get("url") or ""),
            paragraphs=tuple(
                self._paragraph(item, *here, "paragraphs", place)
                for place, item in enumerate(document.require(data, "paragraphs", *here))
            ),
        )
        self._check_said(text, *here)
        return text

    def _paragraph(self, item: object, *here: object) -> Paragraph:
        document = self.document
        data: dict[str, Any] = item if isinstance(item, dict) else {"text": item}
        document.only(data, _PARAGRAPH_KEYS, *here)
        text, wanted = str(document.require(data, "text", *here)), self._names(data, "with", *here)
        try:
            blanks = {part[1] for part in string.Formatter().parse(text) if part[1] is not None}
        except ValueError:
            raise document.fault(_("花括号不成对"), *here) from None
        for name in sorted(blanks):
            if name not in self.sayable:
                known = "、".join(sorted(self.sayable))
                raise document.fault(_("这封信里没有“{name}”；有：{known}").format(name=name, known=known), *here)
            needed = _BESIDE.get(name, name)
            if needed in self.maybe and needed not in wanted:
                raise document.fault(_("“{name}”可能是空的：这一段须写 with: [{name}]").format(name=needed), *here)
        return Paragraph(
            text=text,
            kinds=self._words(data, "kind", ProgrammeKind, tuple(ProgrammeKind), *here),
            forms=self._words(data, "form", HelpForm, FORMS, *here),
            of=self._words(data, "of", Scope, OF, *here),
            wanted=wanted,
            barred=self._names(data, "without", *here),
        )

    def _names(self, data: dict[str, Any], key: str, *here: object) -> frozenset[str]:
        names = data.get(key) or []
        for name in names:
            if name not in self.askable:
                known = "、".join(sorted(self.askable)) or _("没有")
                raise self.document.fault(_("不认识“{name}”；有：{known}").format(name=name, known=known), *here, key)
        return frozenset(names)

    def _words(
        self, data: dict[str, Any], key: str, words: type[Word], known: tuple[Word, ...], *here: object
    ) -> frozenset[Word]:
        found = set()
        for name in data.get(key) or []:
            if name not in known:
                raise self.document.fault(
                    _("不认识“{name}”；有：{known}").format(name=name, known="、".join(known)), *here, key
                )
            found.add(words(name))
        return frozenset(found)

    def _check_said(self, text: LetterText, *here: object) -> None:
        """Whatever a letter is about it says something, and a letter of a grant says what is given."""
        for about in everything():
            for known in _ways(self.askable):
                stands = [each for each in text.paragraphs if each.stands(about, known)]
                if self.letter is Letter.GRANT:
                    if not _can_be_granted(about, known):
                        continue
                    stands = [each for each in stands if each.kinds]
                if not stands:
                    raise self.document.fault(
                        _("这种情形没有一段话：{kind}、{form}、{of}").format(
                            kind=about.kind, form=about.form or "-", of=about.of
                        ),
                        *here,
                        "paragraphs",
                    )


def _can_be_granted(about: About, known: frozenset[str]) -> bool:
    """Whether a grant of this can have just these blanks filled: money has an amount, what is no money a form."""
    in_kind = about.form not in (None, HelpForm.MONEY)
    has_amount = in_kind or ("amount" in known) == (about.form is HelpForm.MONEY)
    return has_amount and ("form" in known) == in_kind and not ("opens" in known and about.form)


def everything() -> Iterator[About]:
    """Every kind of programme that a letter can be about."""
    for kind, of in itertools.product(ProgrammeKind, OF):
        for form in (None,) if kind is ProgrammeKind.STATUS else FORMS:
            yield About(kind, form, of)


def _ways(names: frozenset[str]) -> Iterator[frozenset[str]]:
    """Every set of blanks that may be filled."""
    ordered = sorted(names)
    for count in range(len(ordered) + 1):
        yield from map(frozenset, itertools.combinations(ordered, count))
