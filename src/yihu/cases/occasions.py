"""What happened to a family, as it is told where the same may bring help only once."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from yihu.cases.case import Occasion
from yihu.cases.enums import OccasionKind
from yihu.common.refusals import Refused
from yihu.households.models import Household

LONGEST_WHAT = 200


def occasions_of(household: Household, *, on: date) -> list[Occasion]:
    """What happened to a family, or was asked for because of it, within the last twelve months, latest first."""
    since = _year_before(on)
    found = household.occasions.filter(Q(on__gt=since) | Q(cases__opened_on__gt=since), on__lte=on)
    return list(found.distinct().order_by("-on", "-id"))


def tell_occasion(household: Household, *, kind: OccasionKind, happened_on: date, what: str, on: date) -> Occasion:
    """Write down what happened. Raises Refused for a day to come, without words, and for what was told already."""
    if happened_on > on:
        raise Refused(_("发生日期 {day} 还没有到。").format(day=happened_on), field="happened_on")
    if not what.strip():
        raise Refused(_("请写明发生了什么。"), field="what")
    for known in occasions_of(household, on=on):
        if (known.kind, known.on) == (kind, happened_on):
            raise Refused(_("“{occasion}”已经登记过，请从列表里选。").format(occasion=known), field="occasion")
    return Occasion.objects.create(
        household=household, kind=kind, on=happened_on, told_on=on, what=what.strip()[:LONGEST_WHAT]
    )


def require_occasion(household: Household, occasion: Occasion | None, title: str, *, on: date) -> Occasion:
    """What an application is made for. Raises Refused without it, and for what was over more than a year ago."""
    if occasion is None:
        raise Refused(_("申请{title}须写明发生了什么、哪一天。").format(title=title), field="occasion")
    if occasion.pk not in {each.pk for each in occasions_of(household, on=on)}:
        raise Refused(
            _("“{occasion}”不是这一户最近一年的事由，请另行登记。").format(occasion=occasion), field="occasion"
        )
    return occasion


def _year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
