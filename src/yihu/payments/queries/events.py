"""What a family was paid and where to, for its timeline."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from yihu.common.fen import yuan
from yihu.common.months import next_month
from yihu.common.work import Event
from yihu.households.models import Household
from yihu.payments.enums import RunState
from yihu.payments.models import Account, PaymentLine
from yihu.payments.queries.work import PAGE_OF_RUN
from yihu.policy.labels import programme_short
from yihu.policy.words import ProgrammeKind

MONTH = ProgrammeKind.MONTH.value
TOLD = (
    "run__number", "run__month", "run__pay_on", "run__approved_on", "award__programme", "award__kind", "term__mark",
    "period", "amount", "cancelled", "written_off_because",
)  # fmt: skip


def events_of(household: Household) -> list[Event]:
    """What was paid to a family and where to, for its timeline; months of one amount that follow one another as one."""
    lines = PaymentLine.objects.filter(household=household, run__state=RunState.APPROVED).order_by("run_id", "id")
    told = list(lines.values_list(*TOLD, named=True))
    by_run: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for line in told:
        if not line.cancelled:
            by_run[line.run__number, line.award__programme].append(line)
    events = [_paid(alike) for alike in _alike(by_run.values())]
    events += [
        Event(
            on=line.run__approved_on or line.run__pay_on,
            order=90,
            title=_("不再补发{short} {month:%Y-%m}").format(
                short=programme_short(line.award__programme), month=line.period
            ),
            detail=_("{amount} 元：{reason}").format(amount=yuan(line.amount), reason=line.written_off_because),
            page=PAGE_OF_RUN,
            key=line.run__number,
            tone="warn",
        )
        for line in told
        if line.written_off_because
    ]
    accounts = Account.objects.filter(household=household, period__isempty=False).select_related("holder")
    events += [
        Event(
            on=account.period.lower,
            order=10,
            title=_("登记收款账户"),
            detail=_("{bank} {holder} 尾号 {tail}").format(
                bank=account.bank, holder=account.holder.name, tail=account.tail
            ),
        )
        for account in accounts
    ]
    return sorted(events)


def _alike(paid: Iterable[Sequence[Any]]) -> list[list[Sequence[Any]]]:
    """What runs paid of one programme each, in groups: of months that follow one another and are alike, else alone."""
    groups: list[list[Sequence[Any]]] = []
    for lines in sorted(paid, key=lambda each: (each[0].award__programme, each[0].run__month)):
        former = groups[-1][-1] if groups else None
        if former and _month_alone(lines) and _month_alone(former) and _follows(former, lines):
            groups[-1].append(lines)
        else:
            groups.append([lines])
    return groups


def _month_alone(lines: Sequence[Any]) -> bool:
    """Whether nothing but the run's own month was paid, and nothing is said of the amount."""
    return all(line.award__kind == MONTH and line.period == line.run__month and not line.term__mark for line in lines)


def _follows(former: Sequence[Any], lines: Sequence[Any]) -> bool:
    """Whether as much was paid of the same programme for the month before."""
    before, now = former[0], lines[0]
    return (before.award__programme, next_month(before.run__month), sum(line.amount for line in former)) == (
        now.award__programme, now.run__month, sum(line.amount for line in lines),
    )  # fmt: skip


def _paid(alike: Sequence[Sequence[Any]]) -> Event:
    """What one run paid of one programme, or several did month by month."""
    first, lines = alike[0][0], alike[-1]
    run, amount = lines[0], yuan(sum(line.amount for line in lines))
    short = programme_short(run.award__programme)
    title = _("发放{short} {month:%Y-%m}").format(short=short, month=run.run__month)
    detail = [_("{amount} 元").format(amount=amount)]
    if len(alike) > 1:
        title = _("发放{short} {first:%Y-%m} 至 {last:%Y-%m}").format(
            short=short, first=first.run__month, last=run.run__month
        )
        detail = [_("每月 {amount} 元").format(amount=amount), _("共 {count} 个月").format(count=len(alike))]
    late = sum(line.award__kind == MONTH and line.period < line.run__month for line in lines)
    if late:
        detail.append(_("含补发 {count} 月").format(count=late))
    marks = sorted({line.term__mark for line in lines if line.term__mark})
    if marks:
        detail.append("；".join(marks))
    return Event(
        on=run.run__pay_on,
        order=90,
        title=title,
        detail="，".join(detail),
        page=PAGE_OF_RUN,
        key=run.run__number,
        tone="good",
    )
