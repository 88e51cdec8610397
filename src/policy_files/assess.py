"""The job of ``yihu assess``: read a file, check it, assess everyone, write the results."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import pyarrow.compute as pc
from tqdm import tqdm

import policy_packs
from policy_engine import (
    Outcome,
    Pack,
    PackError,
    Plan,
    PlanError,
    PolicyError,
    RuleFailure,
    assess,
    explain,
    render_text,
)
from policy_engine.language import _
from policy_engine.opening import openings
from policy_files.bad_rows import Findings
from policy_files.errors import FileFault, nearest
from policy_files.families import Families, read_families
from policy_files.overrides import read_overrides
from policy_files.results import assess_part, note_failures, row_count, tried_numbers
from policy_files.sources import read_source
from policy_files.writers import MOST_SHEET_ROWS, STANDARD_OUTPUT, check_target, replacing, writing

T = TypeVar("T")

HOUSEHOLDS_AT_ONCE = 20_000
_SHOWN_BESIDE_FILE = 50


@dataclass(frozen=True)
class Job:
    """What is asked for. ``overrides`` are texts as typed, in yuan where the parameter is money."""

    file: Path
    pack: Pack
    day: date
    overrides: Sequence[str] = ()
    out: str | None = None
    explain: str | None = None
    skip_bad: bool = False
    bad: Path | None = None
    progress: bool = False

    def bar(self, items: Iterable[T], title: str) -> Iterable[T]:
        """The items behind a progress bar, which only a person at a terminal sees."""
        shown = self.progress or sys.stderr.isatty()
        bar: Iterable[T] = tqdm(items, desc=title, disable=not shown, file=sys.stderr, leave=False)
        return bar


def load_pack(name: str) -> Pack:
    """The pack of that name. Raises FileFault naming those that there are, or the pack's own fault."""
    known = policy_packs.names()
    if name not in known:
        raise FileFault(_("没有政策包“{name}”；有：{known}").format(name=name, known="、".join(known)))
    try:
        return policy_packs.load(name)
    except PackError as error:
        raise FileFault(_("政策包 {name} 有错：{error}").format(name=name, error=error)) from None


def run(job: Job) -> int:
    """Do the job; gives the exit code. Raises FileFault for what stops it before any row is looked at."""
    overrides = read_overrides(job.pack, job.overrides)
    plan = plan_on(job.pack, job.day, overrides)
    if job.out is not None:
        check_target(job.out)
        if job.out != STANDARD_OUTPUT and Path(job.out).resolve() == job.file.resolve():
            raise FileFault(_("结果不能写到所读的文件上"))
    source = read_source(job.file)
    for sheet in (source.households, source.members):
        if sheet.said:
            print(sheet.said, file=sys.stderr)
    families, findings = read_families(source, job.pack, job.day, wanted=set(plan.index), progress=job.bar)
    if findings and not job.skip_bad:
        return refuse(job, findings)
    if not len(families):
        refuse(job, findings)
        raise FileFault(_("没有一户可以认定"))
    if job.explain is not None:
        explained = explanation(plan, families, job.explain)
    if job.out is not None and not _write(job, plan, families, findings):
        return refuse(job, findings)
    if job.explain is not None:
        print(explained)
    if findings:
        refuse(job, findings)
    return 0


def plan_on(pack: Pack, day: date, overrides: dict[str, int]) -> Plan:
    """The plan of a day. Raises FileFault when the pack does not cover it or an override does not fit."""
    try:
        return pack.plan(day, overrides)
    except PlanError as error:
        raise FileFault(str(error)) from None
    except PackError as error:
        # Without overrides this was checked when the pack was loaded.
        raise FileFault(_("所设的数不能用：{error}").format(error=error.message)) from None


def refuse(job: Job, findings: Findings) -> int:
    """List every bad row; gives the exit code of a refusal."""
    if job.bad is not None:
        _write_bad(job.bad, findings)
    for number, bad in enumerate(findings):
        if job.bad is not None and number == _SHOWN_BESIDE_FILE:
            print(_("…… 其余见 {file}").format(file=job.bad), file=sys.stderr)
            break
        print(bad, file=sys.stderr)
    done = _("这些行所在的家庭已略去") if job.skip_bad else _("没有写出任何结果；改好再来，或用 --skip-bad 略去它们")
    print(_("有 {n} 处不能用。{done}").format(n=len(findings), done=done), file=sys.stderr)
    return 2


