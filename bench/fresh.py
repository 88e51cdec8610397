"""What a fresh process does, for the benchmarks that measure whole processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bench.report import Options, Report

_MEASURE = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
took = time.perf_counter() - start
if done.returncode:
    sys.exit(done.stderr[-2000:])
print(json.dumps([took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024.0]))
"""


def apart(benchmark: Callable[[Options, Report], None], options: Options, report: Report) -> None:
    """Run a benchmark in a process of its own: two that set Django up in their own ways cannot share one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        found = process.submit(_reported, benchmark, options).result()
    report.lines += found.lines
    report.inexact += found.inexact


def _reported(benchmark: Callable[[Options, Report], None], options: Options) -> Report:
    report = Report()
    benchmark(options, report)
    return report


def run(arguments: Sequence[str], extra: Mapping[str, str] | None = None) -> str:
    """Run this Python with the given arguments; gives what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **(extra or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def measured(arguments: Sequence[str]) -> tuple[float, float]:
    """Run this Python with the given arguments; gives its seconds and its peak memory in bytes.

    A small process stands between: Linux counts in a child's peak what its parent held when it was
    made, and a benchmark may hold a gigabyte.
    """
    took, peak = json.loads(run(["-c", _MEASURE, sys.executable, *arguments]))
    return took, peak
