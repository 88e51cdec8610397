"""What happened in a family."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from yihu.common.models import Change
from yihu.common.work import Event
from yihu.households.enums import HEAD, FactSource
from yihu.households.models import Fact, Household, Member
from yihu.households.queries.people import signed_in, stays_of
from yihu.organisations.models import Division

DAY = timedelta(days=1)


def events_of(household: Household) -> list[Event]:
    """What happened in a family by its file, oldest first."""
    stays = sorted(stays_of(household), key=lambda stay: (stay.person_id, stay.period.lower))
    events = [
        *_of_the_file(household),
        *_of_members(household, stays),
        *_of_moves(household),
        *_of_facts(household, stays),
        *_of_consents(household),
    ]
    return sorted(events)


def _of_the_file(household: Household) -> Iterator[Event]:
    yield Event(household.opened_on, 0, _("建档"), _("户号 {number}").format(number=household.number))
    if household.closed_on:
        yield Event(household.closed_on, 90, _("销档"), tone="warn")


def _of_members(household: Household, stays: Iterable[Member]) -> Iterator[Event]:
    for _person, of_one in groupby(stays, key=lambda member: member.person_id):
        yield from _of_stays(household, list(of_one))


def _of_stays(household: Household, stays: list[Member]) -> Iterator[Event]:
    person = stays[0].person
    for at, stay in enumerate(stays):
        since, until = stay.period.lower, stay.period.upper
        goes_on_from_before = at > 0 and stays[at - 1].period.upper == since
        goes_on = at + 1 < len(stays) and stays[at + 1].period.lower == until
        if stay.relation == HEAD and goes_on_from_before and stays[at - 1].relation != HEAD:
            yield Event(since, 30, _("{name}成为户主").format(name=person.name))
        elif since > household.opened_on and not goes_on_from_before:
            title = _("{name}出生") if since == person.birth_date else _("{name}加入家庭")
            yield Event(since, 20, title.format(name=person.name), tone="good")
        if until is None or goes_on:
            continue
        if person.died_on and until == person.died_on + DAY:
            yield Event(person.died_on, 80, _("{name}去世").format(name=person.name), tone="bad")
        elif until != household.closed_on:
            yield Event(until, 25, _("{name}离开家庭").format(name=person.name))


def _of_moves(household: Household) -> Iterator[Event]:
    """A row holds where the family lives; where it lived is in the history."""
    changes = Change.objects.filter(
        household=household.pk, table=Household._meta.db_table, row_id=household.pk, operation="update"
    )
    now = {"division_id": household.division_id, "address": household.address}
    for change in changes.order_by("-id"):
        was = {name: (change.before or {})[name] for name in now}
        if was["division_id"] != now["division_id"]:
            names = Division.objects.in_bulk([was["division_id"], now["division_id"]])
            yield Event(
                localdate(change.at),
                40,
                _("迁往{name}").format(name=names[now["division_id"]].name),
                _("原在{name}，{address}").format(name=names[was["division_id"]].name, address=was["address"]),
                tone="info",
            )
        now = was


def _of_facts(household: Household, stays: Iterable[Member]) -> Iterator[Event]:
    # Of those whose file this is. By their ids, so that both halves find their index.
    people = {stay.person_id for stay in stays if stay.person.household_id == household.pk}
    of_family = Q(household=household) | Q(person__in=people)
    groups: dict[tuple[date, str, str], list[str]] = defaultdict(list)
    facts = Fact.objects.filter(of_family).order_by("id")
    for day, source, department, name in facts.values_list("known_on", "source", "department", "person__name"):
        groups[day, source, department].append(name or _("全家"))
    for (day, source, department), names in groups.items():
        yield Event(
            day,
            50 + FactSource.values.index(source),
            _("登记事实 {n} 项（{source}）").format(n=len(names), source=department or FactSource(source).label),
            "、".join(dict.fromkeys(names)),
            tone="info",
        )


def _of_consents(household: Household) -> Iterator[Event]:
    for consent in signed_in(household):
        if consent.person.household_id != household.pk:
            continue
        yield Event(consent.signed_on, 45, _("{name}签署核对授权").format(name=consent.person.name))
        if consent.withdrawn_on:
            yield Event(consent.withdrawn_on, 46, _("{name}撤回核对授权").format(name=consent.person.name), tone="warn")