def _write_bad(path: Path, findings: Findings) -> None:
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sheet", "row", "column", "value", "message"])
        for bad in findings:
            writer.writerow([bad.sheet, bad.row, bad.column, bad.value, bad.message])


class _Discarded(Exception):
    """What was written is not to be kept."""


def _write(job: Job, plan: Plan, families: Families, findings: Findings) -> bool:
    """Assess everyone and write the results; False when a rule failed and nothing is to be written."""
    assert job.out is not None
    rows = row_count(plan, families)
    if job.out.lower().endswith(".xlsx") and rows > MOST_SHEET_ROWS:
        raise FileFault(
            _("结果有 {rows:,} 行，一张工作表最多 {most:,} 行；请写成 .csv 或 .parquet").format(
                rows=rows, most=MOST_SHEET_ROWS
            )
        )
    about = describe(job, plan)
    counts: Counter[tuple[str, str]] = Counter()
    before = len(findings)
    try:
        with writing(job.out, about) as writer:
            for start in job.bar(range(0, len(families), HOUSEHOLDS_AT_ONCE), _("认定")):
                stop = min(start + HOUSEHOLDS_AT_ONCE, len(families))
                table, failures = assess_part(plan, families, start, stop)
                note_failures(findings, plan, families, start, failures)
                if len(findings) == before or job.skip_bad:
                    writer.write(table)
                    counted = table.group_by(["programme", "outcome"]).aggregate([([], "count_all")])
                    for row in counted.to_pylist():
                        counts[row["programme"], row["outcome"]] += row["count_all"]
            if len(findings) > before and not job.skip_bad:
                raise _Discarded
    except _Discarded:
        return False
    _summarise(plan, families, counts)
    return True


def describe(job: Job, plan: Plan) -> dict[str, str]:
    """Under what the results were found."""
    about = {
        "pack": plan.pack.name,
        "on": plan.day.isoformat(),
        "set": "；".join(job.overrides),
    }
    return about | {planned.programme.name: planned.programme.title for planned in plan.programmes}


def _summarise(plan: Plan, families: Families, counts: Counter[tuple[str, str]]) -> None:
    print(_("共 {n:,} 户 {m:,} 人").format(n=len(families), m=families.population.member_count), file=sys.stderr)
    for planned in plan.programmes:
        name = planned.programme.name
        print(
            _("  {title}：符合 {yes:,}，不符合 {no:,}，还不知道 {unknown:,}").format(
                title=planned.programme.title,
                yes=counts[name, Outcome.ELIGIBLE],
                no=counts[name, Outcome.NOT_ELIGIBLE],
                unknown=counts[name, Outcome.UNKNOWN],
            ),
            file=sys.stderr,
        )


def explanation(plan: Plan, families: Families, household: str) -> str:
    """One family's results as sentences that unfold level by level. Raises FileFault when it is not there."""
    position = families.position(household)
    if position is None:
        known = pc.unique(families.household_ids).to_pylist() if len(families) < HOUSEHOLDS_AT_ONCE else []
        raise FileFault(_("可认定的家庭里没有户号“{id}”{near}").format(id=household, near=nearest(household, known)))
    try:
        determination = assess(plan, families.family(position))
    except RuleFailure as failure:
        raise FileFault(_("户 {id} 算不出来：{why}").format(id=household, why=failure.message)) from None
    except PolicyError as error:
        raise FileFault(str(error)) from None
    lines = [_("户 {id}，{pack}，按 {day} 的政策").format(id=household, pack=plan.pack.title, day=plan.day)]
    lines += tried_numbers(plan, plan.overrides)
    # What one programme has unfolded the next only refers to.
    told: set[tuple[int, int | None]] = set()
    opened = openings(determination)
    for result in determination.results:
        lines.append(render_text(explain(result), told=told))
        opening = opened.get((result.programme.name, result.member))
        if opening is not None:
            lines[-1] += f"\n  → {opening.sentence}"
    return "\n\n".join(lines)
