"""What a run pays, in short."""

from datetime import date

from tests.payments.conftest import Office
from yihu.payments import queries
from yihu.payments.models import PaymentRun


def paid(run: PaymentRun) -> list[tuple[str, int, int, str]]:
    """Household, month, fen and change of each line."""
    lines = run.lines.filter(cancelled=False).order_by("household__number", "period")
    return [
        (line.household.number[-2:], line.period.month, line.amount, line.change)
        for line in lines.select_related("household")
    ]


def proposed(office: Office, on: date) -> list[str]:
    """The months of runs that are still to be made."""
    work = queries.open_work(office.maker, on=on)
    return [item.key[-7:] for item in work if item.page == queries.PAGE_OF_NEW_RUN]
