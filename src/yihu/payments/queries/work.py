"""What waits for a maker or a checker of runs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.models import AwardTerm
from yihu.common.fen import yuan
from yihu.common.months import end_of_month, next_month
from yihu.common.work import Tally, WorkItem
from yihu.organisations.queries import within
from yihu.payments.enums import RunPurpose, RunState
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.payments.naming import name_of
from yihu.payments.owed import first_owed
from yihu.payments.pay_day import default_pay_on
from yihu.policy.labels import ProgrammeLabel, programmes

PAGE_OF_RUN, PAGE_OF_NEW_RUN = "run", "new_run"
STANDING = tuple(state for state in RunState if state != RunState.CANCELLED)


def open_work(actor: Actor, *, on: date) -> list[WorkItem]:
    """What waits for a maker (what is owed and in no run, months without one, drafts, what came back, no file for the
    bank) or for a checker.
    """
    paid = ArrayAgg("lines__award__programme", filter=Q(lines__cancelled=False), distinct=True, default=[])
    waiting = _waiting_runs(actor).annotate(paid=paid).order_by("month", "programmes")
    runs = [_item(run, run.paid or run.programmes) for run in waiting]
    unmade = _unmade_runs(actor, on) if actor.may(Capability.MAKE_RUNS) else []
    # Whom the month's run missed does not wait behind it.
    first = [_new_item(each, actor, on) for each in unmade if each.purpose == RunPurpose.URGENT]
    return [*first, *runs, *(_new_item(each, actor, on) for each in unmade if each.purpose != RunPurpose.URGENT)]


def count_open_work(actor: Actor, *, on: date) -> Tally:
    """How many that are."""
    unmade = len(_unmade_runs(actor, on)) if actor.may(Capability.MAKE_RUNS) else 0
    return Tally(known=unmade, rows=(_waiting_runs(actor),))


def _waiting_runs(actor: Actor) -> QuerySet[PaymentRun]:
    if actor.may(Capability.MAKE_RUNS):
        unfinished = Q(state=RunState.DRAFT) | Q(state=RunState.APPROVED, bank_files__isnull=True, total__gt=0)
        return PaymentRun.objects.filter(within(actor), unfinished)
    if actor.may(Capability.CHECK_RUNS):
        # Nobody checks what he made himself, at another post.
        return PaymentRun.objects.filter(within(actor), state=RunState.SUBMITTED).exclude(maker=actor.staff)
    return PaymentRun.objects.none()


def _item(run: PaymentRun, paid: Sequence[str]) -> WorkItem:
    """``paid``: the programmes that it is named by."""
    if run.state == RunState.SUBMITTED:
        title = _("复核{short} {month:%Y-%m} {what}")
    elif run.state == RunState.APPROVED:
        title = _("生成{short} {month:%Y-%m} 银行文件")
    elif run.returned_because:
        title = _("修改退回的{short} {month:%Y-%m} {what}")
    else:
        title = _("提交{short} {month:%Y-%m} {what}")
    what = _("即时发放批次") if run.purpose == RunPurpose.URGENT else _("发放批次")
    sums = _("{households} 户 {total} 元").format(households=run.households_count, total=yuan(run.total))
    return WorkItem(
        title=title.format(short=name_of(paid), month=run.month, what=what),
        page=PAGE_OF_RUN,
        key=run.number,
        division=run.division_id,
        opened_on=run.made_on,
        detail="；".join(part for part in (sums, run.returned_because) if part),
        programme=paid[0],
        due_on=run.pay_on,
    )


@dataclass(frozen=True, slots=True)
class Unmade:
    """A run of a programme that is still to be made, for a month; ``since`` when it can have begun to wait."""

    programme: ProgrammeLabel
    month: date
    purpose: RunPurpose
    since: date


def _unmade_runs(actor: Actor, on: date) -> list[Unmade]:
    """The runs that are still to be made: first what came once and missed the month's run, then in the order of
    programmes. As often asked for many programmes as for one.
    """
    this_month = on.replace(day=1)
    money = [each for each in programmes(actor.areas[0]) if each.is_money]
    last, open_ones = _last_runs(actor, this_month)
    waiting = {each.name: next_month(last[each.name].month) if each.name in last else this_month for each in money}
    waiting = {name: month for name, month in waiting.items() if month <= this_month}
    # What became known since the run was worked out; a run that is open takes it in, or is to be settled first.
    made = {
        each.name: last[each.name].made_on
        for each in money
        if each.name in last and each.name not in waiting and each.name not in open_ones
    }
    monthly = {each.name: waiting[each.name] for each in money if each.is_paid_monthly and each.name in waiting}
    running, late = _running_and_changed(monthly, made, this_month, actor)
    # Where nothing runs something may be owed all the same: held back, granted later, or due once.
    others = waiting.keys() - running
    owed = (
        first_owed(programmes=others, chosen=late, district=actor.areas[0], until=end_of_month(this_month), on=on)
        if others or late
        else {}
    )
    found = []
    for each in money:
        name, first = each.name, owed.get(each.name)
        if name in made and first:
            found.append(Unmade(each, this_month, RunPurpose.URGENT, max(made[name], first)))
        elif name in running or (name in waiting and first):
            month = max(waiting[name], (first or waiting[name]).replace(day=1))
            found.append(Unmade(each, month, RunPurpose.MONTHLY, month))
    return sorted(found, key=lambda each: each.purpose != RunPurpose.URGENT or each.programme.is_paid_monthly)


@dataclass(frozen=True, slots=True)
class _LastRun:
    month: date
    made_on: date


def _last_runs(actor: Actor, this_month: date) -> tuple[dict[str, _LastRun], set[str]]:
    """By programme the last monthly run; and of which programmes a run is open that what is owed now belongs into, or
    that comes before another.
    """
    last: dict[str, _LastRun] = {}
    open_ones: set[str] = set()
    runs = PaymentRun.objects.filter(within(actor)).standing().order_by("month", "pk")
    for names, month, made_on, purpose, state in runs.values_list("programmes", "month", "made_on", "purpose", "state"):
        if purpose == RunPurpose.MONTHLY:
            last |= dict.fromkeys(names, _LastRun(month, made_on))
            if state == RunState.DRAFT and month <= this_month:
                open_ones.update(names)
        elif state != RunState.APPROVED:
            open_ones.update(names)
    return last, open_ones


def says_when_paid(names: Collection[str], *, actor: Actor) -> str:
    """Which drafts are to take in what was put in force just now for some programmes, in a sentence; empty if none."""
    drafts = PaymentRun.objects.filter(within(actor), state=RunState.DRAFT, programmes__overlap=sorted(names))
    said = _("制单中的 {number}（{month:%Y-%m}）由制单人刷新以后按新的发。")
    return "".join(said.format(number=run.number, month=run.month) for run in drafts.order_by("month", "pk"))


def payable(actor: Actor, *, on: date) -> tuple[ProgrammeLabel, ...]:
    """The programmes of which someone may make a run on a day: help by the month, and whatever else is owed by then or
    by the end of the next month, the last that a run can be made for.
    """
    money = [each for each in programmes(actor.areas[0]) if each.is_money]
    others = [each.name for each in money if not each.is_paid_monthly]
    until = end_of_month(next_month(on))
    owed = first_owed(programmes=others, district=actor.areas[0], until=until, on=on) if others else {}
    return tuple(each for each in money if each.is_paid_monthly or each.name in owed)


def _running_and_changed(
    months: Mapping[str, date], made: Mapping[str, date], this_month: date, actor: Actor
) -> tuple[set[str], list[int]]:
    """Of the first programmes those of which an award runs in the month beside their name; of the others the awards of
    which something became known since the day beside it. All in one statement.

    Whose award was left out by hand of a run that is not over waits for what he waits for, and is not among them.
    """
    looks = [
        AwardTerm.objects.in_force(month)
        .filter(within(actor, "award__household__division_id"), award__programme=name)
        .exclude(award__pays_from__gt=month)
        .order_by()
        .values_list("award__programme", "award")[:1]
        for name, month in months.items()
    ]
    if made:
        known = Q()
        for name, day in made.items():
            known |= Q(award__programme=name, known_on__gte=day)
        left_out = PaymentLine.objects.filter(
            award=OuterRef("award"), run__month__gte=this_month, run__state__in=STANDING
        ).exclude(left_out_because="")
        terms = AwardTerm.objects.filter(known, ~Exists(left_out), within(actor, "award__household__division_id"))
        looks.append(terms.order_by().values_list("award__programme", "award").distinct())
    found = list(looks[0].union(*looks[1:], all=True)) if looks else []
    return {name for name, _award in found if name in months}, [award for name, award in found if name in made]


def _new_item(run: Unmade, actor: Actor, on: date) -> WorkItem:
    urgent = run.purpose == RunPurpose.URGENT
    title = _("制作{short} {month:%Y-%m} 即时发放批次") if urgent else _("制作{short} {month:%Y-%m} 发放批次")
    return WorkItem(
        title=title.format(short=run.programme.short, month=run.month),
        page=PAGE_OF_NEW_RUN,
        key=f"{run.programme.name}/{run.month:%Y-%m}" + (f"/{run.purpose.value}" if urgent else ""),
        division=actor.areas[0],
        opened_on=run.since,
        detail=_("本月批次以后又有应发的") if urgent else "",
        programme=run.programme.name,
        due_on=default_pay_on(run.month, on=on if urgent else run.month),
    )
