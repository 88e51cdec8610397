"""The whole district, from the books that were taken over to today."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.db import connection, transaction

from demo import days, figures
from demo.cases import Step
from demo.district import beginning, chronicle, stories
from demo.families import Community
from demo.loading import changes, opening, payments, register
from demo.loading.casework import Casework
from demo.loading.life import Lives
from demo.loading.register import Filed
from demo.loading.staff import Offices
from demo.story import (
    ELDER_PROGRAMME,
    EMERGENCY_PROGRAMME,
    FAMILY_PROGRAMME,
    STUDENT_PROGRAMME,
    WINTER_PROGRAMME,
    Event,
    Life,
    Story,
)
from yihu.access.actor import service
from yihu.access.scope import acting
from yihu.common.months import next_month
from yihu.households.models import Household
from yihu.organisations.paths import district_of, street_of
from yihu.organisations.queries import communities as known_communities

Say = Callable[[str], None]
# In months.
LOOK_AGAIN_AFTER = 4


@transaction.atomic
def load(*, households: int, seed: int, day: date, street: str, say: Say) -> None:
    """Fill an empty register, all of it or nothing. ``street`` is where the cases wait that the desk shows."""
    communities = [
        Community(division.path, division.name, street_of(division.path)) for division in known_communities()
    ]
    told = list(stories(households, seed=seed, day=day, communities=communities, street=street))
    start = beginning(day)
    offices = Offices(start)
    community = next(each.path for each in communities if each.street == street)
    district = district_of(community)
    loader = service("demo", district)
    with acting(loader, origin="示范"):
        if Household.objects.exists():
            raise ValueError("登记册里已有家庭，不能再载入示范数据。")
        filed = register.file(told, start=start, recorded_by=loader.principal)
        _look_again()
        say(f"登记 {len(filed):,} 户、{sum(len(each.people) for each in filed):,} 人")
    by_family = {each.story.family.index: each for each in filed}
    casework, lives = Casework(offices), Lives(offices)
    happened = iter(chronicle(told))
    pending = next(happened, None)
    months = list(_months(start, day))
    for nth, month in enumerate(months, 1):
        opening.take_over(offices, community, _taken_over(told, by_family, month), month=month)
        # What the months add is many times what the register held.
        if month.month % LOOK_AGAIN_AFTER == 0 or month == start:
            _look_again()
        changes.decide(offices, community, month=month, is_last=month == months[-1])
        paid = False
        while pending is not None and pending[1].on < min(next_month(month), day + timedelta(days=1)):
            story, event = pending
            if not paid and event.on > payments.made_on(month):
                paid = _pay(offices, community, month, day)
            one = by_family[story.family.index]
            if isinstance(event.what, Step):
                casework.play(one, event)
            elif event.what is not Life.TAKEN_OVER:
                lives.live(one, event)
            pending = next(happened, None)
        if not paid:
            _pay(offices, community, month, day)
        say(f"{month:%Y-%m} 办理和发放（第 {nth} 个月，共 {len(months)} 个月）")
    _hand_over_next(offices, community, day)
    say(figures.scale_sentence(households))


def _pay(offices: Offices, community: str, month: date, day: date) -> bool:
    """Both runs of a month, if their day has come."""
    if days.after(payments.made_on(month), payments.CHECKED_AFTER) <= day:
        for programmes in (_for_families(month), (ELDER_PROGRAMME,)):
            payments.pay(offices, community, programmes=programmes, month=month)
    return True


def _hand_over_next(offices: Offices, community: str, day: date) -> None:
    """Of next month's runs one waits for its checker and the other has come back to its maker."""
    month = next_month(day)
    payments.make(offices, community, programmes=(ELDER_PROGRAMME,), month=month, on=day)
    payments.send_back(offices, community, programmes=_for_families(month), month=month, on=day)


def _for_families(month: date) -> tuple[str, ...]:
    """What one run pays to families: through the winter its heating too."""
    always = FAMILY_PROGRAMME, EMERGENCY_PROGRAMME, STUDENT_PROGRAMME
    return (*always, WINTER_PROGRAMME) if month.month in changes.WINTER else always


def _months(start: date, day: date) -> Iterator[date]:
    while start <= day:
        yield start
        start = next_month(start)


def _taken_over(told: Sequence[Story], filed: Mapping[int, Filed], month: date) -> list[tuple[Filed, Event]]:
    """What comes in with the older books of a month."""
    return [
        (filed[story.family.index], event)
        for story in told
        for event in story.events
        if event.what is Life.TAKEN_OVER and event.on == month
    ]


def _look_again() -> None:
    """Let the planner see what was loaded: before the end of the transaction nobody else tells it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_look_again()")
