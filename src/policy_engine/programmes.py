"""A programme is data: of whom, which conditions, what amount, for what period, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policy_engine.documents import Document
from policy_engine.errors import PackError
from policy_engine.language import _
from policy_engine.parameters import Source
from policy_engine.values import Scope

PERIODS = ("month", "season", "year", "once")
_KEYS = (
    *("title", "short", "of", "since", "until", "period", "conditions", "amount", "at_least", "excluded_by"),
    *("application", "amount_is", "shows", "leads_to", "caveats", "clause", "overrides", "order"),
)


@dataclass(frozen=True, slots=True)
class Caveat:
    """Something a reader must know beside the result, with where it comes from and from which day on."""

    text: str
    source: Source
    since: date | None


@dataclass(frozen=True, slots=True)
class Programme:
    """One kind of help. ``amount`` names a rule in fen, None for a status that pays nothing itself."""

    name: str
    title: str
    short: str
    of: Scope
    since: date
    until: date | None
    period: str | None
    conditions: tuple[str, ...]
    amount: str | None
    at_least: str | None
    excluded_by: tuple[str, ...]
    needs_application: bool
    is_ceiling: bool
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
    period, amount = data.get("period"), data.get("amount")
    if (period is None) != (amount is None):
        raise document.fault(_("有金额才有 period，有 period 就须有 amount"))
    if period is not None and period not in PERIODS:
        raise document.fault(_("period 须为 {periods} 之一").format(periods="、".join(PERIODS)), "period")
    if data.get("application", "required") not in ("required", "none"):
        raise document.fault(_("application 须为 required 或 none"), "application")
    if data.get("amount_is", "exact") not in ("exact", "ceiling"):
        raise document.fault(_("amount_is 须为 exact 或 ceiling"), "amount_is")
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
        period=period,
        conditions=tuple(data["conditions"]),
        amount=amount,
        at_least=data.get("at_least"),
        excluded_by=tuple(data.get("excluded_by") or ()),
        needs_application=data.get("application", "required") == "required",
        is_ceiling=data.get("amount_is", "exact") == "ceiling",
        shows=tuple(data.get("shows") or ()),
        leads_to=data.get("leads_to") or "",
        caveats=tuple(_load_caveat(document, place, item) for place, item in enumerate(data.get("caveats") or ())),
        source=Source(clause["document"], clause.get("clause") or ""),
        order=data.get("order", 100),
        pack=pack,
        file=path,
    )


def _load_caveat(document: Document, place: int, item: dict[str, Any]) -> Caveat:
    here = ("caveats", place)
    document.only(item, ("text", "document", "clause", "since"), *here)
    source = Source(document.require(item, "document", *here), item.get("clause") or "")
    since = item.get("since")
    return Caveat(
        document.require(item, "text", *here), source, None if since is None else document.day(since, *here, "since")
    )
