"""What a family was paid and where to, for its timeline."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from yihu.common.fen import yuan
from yihu.common.work import Event
from yihu.households.models import Household
from yihu.payments.enums import RunState
from yihu.payments.models import Account, PaymentLine
from yihu.payments.queries.work import PAGE_OF_RUN
from yihu.policy.labels import programme_of
from yihu.policy.words import ProgrammeKind

MONTH = ProgrammeKind.MONTH.value
TOLD = (
    "run__number", "run__month", "run__pay_on", "run__approved_on", "award__programme", "award__kind", "term__mark",
    "period", "amount", "cancelled", "written_off_because",
)  # fmt: skip


def events_of(household: Household) -> list[Event]:
    """What was paid to a family and where to, for its timeline."""
    lines = PaymentLine.objects.filter(household=household, run__state=RunState.APPROVED).order_by("run_id", "id")
    told = list(lines.values_list(*TOLD, named=True))
    by_run: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for line in told:
        if not line.cancelled:
            by_run[line.run__number, line.award__programme].append(line)
    events = [_paid(of_one) for of_one in by_run.values()]
    events += [
        Event(
            on=line.run__approved_on or line.run__pay_on,
            order=90,
            title=_("不再补发{short} {month:%Y-%m}").format(
                short=programme_of(line.award__programme).short, month=line.period
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


def _paid(lines: Sequence[Any]) -> Event:
    """What one run paid of one programme."""
    run, fen = lines[0], sum(line.amount for line in lines)
    late = sum(line.award__kind == MONTH and line.period < line.run__month for line in lines)
    marks = sorted({line.term__mark for line in lines if line.term__mark})
    return Event(
        on=run.run__pay_on,
        order=90,
        title=_("发放{short} {month:%Y-%m}").format(
            short=programme_of(run.award__programme).short, month=run.run__month
        ),
        detail="，".join(
            (
                _("{amount} 元").format(amount=yuan(fen)),
                *([_("含补发 {count} 月").format(count=late)] if late else ()),
                *(["；".join(marks)] if marks else ()),
            )
        ),
        page=PAGE_OF_RUN,
        key=run.run__number,
        tone="good",
    )
