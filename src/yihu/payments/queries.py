"""What others ask about money: runs and their lines, accounts, what waits, and what a family was paid."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum, Value
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.models import Award
from yihu.common.fen import yuan
from yihu.common.work import Event, WorkItem
from yihu.organisations.models import Division
from yihu.organisations.queries import within
from yihu.payments.changes import RunChange, Step, change_of, differences_of
from yihu.payments.enums import LineChange, RunState
from yihu.payments.lines import first_owed, former_run, missing
from yihu.payments.models import Account, PaymentLine, PaymentRun
from yihu.payments.pay_day import default_pay_on, next_month
from yihu.payments.planning import many_rows
from yihu.payments.problems import Problem, blocking_problems_of, problems_of
from yihu.payments.seal import seal_of
from yihu.policy.labels import ProgrammeLabel, programme_of, programmes

__all__ = [
    "LinesPage",
    "Problem",
    "RunChange",
    "RunRow",
    "Step",
    "account_of",
    "blocking_problems_of",
    "change_of",
    "events_of",
    "gone_from",
    "left_out_of",
    "lines_of",
    "missing",
    "open_work",
    "problems_of",
    "run_of",
    "runs",
    "seal_of",
    "verify",
    "written_off_in",
]

PAGE_OF_RUN, PAGE_OF_NEW_RUN = "run", "new_run"
STREET = 9


def verify(run: PaymentRun) -> bool:
    """Whether an approved run is still what was checked, to the last character."""
    return bool(run.hash) and seal_of(run) == run.hash


def runs(actor: Actor) -> QuerySet[PaymentRun]:
    """The runs that someone may look at, newest month first; none for posts without money."""
    if not actor.may(Capability.SEE_RUNS):
        return PaymentRun.objects.none()
    return PaymentRun.objects.filter(within(actor)).select_related("division", "maker", "checker")


def run_of(number: str, *, actor: Actor) -> PaymentRun | None:
    """One run by its number, None where it is not his to see."""
    return runs(actor).filter(number=number).first()


def account_of(household_id: int, *, on: date) -> Account | None:
    """Where a family's money goes on a day."""
    return Account.objects.filter(household=household_id, period__contains=on).select_related("holder").first()


@dataclass(frozen=True, slots=True)
class RunRow:
    """One family, or one person, in a run. Amounts in fen: ``before`` None where the run before paid nothing.

    ``line`` is one of its lines, ``late_months`` how many former months are made up for in ``amount``,
    ``determination`` what it rests on (None: an opening balance), ``mark`` what that says of the amount, ``reason`` why
    it is left out or what ended it.
    """

    line: int | None
    household: str
    name: str
    street: str
    members: int
    before: int | None
    amount: int
    change: LineChange
    late_months: int = 0
    determination: int | None = None
    mark: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        """The change in words."""
        if self.late_months:
            return _("补发 {count} 月").format(count=self.late_months)
        return str(self.change.label)


@dataclass(frozen=True, slots=True)
class LinesPage:
    """Some rows of a run, and the sums over all that were asked for: rows, people, fen before and now.

    ``marked``: so many of them, of so many fen now, say something of their amount.
    """

    rows: tuple[RunRow, ...]
    count: int
    people: int
    before: int
    amount: int
    marked: int
    marked_amount: int


def lines_of(
    run: PaymentRun,
    *,
    text: str = "",
    change: LineChange | None = None,
    street: str = "",
    marked: bool = False,
    numbers: Collection[str] | None = None,
    page: int = 1,
    size: int = 50,
) -> LinesPage:
    """What a run pays, family by family, in the order of areas; ``text`` is part of a number or a name, ``street`` a
    code; ``marked`` leaves those alone of whose amount something is said, ``numbers`` the families with these numbers.
    """
    chosen = PaymentLine.objects.filter(run=run, cancelled=False)
    if street:
        chosen = chosen.filter(division__code__startswith=street)
    if marked:
        chosen = chosen.exclude(award__mark="")
    if numbers is not None:
        chosen = chosen.filter(household__number__in=numbers)
    if text.strip():
        chosen = chosen.filter(Q(household__number__icontains=text.strip()) | Q(name__icontains=text.strip()))
    return _rows(run, chosen, change, page, size)


