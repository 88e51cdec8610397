"""How the parts of a procedure hang together: whatever would leave a case stuck is refused when it is read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from policy_engine import Contents, HelpForm, PackError, Programme, ProgrammeKind
from policy_engine.language import _
from policy_procedures.layers import Entry, Layer, Version
from policy_procedures.model import Paper, Procedure, Step
from policy_procedures.words import BROUGHT_BY, OBJECTIONS, OF_STEPS, CaseKind, Circumstance, Letter, StepKind

_ONE_EACH = (StepKind.ADMISSION, StepKind.CONFIRMATION, StepKind.AWARD)


def check_steps(found: Procedure, version: Version, programme: Programme | None) -> None:
    """Refuse steps that wait for what does not come, decide alone, or leave a family without an answer.

    Every kind of step but the decision of an application may be left out: without examination who confirms finds out
    himself what the rules say, without notice nothing has to hang, without award what is granted is no money.
    """
    for kind in _ONE_EACH:
        steps = found.of_kind(kind)
        if len(steps) > 1:
            raise version.own.fault(_("“{kind}”最多一步，现有 {n} 步").format(kind=kind.label, n=len(steps)), "steps")
    for step in list(found.steps.values())[1:]:
        if not step.after:
            raise version.place("steps", step.name).fault(
                _("没有一步通到“{name}”：须写明 after").format(name=step.name)
            )
        if step.kind is StepKind.ADMISSION:
            raise version.place("steps", step.name).fault(_("受理须是第一步"), "kind")
    if found.confirmation is None and found.key.kind is CaseKind.APPLICATION:
        raise version.own.fault(_("申请须有一步作出决定：{kind}").format(kind=StepKind.CONFIRMATION.label), "steps")
    for step in found.steps.values():
        _check_step(found, step, version.place("steps", step.name))
    if found.confirmation is not None:
        _check_decision(found, found.confirmation, version, programme)
    for paper in found.papers:
        _check_paper(found, paper, version.place("papers", paper.key))
    for reason, closing in found.closings.items():
        for key, name in (("since", closing.since), ("until", closing.until)):
            if name is not None and name not in found.steps:
                raise version.place("closings", reason).fault(_("没有步骤“{name}”").format(name=name), key)
    if found.total is not None and found.total.of not in found.steps:
        raise version.singles["total"].fault(_("没有步骤“{name}”").format(name=found.total.of), "of")


def _check_decision(found: Procedure, decision: Step, version: Version, programme: Programme | None) -> None:
    """What follows from there being a decision."""
    entry = version.place("steps", decision.name)
    if not decision.not_by:
        raise entry.fault(_("不能由一个人从头办到确认：须写明 not_by"))
    before = found.before(decision.name)
    for step in found.of_kind(StepKind.EXAMINATION):
        if step.name not in before:
            raise version.place("steps", step.name).fault(_("确认以后才审核，审核就不起作用"), "after")
    if not any(Letter.REFUSAL in step.letters for step in found.steps.values() if _is_told(step, Circumstance.REFUSED)):
        raise version.own.fault(_("不予确认的，须有一步书面告知（letters: [refusal]）"), "steps")
    if not any(Letter.GRANT in step.letters for step in found.steps.values() if _is_told(step, Circumstance.GRANTED)):
        raise version.own.fault(_("确认同意的，须有一步发证或者通知（letters: [grant]）"), "steps")
    if programme is not None and found.key.kind is CaseKind.APPLICATION:
        _check_award(found, version, programme)


def _check_award(found: Procedure, version: Version, programme: Programme) -> None:
    """Money begins with an award, and what goes on month by month begins with a month."""
    award = next(iter(found.of_kind(StepKind.AWARD)), None)
    if award is None:
        if programme.form is HelpForm.MONEY:
            raise version.own.fault(_("{title}是给钱的，须有一步“待遇”").format(title=programme.title), "steps")
        return
    if programme.kind is ProgrammeKind.MONTH and award.months_after is None:
        raise version.place("steps", award.name).fault(
            _("{title}按月给，须写明 months_after").format(title=programme.title)
        )
    for name in award.whole_month:
        if name not in programme.conditions:
            raise version.place("steps", award.name).fault(
                _("{title}没有条件“{name}”").format(title=programme.title, name=name), "whole_month"
            )
    if programme.kind is ProgrammeKind.ONCE and award.months_after is not None:
        raise version.place("steps", award.name).fault(
            _("{title}是一次性的，没有从哪个月起，不写 months_after").format(title=programme.title), "months_after"
        )


def _check_paper(found: Procedure, paper: Paper, entry: Entry) -> None:
    """What may be brought later is asked for later, unless the answer is no."""
    for circumstance in paper.may_follow:
        granted = {circumstance, Circumstance.GRANTED}
        if not any(step.applies(granted) for step in found.of_kind(StepKind.COMPLETION)):
            raise entry.fault(
                _("“{paper}”在“{when}”时可以后补，却没有一步去补齐（kind: {kind}）").format(
                    paper=paper.label, when=circumstance.label, kind=StepKind.COMPLETION
                ),
                "may_follow",
            )


def _is_told(step: Step, outcome: Circumstance) -> bool:
    return step.kind is StepKind.LETTER and step.applies({outcome}) and outcome in step.when


def _check_step(found: Procedure, step: Step, entry: Entry) -> None:
    before = found.before(step.name)
    waited = {"begin_within": [step.begin_within.of] if step.begin_within else []}
    waited["within"] = [clock.of for clock in step.within]
    for key, names in (*waited.items(), ("not_by", step.not_by)):
        for name in names:
            if name not in before:
                raise entry.fault(_("“{name}”不在“{step}”之前").format(name=name, step=step.name), key)
    for name in step.not_by:
        if found.steps[name].by_itself:
            raise entry.fault(_("“{name}”没有人办，回避不了谁").format(name=name), "not_by")
    for circumstance in step.when | step.unless:
        if not _can_be_known(found, circumstance, before):
            raise entry.fault(_("“{step}”以前还不会有“{name}”").format(step=step.name, name=circumstance.label), "when")
    if step.kind in (StepKind.AWARD, StepKind.PUBLICATION) and step.when != {Circumstance.GRANTED}:
        raise entry.fault(_("{kind}只在确认同意（when: [granted]）以后").format(kind=step.kind.label), "when")
    if step.instead_of is not None:
        other = found.steps.get(step.instead_of)
        if other is None:
            raise entry.fault(_("没有步骤“{name}”").format(name=step.instead_of), "instead_of")
        if other.instead_of is not None or (other.after, other.when, other.unless) != (
            step.after,
            step.when,
            step.unless,
        ):
            raise entry.fault(_("两步相互代替的，after、when、unless 须相同，只有一步写 instead_of"), "instead_of")


def _can_be_known(found: Procedure, circumstance: Circumstance, before: Iterable[str]) -> bool:
    steps = [found.steps[name] for name in before]
    if circumstance in OBJECTIONS:
        return any(step.objection is circumstance for step in steps)
    return circumstance not in OF_STEPS or any(circumstance in BROUGHT_BY.get(step.kind, ()) for step in steps)


def check_dates(layer: Layer, kind: CaseKind, pack: Contents, programme: str) -> None:
    """Refuse two versions on one day, a gap nobody declared, and days of the programme on which nobody could apply."""
    known = pack.programmes.get(programme)
    if known is None or (kind is CaseKind.APPLICATION and not known.needs_application):
        raise layer.document.fault(_("{pack} 没有要申请的项目 {name}").format(pack=pack.title, name=programme))
    gaps = pack.gaps.get(f"procedures/{programme}/{kind}", set())
    versions = list(layer.kinds[kind].values())
    for earlier, later in itertools.pairwise(versions):
        until = earlier.own.day("until")
        if until is None or until >= later.since:
            raise later.own.fault(_("{day} 有两个版本同时有效").format(day=later.since))
        _no_gap(until, later, gaps)
    for version in versions:
        until = version.own.day("until")
        if until is not None and until < version.since:
            raise version.own.fault(_("结束早于开始"), "until")
    if kind is CaseKind.APPLICATION:
        _cover(versions, pack, known)


def _no_gap(until: date, later: Version, gaps: Iterable[date]) -> None:
    begins = until + timedelta(days=1)
    if begins != later.since and begins not in gaps:
        raise later.own.fault(
            _("从 {begin} 到 {end} 没有版本；若本当如此，在 pack.yaml 的 gaps 里写明").format(
                begin=begins, end=later.since - timedelta(days=1)
            )
        )


def _cover(versions: Sequence[Version], pack: Contents, programme: Programme) -> None:
    first = max(pack.covers[0], programme.since)
    if versions[0].since > first:
        raise _uncovered(versions[0], first)
    lasts = [day for day in (pack.covers[1], programme.until) if day is not None]
    ends = versions[-1].own.day("until")
    if ends is not None and (not lasts or min(lasts) > ends):
        raise _uncovered(versions[-1], ends + timedelta(days=1))


def _uncovered(version: Version, day: date) -> PackError:
    return version.own.fault(_("项目在 {day} 有效，那天却没有程序").format(day=day))
