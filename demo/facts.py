"""What a family says of itself and what departments answer, in the notation of files (`inputs.yaml`).

Every fact is given but one: whether an emergency was confirmed, which only staff can say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from random import Random

from demo.figures import FACTS
from demo.people import age
from demo.shapes import Living, Means, Seat

DISTRICT = "110102"
_ELSEWHERE = ("110101", "110106", "110114", "130683", "131082")

_PER_HEAD = {Means.POOR: (0, 1_100), Means.NEAR: (1_560, 2_250), Means.COMFORTABLE: (2_800, 6_500)}
"""Yuan a month. The gaps keep clear of the line, so that a family stays on its side when the line moves a little."""
_SAVINGS_PER_HEAD = {Means.POOR: (0, 9_000), Means.NEAR: (0, 40_000), Means.COMFORTABLE: (5_000, 300_000)}
_STAGES = ((3, "不在学"), (6, "学前教育"), (12, "小学"), (15, "初中"), (18, "高中或中职"), (99, "专科或本科"))
_TUITION = {"学前教育": 9_000, "专科或本科": 5_500}

Facts = dict[str, str]


class Department(Enum):
    """Who answers a records check."""

    SOCIAL_INSURANCE = "社会保险"
    BANKS = "银行存款"
    VEHICLES = "车辆登记"
    PROVIDENT_FUND = "住房公积金"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a department answers where the family said something else. ``member`` None: a fact of the household.

    ``stands`` says whose value holds in the end: the department's, or the family's, who brought evidence.
    """

    member: int | None
    name: str
    declared: str
    received: str
    department: Department
    stands: bool
    explanation: str


class Obstacle(Enum):
    """Why a family that applies cannot be granted: found by a check, or plain from what it says."""

    WAGE = "社保查到未报的工资"
    PENSION = "社保查到未报的养老金"
    BALANCE = "存款余额高于申报并超过限额"
    CAR = "名下有机动车"
    OVER_LINE = "家庭人均收入高于标准"


