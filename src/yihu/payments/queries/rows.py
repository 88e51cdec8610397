"""The rows of a run as they are read: award by award, with what was left out, written off, and is gone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Max, Min, Q, QuerySet, Sum, Value
from django.utils.translation import gettext as _

from yihu.awards.enums import EndReason
from yihu.awards.models import AwardTerm
from yihu.organisations.models import Division
from yihu.organisations.paths import street_of
from yihu.payments.changes import differences_of
from yihu.payments.enums import LineChange
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.payments.owed import former_runs
from yihu.payments.planning import many_rows
from yihu.policy.labels import how_often, programme_short
from yihu.policy.words import ProgrammeKind

MONTH = ProgrammeKind.MONTH.value


@dataclass(frozen=True, slots=True)
class RunRow:
    """One award in a run, a family's or a person's. Amounts in fen: ``before`` None where the run before paid nothing.

    ``programme`` is its short name, ``kind`` how often it comes, ``line`` one of its lines, ``late_months`` how many
    former months are made up for in ``amount``, ``determination`` what it rests on (None: an opening balance), ``mark``
    what that says of the amount, ``reason`` why it is left out or what ended it.
    """

    line: int | None
    household: str
    name: str
    programme: str
    street: str
    members: int
    before: int | None
    amount: int
    change: LineChange
    late_months: int = 0
    often: str = ""
    determination: int | None = None
    mark: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        """The change in words."""
        if self.late_months:
            return _("补发 {count} 月").format(count=self.late_months)
        if self.change is LineChange.ONCE:
            return self.often
        return str(self.change.label)


@dataclass(frozen=True, slots=True)
class LinesPage:
    """Some rows of a run, and the sums over all that were asked for: rows, people, fen before and now; ``before`` None
    where none of them was paid before.

    ``marked``: so many of them, of so many fen now, say something of their amount.
    """

    rows: tuple[RunRow, ...]
    count: int
    people: int
    before: int | None
    amount: int
    marked: int
    marked_amount: int


def lines_of(
    run: PaymentRun,
    *,
    text: str = "",
    change: LineChange | None = None,
    street: str = "",
    programme: str = "",
    marked: bool = False,
    numbers: Collection[str] | None = None,
    page: int = 1,
    size: int = 50,
) -> LinesPage:
    """What a run pays, award by award, in the order of areas; ``text`` is part of a number or a name, ``street`` a
    code; ``marked`` leaves those alone of whose amount something is said, ``numbers`` the families with these numbers.
    """
    chosen = PaymentLine.objects.filter(run=run, cancelled=False)
    if street:
        chosen = chosen.filter(division__path__startswith=street)
    if programme:
        chosen = chosen.filter(award__programme=programme)
    if marked:
        chosen = chosen.exclude(term__mark="")
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
    """A pay period of an award that a run writes off; ``amount`` in fen, ``line`` its line."""

    line: int
    household: str
    name: str
    period: date
    amount: int
    reason: str


def written_off_in(run: PaymentRun) -> tuple[WrittenOff, ...]:
    """What a run writes off: once it is approved, that is owed no longer."""
    lines = PaymentLine.objects.filter(run=run).exclude(written_off_because="").order_by("id")
    names = ("pk", "household__number", "name", "period", "amount", "written_off_because")
    return tuple(WrittenOff(*row) for row in lines.values_list(*names))


def gone_from(run: PaymentRun) -> tuple[RunRow, ...]:
    """Whom the run before paid and this one does not: ended awards with the reason, held back, and written off."""
    gone = differences_of(run, (LineChange.ENDED, LineChange.HELD, LineChange.WRITTEN_OFF))
    if not gone:
        return ()
    awards = [each.award for each in gone]
    deciding = {term.award_id: term for term in AwardTerm.objects.deciding(run.month).filter(award__in=awards)}
    former = {
        line.award_id: line
        for line in PaymentLine.objects.filter(
            run__in=set(chain(*former_runs(run).values())), award__in=awards, cancelled=False
        ).select_related("award", "household", "term")
    }
    streets = _streets()
    rows = []
    for each in gone:
        line, term = former[each.award], deciding.get(each.award)
        rows.append(
            RunRow(
                line=None,
                household=line.household.number,
                name=line.name,
                programme=programme_short(line.award.programme, run.division_id),
                street=streets.get(street_of(line.household.division_id), ""),
                members=0,
                before=-each.amount,
                amount=0,
                change=each.cause,
                determination=term.determination_id if term and term.stops else None,
                mark=line.term.mark,
                reason=str(EndReason(term.reason).label) if term and term.stops else "",
            )
        )
    return tuple(sorted(rows, key=lambda row: row.household))


@many_rows()
def _rows(run: PaymentRun, chosen: QuerySet[PaymentLine], change: LineChange | None, page: int, size: int) -> LinesPage:
    late = Q(period__lt=run.month, award__kind=MONTH)
    marked = ~Q(term__mark="")
    claims = (
        chosen.order_by()
        .values("award", "award__programme", "award__kind", "household__number", "division_id")
        .annotate(
            line=Max("pk"),
            first=Min("pk"),
            shown=Max("name"),
            people=Max("members"),
            former=Max("before"),
            fen=Sum("amount"),
            late_months=Count("pk", filter=late),
            current=Max("change", filter=~late),
            determination=Max("term__determination"),
            mark=StringAgg("term__mark", Value("；"), distinct=True, filter=marked, default=Value("")),
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
            programme=programme_short(row["award__programme"], run.division_id),
            street=streets.get(street_of(row["division_id"]), ""),
            members=row["people"],
            before=row["former"],
            amount=row["fen"],
            change=LineChange(row["current"] or LineChange.ARREARS),
            late_months=row["late_months"],
            often=how_often(row["award__programme"], row["award__kind"], run.division_id),
            determination=row["determination"],
            mark=row["mark"],
            reason=row["reason"],
        )
        for row in claims.order_by("first")[(page - 1) * size : page * size]
    )
    sums = claims.aggregate(
        all_rows=Count("line"),
        all_people=Sum("people", default=0),
        all_before=Sum("former"),
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
    found = Division.objects.filter(level="street").values_list("path", "name")
    return {path: name.removesuffix("街道") for path, name in found}


@dataclass(frozen=True, slots=True)
class ProgrammeSum:
    """What a run pays of one programme: awards, fen now; and of the month in which it was paid before (None if it was
    not), by its first day, the fen.
    """

    name: str
    title: str
    awards: int
    amount: int
    month: date | None
    before: int


@many_rows()
def by_programme(run: PaymentRun) -> tuple[ProgrammeSum, ...]:
    """The sums of a run, programme by programme."""
    lines = PaymentLine.objects.filter(run=run, cancelled=False).order_by()
    now = lines.values("award__programme").annotate(awards=Count("award", distinct=True), fen=Sum("amount"))
    found = {row["award__programme"]: (row["awards"], row["fen"]) for row in now}
    before: dict[str, tuple[date | None, int]] = dict.fromkeys(run.programmes, (None, 0))
    for programme, formers in former_runs(run).items():
        paid = PaymentLine.objects.filter(run__in=formers, award__programme=programme, cancelled=False)
        before[programme] = formers[-1].month, paid.aggregate(fen=Sum("amount", default=0))["fen"]
    return tuple(
        ProgrammeSum(name, programme_short(name, run.division_id), *found.get(name, (0, 0)), *before[name])
        for name in run.programmes
    )
