"""What a family lives through in two years: taken over or applying, granted or refused, born, moved, dead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from random import Random

from demo import days
from demo.cases import Course, Ending, Move, Step, Urgency, Waiting, from_start, moves, until_waiting
from demo.facts import Facts, Obstacle
from demo.families import Community, Family
from demo.figures import FACTS, PROGRAMMES
from demo.people import Person
from yihu.common.months import next_month

FAMILY_PROGRAMME = PROGRAMMES["of_a_family"]
ELDER_PROGRAMME = PROGRAMMES["of_an_elder"]
WINTER_PROGRAMME = PROGRAMMES["of_a_winter"]
EMERGENCY_PROGRAMME = PROGRAMMES["of_an_emergency"]
STATUS_PROGRAMME = PROGRAMMES["of_a_status"]
STUDENT_PROGRAMME = PROGRAMMES["of_a_student"]
SINGLE_PROGRAMME = PROGRAMMES["of_one_member"]
# In yuan for each member: whose need was drawn as at least the first is above any ceiling, and needs the second. What
# he is given then, in fen.
ABOVE_THE_CEILING_FROM, NEED_ABOVE_THE_CEILING, GIVEN_ABOVE_THE_CEILING = 2900, 9000, 300_000
_OPINIONS = (Step.EXAMINED, Step.EXAMINED_AGAIN, Step.CONFIRMED)


Award = tuple[str, int | None]
"""A programme, and the member whose it is: None where it is the family's."""


class Part(Enum):
    """What part a family plays."""

    ON_THE_BOOKS = "期初在册"
    APPLICANT = "两年内申请"
    ELDERS = "高龄老人家庭"
    ORDINARY = "登记在册的其他家庭"
    WAITING = "为演示待办而设"
    OTHERS = "为演示其他项目而设"


