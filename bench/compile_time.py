"""Compile time: the first batch of a process with no compiled kernel on disk, and with all of them.

Each is a fresh process; what is timed is its first ``amounts`` of 1,000 households, import of
Numba included, pack and families being there already. Beside it the second run of the same process.
"""

from __future__ import annotations

import statistics
import tempfile

from bench import fresh
from bench.report import Options, Report, alone

_PROGRAM = """
import time
from datetime import date
import policy_packs
from bench import families
from policy_engine.batch import amounts
plan = policy_packs.load({pack!r}).plan(date.fromisoformat({day!r}))
population = families.families(plan, 1_000)
for _ in range(2):
    start = time.perf_counter()
    amounts(plan, population)
    print(time.perf_counter() - start)
"""


def run(options: Options, report: Report) -> None:
    """Once without, then several times with what the first left on disk. Quick: only with."""
    program = _PROGRAM.format(pack=options.pack, day=options.day.isoformat())

    def measured(folder: str) -> tuple[float, float]:
        first, second = fresh.run(["-c", program], {"YIHU_KERNEL_CACHE": folder} if folder else {}).split()
        return float(first), float(second)

    if options.quick:
        measured("")
        first, second = measured("")
        report.add("第一批，已有编译结果", first, "秒", "同一进程的第二批", second)
        return
    with tempfile.TemporaryDirectory() as folder:
        cold, _second = measured(folder)
        warm = [measured(folder) for _ in range(5)]
    first, second = (statistics.median(values) for values in zip(*warm, strict=True))
    report.add("第一批，还没有编译结果", cold, "秒", "已有编译结果", first)
    report.add("第一批，已有编译结果", first, "秒", "同一进程的第二批", second)


if __name__ == "__main__":
    alone(run)
