"""What a run pays beside the run before it, cause by cause, so that the sums close to the fen."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TypeAlias

from django.db.models import F, Q, Sum

from yihu.awards.models import Award
from yihu.payments.enums import LineChange
from yihu.payments.lines import former_run
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.payments.planning import many_rows

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
)

# Who is paid: a family, or a person whatever family he is in.
Claim: TypeAlias = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """Why one family, or one person in it, is paid more or less than in the run before; ``amount`` in fen, signed."""

    cause: LineChange
    household: int
    person: int | None
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
    """From the run before (``former``, None if there is none) to this one: ``before`` + steps = ``total``, in fen."""

    former: PaymentRun | None
    before: int
    before_households: int
    steps: tuple[Step, ...]
    total: int
    households: int


@dataclass(slots=True)
class _Paid:
    """What one claim is paid in one run: for its own month, and for months before it."""

    household: int
    current: int = 0
    arrears: int = 0


def change_of(run: PaymentRun) -> RunChange:
    """The change against the run before, by causes that occur."""
    former = former_run(run)
    (now, families), (before, former_families) = _paid(run), _paid(former)
    found = sorted(_differences(run, now, before), key=lambda each: CAUSES.index(each.cause))
    steps = []
    for cause, group in groupby(found, key=attrgetter("cause")):
        same = list(group)
        steps.append(Step(cause, len({each.household for each in same}), sum(each.amount for each in same)))
    return RunChange(
        former=former,
        before=sum(each.current + each.arrears for each in before.values()),
        before_households=len(former_families),
        steps=tuple(steps),
        total=sum(each.current + each.arrears for each in now.values()),
        households=len(families),
    )


def differences_of(run: PaymentRun, causes: Iterable[LineChange]) -> list[Difference]:
    """Each difference by one of these causes; ended and held ones have no line in the run."""
    (now, _families), (before, _former_families) = _paid(run), _paid(former_run(run))
    return [each for each in _differences(run, now, before) if each.cause in set(causes)]


@many_rows()
def _paid(run: PaymentRun | None) -> tuple[dict[Claim, _Paid], set[int]]:
    """What each claim is paid, and the families in whose name, which the run counts too: of a person who moved, two."""
    lines = PaymentLine.objects.filter(run=run, cancelled=False).order_by()
    rows = lines.values("household", "award__person").annotate(
        fen=Sum("amount", filter=Q(month=F("run__month")), default=0),
        late=Sum("amount", filter=Q(month__lt=F("run__month")), default=0),
    )
    found: dict[Claim, _Paid] = {}
    families = set()
    for household, person, fen, late in rows.values_list("household", "award__person", "fen", "late"):
        paid = found.setdefault(_claim(household, person), _Paid(household))
        paid.current += fen
        paid.arrears += late
        families.add(household)
    return found, families


def _differences(run: PaymentRun, now: dict[Claim, _Paid], before: dict[Claim, _Paid]) -> Iterable[Difference]:
    gone = {claim for claim in before if claim not in now or not now[claim].current}
    in_force, written_off = _in_force(run, gone), _written_off(run)
    for claim in now.keys() | before.keys():
        new, old = now.get(claim, _Paid(0)), before.get(claim, _Paid(0))
        household = new.household or old.household
        if new.current != old.current:
            cause = _cause(old.current, new.current, runs_on=claim in in_force)
            if not new.current and claim in written_off:
                cause = LineChange.WRITTEN_OFF
            yield Difference(cause, household, claim[1], new.current - old.current)
        if new.arrears:
            yield Difference(LineChange.ARREARS, household, claim[1], new.arrears)
        if old.arrears:
            yield Difference(LineChange.FORMER_ARREARS, household, claim[1], -old.arrears)


def _cause(old: int, new: int, *, runs_on: bool) -> LineChange:
    if not old:
        return LineChange.NEW
    if not new:
        return LineChange.HELD if runs_on else LineChange.ENDED
    return LineChange.RAISED if new > old else LineChange.LOWERED


def _written_off(run: PaymentRun) -> set[Claim]:
    """The claims whose own month is written off in a run."""
    lines = PaymentLine.objects.filter(run=run, month=run.month).exclude(written_off_because="")
    return {_claim(*row) for row in lines.values_list("household", "award__person")}


@many_rows()
def _in_force(run: PaymentRun, claims: Collection[Claim]) -> set[Claim]:
    """Which of these claims rest on an award that runs in the month of the run."""
    households, people = zip(*claims, strict=True) if claims else ((), ())
    awards = Award.objects.in_force(run.month).filter(programme=run.programme)
    awards = awards.filter(Q(household__in=households, person=None) | Q(person__in=[each for each in people if each]))
    return {_claim(*row) for row in awards.values_list("household", "person")}


def _claim(household: int, person: int | None) -> Claim:
    # A person keeps his claim when he moves to another family.
    return (0, person) if person else (household, None)
