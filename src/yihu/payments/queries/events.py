"""What a family was paid and where to, for its timeline."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, F, Q, Sum, Value
from django.utils.translation import gettext as _

from yihu.common.fen import yuan
from yihu.common.work import Event
from yihu.payments.enums import RunState
from yihu.payments.models import Account, PaymentLine
from yihu.payments.queries.work import PAGE_OF_RUN
from yihu.policy.labels import programme_of
from yihu.policy.words import ProgrammeKind

MONTH = ProgrammeKind.MONTH.value


def events_of(household_id: int) -> list[Event]:
    """What was paid to a family and where to, for its timeline."""
    paid = PaymentLine.objects.filter(household=household_id, cancelled=False, run__state=RunState.APPROVED)
    by_run = (
        paid.order_by()
        .values("run__number", "award__programme", "run__month", "run__pay_on")
        .annotate(
            fen=Sum("amount"),
            late=Count("pk", filter=Q(period__lt=F("run__month"), award__kind=MONTH)),
            mark=StringAgg("term__mark", Value("；"), distinct=True, filter=~Q(term__mark=""), default=Value("")),
        )
    )
    events = [
        Event(
            on=row["run__pay_on"],
            order=90,
            title=_("发放{short} {month:%Y-%m}").format(
                short=programme_of(row["award__programme"]).short, month=row["run__month"]
            ),
            detail=_("{amount} 元").format(amount=yuan(row["fen"]))
            + (_("，含补发 {count} 月").format(count=row["late"]) if row["late"] else "")
            + (f"，{row['mark']}" if row["mark"] else ""),
            page=PAGE_OF_RUN,
            key=row["run__number"],
            tone="good",
        )
        for row in by_run
    ]
    written_off = PaymentLine.objects.filter(household=household_id, run__state=RunState.APPROVED)
    events += [
        Event(
            on=line.run.approved_on or line.run.pay_on,
            order=90,
            title=_("不再补发{short} {month:%Y-%m}").format(
                short=programme_of(line.award.programme).short, month=line.period
            ),
            detail=_("{amount} 元：{reason}").format(amount=yuan(line.amount), reason=line.written_off_because),
            page=PAGE_OF_RUN,
            key=line.run.number,
            tone="warn",
        )
        for line in written_off.exclude(written_off_because="").select_related("run", "award")
    ]
    accounts = Account.objects.filter(household=household_id, period__isempty=False).select_related("holder")
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
