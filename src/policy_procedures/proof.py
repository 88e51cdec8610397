"""The proof that every way through a procedure ends, by walking all of them.

A state is which steps were done and what is true of the case. From each, any open step may be done next, with each
result that its kind can have, and until the decision anything that nobody brings about may become true. Whatever the
steps and clocks do not tell apart is walked once. Going back is no way of its own: a state to which a case is sent back
was walked already.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from policy_engine import PackError
from policy_engine.language import _
from policy_procedures.layers import Version
from policy_procedures.model import Clock, Procedure, Step
from policy_procedures.words import (
    BRINGS_ONE,
    BROUGHT_BY,
    LATEST_COUNTS,
    OBJECTIONS,
    OF_STEPS,
    SURVEYS,
    Circumstance,
    Letter,
    StepKind,
)

State = tuple[frozenset[str], frozenset[Circumstance]]
_TOLD = {Circumstance.GRANTED: Letter.GRANT, Circumstance.REFUSED: Letter.REFUSAL}


def prove(found: Procedure, version: Version) -> None:
    """Walk every way of a case.

    Raises PackError, at its line, for a step or a way of ending that no case reaches, a clock whose start never comes,
    an objection that nobody looks into, and an end without decision, letter or award.
    """
    _Walk(found, version).run()


class _Walk:
    def __init__(self, found: Procedure, version: Version) -> None:
        self.found, self.version = found, version
        self.from_outside = _told_apart(found)
        self.reached: set[str] = set()
        self.offered: set[str] = set()

    def run(self) -> None:
        start: State = (frozenset(), frozenset())
        seen, todo = {start}, [start]
        while todo:
            state = todo.pop()
            for following in self._after(state):
                if following not in seen:
                    seen.add(following)
                    todo.append(following)
        for name in self.found.steps:
            if name not in self.reached:
                raise self._fault(name, _("没有哪个案件会走到“{name}”").format(name=name))
        for reason in self.found.closings:
            if reason not in self.offered:
                raise self.version.place("closings", reason).fault(
                    _("“{reason}”什么时候也用不上：since 和 until 之间没有一步").format(reason=reason.label)
                )

    def _after(self, state: State) -> Iterator[State]:
        done, true = state
        steps = self.found.opened_by(done, true)
        if not self.found.is_decided(done):
            self.offered.update(closing.reason for closing in self.found.closings_at(done))
            yield from ((done, true | {word}) for word in self.from_outside - true)
        if not steps:
            self._check_end(done, true)
        for step in steps:
            self.reached.add(step.name)
            self._check_clocks(step, done, true)
            if step.kind is StepKind.CONFIRMATION:
                self._check_objections(done, true)
            yield from ((done | {step.name}, after) for after in self._results(step, true))

    def _check_clocks(self, step: Step, done: frozenset[str], true: frozenset[Circumstance]) -> None:
        clocks: tuple[tuple[str, Clock | None], ...] = (("within", step.due(true)), ("begin_within", step.begin_within))
        for key, clock in clocks:
            if clock is not None and clock.of not in done:
                message = _("轮到“{step}”时“{name}”可能没有办，期限就无从起算").format(step=step.name, name=clock.of)
                raise self._fault(step.name, message, key)

    def _check_objections(self, done: frozenset[str], true: frozenset[Circumstance]) -> None:
        """Before it is decided an objection has to be looked into, or the case stands still for ever."""
        for objection in true & set(OBJECTIONS):
            if not any(
                step.kind in SURVEYS and objection in step.when for step in map(self.found.steps.__getitem__, done)
            ):
                notice = next(step for step in self.found.steps.values() if step.objection is objection)
                message = _("有了“{name}”，没有一步去查清，案件就停在那里").format(name=objection.label)
                raise self._fault(notice.name, message, "objection")

    def _check_end(self, done: frozenset[str], true: frozenset[Circumstance]) -> None:
        decision = self.found.confirmation
        if decision is None:
            return
        if decision.name not in done:
            said = "、".join(word.label for word in sorted(true)) or _("没有特别情形")
            raise self._fault(decision.name, _("案件会没有决定就办完（{when}）").format(when=said), "when")
        outcome = Circumstance.GRANTED if Circumstance.GRANTED in true else Circumstance.REFUSED
        told = {letter for name in done for letter in self.found.steps[name].letters}
        if _TOLD[outcome] not in told:
            message = _("{outcome}以后，案件会没有告知就办完").format(outcome=outcome.label)
            raise self.version.own.fault(message, "steps")
        for award in self.found.of_kind(StepKind.AWARD):
            if outcome is Circumstance.GRANTED and award.name not in done:
                raise self._fault(award.name, _("确认同意以后，案件会没有待遇就办完"), "when")

    def _results(self, step: Step, true: frozenset[Circumstance]) -> Iterator[frozenset[Circumstance]]:
        """What may be true after a step was done, as far as it makes a difference: with what its kind may bring about;
        an objection is the one that it names.
        """
        brought = BROUGHT_BY.get(step.kind, frozenset())
        if step.kind in LATEST_COUNTS:
            true -= brought
        matters = brought if step.kind in BRINGS_ONE else self.found.matters
        words = [
            word for word in sorted(brought) if (word is step.objection if word in OBJECTIONS else word in matters)
        ]
        for count in (1,) if step.kind in BRINGS_ONE else range(len(words) + 1):
            yield from (true.union(some) for some in itertools.combinations(words, count))

    def _fault(self, name: str, message: str, *keys: str) -> PackError:
        return self.version.place("steps", name).fault(message, *keys)


def _told_apart(found: Procedure) -> frozenset[Circumstance]:
    """Of the circumstances that nobody brings about those that make a difference, one for each difference."""
    differences: dict[frozenset[tuple[str, str]], Circumstance] = {}
    for word in Circumstance:
        if word in OF_STEPS:
            continue
        places = {(step.name, "when") for step in found.steps.values() if word in step.when}
        places |= {(step.name, "unless") for step in found.steps.values() if word in step.unless}
        places |= {
            (step.name, f"within {place}")
            for step in found.steps.values()
            for place, clock in enumerate(step.within)
            if word in clock.when
        }
        if places:
            differences.setdefault(frozenset(places), word)
    return frozenset(differences.values())
