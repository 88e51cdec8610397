"""What other rooms ask about records checks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.common.calendar import working_days
from yihu.common.work import Event, Tally, WorkItem
from yihu.common.working_days import Deadline, WorkingDays
from yihu.households.models import Household, Person
from yihu.households.queries import kept_households
from yihu.organisations.queries import within
from yihu.records_checks.enums import WAITING, CheckState, RequestState, SetAside
from yihu.records_checks.models import RecordsCheck, RefusedFile, SourceAnswer, SourceRequest
from yihu.records_checks.sources import SOURCES, label_of

# A source that is silent for longer is asked why by the district; a file that was not taken is seen to as soon.
# In working days.
PATIENCE = 3
# How far back answers are counted.
LATELY = timedelta(days=30)
TOLD = (
    "pk", "subject", "asked_on", "closed_on", "state", "requests__source", "requests__state", "requests__failure",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """What a source said of one person: headings with values. ``found`` None: nothing came yet.

    ``set_aside`` says why an answer is not used, empty where it is.
    """

    person: Person
    found: bool | None
    said: tuple[tuple[str, str], ...] = ()
    set_aside: str = ""


@dataclass(frozen=True, slots=True)
class SourceOverview:
    """One source in a round, as the page of a case shows it. ``age`` is that of the data in days, None without any.

    ``not_found`` says what it means that somebody was not found; it never speaks against the family by itself.
    """

    request: SourceRequest
    label: str
    not_found: str
    age: int | None
    people: tuple[PersonSaid, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether an answer may still come."""
        return self.request.state in WAITING

    @property
    def is_failed(self) -> bool:
        """Whether it was given up."""
        return self.request.state == RequestState.FAILED


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """How many requests to one source wait, how many of them for too long, since when the oldest, and how many were
    answered lately.
    """

    name: str
    label: str
    waiting: int
    late: int
    oldest: date | None
    answered: int


def of_subject(subject: str) -> QuerySet[RecordsCheck]:
    """The rounds made for one thing, such as a case, oldest first."""
    return RecordsCheck.objects.filter(subject=subject).order_by("id")


def answers_overview(check: RecordsCheck, *, on: date) -> tuple[SourceOverview, ...]:
    """What each source was asked and said, in the order of the sources: three queries."""
    requests = list(check.requests.select_related("asked_in", "answered_in").order_by("id"))
    people = Person.objects.in_bulk(check.people)
    answers: dict[int, dict[int, SourceAnswer]] = defaultdict(dict)
    for answer in SourceAnswer.objects.filter(request__in=requests).order_by("id"):
        answers[answer.request_id][answer.person_id] = answer
    asked = [people[pk] for pk in check.people if pk in people]
    return tuple(_overview(request, asked, answers[request.pk], on) for request in requests)


def asked_in(actor: Actor, *, on: date) -> QuerySet[SourceRequest]:
    """The requests about the families of someone's areas, without those of his close relatives."""
    found = SourceRequest.objects.filter(within(actor, "check_round__household__division_id"))
    kept = kept_households(actor, on=on)
    return found.exclude(check_round__household__in=kept) if kept else found


def late_since(days: WorkingDays, on: date) -> date:
    """The last day of asking after which a source that is still silent has been so for too long."""
    day = on
    while days.add(day, PATIENCE).date >= on:
        day -= timedelta(days=1)
    return day


def standings(requests: QuerySet[SourceRequest], *, late: date, on: date) -> tuple[SourceStanding, ...]:
    """How each source stands with these requests, in the order of the sources; one query."""
    waits, answered = Q(state__in=WAITING), Q(answered_on__gt=on - LATELY)
    counted = (
        requests.filter(waits | answered)
        .order_by()
        .values_list("source")
        .annotate(
            waiting=Count("pk", filter=waits),
            late=Count("pk", filter=waits & Q(check_round__asked_on__lte=late)),
            oldest=Min("check_round__asked_on", filter=waits),
            answered=Count("pk", filter=answered),
        )
    )
    found = {source: figures for source, *figures in counted}
    # One that is no longer asked may still owe an answer.
    names = dict.fromkeys([*(source.name for source in SOURCES), *sorted(found)])
    return tuple(SourceStanding(name, label_of(name), *found.get(name, (0, 0, None, 0))) for name in names)


def refused_files(actor: Actor, *, on: date) -> QuerySet[RefusedFile]:
    """The files of someone's areas that were not taken, without those that name a family of his close relatives."""
    found = RefusedFile.objects.filter(within(actor)).select_related("division")
    kept = kept_households(actor, on=on)
    return found.exclude(households__overlap=list(kept)) if kept else found


def open_work(actor: Actor, *, on: date) -> list[WorkItem]:
    """Files that were not taken, and for who chases departments those that have been silent for too long."""
    files = list(_files_to_settle(actor, on).defer("faults").order_by("id"))
    silent = _silent_requests(actor, on).select_related("check_round__household")
    requests = list(silent.order_by("check_round__asked_on", "id"))
    days = working_days() if files or requests else WorkingDays({})
    return [
        *(_not_taken(file, days.add(file.refused_on, PATIENCE)) for file in files),
        *(_silent(request, days.add(request.check_round.asked_on, PATIENCE)) for request in requests),
    ]


def count_open_work(actor: Actor, *, on: date) -> Tally:
    """How many that are."""
    return Tally(rows=(_files_to_settle(actor, on), _silent_requests(actor, on)))


def _files_to_settle(actor: Actor, on: date) -> QuerySet[RefusedFile]:
    if not actor.may(Capability.SETTLE_ANSWER_FILES):
        return RefusedFile.objects.none()
    return refused_files(actor, on=on).filter(settled_on__isnull=True)


def _silent_requests(actor: Actor, on: date) -> QuerySet[SourceRequest]:
    if not actor.may(Capability.CHASE_DEPARTMENTS):
        return SourceRequest.objects.none()
    late = late_since(working_days(), on)
    return asked_in(actor, on=on).filter(state__in=WAITING, check_round__asked_on__lte=late)


def events_of(household: Household) -> list[Event]:
    """The rounds of questions about a family: when it was asked, and when the round ended."""
    events = []
    told = RecordsCheck.objects.filter(household=household).order_by("id", "requests__id")
    for _check, rows in groupby(told.values_list(*TOLD, named=True), key=lambda row: row.pk):
        requests = list(rows)
        check = requests[0]
        place = {"page": "case", "key": check.subject}
        labels = "、".join(label_of(request.requests__source) for request in requests if request.requests__source)
        events.append(Event(check.asked_on, 30, _("提请核对"), labels, **place))
        if check.closed_on is None:
            continue
        if check.state == CheckState.CANCELLED:
            events.append(Event(check.closed_on, 35, _("撤回核对"), **place))
            continue
        failed = [
            label_of(request.requests__source)
            for request in requests
            if request.requests__failure and request.requests__state != RequestState.ANSWERED
        ]
        detail = _("未能答复：{sources}").format(sources="、".join(failed)) if failed else ""
        events.append(Event(check.closed_on, 35, _("核对答复齐"), detail, tone="warn" if failed else "info", **place))
    return events


def _not_taken(file: RefusedFile, due: Deadline) -> WorkItem:
    return WorkItem(
        title=_("答复文件没有采用"),
        page="refused_file",
        key=str(file.pk),
        division=file.division_id,
        opened_on=file.refused_on,
        detail=f"{label_of(file.source)} {file.name}",
        due_on=due.date,
        provisional=due.provisional,
    )


def _silent(request: SourceRequest, due: Deadline) -> WorkItem:
    household = request.check_round.household
    return WorkItem(
        title=_("部门未答复"),
        page="case",
        key=request.check_round.subject,
        division=household.division_id,
        opened_on=request.check_round.asked_on,
        detail=f"{label_of(request.source)} {request.number}",
        household=household.number,
        due_on=due.date,
        provisional=due.provisional,
    )


def _overview(
    request: SourceRequest, asked: Sequence[Person], answers: dict[int, SourceAnswer], on: date
) -> SourceOverview:
    source = next((each for each in SOURCES if each.name == request.source), None)
    return SourceOverview(
        request=request,
        label=label_of(request.source),
        not_found=str(source.not_found) if source else "",
        age=(on - request.data_as_of).days if request.data_as_of else None,
        people=tuple(_said(request, person, answers.get(person.pk)) for person in asked),
    )


def _said(request: SourceRequest, person: Person, answer: SourceAnswer | None) -> PersonSaid:
    if answer is None:
        return PersonSaid(person, None)
    source = next((each for each in SOURCES if each.name == request.source), None)
    said = []
    for key, value in answer.said.items():
        column = source.column(key) if source else None
        said.append((column.title, column.text(value)) if column else (key, str(value)))
    aside = str(SetAside(answer.set_aside).label) if answer.set_aside else ""
    return PersonSaid(person, answer.found, tuple(said), aside)