def left_out_of(run: PaymentRun) -> tuple[RunRow, ...]:
    """What was left out of a run by hand, each with its reason; all of it stays owed."""
    chosen = PaymentLine.objects.filter(run=run).exclude(left_out_because="")
    return _rows(run, chosen, None, 1, 10_000).rows


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """A month of a family, or of a person, that a run writes off; ``amount`` in fen, ``line`` its line."""

    line: int
    household: str
    name: str
    month: date
    amount: int
    reason: str


def written_off_in(run: PaymentRun) -> tuple[WrittenOff, ...]:
    """What a run writes off: once it is approved, that is owed no longer."""
    lines = PaymentLine.objects.filter(run=run).exclude(written_off_because="").order_by("id")
    names = ("pk", "household__number", "name", "month", "amount", "written_off_because")
    return tuple(WrittenOff(*row) for row in lines.values_list(*names))


def gone_from(run: PaymentRun) -> tuple[RunRow, ...]:
    """Whom the run before paid and this one does not: ended awards with the reason, held back, and written off."""
    gone = differences_of(run, (LineChange.ENDED, LineChange.HELD, LineChange.WRITTEN_OFF))
    if not gone:
        return ()
    households = [each.household for each in gone]
    awards = {
        (award.household_id, award.person_id): award
        for award in Award.objects.filter(household__in=households, programme=run.programme)
        .filter(Q(period__startswith__lte=run.month) | Q(period__isempty=True))
        .select_related("household", "person")
        .order_by("period")
    }
    former = PaymentLine.objects.filter(run=former_run(run), household__in=households, cancelled=False)
    called: dict[tuple[int, int | None], str] = {
        (household, person): name
        for household, person, name in former.values_list("household", "award__person", "name")
    }
    streets = _streets()
    rows = []
    for each in gone:
        award = awards[each.household, each.person]
        rows.append(
            RunRow(
                line=None,
                household=award.household.number,
                name=called.get((each.household, each.person), ""),
                street=streets.get(award.household.division_id[:STREET], ""),
                members=0,
                before=-each.amount,
                amount=0,
                change=each.cause,
                determination=award.ended_by_id,
                mark=award.mark,
                reason=award.get_end_reason_display(),
            )
        )
    return tuple(sorted(rows, key=lambda row: row.household))


@many_rows()
def _rows(run: PaymentRun, chosen: QuerySet[PaymentLine], change: LineChange | None, page: int, size: int) -> LinesPage:
    late, marked = Q(month__lt=run.month), ~Q(award__mark="")
    claims = (
        chosen.order_by()
        .values("household__number", "award__person", "division_id")
        .annotate(
            line=Max("pk"),
            first=Min("pk"),
            shown=Max("name"),
            people=Max("members"),
            former=Max("before"),
            fen=Sum("amount"),
            late_months=Count("pk", filter=late),
            current=Max("change", filter=~late),
            determination=Max("award__determination"),
            mark=StringAgg("award__mark", Value("；"), distinct=True, filter=marked, default=Value("")),
            marked_fen=Sum("amount", filter=marked, default=0),
            reason=Max("left_out_because"),
        )
    )
    if change is LineChange.ARREARS:
        claims = claims.filter(late_months__gt=0)
    elif change:
        claims = claims.filter(current=change)
    streets = _streets()
    rows = tuple(
        RunRow(
            line=row["line"],
            household=row["household__number"],
            name=row["shown"],
            street=streets.get(row["division_id"][:STREET], ""),
            members=row["people"],
            before=row["former"],
            amount=row["fen"],
            change=LineChange(row["current"] or LineChange.ARREARS),
            late_months=row["late_months"],
            determination=row["determination"],
            mark=row["mark"],
            reason=row["reason"],
        )
        for row in claims.order_by("first")[(page - 1) * size : page * size]
    )
    sums = claims.aggregate(
        all_rows=Count("line"),
        all_people=Sum("people", default=0),
        all_before=Sum("former", default=0),
        all_amount=Sum("fen", default=0),
        marked=Count("line", filter=Q(marked_fen__gt=0)),
        marked_amount=Sum("marked_fen", default=0),
    )
    return LinesPage(
        rows=rows,
        count=sums["all_rows"],
        people=sums["all_people"],
        before=sums["all_before"],
        amount=sums["all_amount"],
        marked=sums["marked"],
        marked_amount=sums["marked_amount"],
    )


