"""What waits for a maker or a checker of runs."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.models import AwardTerm
from yihu.common.fen import yuan
from yihu.common.work import Tally, WorkItem
from yihu.organisations.queries import within
from yihu.payments.enums import RunPurpose, RunState
from yihu.payments.models import PaymentRun
from yihu.payments.naming import short_of
from yihu.payments.owed import first_owed, last_day
from yihu.payments.pay_day import default_pay_on, next_month
from yihu.policy.labels import ProgrammeLabel, programmes

PAGE_OF_RUN, PAGE_OF_NEW_RUN = "run", "new_run"


def open_work(actor: Actor, *, on: date) -> list[WorkItem]:
    """What waits for a maker (months without a run, drafts, what came back, no file for the bank) or for a checker."""
    runs = [_item(run) for run in _waiting_runs(actor).order_by("month", "programmes")]
    return [*runs, *(_months_without_a_run(actor, on) if actor.may(Capability.MAKE_RUNS) else ())]


def count_open_work(actor: Actor, *, on: date) -> Tally:
    """How many that are."""
    months = len(_unmade_months(actor, on)) if actor.may(Capability.MAKE_RUNS) else 0
    return Tally(known=months, rows=(_waiting_runs(actor),))


def _waiting_runs(actor: Actor) -> QuerySet[PaymentRun]:
    if actor.may(Capability.MAKE_RUNS):
        unfinished = Q(state=RunState.DRAFT) | Q(state=RunState.APPROVED, bank_files__isnull=True, total__gt=0)
        return PaymentRun.objects.filter(within(actor), unfinished)
    if actor.may(Capability.CHECK_RUNS):
        # Nobody checks what he made himself, at another post.
        return PaymentRun.objects.filter(within(actor), state=RunState.SUBMITTED).exclude(maker=actor.staff)
    return PaymentRun.objects.none()


def _item(run: PaymentRun) -> WorkItem:
    if run.state == RunState.SUBMITTED:
        title = _("复核{short} {month:%Y-%m} 发放批次")
    elif run.state == RunState.APPROVED:
        title = _("生成{short} {month:%Y-%m} 银行文件")
    elif run.returned_because:
        title = _("修改退回的{short} {month:%Y-%m} 发放批次")
    else:
        title = _("提交{short} {month:%Y-%m} 发放批次")
    sums = _("{households} 户 {total} 元").format(households=run.households_count, total=yuan(run.total))
    return WorkItem(
        title=title.format(short=short_of(run.programmes), month=run.month),
        page=PAGE_OF_RUN,
        key=run.number,
        division=run.division_id,
        opened_on=run.made_on,
        detail="；".join(part for part in (sums, run.returned_because) if part),
        programme=run.programmes[0],
        due_on=run.pay_on,
    )


def _months_without_a_run(actor: Actor, on: date) -> list[WorkItem]:
    unmade = _unmade_months(actor, on)
    return [_new_item(each, unmade[each.name], actor) for each in programmes(actor.areas[0]) if each.name in unmade]


def _unmade_months(actor: Actor, on: date) -> dict[str, date]:
    """By programme the month of which a run is still to be made; as often asked for many programmes as for one."""
    this_month = on.replace(day=1)
    last: dict[str, date] = {}
    standing = PaymentRun.objects.filter(within(actor), purpose=RunPurpose.MONTHLY).standing().order_by("month")
    for names, month in standing.values_list("programmes", "month"):
        last |= dict.fromkeys(names, month)
    money = [each for each in programmes(actor.areas[0]) if each.is_money]
    waiting = {each.name: next_month(last[each.name]) if each.name in last else this_month for each in money}
    waiting = {name: month for name, month in waiting.items() if month <= this_month}
    running = _running(
        {each.name: waiting[each.name] for each in money if each.is_paid_monthly and each.name in waiting}, actor
    )
    # Where nothing runs something may be owed all the same: held back, granted later, or due once.
    others = waiting.keys() - running
    owed = first_owed(programmes=others, district=actor.areas[0], until=last_day(this_month), on=on) if others else {}
    return {
        name: max(month, owed.get(name, month).replace(day=1))
        for name, month in waiting.items()
        if name in running or name in owed
    }


def payable(actor: Actor, *, on: date) -> tuple[ProgrammeLabel, ...]:
    """The programmes of which someone may make a run on a day: help by the month, and whatever else is owed by then or
    by the end of the next month, the last that a run can be made for.
    """
    money = [each for each in programmes(actor.areas[0]) if each.is_money]
    others = [each.name for each in money if not each.is_paid_monthly]
    until = last_day(next_month(on))
    owed = first_owed(programmes=others, district=actor.areas[0], until=until, on=on) if others else {}
    return tuple(each for each in money if each.is_paid_monthly or each.name in owed)


def _running(months: Mapping[str, date], actor: Actor) -> set[str]:
    """Of these programmes those of which an award runs in the month beside their name."""
    looks = [
        AwardTerm.objects.in_force(month)
        .filter(within(actor, "award__household__division_id"), award__programme=name)
        .exclude(award__pays_from__gt=month)
        .order_by()
        .values_list("award__programme", flat=True)[:1]
        for name, month in months.items()
    ]
    return set(looks[0].union(*looks[1:], all=True)) if looks else set()


def _new_item(programme: ProgrammeLabel, month: date, actor: Actor) -> WorkItem:
    return WorkItem(
        title=_("制作{short} {month:%Y-%m} 发放批次").format(short=programme.short, month=month),
        page=PAGE_OF_NEW_RUN,
        key=f"{programme.name}/{month:%Y-%m}",
        division=actor.areas[0],
        opened_on=month,
        programme=programme.name,
        due_on=default_pay_on(month, on=month),
    )
