"""What a run pays beside the run before it, cause by cause, so that the sums close to the fen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.db.models import F, Max, Q, Sum

from yihu.awards.models import AwardTerm
from yihu.payments.enums import LineChange, RunPurpose
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.payments.owed import former_runs
from yihu.payments.planning import many_rows
from yihu.policy.labels import programme_of
from yihu.policy.words import ProgrammeKind

MONTH = ProgrammeKind.MONTH.value

# In the order in which they are told.
CAUSES = (
    LineChange.NEW,
    LineChange.ENDED,
    LineChange.HELD,
    LineChange.WRITTEN_OFF,
    LineChange.RAISED,
    LineChange.LOWERED,
    LineChange.FORMER_ARREARS,
    LineChange.ARREARS,
    LineChange.FORMER_ONCE,
    LineChange.ONCE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Why one award is paid more or less than in the run before; ``amount`` in fen, signed."""

    cause: LineChange
    award: int
    household: int
    amount: int


@dataclass(frozen=True, slots=True)
class Step:
    """One cause: how many families, and how many fen more (or, below 0, less)."""

    cause: LineChange
    households: int
    amount: int

    @property
    def label(self) -> str:
        """The cause in words."""
        return str(self.cause.label)


@dataclass(frozen=True, slots=True)
class RunChange:
    """Of some programmes, from the month that was paid of them before (``month``, its first day; None if there is none)
    to this run: ``before`` + steps = ``total``, in fen. What cannot wait has no steps.
    """

    programmes: tuple[str, ...]
    month: date | None
    before: int
    before_households: int
    before_people: int
    steps: tuple[Step, ...]
    total: int
    households: int


@dataclass(slots=True)
class _Paid:
    """What one award is paid in one run: for its own month, for months before it, and for what comes once."""

    household: int
    people: int = 0
    current: int = 0
    arrears: int = 0
    once: int = 0

    @property
    def total(self) -> int:
        return self.current + self.arrears + self.once


def changes_of(run: PaymentRun) -> tuple[RunChange, ...]:
    """The change against what was paid before, by causes that occur, the latest month first: programmes that were last
    paid in the same month stand together, and no sum is one of several months. What cannot wait comes on top of what
    was paid before, and takes nothing from anybody: there are no causes of it.

    A programme that does not come by the month and is not paid here is compared with nothing: that a season's help
    came once is no change.
    """
    formers = former_runs(run)
    together: dict[date | None, list[str]] = {}
    for name in _compared(run):
        together.setdefault(formers[name][-1].month if name in formers else None, []).append(name)
    months = sorted(together, key=lambda month: month or date.min, reverse=True)
    return tuple(_change(run, month, together[month], formers) for month in months)


def _compared(run: PaymentRun) -> list[str]:
    """The programmes of a run that are compared; all where it pays nothing of any."""
    others = {name for name in run.programmes if not programme_of(name, run.division_id).is_paid_monthly}
    if others:
        lines = PaymentLine.objects.filter(run=run, cancelled=False, award__programme__in=others).order_by()
        others -= set(lines.values_list("award__programme", flat=True).distinct())
    return [name for name in run.programmes if name not in others] or list(run.programmes)


def _change(
    run: PaymentRun, month: date | None, programmes: Sequence[str], formers: Mapping[str, list[PaymentRun]]
) -> RunChange:
    now = _paid([run.pk], programmes)
    before = _former({name: formers[name] for name in programmes if name in formers})
    differences = () if run.purpose == RunPurpose.URGENT else _differences(run, now, before)
    found = sorted(differences, key=lambda each: CAUSES.index(each.cause))
    steps = []
    for cause, group in groupby(found, key=attrgetter("cause")):
        same = list(group)
        steps.append(Step(cause, len({each.household for each in same}), sum(each.amount for each in same)))
    return RunChange(
        programmes=tuple(programmes),
        month=month,
        before=sum(each.total for each in before.values()),
        before_households=len({each.household for each in before.values()}),
        before_people=sum(each.people for each in before.values()),
        steps=tuple(steps),
        total=sum(each.total for each in now.values()),
        households=len({each.household for each in now.values()}),
    )


def differences_of(run: PaymentRun, causes: Iterable[LineChange]) -> list[Difference]:
    """Each difference by one of these causes; ended and held ones have no line in the run. As in `changes_of`."""
    if run.purpose == RunPurpose.URGENT:
        return []
    compared, formers = _compared(run), former_runs(run)
    now = _paid([run.pk], compared)
    before = _former({name: formers[name] for name in compared if name in formers})
    return [each for each in _differences(run, now, before) if each.cause in set(causes)]


def _former(formers: Mapping[str, list[PaymentRun]]) -> dict[int, _Paid]:
    """What each award was paid before, in all runs that its programme is compared with."""
    together: dict[tuple[int, ...], list[str]] = {}
    for name, runs in formers.items():
        together.setdefault(tuple(former.pk for former in runs), []).append(name)
    found: dict[int, _Paid] = {}
    for runs_of, names in together.items():
        found |= _paid(runs_of, names)
    return found


@many_rows()
def _paid(runs: Collection[int], programmes: Collection[str]) -> dict[int, _Paid]:
    """What each award of some programmes is paid in runs."""
    lines = PaymentLine.objects.filter(run__in=runs, award__programme__in=programmes, cancelled=False).order_by()
    once = ~Q(award__kind=MONTH)
    rows = lines.values("award").annotate(
        home=Max("household"),
        people=Max("members"),
        fen=Sum("amount", filter=~once & Q(period=F("run__month")), default=0),
        late=Sum("amount", filter=~once & Q(period__lt=F("run__month")), default=0),
        one_time=Sum("amount", filter=once, default=0),
    )
    return {
        award: _Paid(*values)
        for award, *values in rows.values_list("award", "home", "people", "fen", "late", "one_time")
    }


def _differences(run: PaymentRun, now: dict[int, _Paid], before: dict[int, _Paid]) -> Iterable[Difference]:
    gone = {award for award in before if award not in now or not now[award].current}
    in_force, written_off = _in_force(run, gone), _written_off(run)
    for award in now.keys() | before.keys():
        new, old = now.get(award, _Paid(0)), before.get(award, _Paid(0))
        household = new.household or old.household
        if new.current != old.current:
            cause = _cause(old.current, new.current, runs_on=award in in_force)
            if not new.current and award in written_off:
                cause = LineChange.WRITTEN_OFF
            yield Difference(cause, award, household, new.current - old.current)
        for cause, amount in (
            (LineChange.ARREARS, new.arrears),
            (LineChange.FORMER_ARREARS, -old.arrears),
            (LineChange.ONCE, new.once),
            (LineChange.FORMER_ONCE, -old.once),
        ):
            if amount:
                yield Difference(cause, award, household, amount)


def _cause(old: int, new: int, *, runs_on: bool) -> LineChange:
    if not old:
        return LineChange.NEW
    if not new:
        return LineChange.HELD if runs_on else LineChange.ENDED
    return LineChange.RAISED if new > old else LineChange.LOWERED


def _written_off(run: PaymentRun) -> set[int]:
    """The awards whose own month is written off in a run."""
    lines = PaymentLine.objects.filter(run=run, period=run.month).exclude(written_off_because="")
    return set(lines.values_list("award", flat=True))


@many_rows()
def _in_force(run: PaymentRun, awards: Collection[int]) -> set[int]:
    """Which of these awards run in the month of the run."""
    terms = AwardTerm.objects.in_force(run.month).filter(award__in=list(awards))
    return set(terms.values_list("award", flat=True))
