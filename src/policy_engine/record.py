"""What is stored of a determination, and how it is worked out again years later."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from policy_engine import wording
from policy_engine.language import _
from policy_engine.pack import Pack
from policy_engine.plan import ENGINE_HASH
from policy_engine.single import Determination, Family, Result, assess


class StoredResult(TypedDict):
    """One result as it is stored; money in fen."""

    programme: str
    member: int | None
    outcome: str
    amount: int | None
    at_least: int | None
    confidence: str | None


class Record(TypedDict):
    """A determination as it is stored: only text and integers, so that any database or file can hold it.

    ``hash`` is over facts and policy, ``parts`` over each rule, figure and programme that was in
    force. Procedures and prose are not part of it.
    """

    pack: str
    on: str
    overrides: dict[str, int]
    household: dict[str, int | None]
    members: list[dict[str, int | None]]
    results: list[StoredResult]
    engine: str
    parts: dict[str, str]
    hash: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of working a record out again.

    ``intact``: the record still fits its own hash. ``changed`` names every rule, figure and
    programme that is no longer what it was; ``differences`` says how the results differ.
    """

    intact: bool
    changed: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every result is what it was, to the fen."""
        return self.intact and not self.differences


def record_of(determination: Determination) -> Record:
    """What to store of a determination so that it can be replayed and explained later."""
    plan, family = determination.plan, determination.family
    record = Record(
        pack=plan.pack.name,
        on=plan.day.isoformat(),
        overrides=dict(plan.overrides),
        household=dict(family.household),
        members=[dict(member) for member in family.members],
        results=[_stored(result) for result in determination.results],
        engine=ENGINE_HASH,
        parts=dict(plan.parts),
        hash="",
    )
    record["hash"] = _hash(record)
    return record


def replay(record: Record, pack: Pack) -> Replay:
    """Work a record out again under ``pack`` as it is now, and say what differs.

    Raises PlanError when the pack no longer covers the day, FactError or RuleFailure when the facts
    no longer fit.
    """
    plan = pack.plan(date.fromisoformat(record["on"]), record["overrides"])
    again = assess(plan, Family(record["household"], record["members"]))
    names = sorted(record["parts"].keys() | plan.parts.keys())
    changed = [name for name in names if record["parts"].get(name) != plan.parts.get(name)]
    if record["engine"] != ENGINE_HASH:
        changed.append(_("引擎"))
    then = {(stored["programme"], stored["member"]): stored for stored in record["results"]}
    now = {(stored["programme"], stored["member"]): stored for stored in map(_stored, again.results)}
    differences = [
        _difference(key, then.get(key), now.get(key), pack)
        for key in sorted(then.keys() | now.keys(), key=str)
        if then.get(key) != now.get(key)
    ]
    return Replay(_hash(record) == record["hash"], tuple(changed), tuple(differences))


def _stored(result: Result) -> StoredResult:
    confidence = result.confidence
    return StoredResult(
        programme=result.programme.name,
        member=result.member,
        outcome=result.outcome.value,
        amount=result.amount,
        at_least=result.at_least,
        confidence=None if confidence is None else confidence.value,
    )


def _hash(record: Record) -> str:
    content: Mapping[str, object] = {key: value for key, value in record.items() if key != "hash"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _difference(key: tuple[str, int | None], then: StoredResult | None, now: StoredResult | None, pack: Pack) -> str:
    programme, member = key
    title = pack.programmes[programme].title if programme in pack.programmes else programme
    who = "" if member is None else _("成员{n} ").format(n=member + 1)
    return _("{who}{title}：当时{then}，现在{now}").format(who=who, title=title, then=_say(then), now=_say(now))


def _say(stored: StoredResult | None) -> str:
    if stored is None:
        return _("没有这一项")
    said = wording.OUTCOMES[stored["outcome"]]
    if stored["amount"] is not None:
        said += " " + wording.money(stored["amount"])
    if stored["at_least"] is not None:
        said += " " + _("至少 {amount}").format(amount=wording.money(stored["at_least"]))
    sure = wording.CONFIDENCES.get(stored["confidence"] or "", "")
    return _("{said}（{sure}）").format(said=said, sure=sure) if sure else said
