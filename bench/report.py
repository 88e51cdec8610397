"""What a benchmark found, as lines of a table and of ``var/bench/latest.json``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "var" / "bench"
LATEST = FOLDER / "latest.json"

DAY = date(2020, 8, 1)
"""The day that is calculated unless another is asked for: nearly every figure of it is known."""

_WIDTHS = (46, 14, 8)


@dataclass(frozen=True)
class Options:
    """How a benchmark is to run. ``quick``: small sizes, few repetitions, nothing installed."""

    quick: bool = False
    pack: str = "xicheng"
    day: date = DAY


@dataclass(frozen=True)
class Line:
    """One measurement: a value, and what it stands against in the same unit.

    ``ratio`` is the value divided by that of ``against``: of speeds, how many times as fast; of
    times and sizes, how many times as long or as large. ``bar`` is what is required of it, such as
    "≥ 6" or "≤ 3", and empty where nothing is.
    """

    name: str
    value: float
    unit: str
    against: str = ""
    ratio: float | None = None
    bar: str = ""


@dataclass
class Report:
    """The lines found so far, printed as they come. ``inexact`` says what did not agree to the fen."""

    lines: list[Line] = field(default_factory=list)
    inexact: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        against: str = "",
        theirs: float | None = None,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> None:
        """One line; ``theirs`` is the value of ``against`` in the same unit, the last two are required of the ratio."""
        ratio = None if not theirs else value / theirs
        beside = against if theirs is None else f"{against} {_number(theirs)}"
        bar, missed = "", False
        if ratio is not None and at_least is not None:
            bar, missed = f"≥ {_number(at_least)}", ratio < at_least
        elif ratio is not None and at_most is not None:
            bar, missed = f"≤ {_number(at_most)}", ratio > at_most
        line = Line(name, value, unit, beside, ratio, bar)
        self.lines.append(line)
        row = _padded(name, _WIDTHS[0]) + _padded(_number(value), _WIDTHS[1], right=True) + " "
        row += _padded(unit, _WIDTHS[2]) + (f"{ratio:>9.3g} × " if ratio is not None else " " * 12)
        self.say(row + beside + (f"，要求 {bar}{'，没有达到' if missed else ''}" if bar else ""))

    def say(self, text: str) -> None:
        """A remark, which is printed and not kept."""
        print(text.rstrip(), flush=True)

    def check(self, what: str, *, agrees: bool) -> None:
        """Note what did not agree."""
        if not agrees:
            self.inexact.append(what)
            self.say(f"不一致：{what}")

    def write(self, path: Path) -> None:
        """Write the lines as a list of objects."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([asdict(line) for line in self.lines], ensure_ascii=False, indent=1) + "\n", "utf-8")


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _padded(text: str, width: int, *, right: bool = False) -> str:
    blank = " " * (width - sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text))
    return blank + text if right else text + blank


def machine() -> str:
    """The machine and the versions in one line."""
    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    parts = [f"{os.cpu_count()} 核 {model}", f"Python {platform.python_version()}"]
    for name in ("numpy", "numba", "pyarrow"):
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            parts.append(f"没有 {name}")
    one, five, fifteen = os.getloadavg()
    return "，".join([*parts, f"负载 {one:.2f} {five:.2f} {fifteen:.2f}"])


def interleaved(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of what each side returns, the sides taking turns so that both see the same neighbours."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(rounds):
        for name, side in sides.items():
            found[name].append(side())
    return {name: statistics.median(values) for name, values in found.items()}


def seconds(work: Callable[[], object]) -> Callable[[], float]:
    """The work as a side that returns how long it took."""

    def timed() -> float:
        start = time.perf_counter()
        result = work()
        stop = time.perf_counter()
        del result
        return stop - start

    return timed


def options_from(arguments: list[str] | None = None) -> Options:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(description="与同类软件或理论下限在同一次运行里比较")
    parser.add_argument("--quick", action="store_true", help="小规模冒烟运行，不安装对照软件")
    parser.add_argument("--pack", default=Options.pack)
    parser.add_argument("--on", default=DAY, type=date.fromisoformat, metavar="DATE")
    found = parser.parse_args(arguments)
    return Options(quick=found.quick, pack=found.pack, day=found.on)


def alone(run: Callable[[Options, Report], None]) -> None:
    """Run one benchmark from the command line; the exit code is 1 only when answers are not exact."""
    options, report = options_from(), Report()
    print(machine())
    run(options, report)
    sys.exit(1 if report.inexact else 0)
