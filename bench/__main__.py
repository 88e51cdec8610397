"""All benchmarks in one run; the exit code is 1 only when some answer is not exact."""

from __future__ import annotations

import sys

from bench import (
    answer_page,
    compile_time,
    desk_pages,
    everyone,
    first_answer,
    memory,
    one_family,
    parquet,
    payment_run,
)
from bench.fresh import apart
from bench.report import LATEST, Report, machine, options_from


def main(arguments: list[str] | None = None) -> int:
    """Run, print, and keep the lines in ``var/bench/latest.json``."""
    options, report = options_from(arguments), Report()
    report.say(f"{machine()}；政策包 {options.pack}，按 {options.day}")
    report.say("每行：量到的值，是右边那个值的几倍，与什么相比，要求几倍")
    # These need a database, the page the web too; a quick run is for machines that may have neither.
    for benchmark in (one_family, first_answer, everyone, memory, compile_time, parquet):
        report.say("")
        benchmark.run(options, report)
    for benchmark in () if options.quick else (answer_page, payment_run, desk_pages):
        report.say("")
        apart(benchmark.run, options, report)
    report.write(LATEST)
    report.say("")
    report.say(machine())
    if report.inexact:
        report.say("有不一致：\n" + "\n".join(report.inexact))
        return 1
    report.say("结果与对照一分不差")
    return 0


if __name__ == "__main__":
    sys.exit(main())
