"""Who lives together, as one meets them in an old inner district: each kind of family as a few seats to be filled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from random import Random

from demo.people import Sex, age


class Kind(Enum):
    """The kinds of families."""

    LONE_ELDER = "独居老人"
    ELDER_COUPLE = "老两口"
    DISABLED_WITH_PARENT = "残疾人与父母"
    LONE_PARENT = "单亲带孩子"
    JOBLESS_COUPLE = "失业夫妇与学生"
    SICK_MEMBER = "久病成员"
    GRANDPARENTS = "祖辈带孙辈"
    THREE_GENERATIONS = "三代同住"
    WITH_VERY_OLD = "有高龄老人的普通家庭"


class Means(Enum):
    """How a family stands: under the lines, between them, or above."""

    POOR = "困难"
    NEAR = "接近"
    COMFORTABLE = "宽裕"


class Living(Enum):
    """What somebody lives on."""

    WORK = "工作"
    PENSION = "养老金"
    NOTHING = "没有收入"
    SCHOOL = "上学"


@dataclass(frozen=True, slots=True)
class Seat:
    """One place in a family before somebody is invented for it; ``relation`` is a label of GB/T 4761."""

    relation: str
    sex: Sex
    born: date
    living: Living
    disability: str = ""
    seriously_ill: bool = False
    often_ill: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What kind of family is wanted, its ages counted on a day. ``elders`` are the birth dates of the elders in it,
    where they matter; the rest are chosen."""

    kind: Kind
    means: Means
    on: date
    elders: tuple[date, ...] = ()


def seats(random: Random, wanted: Wanted) -> list[Seat]:
    """The seats of a family, its head first.

    A poor family never has what leaves its amount open under the rules as they are known: a severely disabled or
    seriously ill member, or one adult alone with children. The others may.
    """
    return _KINDS[wanted.kind](random, wanted)


def birthday(random: Random, on: date, low: int, high: int) -> date:
    """A birth date of somebody between two ages on a day, both included."""
    latest = _years_before(on, low)
    earliest = _years_before(on, high + 1) + timedelta(days=1)
    return earliest + timedelta(days=random.randrange((latest - earliest).days + 1))


def _years_before(on: date, years: int) -> date:
    # 28 February for the 29th: one day younger is as good.
    return date(on.year - years, on.month, min(on.day, 28))


def _either(random: Random) -> Sex:
    return random.choice((Sex.FEMALE, Sex.MALE))


def _elder(
    random: Random, wanted: Wanted, relation: str, sex: Sex, *, low: int = 62, high: int = 76, place: int = 0
) -> Seat:
    """Somebody past work; a poor one has no pension of an employee."""
    living = Living.NOTHING if wanted.means is Means.POOR else Living.PENSION
    born = wanted.elders[place] if place < len(wanted.elders) else birthday(random, wanted.on, low, high)
    return Seat(relation, sex, born, living, often_ill=random.random() < 0.3)


def _adult(random: Random, wanted: Wanted, relation: str, sex: Sex, low: int, high: int) -> Seat:
    """Somebody of working age; a head who is not poor has work."""
    born = birthday(random, wanted.on, low, high)
    poor = wanted.means is Means.POOR
    at_work = random.random() < (0.35 if poor else 1 if relation == "户主" else 0.7)
    living = Living.WORK if at_work else Living.NOTHING
    if age(born, wanted.on) >= 60 and not poor:
        living = Living.PENSION
    return Seat(relation, sex, born, living)


def _spouse(random: Random, wanted: Wanted, of: Seat) -> Seat:
    years = age(of.born, wanted.on)
    return _adult(random, wanted, "配偶", Sex.FEMALE, years - 4, years)


def _child(random: Random, wanted: Wanted, low: int, high: int, labels: tuple[str, str] = ("子", "女")) -> Seat:
    sex = _either(random)
    relation = labels[0] if sex is Sex.MALE else labels[1]
    return Seat(relation, sex, birthday(random, wanted.on, low, high), Living.SCHOOL)


def _lone_elder(random: Random, wanted: Wanted) -> list[Seat]:
    return [_elder(random, wanted, "户主", _either(random))]


def _elder_couple(random: Random, wanted: Wanted) -> list[Seat]:
    husband = _elder(random, wanted, "户主", Sex.MALE, low=65)
    years = age(husband.born, wanted.on)
    return [husband, _elder(random, wanted, "配偶", Sex.FEMALE, low=years - 4, high=min(years + 1, 76), place=1)]


