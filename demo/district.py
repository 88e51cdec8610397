"""The stream of stories that makes the district: who plays which part, in shares that fit the published figures."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from demo import days, figures, people
from demo.cases import WAITING, Course, Ending, Urgency, Waiting
from demo.facts import Obstacle
from demo.families import Community, Family, address, invent
from demo.others import OTHERS
from demo.people import IdentityNumbers, Person, Sex
from demo.shapes import Kind, Means, Wanted, seats
from demo.story import (
    ELDER_PROGRAMME,
    FAMILY_PROGRAMME,
    Award,
    Event,
    Life,
    Part,
    Story,
    died,
    elder_applied,
    in_an_emergency,
    income_rose,
    moved_away,
    running_case,
    taken_over,
    waiting_case,
)
from yihu.common.months import next_month

SEED = 20260701

T = TypeVar("T")
Shares = Sequence[tuple[T, float]]

_YEARS = 2
_GOLDEN = 0.6180339887498949

# How elders of eighty and more come and go: the ninth decade is taken as even, so that a tenth of it turns ninety
# or dies in a year and as many turn eighty.
_NINETY = float((figures.MEAN_ALLOWANCE_YUAN - 100) / 400)
_COME_AND_GO = (1 - _NINETY) / 10 * _YEARS
_DIE = _COME_AND_GO / (1 + _COME_AND_GO)
_ELDER_KINDS: Shares[Kind] = (
    (Kind.LONE_ELDER, 0.35),
    (Kind.ELDER_COUPLE, 0.22),
    (Kind.WITH_VERY_OLD, 0.28),
    (Kind.THREE_GENERATIONS, 0.15),
)
_ELDERS_A_FAMILY = 1 + _ELDER_KINDS[1][1]

_APPLICATIONS = (
    _YEARS * figures.NEWLY_RECOGNISED_A_YEAR * 100 / (100 - figures.REFUSED_PERCENT - figures.WITHDRAWN_PERCENT)
)
_ELDER_FAMILIES = figures.ALLOWANCES_A_MONTH / _ELDERS_A_FAMILY / (1 - _DIE)
_PARTS: Shares[Part] = (
    (Part.APPLICANT, _APPLICATIONS / figures.DISTRICT_HOUSEHOLDS),
    (Part.ON_THE_BOOKS, figures.FAMILIES_ON_THE_BOOKS / figures.DISTRICT_HOUSEHOLDS),
    (Part.ELDERS, _ELDER_FAMILIES / figures.DISTRICT_HOUSEHOLDS),
    (Part.ORDINARY, 1.0),
)
_ENDINGS: Shares[Ending] = (
    (Ending.REFUSED, figures.REFUSED_PERCENT / 100),
    (Ending.WITHDRAWN, figures.WITHDRAWN_PERCENT / 100),
    (Ending.GRANTED, 1.0),
)
# As many leave the books as come on them, so that their number stands.
_LEAVE = _YEARS * figures.NEWLY_RECOGNISED_A_YEAR / figures.FAMILIES_ON_THE_BOOKS
_HARDSHIP: Shares[Kind] = (
    (Kind.LONE_ELDER, 0.20),
    (Kind.DISABLED_WITH_PARENT, 0.20),
    (Kind.JOBLESS_COUPLE, 0.15),
    (Kind.LONE_PARENT, 0.13),
    (Kind.ELDER_COUPLE, 0.12),
    (Kind.SICK_MEMBER, 0.10),
    (Kind.GRANDPARENTS, 0.05),
    (Kind.THREE_GENERATIONS, 0.05),
)
_OBSTACLES = (Obstacle.WAGE, Obstacle.BALANCE, Obstacle.OVER_LINE, Obstacle.PENSION, Obstacle.CAR)

# Two cases whose outcome no text yet decides: they wait for the examiner, and the desk says what is not known.
_UNSURE = ((Kind.LONE_PARENT, Means.NEAR), (Kind.SICK_MEMBER, Means.NEAR))
_EXAMINING = next(waiting for waiting in WAITING if waiting.name == "待审核")
_DESK: tuple[tuple[Waiting, Urgency, tuple[Kind, Means] | None], ...] = (
    *((waiting, urgency, None) for waiting in WAITING for urgency in Urgency),
    *((_EXAMINING, Urgency.IN_TIME, unsure) for unsure in _UNSURE),
)
DESK_CASES = len(_DESK)
"""The first families of every district: cases that wait at every step, beyond what the scale would give."""
SHOWN = DESK_CASES + len(OTHERS)
"""With those that come next, who ask for other programmes."""


def stories(
    households: int, *, seed: int = SEED, day: date, communities: Sequence[Community], street: str | None = None
) -> Iterator[Story]:
    """The district as it stands on a day, family by family; family i is the same however many there are.

    ``street`` is where the cases wait that are there for the desk; the first community's unless named. Raises
    ValueError for a number of households that is not between 50 and 200,000, and for a street without community.
    """
    if not figures.LEAST_HOUSEHOLDS <= households <= figures.MOST_HOUSEHOLDS:
        raise ValueError(f"户数须在 {figures.LEAST_HOUSEHOLDS} 到 {figures.MOST_HOUSEHOLDS} 之间：{households}")
    shown = [community for community in communities if community.street == (street or communities[0].street)]
    if not shown:
        raise ValueError(f"没有这个街道的社区：{street}")
    maker = _Maker(seed, day, communities, shown)
    return (maker.story(index) for index in range(households))


def beginning(day: date) -> date:
    """The first of the month two years before a day: when the books are taken over."""
    return date(day.year - _YEARS, day.month, 1)


def chronicle(told: Iterable[Story]) -> list[tuple[Story, Event]]:
    """Everything that happened, in the order in which it did."""
    found = [(story, event) for story in told for event in story.events]
    return sorted(found, key=lambda pair: (pair[1].on, pair[0].family.index))


def _pick(position: float, shares: Shares[T]) -> tuple[T, float]:
    """Which share a position between 0 and 1 falls into, and its position within that share."""
    low = 0.0
    for found, share in shares:
        share = min(share, 1 - low)
        if position < low + share:
            return found, (position - low) / share
        low += share
    raise AssertionError("the last share reaches to 1")


class _Maker:
    """Makes stories one after the other: identity numbers are counted as they go."""

    def __init__(self, seed: int, day: date, communities: Sequence[Community], shown: Sequence[Community]) -> None:
        self.seed, self.day, self.start = seed, day, beginning(day)
        self.communities, self.shown = communities, shown
        self.numbers = IdentityNumbers()
        self.shift = Random(f"{seed}").random()

    def story(self, index: int) -> Story:
        random = Random(f"{self.seed} {index}")
        if index < DESK_CASES:
            return self._waiting(random, index)
        if index < SHOWN:
            return self._other(index)
        # Steps of the golden section fall evenly into every share at every length: no drawing of lots is as even.
        position = (self.shift + index * _GOLDEN) % 1
        part, within = _pick(position, _PARTS)
        match part:
            case Part.APPLICANT:
                return self._applicant(random, index, within)
            case Part.ON_THE_BOOKS:
                return self._on_the_books(random, index, within)
            case Part.ELDERS:
                return self._elders(random, index, within)
            case _:
                return self._ordinary(random, index)

    def _family(
        self, random: Random, index: int, wanted: Wanted, obstacle: Obstacle | None = None, differs: bool = False
    ) -> Family:
        community = Random(f"{self.seed} at {index}").choice(self.shown if index < SHOWN else self.communities)
        return invent(
            *(random, index, wanted), community=community, numbers=self.numbers, obstacle=obstacle, differs=differs
        )

    def _waiting(self, random: Random, index: int) -> Story:
        waiting, urgency, unsure = _DESK[index]
        kind, means = unsure or (_HARDSHIP[index % len(_HARDSHIP)][0], Means.POOR)
        refused = waiting.course.ending is Ending.REFUSED
        obstacle = (Obstacle.WAGE, Obstacle.BALANCE, Obstacle.CAR)[index % 3] if refused else None
        family = self._family(
            random, index, Wanted(kind, means, self.day), obstacle=obstacle, differs=waiting.course.differs
        )
        events = waiting_case(random, waiting, urgency, family, self.day)
        return Story(
            family,
            Part.WAITING,
            tuple(events),
            meant=None if unsure else waiting.course.ending,
            obstacle=obstacle,
            relatives=waiting.course.relatives,
            waiting=waiting,
            urgency=urgency,
        )

    def _other(self, index: int) -> Story:
        other = OTHERS[index - DESK_CASES]
        seed, wanted = other.seed(f"{self.seed} {index}", self.day), other.wanted(self.day)
        family = self._family(Random(seed), index, wanted)
        events = other.events(Random(seed), self.day, seats(Random(seed), wanted))
        return Story(family, Part.OTHERS, tuple(events))

    def _applicant(self, random: Random, index: int, within: float) -> Story:
        ending, within = _pick(within, _ENDINGS)
        came = days.after(self.start + timedelta(days=int(within * (self.day - self.start).days)), 0)
        if came > self.day:
            came = days.worked_by(self.day)
        obstacle = random.choice(_OBSTACLES) if ending is Ending.REFUSED else None
        kind, _within = _pick(random.random(), _HARDSHIP)
        family = self._family(
            *(random, index, Wanted(kind, Means.POOR, came)), obstacle=obstacle, differs=random.random() < 0.25
        )
        course = Course(
            ending,
            correction=random.random() * 100 < figures.CORRECTION_PERCENT,
            differs=bool(family.differences),
            objection=random.random() * 100 < figures.OBJECTION_PERCENT,
            relatives=random.random() * 100 < figures.RELATIVES_PERCENT,
        )
        events = running_case(random, course, family, self.day)
        return Story(family, Part.APPLICANT, tuple(events), meant=ending, obstacle=obstacle, relatives=course.relatives)

    def _on_the_books(self, random: Random, index: int, within: float) -> Story:
        leaves, within = _pick(within, ((True, _LEAVE), (False, 1.0)))
        kind, _within = _pick(random.random(), _HARDSHIP)
        family = self._family(random, index, Wanted(kind, Means.POOR, self.start))
        events = [taken_over(self.start, FAMILY_PROGRAMME)]
        on = self.start + timedelta(days=int(within * ((self.day - self.start).days - 15)))
        award: list[Award] = [(FAMILY_PROGRAMME, None)]
        if leaves and kind is Kind.LONE_ELDER:
            events += died(on, 0, award)
        elif leaves and random.random() < 0.3:
            events += moved_away(on, award)
        elif leaves:
            events += income_rose(random, family, days.after(on, 0))
        elif random.random() < 0.03:
            events.append(self._move(random, family))
        return Story(family, Part.ON_THE_BOOKS, tuple(events))

    def _elders(self, random: Random, index: int, within: float) -> Story:
        kind, _within = _pick(within, _ELDER_KINDS)
        lives = [self._long_life(random)]
        while kind is Kind.ELDER_COUPLE and len(lives) < 2:
            life = self._long_life(random)
            if abs(life[0] - lives[0][0]).days < 3_000:
                lives.append(life)
        elders = tuple(born for born, _died in lives)
        family = self._family(random, index, Wanted(kind, Means.COMFORTABLE, self.start, elders=elders))
        events: list[Event] = []
        places = [place for place, member in enumerate(family.members) if member.person.born in elders]
        for member, (born, ended) in zip(places, lives, strict=True):
            eighty = date(born.year + 80, born.month, min(born.day, 28))
            since = max(self.start, next_month(eighty))
            if self.day - timedelta(days=30 * figures.ELDERS_APPLY_SINCE_MONTHS) < eighty <= self.day:
                events += elder_applied(random, member, eighty, self.day)
            elif since <= self.day:
                events.append(taken_over(since, ELDER_PROGRAMME, member))
            if ended:
                events += died(ended, member, [(ELDER_PROGRAMME, member)])
        events += self._birth(random, family)
        return Story(family, Part.ELDERS, tuple(sorted(events, key=lambda event: event.on)))

    def _long_life(self, random: Random) -> tuple[date, date | None]:
        """When an elder was born, and died if that was in the two years."""
        dies = random.random() < _DIE
        # Who dies is older than who lives on.
        ninety = random.random() < (2.5 if dies else 1) * _NINETY
        years = 90 + min(random.expovariate(0.3), 14) if ninety else random.uniform(80, 90)
        counted = self.start if dies else self.day
        born = counted - timedelta(days=int(years * 365.2425) + 1)
        if not dies:
            return born, None
        return born, self.start + timedelta(days=random.randrange((self.day - self.start).days))

    def _ordinary(self, random: Random, index: int) -> Story:
        kind, _within = _pick(random.random(), _HARDSHIP)
        hard = kind is Kind.JOBLESS_COUPLE or random.random() < 0.3
        means = Means.NEAR if hard else Means.COMFORTABLE
        family = self._family(random, index, Wanted(kind, means, self.start))
        events = self._birth(random, family)
        chance = random.random()
        if chance < 0.02:
            events.append(self._move(random, family))
        elif chance < 0.03:
            events += moved_away(self._some_day(random), [])
        elif chance < 0.05 and kind in (Kind.LONE_ELDER, Kind.ELDER_COUPLE):
            events += died(self._some_day(random), 0, [])
        elif not events and chance < 0.05 + figures.EMERGENCY_PERCENT / 100:
            events += in_an_emergency(random, len(family.members), days.after(self._some_day(random), 0), self.day)
        return Story(family, Part.ORDINARY, tuple(sorted(events, key=lambda event: event.on)))

    def _some_day(self, random: Random) -> date:
        return self.start + timedelta(days=random.randrange((self.day - self.start).days))

    def _move(self, random: Random, family: Family) -> Event:
        to = random.choice([community for community in self.communities if community != family.community])
        return Event(self._some_day(random), Life.MOVED, community=to, address=address(random))

    def _birth(self, random: Random, family: Family) -> list[Event]:
        """Now and then a child is born where a young enough wife is in the family."""
        wives = [member for member in family.members if member.relation == "配偶"]
        if family.kind is not Kind.THREE_GENERATIONS or wives[0].person.age(self.day) > 44 or random.random() > 0.15:
            return []
        born, sex = self._some_day(random), random.choice((Sex.FEMALE, Sex.MALE))
        name = family.members[0].person.name[0] + people.given_name(random, sex)
        child = Person(name, sex, born, self.numbers.issue(born, sex), None, None)
        return [Event(born, Life.BORN, person=child, relation="子" if sex is Sex.MALE else "女")]
