"""What the policy of a place says: facts, figures, rules and programmes, on top of what it extends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from policy_engine.inputs import InputSpec, InputType
from policy_engine.parameters import Parameter
from policy_engine.programmes import Programme
from policy_engine.rules import Rule
from policy_engine.values import Code, Scope


@dataclass
class Contents:
    """Everything a place's policy says, checked: a pack without the plans that are made of it.

    ``inputs`` are the facts by their own name, ``engine_inputs`` by each engine name they fill; ``topics`` the headings
    that their questions stand under, in order.
    ``rules`` holds every version of a name, early to late. ``covers`` is the first and, if there
    is one, the last day for which the pack answers. ``divisions`` names places by their code,
    ``own_divisions`` those that this pack itself names.
    """

    name: str
    title: str
    jurisdiction: str
    parent: Contents | None
    folder: Path
    covers: tuple[date, date | None]
    codes: dict[str, type[Code]]
    inputs: dict[str, InputSpec]
    topics: dict[str, str]
    most_members: int
    parameters: dict[str, Parameter]
    rules: dict[str, list[Rule]]
    programmes: dict[str, Programme]
    divisions: dict[int, str]
    own_divisions: dict[int, str]
    gaps: dict[str, set[date]]
    engine_inputs: dict[str, InputSpec] = field(default_factory=dict)

    @cached_property
    def names_of(self) -> dict[Scope, frozenset[str]]:
        """The engine names of the facts of each scope."""
        return {
            scope: frozenset(name for name, spec in self.engine_inputs.items() if spec.of is scope)
            for scope in (Scope.HOUSEHOLD, Scope.MEMBER)
        }

    @cached_property
    def awards_read(self) -> dict[Scope, dict[str, str]]:
        """The engine names by which rules read that a family, or one of its members, has a programme of the pack.

        Whatever set reads the programmes of the pack ``into`` names is a fact about awards: these are known where they
        are granted, and nobody has to be asked.
        """
        found: dict[Scope, dict[str, str]] = {Scope.HOUSEHOLD: {}, Scope.MEMBER: {}}
        for spec in self.inputs.values():
            if spec.type is InputType.SET:
                found[spec.of] |= {key: name for key, name in spec.into.items() if key in self.programmes}
        return found

    def rule_on(self, name: str, day: date) -> Rule | None:
        """The version of a rule in force on ``day``."""
        return next((rule for rule in self.rules.get(name, ()) if rule.in_force(day)), None)

    def turning_points(self) -> list[date]:
        """The days on which anything in the pack changes, within what it covers."""
        first, last = self.covers
        days = {first}
        for parameter in self.parameters.values():
            days |= parameter.dates
        for versions in self.rules.values():
            days |= {rule.tag.since for rule in versions}
            days |= {rule.tag.until + timedelta(days=1) for rule in versions if rule.tag.until is not None}
        for programme in self.programmes.values():
            days.add(programme.since)
            if programme.until is not None:
                days.add(programme.until + timedelta(days=1))
        return sorted(day for day in days if first <= day and (last is None or day <= last))

    def chain(self) -> list[Contents]:
        """This and what it stands on, the lowest first."""
        return [*(self.parent.chain() if self.parent else []), self]
