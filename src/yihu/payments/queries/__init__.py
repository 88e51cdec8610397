"""What others ask about money: runs, their lines, accounts, what waits, what a family was paid, and what too much."""

from datetime import date

from django.db.models import QuerySet

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.organisations.queries import within
from yihu.payments.changes import RunChange, Step, changes_of
from yihu.payments.models import Account, PaymentRun
from yihu.payments.owed import Stale, stale
from yihu.payments.problems import Problem, blocking_problems_of, problems_of
from yihu.payments.queries.events import events_of
from yihu.payments.queries.overpaid import Overpaid, overpaid
from yihu.payments.queries.rows import (
    LinesPage,
    RunRow,
    by_programme,
    gone_from,
    left_out_of,
    lines_of,
    written_off_in,
)
from yihu.payments.queries.work import PAGE_OF_NEW_RUN, PAGE_OF_RUN, count_open_work, open_work, payable, says_when_paid
from yihu.payments.seal import seal_of

__all__ = [
    "PAGE_OF_NEW_RUN",
    "PAGE_OF_RUN",
    "LinesPage",
    "Overpaid",
    "Problem",
    "RunChange",
    "RunRow",
    "Stale",
    "Step",
    "account_of",
    "blocking_problems_of",
    "by_programme",
    "changes_of",
    "count_open_work",
    "events_of",
    "gone_from",
    "left_out_of",
    "lines_of",
    "open_work",
    "overpaid",
    "payable",
    "problems_of",
    "run_of",
    "runs",
    "says_when_paid",
    "seal_of",
    "stale",
    "verify",
    "written_off_in",
]


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
