"""One family: how long until every programme is answered, with every value kept, and with the explanation written.

The engine has one way to run a family, and it keeps every value with its known bit: that is the full
trace. *Without trace* is the bound that it stands against: the plan's own functions called one after
the other on plain integers, without known bits, three-valued answers or anything kept but the values.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import policy_packs
from bench import families
from bench.report import Options, Report, alone
from policy_engine import Family, Plan, Scope, assess, explain, render_text
from policy_engine.batch import amounts
from policy_engine.nodes import Node, NodeKind
from policy_engine.values import Gather

LIMIT = 200.0
"""Microseconds that a family with full trace may take (p50)."""

_GATHERS: dict[Gather, Callable[[list[int]], int]] = {
    Gather.SUM: sum,
    Gather.COUNT: sum,
    Gather.MIN: min,
    Gather.MAX: max,
    Gather.ANY: lambda values: int(any(values)),
    Gather.ALL: lambda values: int(all(values)),
}


def run(options: Options, report: Report) -> None:
    """Families of all shapes, one after the other; each is measured with every way before the next."""
    plan = policy_packs.load(options.pack).plan(options.day)
    count = 50 if options.quick else 1_000
    population = families.families(plan, count)
    bare = Bare(plan)

    def traced(family: Family) -> None:
        for result in assess(plan, family).results:
            _found = result.outcome, result.amount

    def explained(family: Family) -> None:
        for result in assess(plan, family).results:
            render_text(explain(result))

    ways: dict[str, Callable[[Family], object]] = {"traced": traced, "bare": bare.run, "explained": explained}
    took: dict[str, list[float]] = {name: [] for name in ways}
    wrong = 0
    for household in range(count):
        family = population.family(household)
        for name, way in ways.items():
            start = time.perf_counter_ns()
            way(family)
            took[name].append((time.perf_counter_ns() - start) / 1_000)
        wrong += _differs(plan, family, bare.run(family))
    report.check(f"一户：{wrong} 户与不带已知位的算法不同", agrees=not wrong)
    middle = {name: statistics.median(values) for name, values in took.items()}
    report.add("一户，保留全部依据，p50", middle["traced"], "微秒", "上限", LIMIT)
    report.add("一户，保留全部依据，p99", float(np.percentile(took["traced"], 99)), "微秒", "p50", middle["traced"])
    report.add("一户，保留全部依据，p50", middle["traced"], "微秒", "不留依据、不管已知与否", middle["bare"])
    report.add("一户，并写出每个项目的说明，p50", middle["explained"], "微秒", "不写说明", middle["traced"])
    report.add("一户，走成批的编译路径，p50", _compiled(plan, options), "微秒", "保留全部依据", middle["traced"])


class Bare:
    """The plan's functions in order on plain integers; a missing figure counts as 0."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ways = [self._way(node) for node in plan.nodes]

    def _way(self, node: Node) -> Callable[..., Any] | None:
        if node.of is Scope.PLAN or node.kind is NodeKind.INPUT:
            return None
        if node.kind is NodeKind.GATHER:
            assert node.gather is not None
            return _GATHERS[node.gather]
        if node.kind is NodeKind.TABLE:
            assert node.figure is not None
            look_up = node.figure.look_up
            return lambda key: getattr(look_up(key), "value", 0) or 0
        if node.kind is NodeKind.OUTCOME:
            split = len(node.args) - node.exclusions
            return lambda *answers: all(answers[:split]) and not any(answers[split:])
        assert node.rule is not None
        return node.rule.function

    def run(self, family: Family) -> list[Any]:
        """Every value by position of its node; a member's as a list."""
        nodes = self.plan.nodes
        values: list[Any] = []
        members = family.members
        for node, way in zip(nodes, self.ways, strict=True):
            if way is None:
                if node.of is Scope.PLAN:
                    values.append(self.plan.constants[node.index][0])
                elif node.of is Scope.HOUSEHOLD:
                    values.append(family.household[node.name])
                else:
                    values.append([facts[node.name] for facts in members])
            elif node.kind is NodeKind.GATHER:
                values.append(way(values[node.args[0]]))
            elif node.of is Scope.MEMBER:
                columns = [
                    values[arg] if nodes[arg].of is Scope.MEMBER else [values[arg]] * len(members) for arg in node.args
                ]
                values.append([way(*row) for row in zip(*columns, strict=True)])
            else:
                values.append(way(*[values[arg] for arg in node.args]))
        return values


def _differs(plan: Plan, family: Family, values: list[Any]) -> bool:
    """Whether a known answer of the engine is another one than without known bits."""
    for index, answer in enumerate(assess(plan, family).answers):
        answers, others = (answer, values[index]) if isinstance(answer, list) else ([answer], [values[index]])
        if any(known and value != int(other) for (value, known), other in zip(answers, others, strict=True)):
            return True
    return False


def _compiled(plan: Plan, options: Options) -> float:
    """Microseconds of ``amounts`` for a population of one."""
    amounts(plan, families.families(plan, 1_000))
    population = families.families(plan, 1)
    took = []
    for _ in range(20 if options.quick else 200):
        start = time.perf_counter_ns()
        amounts(plan, population, threads=1)
        took.append((time.perf_counter_ns() - start) / 1_000)
    return statistics.median(took)


if __name__ == "__main__":
    alone(run)