def _disabled_with_parent(random: Random, wanted: Wanted) -> list[Seat]:
    mild, severe = ("4:3", "4:4", "2:3", "1:3", "5:4"), ("4:1", "4:2", "5:2", "6:2", "1:1")
    of = mild if wanted.means is Means.POOR or random.random() < 0.4 else severe
    parent = _elder(random, wanted, "户主", _either(random), low=58, high=74)
    family = [parent]
    if random.random() < 0.5:
        years = age(parent.born, wanted.on)
        other = Sex.MALE if parent.sex is Sex.FEMALE else Sex.FEMALE
        family.append(_elder(random, wanted, "配偶", other, low=years - 2, high=years))
    sex, years = _either(random), _child_of(random, wanted, family[-1], low=22)
    own = birthday(random, wanted.on, years, years)
    family.append(Seat("子" if sex is Sex.MALE else "女", sex, own, Living.NOTHING, disability=random.choice(of)))
    return family


def _lone_parent(random: Random, wanted: Wanted) -> list[Seat]:
    head = _adult(random, wanted, "户主", Sex.FEMALE if random.random() < 0.75 else Sex.MALE, 36, 46)
    family = [head, *(_child(random, wanted, 4, 14) for _ in range(random.choice((1, 1, 1, 2))))]
    if wanted.means is Means.POOR:
        years = age(head.born, wanted.on)
        family.append(_elder(random, wanted, "母亲", Sex.FEMALE, low=years + 22, high=years + 29))
    return family


def _jobless_couple(random: Random, wanted: Wanted) -> list[Seat]:
    husband = _adult(random, wanted, "户主", Sex.MALE, 44, 56)
    wife = _spouse(random, wanted, husband)
    return [husband, wife, _child(random, wanted, 11, 20)]


def _sick_member(random: Random, wanted: Wanted) -> list[Seat]:
    head = _adult(random, wanted, "户主", Sex.MALE, 44, 58)
    serious = wanted.means is Means.NEAR or (wanted.means is Means.COMFORTABLE and random.random() < 0.5)
    sick = replace(_spouse(random, wanted, head), living=Living.NOTHING, seriously_ill=serious, often_ill=True)
    children = [_child(random, wanted, 9, 20)] if random.random() < 0.5 else []
    return [head, sick, *children]


def _grandparents(random: Random, wanted: Wanted) -> list[Seat]:
    return [*_elder_couple(random, wanted), _child(random, wanted, 5, 15, ("孙子", "孙女"))]


def _three_generations(random: Random, wanted: Wanted) -> list[Seat]:
    elder = _elder(random, wanted, "母亲", Sex.FEMALE, low=64, high=76)
    years = _child_of(random, wanted, elder, low=35)
    head = _adult(random, wanted, "户主", Sex.MALE, years, years)
    return [head, _spouse(random, wanted, head), _child(random, wanted, 5, min(18, years - 25)), elder]


def _with_very_old(random: Random, wanted: Wanted) -> list[Seat]:
    sex = _either(random)
    elder = _elder(random, wanted, "父亲" if sex is Sex.MALE else "母亲", sex, low=80, high=89)
    years = _child_of(random, wanted, elder, low=48)
    head = _adult(random, wanted, "户主", Sex.MALE, years, years)
    return [head, _spouse(random, wanted, head), elder]


def _child_of(random: Random, wanted: Wanted, elder: Seat, *, low: int) -> int:
    """The age of somebody whose mother or father is in the family."""
    return max(low, age(elder.born, wanted.on) - random.randint(23, 36))


_KINDS: Mapping[Kind, Callable[[Random, Wanted], list[Seat]]] = {
    Kind.LONE_ELDER: _lone_elder,
    Kind.ELDER_COUPLE: _elder_couple,
    Kind.DISABLED_WITH_PARENT: _disabled_with_parent,
    Kind.LONE_PARENT: _lone_parent,
    Kind.JOBLESS_COUPLE: _jobless_couple,
    Kind.SICK_MEMBER: _sick_member,
    Kind.GRANDPARENTS: _grandparents,
    Kind.THREE_GENERATIONS: _three_generations,
    Kind.WITH_VERY_OLD: _with_very_old,
}
