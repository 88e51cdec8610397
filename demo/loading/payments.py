"""The monthly runs of two years: made by one, checked by another, and handed to the bank."""

from collections.abc import Sequence
from datetime import date

from demo import days
from demo.loading.staff import Offices
from yihu.access.scope import acting
from yihu.common.months import end_of_month
from yihu.organisations.paths import district_of
from yihu.payments import actions, problems, queries
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.payments.owed import first_owed

# Working days from the first of a month until its run is made, and from there until it is checked.
MADE_AFTER, CHECKED_AFTER = 1, 1
PROFILE = "csv_utf8"
LEFT_OUT = "收款账户待核实，核实后补发"
SENT_BACK = "月底前还有几户要确认，确认后刷新再交"


def made_on(month: date) -> date:
    """When the run of a month is made."""
    return days.after(month, MADE_AFTER)


def pay(offices: Offices, community: str, *, programmes: Sequence[str], month: date) -> None:
    """Make the run of a month, check it, and make the file for the bank; what has a problem is left out of it."""
    run = make(offices, community, programmes=programmes, month=month, on=made_on(month))
    if run is None:
        return
    checker = offices.at("finance_checker", community).actor
    checked_on = days.after(made_on(month), CHECKED_AFTER)
    with acting(checker, origin="示范"):
        run = actions.approve(run=run, seen=queries.seal_of(run), by=checker, on=checked_on)
    maker = offices.at("finance_maker", community).actor
    with acting(maker, origin="示范"):
        actions.make_bank_file(run=run, profile=PROFILE, by=maker, on=checked_on)


def send_back(offices: Offices, community: str, *, programmes: Sequence[str], month: date, on: date) -> None:
    """Make the run of a month and have it sent back by whoever checks it."""
    run = make(offices, community, programmes=programmes, month=month, on=on)
    if run is None:
        return
    checker = offices.at("finance_checker", community).actor
    with acting(checker, origin="示范"):
        actions.send_back(run=run, reason=SENT_BACK, by=checker)


def make(offices: Offices, community: str, *, programmes: Sequence[str], month: date, on: date) -> PaymentRun | None:
    """Make the run of a month and hand it over to be checked; None where it pays nobody, as happens in a small
    district.
    """
    maker = offices.at("finance_maker", community).actor
    with acting(maker, origin="示范"):
        if not first_owed(programmes=programmes, district=district_of(community), until=end_of_month(month), on=on):
            return None
        run = actions.make_run(programmes=programmes, month=month, by=maker, on=on)
        found = {problem.line for problem in problems.blocking_problems_of(run)}
        if found:
            chosen = PaymentLine.objects.filter(pk__in=found)
            run = actions.remove_lines(run=run, chosen=chosen, reason=LEFT_OUT, by=maker)
        if not run.total:
            actions.cancel(run=run, reason=LEFT_OUT, by=maker)
            return None
        return actions.submit(run=run, by=maker, on=on)
