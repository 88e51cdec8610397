"""Everyone: households a second of the compiled path, against openfisca-core and against NumPy's floor.

**Ours** is ``amounts``: from arrays of facts in memory to outcome, amount and confidence of every
programme, checks of ranges and known bits included; with all processors, and with one thread.

**OpenFisca** carries out the same rules (``bench.translate``) in a process of its own; its *full run*
builds the simulation from the same arrays and calculates every outcome and payment (see
``bench.openfisca_peer``). The two take turns. Every known outcome and amount of every household
must agree to the fen, or the benchmark fails.

**The floor** is what NumPy needs to read the facts and write the results without any rule between:
every fact column is copied once, 64 KiB rows at a time, into a buffer that stays in cache, and every
result column (outcome, amount, its known flag, the lower bound, its flag, confidence) is allocated
and filled. One thread, in memory.

CPU seconds are given beside the time on the clock: neighbours on the machine change them less.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import policy_packs
from bench import families
from bench.peer import Peer, openfisca
from bench.report import Options, Report, alone, interleaved, seconds
from bench.translate import payment
from policy_engine import Plan, Scope
from policy_engine.batch import FAILED, Batch, Population, amounts

_ROUNDS = {1_000: 41, 10_000: 31, 100_000: 9, 1_000_000: 7}
_QUICK_ROUNDS = {1_000: 3, 10_000: 3}
_BUFFER = 65_536
_TIMES_AS_FAST = {1_000: 3.0, 10_000: 6.0, 1_000_000: 8.0}
"""How many times as fast as the peer's full run is required."""


def run(options: Options, report: Report) -> None:
    """Every size, the largest last."""
    plan = policy_packs.load(options.pack).plan(options.day)
    with openfisca(plan, options, report) as peer:
        if peer is not None:
            report.say(f"对照：{peer.about}；金额和面积用 int64，是否用 bool，其余用 int32；它没有“不知道”，我们带着")
        for count, rounds in (_QUICK_ROUNDS if options.quick else _ROUNDS).items():
            _size(plan, count, rounds, peer, report)


def _size(plan: Plan, count: int, rounds: int, peer: Peer | None, report: Report) -> None:
    population = families.families(plan, count)
    batch = amounts(plan, population)  # Compiles what is not on disk yet.
    report.check(f"{count:,} 户：规则失败 {len(batch.failures)} 处", agrees=not batch.failures)
    if peer is not None:
        compare(batch, peer, report)
    cpu: dict[str, list[float]] = {"ours": [], "peer": []}
    calculation: list[float] = []

    def ours() -> float:
        start, before = time.perf_counter(), time.process_time()
        amounts(plan, population)
        cpu["ours"].append(time.process_time() - before)
        return time.perf_counter() - start

    def theirs() -> float:
        assert peer is not None
        took = peer.ask("run")
        calculation.append(took["calculate"])
        cpu["peer"].append(took["cpu"])
        return float(took["build"] + took["calculate"])

    sides: dict[str, Callable[[], float]] = {
        "ours": ours,
        "one thread": seconds(lambda: amounts(plan, population, threads=1)),
        "floor": seconds(floor(plan, population, batch)),
    }
    if peer is not None:
        sides["peer"] = theirs
    took = interleaved(sides, rounds)
    speed = count / took["ours"]
    alone_speed = count / took["one thread"]
    name = f"{count:,} 户"
    if peer is not None:
        required = _TIMES_AS_FAST.get(count)
        report.add(name, speed, "户/秒", f"{peer.name} 全程", count / took["peer"], at_least=required)
        report.add(name, speed, "户/秒", f"{peer.name} 只计算", count / float(np.median(calculation)))
        report.add(f"{name}，一个线程", alone_speed, "户/秒", f"{peer.name} 全程", count / took["peer"])
        if min(cpu["ours"]) > 0.05:
            mine, other = (float(np.median(cpu[side])) for side in ("ours", "peer"))
            report.add(f"{name}，处理器时间", mine, "秒", f"{peer.name} 全程", other)
    report.add(name, speed, "户/秒", "NumPy 只读入、写出", count / took["floor"])
    if peer is None:
        report.add(f"{name}，一个线程", alone_speed, "户/秒", "NumPy 只读入、写出", count / took["floor"])
    done = cells(plan, population)
    report.add(
        f"{name}，每格一个值和已知位", done / took["ours"], "格/秒", "NumPy 每格一次加法、一次取小", numpy_cells(rounds)
    )


