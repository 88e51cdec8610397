"""Determinations worked out again: they agree to the fen, or what differs is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

import policy_packs
from policy_engine import Pack, PackError, PolicyError, Scope, replay
from yihu.policy.facts import Held, Holdings, family_of
from yihu.policy.labels import fact_text
from yihu.policy.models import Determination

Values = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of working one determination out again.

    ``faults``: it was altered, or comes out differently now. ``changed``: rules and figures that are others by now.
    ``register``: what the register now says of that day and did not then; it may have been put right since.
    """

    determination: Determination
    faults: tuple[str, ...]
    changed: tuple[str, ...] = ()
    register: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether it still stands, to the fen."""
        return not self.faults


def replay_all() -> Iterator[Replayed]:
    """Every determination within reach, in the order in which they were made."""
    for determination in Determination.objects.select_related("household").order_by("id").iterator(chunk_size=200):
        yield replayed(determination)


def replayed(determination: Determination) -> Replayed:
    """One determination worked out again from its own record, under its pack as it is now."""
    record = determination.record
    try:
        pack = policy_packs.load(record["pack"])
        again = replay(record, pack)
        faults = [] if again.intact else [_("记录被改动过：校验码不符")]
        faults += _beside_the_record(determination)
        return Replayed(
            determination,
            (*faults, *again.differences),
            tuple(_part(pack, name) for name in again.changed),
            tuple(_register_differs(determination, pack)),
        )
    except PackError as error:
        return Replayed(determination, (_("政策包不能用：{why}").format(why=error),))
    except PolicyError as error:
        return Replayed(determination, (_("现在算不出来：{why}").format(why=error),))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        return Replayed(determination, (_("记录残缺，无法复算：{what}").format(what=repr(error)),))


def _beside_the_record(determination: Determination) -> Iterator[str]:
    """Where the row says something else than the record that it keeps."""
    record = determination.record
    member = None
    if determination.person_id is not None:
        member = determination.people.index(determination.person_id)
    (stored,) = [
        result
        for result in record["results"]
        if result["programme"] == determination.programme and result["member"] == member
    ]
    # Where only the part that is certain was determined, that is what was written down.
    amount = stored["at_least"] if stored["amount"] is None and determination.amount is not None else stored["amount"]
    columns = {
        _("校验码"): (determination.hash, record["hash"]),
        _("认定日"): (determination.on.isoformat(), record["on"]),
        _("结果"): (determination.outcome, stored["outcome"]),
        _("金额"): (determination.amount, amount),
        _("把握程度"): (determination.confidence, stored["confidence"] or ""),
        _("成员数"): (len(determination.people), len(record["members"])),
    }
    for label, (row, kept) in columns.items():
        if row != kept:
            yield _("认定所写的{label}与记录不符：{row} / {kept}").format(label=label, row=row, kept=kept)


def _part(pack: Pack, name: str) -> str:
    """A rule, figure, fact or programme by what it is called."""
    eligible = {programme.eligible: programme.title for programme in pack.programmes.values()}
    if name in pack.parameters:
        label = pack.parameters[name].title
    elif name in pack.rules:
        label = pack.rules[name][-1].tag.label
    elif name in pack.engine_inputs:
        label = pack.engine_inputs[name].label
    else:
        label = eligible.get(name, "")
    return f"{label}（{name}）" if label else name


def _register_differs(determination: Determination, pack: Pack) -> Iterator[str]:
    """What the register says now of the family of that day, as it was known by then, and did not say."""
    record = determination.record
    known = family_of(
        determination.household, on=determination.on, known_on=determination.known_on, held=_held(determination, pack)
    )
    for person in determination.people:
        if known.position(person) is None:
            who = _("成员{n}").format(n=determination.people.index(person) + 1)
            yield _("{who}现在不在这一户当日的成员里").format(who=who)
    yield from _facts_differ(pack, "", record["household"], known.family.household)
    for position, person in enumerate(known.people):
        who = known.family.name_of(position)
        if person in determination.people:
            then = record["members"][determination.people.index(person)]
            yield from _facts_differ(pack, _("{who} 的").format(who=who), then, known.family.members[position])
        else:
            yield _("{who}当时不在成员里").format(who=who)


def _held(determination: Determination, pack: Pack) -> Holdings:
    """What the family and its members had, as the record says."""
    record, found = determination.record, dict[str, list[Held]]()
    whose: list[tuple[Scope, int | None, Values]] = [(Scope.HOUSEHOLD, None, record["household"])]
    # Where they are not as many, that is told as a fault of its own.
    people = zip(determination.people, record["members"], strict=False)
    whose += [(Scope.MEMBER, person, facts) for person, facts in people]
    for scope, person, facts in whose:
        for programme, name in pack.awards_read[scope].items():
            if facts.get(name):
                found.setdefault(programme, []).append(Held(programme, person, "", None))
    return found


def _facts_differ(pack: Pack, whose: str, then: Values, now: Values) -> Iterator[str]:
    for name, spec in pack.inputs.items():
        before, after = (
            {each: value for each in spec.names if (value := values.get(each)) is not None} for values in (then, now)
        )
        if before != after:
            yield _("{whose}{label}：当时 {then}，登记簿现在 {now}").format(
                whose=whose, label=spec.label, then=fact_text(name, before), now=fact_text(name, after)
            )