class Life(Enum):
    """What happens to a family outside its cases."""

    TAKEN_OVER = "期初转入的待遇"
    CHANGED = "情况变化"
    ENDED = "终止待遇"
    BORN = "出生"
    DIED = "去世"
    MOVED = "区内迁移"
    MOVED_AWAY = "迁出本区"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens on a day. What else is filled depends on ``what``.

    A step of a case fills ``grants`` where it is an opinion or a decision, and where it is not about the families' own
    programme, ``programme``, ``member``, the ``facts`` that it brings and the ``amount`` in fen below a ceiling; an
    award taken over or ended, ``programme`` and the ``member`` whose it is (None: the family's), and ``because`` of
    what it ended; a birth, ``person`` and ``relation``; a change, ``member`` and the new ``facts``; a move,
    ``community`` and ``address``.
    """

    on: date
    what: Step | Life
    note: str = ""
    grants: bool | None = None
    programme: str | None = None
    because: "Life | None" = None
    member: int | None = None
    person: Person | None = None
    relation: str | None = None
    facts: Mapping[str, str] | None = None
    amount: int | None = None
    community: Community | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A family and what happened to it, in order. ``meant`` is how its case ends if it is let run."""

    family: Family
    part: Part
    events: tuple[Event, ...]
    meant: Ending | None = None
    obstacle: Obstacle | None = None
    relatives: bool = False
    waiting: Waiting | None = None
    urgency: Urgency | None = None

    def day_of(self, what: Step | Life) -> date | None:
        """When something first happened, None if it has not."""
        return next((event.on for event in self.events if event.what is what), None)

    @property
    def is_open(self) -> bool:
        """Whether a case is running that nobody has decided."""
        last = {event.what for event in self.events}
        return Step.APPLIED in last and not last & {Step.CONFIRMED, Step.WITHDRAWN}

    def awards_on(self, on: date) -> list[Award]:
        """The programmes in force on a day, each with the member it belongs to.

        An award begins on the first of a month and runs to the end of the month in which it is ended.
        """
        found: list[Award] = []
        for event in self.events:
            if event.what is Life.TAKEN_OVER and event.programme and event.on <= on:
                found.append((event.programme, event.member))
            if event.what is Step.CONFIRMED and event.grants:
                if event.programme is None and next_month(event.on) <= on:
                    found.append((FAMILY_PROGRAMME, None))
                if event.programme == ELDER_PROGRAMME and event.on.replace(day=1) <= on:
                    found.append((ELDER_PROGRAMME, event.member))
            if event.what is Life.ENDED and event.programme and next_month(event.on) <= on:
                found.remove((event.programme, event.member))
        return found


def case_events(steps: Sequence[tuple[Step, date]], course: Course, family: Family, day: date) -> list[Event]:
    """What a case's steps are as events, as far as they have come by a day."""
    explained = "；".join(difference.explanation for difference in family.differences)
    found = []
    for step, on in steps:
        grants = course.ending is Ending.GRANTED if step in _OPINIONS else None
        note = {Step.SETTLED: explained, Step.OBJECTED: "反映该户有成员在外打工", Step.WITHDRAWN: "家庭自愿撤回"}
        if on <= day:
            found.append(Event(on, step, note=note.get(step, ""), grants=grants))
    return found


def running_case(random: Random, course: Course, family: Family, day: date) -> list[Event]:
    """A case that began when the family first came, as far as it has come."""
    return case_events(from_start(moves(random, course), family.known_since), course, family, day)


def waiting_case(random: Random, waiting: Waiting, urgency: Urgency, family: Family, day: date) -> list[Event]:
    """A case that waits for somebody on a day."""
    return case_events(until_waiting(random, waiting, urgency, day), waiting.course, family, day)


def of_programme(
    programme: str,
    steps: Sequence[Move],
    began: date,
    day: date,
    *,
    grants: bool = True,
    member: int | None = None,
    facts: Mapping[Step, Facts] | None = None,
    amount: int | None = None,
) -> list[Event]:
    """A case of another programme than most, as far as it has come by a day.

    ``facts`` are what a step brings, by what the families say of them; ``amount`` in fen what the examiner proposes.
    """
    brought = {
        step: {FACTS.get(name, name): text for name, text in said.items()} for step, said in (facts or {}).items()
    }
    return [
        Event(
            *(on, step),
            grants=grants if step in _OPINIONS else None,
            programme=programme,
            member=member,
            facts=brought.get(step),
            amount=amount if step is Step.EXAMINED else None,
        )
        for step, on in from_start(steps, began)
        if on <= day
    ]


def elder_applied(random: Random, member: int, eighty: date, day: date) -> list[Event]:
    """Somebody who has just turned eighty asks for the allowance, as far as it has come by a day."""
    steps = (
        Move(Step.APPLIED, random.randint(0, 3)),
        Move(Step.ADMITTED, 0),
        Move(Step.EXAMINED, 1),
        Move(Step.CONFIRMED, random.randint(1, 3)),
        Move(Step.LETTER_DELIVERED, 1),
    )
    return of_programme(ELDER_PROGRAMME, steps, days.after(eighty, 1), day, member=member)


def in_an_emergency(random: Random, size: int, on: date, day: date) -> list[Event]:
    """A family of some size is helped once, within the week: as it is in need, or above the ceiling with less."""
    each = random.randrange(12, 33) * 100
    is_above = each >= ABOVE_THE_CEILING_FROM
    need = size * (NEED_ABOVE_THE_CEILING if is_above else each)
    steps = (
        *(Move(Step.APPLIED, 0), Move(Step.ADMITTED, 0), Move(Step.VISITED, 1), Move(Step.EXAMINED, 0)),
        *(Move(Step.CONFIRMED, 1), Move(Step.PUBLISHED, 1), Move(Step.LETTER_DELIVERED, 0)),
    )
    facts = {
        Step.APPLIED: {"need_in_an_emergency": str(need)},
        Step.VISITED: {"emergency_was_looked_into": "是"},
    }
    amount = size * GIVEN_ABOVE_THE_CEILING if is_above else None
    return of_programme(EMERGENCY_PROGRAMME, steps, on, day, facts=facts, amount=amount)


def taken_over(on: date, programme: str, member: int | None = None) -> Event:
    """An award already running when the house takes it over, on the first of a month."""
    return Event(on, Life.TAKEN_OVER, programme=programme, member=member)


def income_rose(random: Random, family: Family, on: date) -> list[Event]:
    """A member finds work that lifts the family over the line, and the award ends."""
    grown = [place for place, member in enumerate(family.members) if member.declared["school_stage"] == "不在学"]
    place = max(grown, key=lambda place: family.members[place].person.born)
    wage = str(random.randrange(170, 280) * 10 * len(family.members))
    changed = Event(on, Life.CHANGED, note="找到工作", member=place, facts={"wage": wage, "employed": "是"})
    return [changed, _ended(days.after(on, 8), Life.CHANGED, (FAMILY_PROGRAMME, None))]


def moved_away(on: date, awards: Iterable[Award]) -> list[Event]:
    """The family leaves the district, and with it whatever it receives."""
    return [Event(on, Life.MOVED_AWAY), *(_ended(on, Life.MOVED_AWAY, award) for award in awards)]


def died(on: date, member: int, awards: Iterable[Award]) -> list[Event]:
    """A member dies, and the awards named end."""
    return [Event(on, Life.DIED, member=member), *(_ended(on, Life.DIED, award) for award in awards)]


def _ended(on: date, because: Life, award: Award) -> Event:
    programme, member = award
    return Event(on, Life.ENDED, programme=programme, member=member, because=because)
