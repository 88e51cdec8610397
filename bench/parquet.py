"""Parquet to Parquet: ``yihu assess`` from a folder of two Parquet files to one of results with reasons.

The whole process is timed: start, reading and checking every cell, assessing, a sentence beside each
result, writing. Against pyarrow in a fresh process that reads the same two files into memory and
writes a table equal to the results: the floor of any program that does this.
"""

from __future__ import annotations

import statistics
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

import policy_packs
from bench import families, fresh
from bench.report import Options, Report, alone
from policy_engine import InputSpec, InputType, Pack, Scope
from policy_engine.population import Population
from policy_files.results import decimals

_FLOOR = """
import sys
import pyarrow.parquet as parquet
tables = [parquet.read_table(path) for path in sys.argv[1:4]]
parquet.write_table(tables[2], sys.argv[4], compression="zstd")
"""
_FILES = {Scope.HOUSEHOLD: "households", Scope.MEMBER: "members"}


def run(options: Options, report: Report) -> None:
    """One size; the two sides take turns."""
    pack = policy_packs.load(options.pack)
    count, rounds = (2_000, 1) if options.quick else (100_000, 3)
    population = families.families(pack.plan(options.day), count, every_fact=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(pack, population, folder)
        results, copy = folder / "results.parquet", folder / "copy.parquet"
        ours = [
            "-m", "policy_files.cli", "assess", str(folder),
            "--pack", options.pack, "--on", options.day.isoformat(), "--out", str(results),
        ]  # fmt: skip
        floor = ["-c", _FLOOR, *(str(folder / f"{file}.parquet") for file in _FILES.values()), str(results), str(copy)]
        fresh.measured(ours)
        found = [(fresh.measured(ours), fresh.measured(floor)) for _ in range(rounds)]
        rows = parquet.read_metadata(results).num_rows
    (took, peak), (floor_took, floor_peak) = (
        [statistics.median(values) for values in zip(*side, strict=True)] for side in zip(*found, strict=True)
    )
    title = f"Parquet 到 Parquet，{count:,} 户，{rows:,} 条结果"
    report.add(title, count / took, "户/秒", "pyarrow 只读入、写出", count / floor_took)
    report.add(title, peak / 1e6, "MB", "pyarrow 只读入、写出", floor_peak / 1e6)


def write(pack: Pack, population: Population, folder: Path) -> None:
    """A population as the two files that ``yihu assess`` reads, every fact in its own notation."""
    offsets = population.offsets
    households = pa.array(np.arange(len(population))).cast(pa.string())
    owner = np.repeat(np.arange(len(population)), np.diff(offsets))
    place = np.arange(len(owner)) - offsets[owner] + 1
    identifiers = {
        Scope.HOUSEHOLD: {"household": households},
        Scope.MEMBER: {
            "household": households.take(pa.array(owner)),
            "person": pa.array([f"{h}-{m}" for h, m in zip(owner.tolist(), place.tolist(), strict=True)]),
        },
    }
    for scope, columns in identifiers.items():
        for spec in pack.inputs.values():
            if spec.of is scope:
                values = [population.columns(scope)[name].values.astype(np.int64) for name in spec.names]
                columns[spec.label] = _written(spec, values)
        parquet.write_table(pa.table(columns), folder / f"{_FILES[scope]}.parquet", compression="zstd")


def _written(spec: InputSpec, values: list[np.ndarray]) -> pa.Array:
    if spec.type in (InputType.MONEY, InputType.AREA):
        return decimals(values[0], np.ones(len(values[0]), np.bool_))
    if spec.type is InputType.DATE:
        days = [date(n // 10_000, n // 100 % 100, n % 100) for n in values[0].tolist()]
        return pa.array(days, pa.date32())
    rows = np.stack(values, axis=1)
    distinct, back = np.unique(rows, axis=0, return_inverse=True)
    texts = [spec.format(dict(zip(spec.names, row, strict=True))) for row in distinct.tolist()]
    return pa.DictionaryArray.from_arrays(pa.array(back.ravel().astype(np.int32)), pa.array(texts))


if __name__ == "__main__":
    alone(run)
