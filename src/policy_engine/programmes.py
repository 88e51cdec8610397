"""A programme is data: of whom, what kind and form of help, which conditions, what amount, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from policy_engine import wording
from policy_engine.documents import Document
from policy_engine.errors import PackError
from policy_engine.language import _
from policy_engine.parameters import Source
from policy_engine.values import HelpForm, LimitSpan, ProgrammeKind, Scope

_KEYS = (
    *("title", "short", "of", "since", "until", "kind", "season", "form", "limit", "conditions", "amount", "at_least"),
    *("excluded_by", "application", "amount_is", "shows", "leads_to", "caveats", "clause", "overrides", "order"),
)


@dataclass(frozen=True, slots=True)
class Caveat:
    """Something a reader must know beside the result, with where it comes from and from which day on."""

    text: str
    source: Source
    since: date | None


@dataclass(frozen=True, slots=True)
class Limit:
    """How often help may be had: ``times`` within each year, in a life, or for one occasion within a year."""

    times: int
    per: LimitSpan


@dataclass(frozen=True, slots=True)
class Season:
    """What a season of help is called, and the month, 1 to 12, on whose first day each begins and the last one ends.

    ``note`` says on what that rests where no text was seen that names its days, and ``source`` is then None.
    """

    label: str
    first_month: int
    source: Source | None
    note: str


@dataclass(frozen=True, slots=True)
class Programme:
    """One kind of help. ``form`` is None for a status, which gives nothing itself; ``amount`` names a rule in fen.

    ``season`` is that of help by the season, and None for every other kind.

    Money always has an amount, a status never; for the other forms it is what the help is worth, where that is said.
    ``is_ceiling``: the amount may be the most that can be granted, always or where ``ceiling_where``, a condition,
    holds.
    """

    name: str
    title: str
    short: str
    of: Scope
    since: date
    until: date | None
    kind: ProgrammeKind
    season: Season | None
    form: HelpForm | None
    limit: Limit | None
    conditions: tuple[str, ...]
    amount: str | None
    at_least: str | None
    excluded_by: tuple[str, ...]
    needs_application: bool
    is_ceiling: bool
    ceiling_where: str | None
    shows: tuple[str, ...]
    leads_to: str
    caveats: tuple[Caveat, ...]
    source: Source
    order: int
    pack: str
    file: Path

    @property
    def eligible(self) -> str:
        """The name under which rules and other programmes see whether this one is met."""
        return f"{self.name}_eligible"

    @property
    def per(self) -> str:
        """What an amount is for, ``月`` or the season's own word; empty for a status and for help once."""
        return self.season.label if self.season else wording.PER.get(self.kind, "")

    @property
    def often(self) -> str:
        """How often help comes, in words; empty for a status."""
        return _("每{season}").format(season=self.season.label) if self.season else wording.HOW_OFTEN[self.kind]

    def in_force(self, day: date) -> bool:
        """Whether the programme exists on ``day``."""
        return self.since <= day and (self.until is None or day <= self.until)

    def caveats_on(self, day: date) -> list[Caveat]:
        """What a reader must know on ``day``."""
        return [caveat for caveat in self.caveats if caveat.since is None or caveat.since <= day]

    def fault(self, key: str, message: str) -> PackError:
        """An error that points at an entry of the programme's file."""
        return Document(self.file).fault(message, key)


def load_programme(path: Path, pack: str) -> Programme:
    """Read one programme file. Raises PackError for anything that is not as it must be."""
    document = Document(path)
    data = document.data
    document.only(data, _KEYS)
    try:
        scope = Scope(document.require(data, "of"))
    except ValueError:
        raise document.fault(_("of 须为 household 或 member"), "of") from None
    kind = _word(document, ProgrammeKind, document.require(data, "kind"), "kind")
    form = _form_of(document, kind)
    if data.get("application", "required") not in ("required", "none"):
        raise document.fault(_("application 须为 required 或 none"), "application")
    amount_is = data.get("amount_is", "exact")
    ceiling_where = None
    if isinstance(amount_is, dict):
        document.only(amount_is, ("ceiling_where",), "amount_is")
        ceiling_where = str(document.require(amount_is, "ceiling_where", "amount_is"))
    elif amount_is not in ("exact", "ceiling"):
        raise document.fault(_("amount_is 须为 exact、ceiling，或者写明 ceiling_where: 条件"), "amount_is")
    for key in ("at_least", "amount_is"):
        if key in data and "amount" not in data:
            raise document.fault(_("没有 amount，就没有 {key}").format(key=key), key)
    if not document.require(data, "conditions"):
        raise document.fault(_("一个条件也没有，就谁都符合"), "conditions")
    until = data.get("until")
    clause = document.require(data, "clause")
    return Programme(
        name=path.stem,
        title=document.require(data, "title"),
        short=data.get("short") or data["title"],
        of=scope,
        since=document.day(document.require(data, "since"), "since"),
        until=None if until is None else document.day(until, "until"),
        kind=kind,
        season=_load_season(document, kind),
        form=form,
        limit=_load_limit(document, kind),
        conditions=tuple(data["conditions"]),
        amount=data.get("amount"),
        at_least=data.get("at_least"),
        excluded_by=tuple(data.get("excluded_by") or ()),
        needs_application=data.get("application", "required") == "required",
        is_ceiling=amount_is == "ceiling" or ceiling_where is not None,
        ceiling_where=ceiling_where,
        shows=tuple(data.get("shows") or ()),
        leads_to=data.get("leads_to") or "",
        caveats=tuple(_load_caveat(document, place, item) for place, item in enumerate(data.get("caveats") or ())),
        source=Source(clause["document"], clause.get("clause") or ""),
        order=data.get("order", 100),
        pack=pack,
        file=path,
    )


