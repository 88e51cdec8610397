"""The people of a case: whoever lives in the family is known to other departments, and one of them applies."""

from datetime import date

from django.utils.translation import gettext as _

from yihu.cases.procedures import Standing
from yihu.households import queries as households
from yihu.households.models import ADULT_AGE
from yihu.policy.procedures import StepKind
from yihu.records_checks.enums import CheckState


def why_unchecked(standing: Standing, *, on: date) -> str:
    """Who keeps an opinion from being given, and what to do; empty once every adult consents and everybody was checked.

    Whoever joins the family later signs and is checked like the others (民发〔2021〕57号 第九条、第十五条). A child
    without an identity number is left out: nobody could find it.
    """
    steps = standing.procedure.of_kind(StepKind.RECORDS_CHECK)
    if not steps:
        return ""
    household = standing.case.household
    silent = "、".join(person.name for person in households.adults_without_consent(household, on))
    if silent:
        return _(
            "{names}没有有效的核对授权。请本人签署授权书，在家庭档案登记；没有核对过的，还要退回“{step}”再次提请。"
        ).format(names=silent, step=steps[0].label)
    asked = {
        person
        for link in standing.case.checks.exclude(records_check__state=CheckState.CANCELLED).select_related(
            "records_check"
        )
        for person in link.records_check.people
    }
    missed = "、".join(
        member.person.name
        for member in households.members_on(household, on)
        if member.person_id not in asked
        and (member.person.identity_number is not None or member.person.age_on(on) >= ADULT_AGE)
    )
    if missed:
        return _("{names}还没有核对过。请退回“{step}”，再次提请核对后重新办理。").format(
            names=missed, step=steps[0].label
        )
    return ""
