"""Memory: the peak of a fresh process that loads the facts and assesses everyone.

Against the bytes of facts and results, which no way of doing it can be without, and against
OpenFisca's process with the same facts and rules.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import policy_packs
from bench import families, fresh
from bench.peer import openfisca
from bench.report import Options, Report, alone

_PROGRAM = """
from datetime import date
from pathlib import Path
import policy_packs
from bench import families
from bench.peak import peak
from policy_engine.batch import amounts
plan = policy_packs.load({pack!r}).plan(date.fromisoformat({day!r}))
amounts(plan, families.families(plan, 1_000))
before = peak()
batch = amounts(plan, families.load(Path({folder!r})))
names = ("outcome", "amount", "amount_known", "confidence")
results = sum(getattr(found, name).nbytes for found in batch.programmes for name in names)
print(before, peak(), results)
"""

_MEGABYTE = 1e6


def run(options: Options, report: Report) -> None:
    """One size."""
    plan = policy_packs.load(options.pack).plan(options.day)
    count = 10_000 if options.quick else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        families.save(families.families(plan, count), folder)
        facts = sum(path.stat().st_size for path in folder.iterdir())
        program = _PROGRAM.format(pack=options.pack, day=options.day.isoformat(), folder=str(folder))
        before, peak, results = (int(number) for number in fresh.run(["-c", program]).split())
        title = f"{count:,} 户，内存峰值"
        report.add(title, peak / _MEGABYTE, "MB", "事实和结果本身", (facts + results) / _MEGABYTE)
        report.add(title, peak / _MEGABYTE, "MB", "同一进程还没有家庭时", before / _MEGABYTE)
        with openfisca(plan, options, report) as peer:
            if peer is not None:
                peer.ask("load", folder)
                peer.ask("run")
                report.add(title, peak / _MEGABYTE, "MB", peer.name, peer.ask("peak")["bytes"] / _MEGABYTE)


if __name__ == "__main__":
    alone(run)
