"""``yihu policy check``: loads packs, runs their worked cases, walks their procedures, and says what is stale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import policy_packs
from policy_engine import Pack, PackError
from policy_engine.errors import PlanError
from policy_engine.language import _
from policy_files.errors import FileFault
from policy_files.worked import check_examples
from policy_procedures import CaseKind, Known, faults_of, read_procedures


def run(name: str | None, *, today: date) -> int:
    """Check one pack and those it extends, or all; prints what is found. 0: sound, 1: there are faults."""
    known = policy_packs.names()
    if name is not None and name not in known:
        raise FileFault(_("没有政策包“{name}”；有：{known}").format(name=name, known="、".join(known)))
    faults = 0
    for each in known if name is None else [name]:
        try:
            pack = policy_packs.load(each)
        except PackError as error:
            print(_("{name}：载入不了").format(name=each))
            print(f"  {error}")
            faults += 1
            continue
        for member in [pack] if name is None else pack.chain():
            faults += _check(policy_packs.load(member.name), today)
    print(_("没有发现错误") if not faults else _("有 {n} 处错误").format(n=faults))
    return 1 if faults else 0


def _check(pack: Pack, today: date) -> int:
    count, faults = check_examples(pack)
    broken = list(faults_of(pack))
    ways = {} if broken else read_procedures(pack)
    print(
        _("{name}（{title}）：项目 {a}，规则 {b}，参数 {c}，事实 {d}，例子 {e}，程序 {f}").format(
            name=pack.name,
            title=pack.title,
            a=len(pack.programmes),
            b=len(pack.rules),
            c=len(pack.parameters),
            d=len(pack.inputs),
            e=count,
            f=sum(map(len, ways.values())),
        )
    )
    for fault in [*faults, *broken]:
        print(_("  错误：{fault}").format(fault=fault))
    closed = [] if broken else closed_to_application(pack, ways)
    for note in [*closed, *idle_figures(pack), *stale_figures(pack, today)]:
        print(_("  留意：{note}").format(note=note))
    return len(faults) + len(broken)


def closed_to_application(pack: Pack, ways: Known) -> Iterator[str]:
    """The programmes that have to be applied for and for which no procedure is written: nobody can be admitted."""
    for name, programme in pack.programmes.items():
        if programme.needs_application and (name, CaseKind.APPLICATION) not in ways:
            yield _("{file}：{title}要申请，却没有办理程序，不能受理").format(
                file=programme.file, title=programme.title
            )


def idle_figures(pack: Pack) -> Iterator[str]:
    """The pack's own parameters that no programme uses on any date."""
    used: set[str] = set()
    for day in pack.turning_points():
        try:
            used |= pack.plan(day).index.keys()
        except PlanError:
            # A day that no text covers: that was looked into when the pack was loaded.
            continue
    for name, parameter in pack.parameters.items():
        if name not in used and parameter.pack == pack.name:
            yield _("{file}：没有项目用到 {title}（{name}）").format(
                file=parameter.file, title=parameter.title, name=name
            )


def stale_figures(pack: Pack, today: date) -> Iterator[str]:
    """The pack's own parameters whose last figure is known only up to a day before today."""
    for name, parameter in pack.parameters.items():
        last = parameter.figures[-1]
        if parameter.pack == pack.name and last.until is not None and last.until < today:
            carried = _("，此后按最近所见标准") if parameter.carry_forward else _("，此后没有依据")
            yield _("{file}：{title}（{name}）只知道到 {until} 为止{carried}").format(
                file=parameter.file, title=parameter.title, name=name, until=last.until, carried=carried
            )