def household(random: Random, means: Means, size: int) -> Facts:
    """The facts of the whole family; money in yuan."""
    low, high = _SAVINGS_PER_HEAD[means]
    poor, rich = means is Means.POOR, means is Means.COMFORTABLE
    homes = 2 if rich and random.random() < 0.08 else int(random.random() < (0.7 if poor else 0.9))
    return {
        "monetary_assets": str(random.randrange(low, high) * size // 100 * 100),
        "homes": str(homes),
        "floor_area_m2": f"{homes * (random.randint(120, 420 if poor else 850)) / 10:.1f}",
        "non_residential": "0",
        "cars": str(int(rich and random.random() < 0.25)),
        # What they get from here the house itself knows; from others they say to get nothing.
        "current_awards": "无",
        FACTS["pays_for_warmth"]: "是" if random.random() < 0.95 else "否",
        FACTS["need_in_an_emergency"]: "0",
    }


def members(random: Random, means: Means, seats: Sequence[Seat], on: date) -> list[Facts]:
    """The facts of each member; money in yuan, a month, but for a year where the fact says so."""
    incomes = _incomes(random, means, seats)
    return [_member(random, means, seat, incomes[place], on) for place, seat in enumerate(seats)]


def _member(random: Random, means: Means, seat: Seat, income: Mapping[str, int], on: date) -> Facts:
    years = age(seat.born, on)
    stage = next(label for below, label in _STAGES if years < below) if seat.living is Living.SCHOOL else "不在学"
    spent = random.randrange(8_000, 60_000) if seat.seriously_ill else random.randrange(1_500, 9_000)
    elsewhere = means is not Means.POOR and seat.relation in ("配偶", "儿媳") and random.random() < 0.06
    return {
        "birth_date": seat.born.isoformat(),
        "relation": seat.relation,
        "hukou": random.choice(_ELSEWHERE) if elsewhere and years < 75 else DISTRICT,
        "counted_member": "是",
        **{name: str(income.get(name, 0)) for name in ("wage", "business_income", "property_income", "pension")},
        "resident_basic_pension": "0",
        "transfer_income": str(income.get("transfer_income", 0)),
        "employed": "是" if income.get("wage") or income.get("business_income") else "否",
        "disabilities": seat.disability or "无",
        "serious_illness": "是" if seat.seriously_ill else "否",
        "medical_self_paid": str(spent // 100 * 100 if seat.often_ill or seat.seriously_ill else 0),
        "care_grade": random.choice(("1", "1", "2", "3")) if years >= 88 else "0",
        "school_stage": stage,
        FACTS["is_a_fresher"]: "否",
        FACTS["fees_of_a_student"]: str(_TUITION.get(stage, 0)),
    }


def _incomes(random: Random, means: Means, seats: Sequence[Seat]) -> list[dict[str, int]]:
    """Who brings what: the family's income shared among those who work or draw a pension, the rest given by kin."""
    low, high = _PER_HEAD[means]
    left = random.randrange(low, high) * len(seats) // 10 * 10
    if means is Means.POOR and random.random() < 0.15:
        left = 0
    found: list[dict[str, int]] = [{} for _ in seats]
    earners = [place for place, seat in enumerate(seats) if seat.living in (Living.WORK, Living.PENSION)]
    for nth, place in enumerate(earners):
        later = len(earners) - nth - 1
        share = left * random.randint(45, 60) // 100 if later else left
        if means is Means.POOR:
            share = share * random.randint(60, 95) // 100
        share = share // 10 * 10
        if seats[place].living is Living.PENSION:
            found[place]["pension"] = share
        else:
            found[place]["business_income" if random.random() < 0.2 else "wage"] = share
        left -= share
    if left:
        found[0]["transfer_income"] = left
    return found


def harmless(random: Random, declared: Facts, persons: Sequence[Facts]) -> Difference:
    """A difference that changes what is paid at most, and not whether."""
    kind = random.randrange(3)
    size = len(persons)
    if kind == 0:
        more = int(declared["monetary_assets"]) + random.randrange(10, 120) * 100
        return Difference(
            *(None, "monetary_assets", declared["monetary_assets"], str(more), Department.BANKS),
            *(True, "有一张不常用的存折没有报"),
        )
    place = _adult_with_least(persons)
    own = persons[place]
    if kind == 1:
        more = int(own["transfer_income"]) + random.randrange(5, 11) * 10 * size
        return Difference(
            *(place, "transfer_income", own["transfer_income"], str(more), Department.SOCIAL_INSURANCE),
            *(True, "每月的遗属补助没有报"),
        )
    old = int(own["wage"]) + random.randrange(260, 420) * 10
    return Difference(
        *(place, "wage", own["wage"], str(old), Department.SOCIAL_INSURANCE),
        *(False, "原单位已离职，社保尚未减员；家庭提供了解除劳动合同证明"),
    )


def hindering(random: Random, obstacle: Obstacle, declared: Facts, persons: Sequence[Facts]) -> Difference | None:
    """The difference by which a family fails; None where it fails by what it says itself, which is put in place."""
    size = len(persons)
    over = random.randrange(165, 260) * 10 * size
    place = _adult_with_least(persons)
    match obstacle:
        case Obstacle.WAGE | Obstacle.PENSION:
            name = "wage" if obstacle is Obstacle.WAGE else "pension"
            return Difference(
                *(place, name, persons[place][name], str(over), Department.SOCIAL_INSURANCE, True, obstacle.value)
            )
        case Obstacle.BALANCE:
            found = str(random.randrange(700, 1_900) * 100 * size)
            return Difference(
                None, "monetary_assets", declared["monetary_assets"], found, Department.BANKS, True, obstacle.value
            )
        case Obstacle.CAR:
            return Difference(None, "cars", declared["cars"], "1", Department.VEHICLES, True, obstacle.value)
        case Obstacle.OVER_LINE:
            persons[place]["wage"] = str(over)
            persons[place]["employed"] = "是"
            return None


def _adult_with_least(persons: Sequence[Facts]) -> int:
    """Which member a found income belongs to: the youngest adult out of school."""
    grown = [place for place, own in enumerate(persons) if own["school_stage"] == "不在学"]
    return max(grown, key=lambda place: persons[place]["birth_date"])