def _streets() -> Mapping[str, str]:
    found = Division.objects.filter(level="street").values_list("code", "name")
    return {code: name.removesuffix("街道") for code, name in found}


def open_work(actor: Actor, *, on: date) -> list[WorkItem]:
    """What waits for a maker (months without a run, drafts, what came back, no file for the bank) or for a checker."""
    if actor.may(Capability.MAKE_RUNS):
        unfinished = Q(state=RunState.DRAFT) | Q(state=RunState.APPROVED, bank_files__isnull=True, total__gt=0)
        his = PaymentRun.objects.filter(within(actor), unfinished).order_by("month", "programme")
        return [*(_item(run) for run in his), *_months_without_a_run(actor, on)]
    if actor.may(Capability.CHECK_RUNS):
        submitted = PaymentRun.objects.filter(within(actor), state=RunState.SUBMITTED).order_by("month", "programme")
        # Nobody checks what he made himself, at another post.
        return [_item(run) for run in submitted.exclude(maker=actor.staff)]
    return []


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
        title=title.format(short=programme_of(run.programme).short, month=run.month),
        page=PAGE_OF_RUN,
        key=run.number,
        division=run.division_id,
        opened_on=run.made_on,
        detail="；".join(part for part in (sums, run.returned_because) if part),
        programme=run.programme,
        due_on=run.pay_on,
    )


def _months_without_a_run(actor: Actor, on: date) -> list[WorkItem]:
    this_month = on.replace(day=1)
    last = dict(
        PaymentRun.objects.filter(within(actor))
        .standing()
        .order_by()
        .values("programme")
        .annotate(last=Max("month"))
        .values_list("programme", "last")
    )
    found = []
    for programme in programmes():
        month = next_month(last[programme.name]) if programme.name in last else this_month
        if not programme.is_paid_monthly or month > this_month:
            continue
        running = Award.objects.in_force(month).filter(programme=programme.name).exclude(opening__pays_from__gt=month)
        if not running.filter(within(actor, "household__division_id")).exists():
            # Where nothing runs, which is rare and soon found out, something may be owed: held back, or granted later.
            owed = first_owed(programme=programme.name, district=actor.areas[0], until=this_month)
            if owed is None:
                continue
            month = max(month, owed)
        found.append(_new_item(programme, month, actor))
    return found


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


def events_of(household_id: int) -> list[Event]:
    """What was paid to a family and where to, for its timeline."""
    paid = PaymentLine.objects.filter(household=household_id, cancelled=False, run__state=RunState.APPROVED)
    by_run = (
        paid.order_by()
        .values("run__number", "run__programme", "run__month", "run__pay_on")
        .annotate(
            fen=Sum("amount"),
            late=Count("pk", filter=Q(month__lt=F("run__month"))),
            mark=StringAgg("award__mark", Value("；"), distinct=True, filter=~Q(award__mark=""), default=Value("")),
        )
    )
    events = [
        Event(
            on=row["run__pay_on"],
            order=90,
            title=_("发放{short} {month:%Y-%m}").format(
                short=programme_of(row["run__programme"]).short, month=row["run__month"]
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
                short=programme_of(line.run.programme).short, month=line.month
            ),
            detail=_("{amount} 元：{reason}").format(amount=yuan(line.amount), reason=line.written_off_because),
            page=PAGE_OF_RUN,
            key=line.run.number,
            tone="warn",
        )
        for line in written_off.exclude(written_off_because="").select_related("run")
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
