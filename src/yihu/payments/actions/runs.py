"""Makes a month's run, hands it over, approves it, sends it back or gives it up."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.common.fen import yuan
from yihu.common.months import next_month
from yihu.common.refusals import Refused
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.numbering import Numbered, next_number
from yihu.payments import lines
from yihu.payments.enums import RunPurpose, RunState
from yihu.payments.models import LATEST_SEAL, PaymentLine, PaymentRun, PaymentRunQuerySet
from yihu.payments.naming import title_of
from yihu.payments.pay_day import default_pay_on
from yihu.payments.problems import blocking_problems_of
from yihu.payments.seal import lines_under, seal_of
from yihu.policy.labels import programme_of, programme_title

SHOWN_PROBLEMS = 5
LONGEST_REASON = 200
FURTHEST_AHEAD = timedelta(days=62)


@transaction.atomic
def make_run(
    *,
    programmes: Sequence[str],
    month: date,
    by: Actor,
    on: date,
    pay_on: date | None = None,
    purpose: RunPurpose = RunPurpose.MONTHLY,
) -> PaymentRun:
    """The run of some programmes for a month in the actor's district, with a line for all that is owed. Raises Refused.

    Who was left out of the last one for that month, which was given up, is left out of this one until he is put back,
    and what was to be written off in it, in this one.
    ``month`` is a first; ``pay_on`` None takes the usual day. Months are paid one after another: an earlier run is
    approved or given up first, and what a month left unpaid is made up for by the next run. What cannot wait for the
    month's run is paid by one of its own ``purpose``, of which a month may have several, one after another.
    """
    by.require(Capability.MAKE_RUNS, _("制作发放批次"))
    programmes = sorted(set(programmes))
    if not programmes:
        raise Refused(_("请选择要发放的项目。"), field="programmes")
    title = title_of(programmes)
    division = _district_of(by)
    for programme in programmes:
        label = programme_of(programme, division.path)
        if not label.is_money:
            raise Refused(_("{title}不发钱，不用制单。").format(title=label.title), field="programmes")
    if month.day != 1:
        raise Refused(_("所属月份要写成月份的 1 日，{day} 不是。").format(day=month), field="month")
    if month > next_month(on):
        raise Refused(_("最多提前一个月制单，{month:%Y-%m} 还太早。").format(month=month), field="month")
    pay_on = pay_on or default_pay_on(month, on=on)
    _check_pay_on(pay_on, on)
    # Whoever else makes a run at this moment waits here, and then sees what is there.
    number = next_number(Numbered.RUN, division.path, on=month)
    of_purpose = PaymentRun.objects.filter(division=division, purpose=purpose, programmes__overlap=programmes)
    for programme in programmes:
        _check_order(
            of_purpose.filter(programmes__contains=[programme]), programme_title(programme, division.path), month
        )
    try:
        with transaction.atomic():
            run = PaymentRun.objects.create(
                number=number,
                purpose=purpose,
                programmes=programmes,
                division=division,
                month=month,
                pay_on=pay_on,
                made_on=on,
                maker_id=_staff(by),
            )
            last = of_purpose.filter(month=month).exclude(pk=run.pk).order_by("-pk").first()
            lines.fill(run, on=on, set_aside=lines.set_aside_in(last))
    except IntegrityError as error:
        raise _made_already(title, month) from error
    if not run.lines.exists():
        raise Refused(_("{month:%Y-%m} 没有应发的{title}，不用制单。").format(month=month, title=title))
    return run


@transaction.atomic
def refresh(*, run: PaymentRun, by: Actor, on: date, pay_on: date | None = None) -> PaymentRun:
    """Work out a draft again from awards, accounts and families as they are now; what was left out stays out.

    ``pay_on`` moves the day on which the money is to arrive. Raises Refused.
    """
    run = _to_change(run, by)
    if pay_on:
        _check_pay_on(pay_on, on)
        run.pay_on = pay_on
        run.save(update_fields=["pay_on"])
    lines.fill(run, on=on, set_aside=lines.set_aside_in(run))
    return run


def remove_line(*, run: PaymentRun, line: PaymentLine, reason: str, by: Actor) -> PaymentRun:
    """Leave out what a draft pays to whom this line pays, former months too. It stays owed. Raises Refused."""
    return remove_lines(run=run, chosen=[line], reason=reason, by=by)


@transaction.atomic
def remove_lines(*, run: PaymentRun, chosen: Collection[PaymentLine], reason: str, by: Actor) -> PaymentRun:
    """Leave out what a draft pays to all whom these lines pay, as `remove_line` does. Raises Refused."""
    run = _to_change(run, by)
    reason = _required_reason(reason)
    wanted = {line.pk for line in chosen}
    found = PaymentLine.objects.filter(run=run, cancelled=False, pk__in=wanted)
    awards = list(found.values_list("award", flat=True))
    if len(awards) < len(wanted):
        raise Refused(_("这一笔已不在批次里。请刷新页面再看。"))
    lines.leave_out(run, dict.fromkeys(awards, reason))
    return run


@transaction.atomic
def write_off(*, run: PaymentRun, chosen: Collection[PaymentLine], reason: str, by: Actor) -> PaymentRun:
    """Propose in a draft that some months, which nobody can be paid, be owed no longer: they are not once whoever
    checks it has approved it. Raises Refused.
    """
    run = _to_change(run, by)
    reason = _required_reason(reason)
    wanted = {line.pk for line in chosen}
    found = PaymentLine.objects.filter(run=run, pk__in=wanted, written_off_because="")
    months = dict.fromkeys(found.values_list("award", "period"), reason)
    if not wanted:
        raise Refused(_("请选择不再补发的月份。"), field="months")
    if len(months) < len(wanted):
        raise Refused(_("这一笔已不在批次里。请刷新页面再看。"))
    lines.write_off(run, months)
    return run


@transaction.atomic
def put_back(*, run: PaymentRun, line: PaymentLine, by: Actor, on: date) -> PaymentRun:
    """Pay in this draft after all what was left out of it, or was to be written off. Raises Refused."""
    run = _to_change(run, by)
    chosen = PaymentLine.objects.filter(run=run, pk=line.pk, cancelled=True).first()
    if chosen is None:
        raise Refused(_("这一笔不在暂缓之列。请刷新页面再看。"))
    set_aside = lines.set_aside_in(run)
    if chosen.written_off_because:
        del set_aside.written_off[chosen.award_id, chosen.period]
    else:
        del set_aside.left_out[chosen.award_id]
    lines.fill(run, on=on, set_aside=set_aside)
    return run


@transaction.atomic
def submit(*, run: PaymentRun, by: Actor, on: date) -> PaymentRun:
    """Hand a draft over to be checked; problems must be settled first. Raises Refused."""
    run = _to_change(run, by)
    _check_pay_on(run.pay_on, on)
    _require_no_problems(run)
    if not run.total and not PaymentLine.objects.filter(run=run).exclude(written_off_because="").exists():
        raise Refused(_("批次里没有要发的，不用提交。请作废这个批次。"))
    run.state = RunState.SUBMITTED
    run.returned_because = ""
    run.save(update_fields=["state", "returned_because"])
    return run


@transaction.atomic
def send_back(*, run: PaymentRun, reason: str, by: Actor) -> PaymentRun:
    """Give a submitted run back to its maker, with the reason. Raises Refused."""
    by.require(Capability.CHECK_RUNS, _("退回发放批次"))
    run = _locked(run, by, RunState.SUBMITTED)
    run.state = RunState.DRAFT
    run.returned_because = _required_reason(reason)
    run.save(update_fields=["state", "returned_because"])
    return run


@transaction.atomic
def approve(*, run: PaymentRun, seen: str, by: Actor, on: date) -> PaymentRun:
    """Freeze a submitted run under its seal: nothing of it changes any more.

    ``seen`` is the seal of what was on the screen when it was checked. Raises Refused, also if it is another one now.
    """
    by.require(Capability.CHECK_RUNS, _("复核发放批次"))
    run = _locked(run, by, RunState.SUBMITTED)
    if run.maker_id == _staff(by):
        raise Refused(_("制单和复核不能是同一个人。请由另一位同事复核。"))
    # Read once: what was seen, and what is frozen, are the same bytes.
    under = lines_under(run)
    if seen != seal_of(run, under):
        raise Refused(_("批次 {number} 和您看到的不一样了，没有冻结。请重新看过再复核。").format(number=run.number))
    _check_pay_on(run.pay_on, on)
    _require_no_problems(run)
    _check_sums(run)
    run.state, run.checker_id, run.approved_on = RunState.APPROVED, _staff(by), on
    if run.seal_version != LATEST_SEAL:
        run.seal_version = LATEST_SEAL
        under = lines_under(run)
    run.hash = seal_of(run, under)
    run.save(update_fields=["state", "checker", "approved_on", "seal_version", "hash"])
    # Now and not only at the end of the transaction, so that whoever approves is told.
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS hold_run_to_what_is_due IMMEDIATE")
    except IntegrityError as error:
        raise Refused(
            _("批次 {number} 里有的已经多于应发的，没有冻结。请退回制单人刷新。").format(number=run.number)
        ) from error
    return run


@transaction.atomic
def cancel(*, run: PaymentRun, reason: str, by: Actor) -> PaymentRun:
    """Give up a run that is not approved; what it was to pay stays owed. Raises Refused."""
    by.require(Capability.MAKE_RUNS, _("作废发放批次"))
    run = _locked(run, by, RunState.DRAFT, RunState.SUBMITTED)
    reason = _required_reason(reason)
    PaymentLine.objects.filter(run=run, cancelled=False).update(cancelled=True)
    run.state, run.returned_because = RunState.CANCELLED, reason
    run.save(update_fields=["state", "returned_because"])
    return run


def _to_change(run: PaymentRun, by: Actor) -> PaymentRun:
    """A draft, kept from others until the end, for the one who made it: he answers for it."""
    by.require(Capability.MAKE_RUNS, _("修改发放批次"))
    run = _locked(run, by, RunState.DRAFT)
    if run.maker_id != _staff(by):
        raise Refused(_("批次由{maker}制单，只有制单人能改。他不在的，请作废后重新制单。").format(maker=run.maker.name))
    return run


def _locked(run: PaymentRun, by: Actor, *states: RunState) -> PaymentRun:
    by.require_area(run.division_id)
    found = PaymentRun.objects.select_for_update().get(pk=run.pk)
    if found.state not in states:
        raise Refused(
            _("批次 {number} 现在是“{state}”，不能这样办。可能刚有人办过，请刷新页面再看。").format(
                number=found.number, state=found.get_state_display()
            )
        )
    return found


def _check_order(runs: PaymentRunQuerySet, title: str, month: date) -> None:
    others = runs.standing().order_by("month")
    # The month's usual run is one; what cannot wait comes as often as it comes, one after the other.
    if others.filter(Q(purpose=RunPurpose.MONTHLY) | ~Q(state=RunState.APPROVED), month=month).exists():
        raise _made_already(title, month)
    later = others.filter(month__gt=month).first()
    if later:
        raise Refused(
            _("{later:%Y-%m} 的{title}已经制单，{month:%Y-%m} 没有发的由它或下一批次补发。").format(
                later=later.month, title=title, month=month
            ),
            field="month",
        )
    open_one = others.exclude(state=RunState.APPROVED).first()
    if open_one:
        raise Refused(
            _("{former:%Y-%m} 的{title}批次还是“{state}”。请先办完或作废，再制 {month:%Y-%m} 的。").format(
                former=open_one.month, title=title, state=open_one.get_state_display(), month=month
            ),
            field="month",
        )


def _made_already(title: str, month: date) -> Refused:
    return Refused(
        _("{month:%Y-%m} 的{title}已有一个批次。请在“发放”里打开它；要重做的，先作废。").format(
            month=month, title=title
        ),
        field="month",
    )


def _check_pay_on(pay_on: date, on: date) -> None:
    if pay_on < on:
        raise Refused(
            _("应到账日期 {pay_on} 已经过了。请由制单人改期、刷新批次后再办；待复核的先退回。").format(pay_on=pay_on),
            field="pay_on",
        )
    if pay_on - on > FURTHEST_AHEAD:
        raise Refused(
            _("应到账日期 {pay_on} 离今天超过两个月。请核对年份和月份。").format(pay_on=pay_on), field="pay_on"
        )


def _require_no_problems(run: PaymentRun) -> None:
    problems = blocking_problems_of(run)
    if problems:
        shown = "；".join(f"{each.household} {each.name}：{each.title}" for each in problems[:SHOWN_PROBLEMS])
        raise Refused(
            _("还有 {count} 件需处理：{shown}。请逐件处理，或暂缓这几户，再提交。").format(
                count=len(problems), shown=shown
            )
        )


def _check_sums(run: PaymentRun) -> None:
    found = lines.sums(run)
    if any(getattr(run, name) != value for name, value in found.items()):
        raise Refused(
            _("批次写的是 {written} 元，明细合计 {found} 元，两者不符。请退回制单人刷新。").format(
                written=yuan(run.total), found=yuan(found["total"])
            )
        )


def _required_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(_("请写明原因。"), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("原因最多 {most} 个字。").format(most=LONGEST_REASON), field="reason")
    return reason


def _district_of(by: Actor) -> Division:
    found = Division.objects.filter(path__in=by.areas, level=DivisionLevel.DISTRICT).first()
    if found is None:
        raise Refused(_("发放批次按区制作。您的岗位不在区一级，请由区里的发放制单办理。"))
    return found


def _staff(by: Actor) -> int:
    if by.staff is None:
        raise Refused(_("制单和复核要由具体的人来做，不能由程序代办。"))
    return by.staff
