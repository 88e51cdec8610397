"""What a case claims: under which key, and whether it can still be had."""

from datetime import date

from django.utils.translation import gettext as _

from yihu.awards import queries as awards
from yihu.awards.periods import name_of
from yihu.cases.case import Occasion
from yihu.cases.occasions import require_occasion
from yihu.cases.procedures import Standing
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person
from yihu.policy.labels import ProgrammeLabel, programme_of, programmes
from yihu.policy.procedures import NoProcedure, Procedure, procedure_for
from yihu.policy.words import LimitSpan, ProgrammeKind

# What runs on until it is stopped; of it there is one at a time.
LASTING = (ProgrammeKind.STATUS, ProgrammeKind.MONTH)


def key_of_claim(standing: Standing, *, start: date) -> str:
    """The key of what is granted from ``start`` on. Raises Refused where the limit is reached or it is granted."""
    case = standing.case
    label = programme_of(case.programme, case.division_id)
    happened = case.occasion.key if case.occasion else case.number
    key_of_once = happened if label.kind is ProgrammeKind.ONCE else ""
    return _key(case.household, label, case.person, key_of_once=key_of_once, occasion=case.occasion, start=start)


def why_not_open(programme: str, *, division: str, on: date) -> str:
    """Why nobody can apply for a programme on a day where a division lies, in a sentence; empty where one can."""
    label = next((each for each in programmes(division) if each.name == programme), None)
    if label is None:
        return _("这里没有“{programme}”这个项目，不能申请。").format(programme=programme)
    if not label.in_force(on):
        return _("{title}在 {day} 没有施行，不能申请。").format(title=label.title, day=on)
    if not label.needs_application:
        return _("{title}不用申请，符合条件的由街道直接办理。").format(title=label.title)
    try:
        procedure_for(programme, on, division=division)
    except NoProcedure as missing:
        return str(missing)
    return ""


def open_to_application(division: str, *, on: date) -> list[ProgrammeLabel]:
    """The programmes that can be applied for on a day where a division lies."""
    return [each for each in programmes(division) if not why_not_open(each.name, division=division, on=on)]


def require_left(
    household: Household,
    label: ProgrammeLabel,
    person: Person | None,
    procedure: Procedure,
    *,
    occasion: Occasion | None = None,
    on: date,
) -> None:
    """Raise Refused where what is asked for is there already, or was had as often as the programme allows."""
    if label.is_for_an_occasion:
        occasion = require_occasion(household, occasion, label.title, on=on)
    start = procedure.award_from(on, asked_on=on)
    whose = person or _("这一户")
    # What is paid until the award would begin was ended already, and this application is for what comes after.
    if label.kind in LASTING and awards.has_from(
        household.pk, label.name, month=start, person_id=person.pk if person else None
    ):
        raise Refused(
            _("{whose}已在享受{title}。情况有变化的，请登记变化，不用重新申请。").format(
                whose=whose, title=label.title
            ),
            field="programme",
        )
    key_of_once = occasion.key if label.is_for_an_occasion and occasion else ""
    _key(household, label, person, key_of_once=key_of_once, occasion=occasion, start=start)


def _key(
    household: Household,
    label: ProgrammeLabel,
    person: Person | None,
    *,
    key_of_once: str,
    occasion: Occasion | None,
    start: date,
) -> str:
    keys = awards.keys_left(
        household, label.name, on=start, person_id=person.pk if person else None, occasion=key_of_once
    )
    if keys:
        return keys[0]
    whose = person or _("这一户")
    if label.is_for_an_occasion:
        raise Refused(
            _("同一事由一年内不得重复申请{title}：因“{occasion}”，{whose}已经救助过。").format(
                title=label.title, occasion=occasion, whose=whose
            ),
            field="occasion",
        )
    if label.limit is None:
        raise Refused(
            _("{named} 的{title}，{whose}已经有了，不用再申请。").format(
                named=name_of(label, start), title=label.title, whose=whose
            ),
            field="programme",
        )
    raise Refused(
        _("{title}{per}最多 {times} 次，{whose}已经都享受过。").format(
            title=label.title,
            per=_("每年") if label.limit.per is LimitSpan.YEAR else _("一生"),
            times=label.limit.times,
            whose=whose,
        ),
        field="programme",
    )