_Word = TypeVar("_Word", bound=StrEnum)


def _word(document: Document, words: type[_Word], word: object, *place: str) -> _Word:
    try:
        return words(str(word))
    except ValueError:
        message = _("{key} 须为 {words} 之一").format(key=".".join(place), words="、".join(words))
        raise document.fault(message, *place) from None


def _load_season(document: Document, kind: ProgrammeKind) -> Season | None:
    """The season of help by the season. Raises PackError where it is not said, or said of another kind."""
    data = document.data.get("season")
    if kind is not ProgrammeKind.SEASON:
        if data is not None:
            raise document.fault(_("只有按季的项目（kind: season）才有 season"), "season")
        return None
    if not isinstance(data, dict):
        message = _(
            "按季的项目须写明 season：这一季叫什么（label）、从几月开始算新的一季（first_month）、出处或者 note"
        )
        raise document.fault(message, "season" if "season" in document.data else "kind")
    document.only(data, ("label", "first_month", "document", "clause", "note"), "season")
    first = document.require(data, "first_month", "season")
    if not isinstance(first, int) or isinstance(first, bool) or not 1 <= first <= 12:
        raise document.fault(_("first_month 须为 1 到 12 的月份"), "season", "first_month")
    source = Source(data["document"], data.get("clause") or "") if data.get("document") else None
    note = str(data.get("note") or "")
    if source is None and not note:
        raise document.fault(_("season 没有出处（document），就须在 note 里写明凭什么这样算"), "season")
    return Season(str(document.require(data, "label", "season")), first, source, note)


def _form_of(document: Document, kind: ProgrammeKind) -> HelpForm | None:
    """The form of help, money unless it is said; a status has neither form nor amount."""
    data = document.data
    if kind is ProgrammeKind.STATUS:
        for key in ("form", "amount", "at_least", "amount_is", "limit"):
            if key in data:
                raise document.fault(_("身份（kind: status）本身不给什么，不能有 {key}").format(key=key), key)
        return None
    form = _word(document, HelpForm, data.get("form", HelpForm.MONEY), "form")
    if form is HelpForm.MONEY and "amount" not in data:
        raise document.fault(_("给钱的项目须有 amount；不给钱的写明 form，只是身份的写 kind: status"), "kind")
    return form


def _load_limit(document: Document, kind: ProgrammeKind) -> Limit | None:
    """How often it may be had. Raises PackError where the kind of help cannot be counted like that."""
    data = document.data.get("limit")
    if data is None:
        return None
    document.only(data, ("times", "per"), "limit")
    times = document.require(data, "times", "limit")
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise document.fault(_("times 须为 1 或更大的整数"), "limit", "times")
    per = _word(document, LimitSpan, document.require(data, "per", "limit"), "limit", "per")
    if kind is ProgrammeKind.MONTH:
        raise document.fault(_("按月的项目是一直在册的，不数次数"), "limit")
    if per is not LimitSpan.LIFE and kind is not ProgrammeKind.ONCE:
        raise document.fault(_("每年、每个事由的次数只限于一次性的项目（kind: once）"), "limit", "per")
    if per is LimitSpan.OCCASION and times != 1:
        raise document.fault(_("同一事由只能有一次：times 须为 1"), "limit", "times")
    return Limit(times, per)


def _load_caveat(document: Document, place: int, item: dict[str, Any]) -> Caveat:
    here = ("caveats", place)
    document.only(item, ("text", "document", "clause", "since"), *here)
    source = Source(document.require(item, "document", *here), item.get("clause") or "")
    since = item.get("since")
    return Caveat(
        document.require(item, "text", *here), source, None if since is None else document.day(since, *here, "since")
    )
