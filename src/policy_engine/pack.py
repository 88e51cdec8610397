"""A policy pack: what the policy of a place says, and the plan that it comes to on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policy_engine.contents import Contents
from policy_engine.plan import Plan
from policy_engine.resolve import resolve

_CACHED_PLANS = 64


@dataclass
class Pack(Contents):
    """A sound pack, ready to plan. Made by ``load_pack`` only."""

    _plans: dict[tuple[date, tuple[tuple[str, int], ...]], Plan] = field(default_factory=dict, repr=False)

    def plan(self, day: date, overrides: Mapping[str, int] | None = None) -> Plan:
        """The rules as they stand on ``day``, ready to run.

        ``overrides`` puts other numbers (fen where the parameter is money) in the place of
        parameters; every explanation that used one names it. Raises PlanError when the pack does
        not cover the day, when no text covers a figure that a programme in force needs, or when
        an override names no number of the pack.
        """
        key = day, tuple(sorted((overrides or {}).items()))
        plan = self._plans.get(key)
        if plan is None:
            plan = resolve(self, day, overrides or {})
            if len(self._plans) >= _CACHED_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan
