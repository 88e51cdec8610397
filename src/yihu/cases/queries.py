"""What is asked of cases: whose turn it is, which papers are there, what happened."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.posts import labels_of
from yihu.cases.case import Case, CaseStep, Objection
from yihu.cases.enums import CaseState, StepState
from yihu.cases.holders import Task, left_to_the_district
from yihu.cases.kinds import KindOfStep, Record, kind_of, kinds
from yihu.cases.procedures import Standing
from yihu.common.work import Event, Tally, WorkItem
from yihu.households import queries as households
from yihu.households.models import Household
from yihu.organisations.queries import within
from yihu.policy.labels import programme_title
from yihu.policy.procedures import Circumstance, procedure_by_key

RUNNING = (CaseState.APPLIED, CaseState.OPEN)


@dataclass(frozen=True, slots=True)
class LineStep:
    """One step of the line on the case page: ``state`` is done, open, late or later."""

    name: str
    label: str
    state: str
    row: CaseStep | None
    posts: tuple[str, ...]
    clause: str


def handled_in(actor: Actor) -> QuerySet[Case]:
    """The cases of someone's areas: those that its streets handle or handled, wherever the family lives now.

    Where it moved out of reach, its rows do not exist for him: the case itself says whose it is.
    """
    return Case.objects.filter(within(actor)).select_related("application", "division")


def readable(actor: Actor) -> QuerySet[Case]:
    """The cases that someone may open: those handled in his areas, and every one of a family that lives there now."""
    living = Household.objects.filter(within(actor))
    found = Case.objects.filter(within(actor) | Q(household__in=living))
    return found.select_related("application__taken_by", "division")


def determinations_of(case: Case) -> list[int]:
    """The determinations that a case rests on: those of its opinions and of its decisions, by id."""
    return [pk for kind in kinds() for pk in kind.determinations_of(case)]


def resting_on(determination: int) -> QuerySet[Case]:
    """The cases in which an opinion or a decision rests on a determination, latest first."""
    found = {case for kind in kinds() for case in kind.resting_on(determination)}
    return Case.objects.filter(pk__in=found).order_by("-id")


def records_of(standing: Standing) -> list[tuple[KindOfStep, list[Record]]]:
    """What was written down in the steps of a case, kind by kind."""
    found = []
    # In an open step nothing was written down yet, but for one that runs by itself.
    written = [row for row in standing.rows if row.state != StepState.OPEN or row.runs_until is not None]
    for kind in kinds():
        rows = [row for row in written if row.kind == kind.kind]
        records = kind.records(rows) if rows else []
        if records:
            found.append((kind, records))
    return found


def count_running(actor: Actor, *, on: date) -> Tally:
    """How many cases have not ended in someone's areas, as it stands."""
    return Tally(rows=(Case.objects.filter(within(actor), state__in=RUNNING),))


def line_of(standing: Standing, *, on: date) -> list[LineStep]:
    """The steps of a case in a line, to its end as far as it can be seen."""
    seen = standing.circumstances
    if Circumstance.REFUSED not in seen and Circumstance.PROPOSED_REFUSAL not in seen:
        seen = seen | {Circumstance.GRANTED}
    elif Circumstance.GRANTED not in seen:
        seen = seen | {Circumstance.REFUSED}
    line = []
    for step in standing.procedure.path(standing.done.keys(), seen):
        row = standing.done.get(step.name) or standing.open.get(step.name)
        state = "later"
        if row is not None and row.state == StepState.DONE:
            state = "done"
        elif row is not None:
            state = "late" if row.due_on is not None and row.due_on < on else "open"
        line.append(LineStep(step.name, step.label, state, row, step.posts, step.clause))
    return line


def cases_of(household: Household) -> list[Case]:
    """Every case of a family with whom it came to first, oldest first; of one family's object they are fetched once."""
    cases = Case.objects.select_related("application__taken_by").order_by("id")
    prefetch_related_objects([household], Prefetch("cases", cases))
    return list(household.cases.all())


def running_of(household: Household) -> list[Case]:
    """The cases of a family that have not ended."""
    return [case for case in cases_of(household) if case.state in RUNNING]


def open_work(actor: Actor, *, on: date) -> list[WorkItem]:
    """What waits for this person in the cases of his areas, without what he may not do."""
    steps = _open_steps(actor, on=on)
    if not actor.may(Capability.STAND_IN_FOR_STREETS):
        steps = steps.filter(posts__contains=[actor.post])
    rows = [(row, _what(row)) for row in steps if actor.post in row.posts]
    others = [row for row in steps if actor.post not in row.posts]
    if others:
        left = left_to_the_district(_tasks(others), on=on)
        rows += [(row, left[row.pk]) for row in others if row.pk in left]
    cases = {row.case_id for row, _words in rows}
    mine = set(CaseStep.objects.filter(_did(actor), case__in=cases).values_list("case", "name"))
    kept = households.kept_households(actor, on=on)
    items = [
        _item(row, words)
        for row, words in rows
        if row.case.household_id not in kept and not any((row.case_id, name) in mine for name in _barring(row))
    ]
    if actor.may(Capability.ANSWER_OBJECTIONS):
        items += [_doubt(doubt) for doubt in _open_doubts(actor) if doubt.case.household_id not in kept]
    return items


def count_open_work(actor: Actor, *, on: date) -> Tally:
    """How many that are, without putting them together."""
    kept = households.kept_households(actor, on=on)
    steps = _steps_in(actor, on=on).exclude(case__household__in=kept) if kept else _steps_in(actor, on=on)
    waiting = steps.filter(posts__contains=[actor.post]).order_by()
    alike = list(waiting.values_list("case__procedure", "name").annotate(count=Count("pk")))
    found = sum(count for _procedure, _name, count in alike)
    did = ArraySubquery(CaseStep.objects.filter(_did(actor), case=OuterRef("case")).order_by().values("name"))
    # Most steps anybody may do, whatever he did before; the others are looked at one by one.
    barred = {name for procedure, name, _count in alike if procedure_by_key(procedure).steps[name].not_by}
    if barred:
        each = waiting.filter(name__in=barred).annotate(did=did).values_list("case__procedure", "name", "did")
        found -= sum(not set(done).isdisjoint(procedure_by_key(key).steps[name].not_by) for key, name, done in each)
    if actor.may(Capability.STAND_IN_FOR_STREETS):
        others = list(steps.annotate(did=did).exclude(posts__contains=[actor.post]).select_related("case"))
        left = left_to_the_district(_tasks(others), on=on) if others else {}
        found += sum(row.pk in left and set(row.did).isdisjoint(_barring(row)) for row in others)
    if not actor.may(Capability.ANSWER_OBJECTIONS):
        return Tally(found)
    doubts = _open_doubts(actor)
    return Tally(found, (doubts.exclude(case__household__in=kept) if kept else doubts,))


def work_around(actor: Actor, *, on: date) -> list[WorkItem]:
    """What waits for anybody in the cases of someone's areas, but for the families that are kept from him."""
    kept = households.kept_households(actor, on=on)
    items = [_item(row, labels_of(row.posts)) for row in _open_steps(actor, on=on) if row.case.household_id not in kept]
    items += [_doubt(doubt) for doubt in _open_doubts(actor) if doubt.case.household_id not in kept]
    return items


def kept_from(actor: Actor, *, on: date) -> list[Case]:
    """Running cases in someone's areas that he may not touch, since a member is his close relative."""
    kept = households.kept_households(actor, on=on)
    return list(handled_in(actor).filter(household__in=kept, state__in=RUNNING).order_by("id"))


def about(case: Case) -> str:
    """What a case is about: the programme, and whose it is where it is one member's."""
    title = programme_title(case.programme)
    return _("{programme}（{name}）").format(programme=title, name=case.person_name) if case.person_name else title


def events_of(household: Household) -> list[Event]:
    """What happened in the cases of a family."""
    events = []
    cases = {case.pk: case for case in cases_of(household)}
    for case in cases.values():
        title, first = about(case), case.application
        asked = (
            _("首问 {name} · {channel}").format(name=first.taken_by.name, channel=first.get_channel_display())
            if first
            else ""
        )
        events.append(
            Event(case.asked_on, 30, _("{kind} {programme}").format(kind=case.get_kind_display(), programme=title),
                  asked, "case", case.number, "info" if case.closed_on is None else "")
        )  # fmt: skip
        if case.closed_on is not None:
            tone = "good" if case.state == CaseState.GRANTED else "bad"
            events.append(
                Event(case.closed_on, 70, _("{programme} 结案").format(programme=title), case.get_state_display(),
                      "case", case.number, tone)
            )  # fmt: skip
    done = CaseStep.objects.filter(case__in=cases, state__in=(StepState.DONE, StepState.REPEATED))
    for row in done.filter(done_by__isnull=False).select_related("done_by").order_by("id"):
        assert row.done_on is not None
        assert row.done_by is not None
        detail = row.done_by.name
        if row.state == StepState.REPEATED:
            detail = _("{name} · 已退回重办").format(name=detail)
        events.append(Event(row.done_on, 40, row.label, detail, "case", cases[row.case_id].number))
    return events


def _did(actor: Actor) -> Q:
    """The steps that someone did, or took part in."""
    return Q(done_by=actor.staff) | Q(took_part__contains=[actor.staff])


def _steps_in(actor: Actor, *, on: date) -> QuerySet[CaseStep]:
    """The steps that wait for somebody in someone's areas, without those that run by themselves until a later day."""
    waiting = CaseStep.objects.filter(within(actor, "case__division_id"), state=StepState.OPEN)
    return waiting.exclude(runs_until__gte=on)


def _open_steps(actor: Actor, *, on: date) -> QuerySet[CaseStep]:
    """The same with what is said of them in a list."""
    fetched = (name for kind in kinds() for name in kind.fetched)
    return _steps_in(actor, on=on).select_related("case", *fetched).order_by("due_on", "id")


def _open_doubts(actor: Actor) -> QuerySet[Objection]:
    """The objections that nobody answered yet."""
    doubts = Objection.objects.filter(within(actor, "case__division_id"), answered_on__isnull=True)
    return doubts.select_related("case").order_by("id")


def _tasks(rows: Sequence[CaseStep]) -> list[Task]:
    """Open steps as they wait for somebody; one query."""
    names = {name for row in rows for name in _barring(row)}
    did: dict[tuple[int, str], set[int]] = defaultdict(set)
    done = CaseStep.objects.filter(case__in={row.case_id for row in rows}, name__in=names, done_by__isnull=False)
    for case, name, staff, others in done.values_list("case_id", "name", "done_by_id", "took_part"):
        did[case, name] |= {staff, *others}
    return [
        Task(
            row.pk,
            row.case.household_id,
            row.case.division_id,
            tuple(row.posts),
            frozenset().union(*(did[row.case_id, name] for name in _barring(row))),
        )
        for row in rows
    ]


def _barring(row: CaseStep) -> tuple[str, ...]:
    """The steps after which the same person may not do this one."""
    return procedure_by_key(row.case.procedure).steps[row.name].not_by


def _what(row: CaseStep) -> str:
    """What stands beside a step in the inbox."""
    words = kind_of(row.kind).beside(row)
    if not words and row.round > 1:
        return _("第 {n} 轮").format(n=row.round)
    return words


def _item(row: CaseStep, detail: str) -> WorkItem:
    # A step that the law sets no days for is due with the whole.
    due, provisional = (
        (row.due_on, row.due_is_provisional) if row.due_on else (row.case.due_on, row.case.due_is_provisional)
    )
    return _waiting(row.case, row.label, detail, row.opened_on, due, provisional=provisional)


def _doubt(doubt: Objection) -> WorkItem:
    case = doubt.case
    return _waiting(
        case,
        _("答复异议"),
        doubt.get_source_display(),
        doubt.raised_on,
        case.due_on,
        provisional=case.due_is_provisional,
    )


def _waiting(case: Case, title: str, detail: str, since: date, due: date | None, *, provisional: bool) -> WorkItem:
    return WorkItem(
        title=title,
        detail=detail,
        page="case",
        key=case.number,
        division=case.division_id,
        opened_on=since,
        household=case.household_number,
        name=case.applicant_name,
        programme=case.programme,
        due_on=due,
        provisional=provisional,
        urgent=Circumstance.URGENT in case.circumstances,
    )