def compare(batch: Batch, peer: Peer, report: Report) -> None:
    """Hold every known outcome and amount against the peer's, over all households."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        families.save(batch.population, folder / "facts")
        peer.ask("load", folder / "facts")
        peer.ask("run")
        peer.ask("save", folder / "results")
        shares = []
        for what, wrong, known in differences(batch, lambda output: np.load(folder / "results" / f"{output}.npy")):
            report.check(f"{len(batch.population):,} 户：{what} 有 {wrong} 处与 openfisca-core 不同", agrees=not wrong)
            shares.append(known)
    report.say(
        f"{len(batch.population):,} 户 {batch.population.member_count:,} 人：{len(shares)} 列结论和金额逐户比较，"
        f"已知的占 {np.mean(shares):.1%}，{'不全相同' if report.inexact else '全部一分不差'}"
    )


def differences(batch: Batch, output: Callable[[str], np.ndarray]) -> list[tuple[str, int, float]]:
    """For each result: what it is, where a known one differs from the peer's, and the share that is known."""
    found = []
    for columns in batch.programmes:
        programme = columns.programme
        known = (columns.outcome != 0) & (columns.outcome != FAILED)
        other = output(programme.eligible)
        wrong = np.count_nonzero(other[known] != (columns.outcome[known] == 2))
        found.append((f"{programme.title}的结论", int(wrong), float(known.mean())))
        if programme.amount is not None:
            known = columns.amount_known & (columns.outcome != FAILED)
            other = output(payment(programme.name))
            wrong = np.count_nonzero(other[known] != columns.amount[known])
            found.append((f"{programme.title}的金额", int(wrong), float(known.mean())))
    return found


def floor(plan: Plan, population: Population, batch: Batch) -> Callable[[], object]:
    """Read every fact once and write every result column, without any rule between."""
    facts = [
        column.values
        for scope in (Scope.HOUSEHOLD, Scope.MEMBER)
        for name, column in population.columns(scope).items()
        if name in plan.index
    ]
    results = [
        column
        for found in batch.programmes
        for column in (
            found.outcome, found.amount, found.amount_known, found.confidence,
        )
    ]  # fmt: skip
    buffers = {values.dtype: np.empty(_BUFFER, values.dtype) for values in facts}

    def once() -> object:
        for values in facts:
            buffer = buffers[values.dtype]
            for start in range(0, len(values), _BUFFER):
                part = values[start : start + _BUFFER]
                np.copyto(buffer[: len(part)], part)
        written = [np.empty_like(column) for column in results]
        for column in written:
            column.fill(1)
        return written

    return once


def cells(plan: Plan, population: Population) -> int:
    """How many values a run works out: one a node and household or member, facts and figures not counted."""
    starts = [index for planned in plan.programmes for index in (planned.outcome, planned.amount) if index is not None]
    rows = {Scope.PLAN: 0, Scope.HOUSEHOLD: len(population), Scope.MEMBER: population.member_count}
    return sum(rows[plan.nodes[index].of] for index in plan.cone(starts) if plan.nodes[index].input is None)


def numpy_cells(rounds: int) -> float:
    """Cells a second when NumPy adds two int32 columns and takes the smaller of two uint8 columns in cache."""
    rows, times = 4096, 2_000
    one, other, into = (np.ones(rows, np.int32) for _ in range(3))
    left, right, weakest = (np.ones(rows, np.uint8) for _ in range(3))

    def work() -> None:
        for _ in range(times):
            np.add(one, other, out=into)
            np.minimum(left, right, out=weakest)

    return rows * times / interleaved({"numpy": seconds(work)}, rounds)["numpy"]


if __name__ == "__main__":
    alone(run)
