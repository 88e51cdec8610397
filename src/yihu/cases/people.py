"""The people of a case: whoever lives in the family is known to other departments, and one of them applies."""

from datetime import date

from django.utils.translation import gettext as _

from yihu.cases.kinds import steps_asking_departments
from yihu.cases.procedures import Standing
from yihu.common.refusals import Refused
from yihu.households import queries as households
from yihu.households.models import ADULT_AGE, Household, Person
from yihu.policy.procedures import Closing, ClosingReason
from yihu.records_checks.enums import CheckState


def why_unchecked(standing: Standing, *, on: date) -> str:
    """Who keeps an opinion from being given, and what to do; empty once every adult consents and everybody was checked.

    Whoever joins the family later signs and is checked like the others (民发〔2021〕57号 第九条、第十五条). A child
    without an identity number is left out: nobody could find it.
    """
    steps = steps_asking_departments(standing.procedure)
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


def may_apply(household: Household, *, on: date) -> list[Person]:
    """Who of a family may apply for it: its adults, or everybody where there is none; others then act for them."""
    people = [member.person for member in households.members_on(household, on)]
    return [person for person in people if person.age_on(on) >= ADULT_AGE] or people


def require_may_apply(household: Household, person: Person, *, proxy: str, on: date) -> None:
    """Raise Refused for anybody but an adult of the family; for a child, where it has no adult, unless a proxy acts."""
    if person.pk not in {member.person_id for member in households.members_on(household, on)}:
        raise Refused(_("申请人须是共同生活的家庭成员，请从成员中选一位。"), field="applicant")
    if person not in may_apply(household, on=on):
        raise Refused(_("{name}未成年，请选一位成年的家庭成员。").format(name=person.name), field="applicant")
    if person.age_on(on) < ADULT_AGE and not proxy.strip():
        raise Refused(_("这一户没有成年人，请写明由谁代办，并交委托或者监护的证明。"), field="proxy")


def why_nobody_applies(standing: Standing, *, on: date) -> str:
    """Why nothing goes on in a case, since whoever it is about or its applicant died or left, and what to do.

    Empty while they are members. Once it is decided and nobody is left, what is still to be told is told.
    """
    case = standing.case
    members = {member.person_id for member in households.members_on(case.household, on)}
    if case.person_id is not None and case.person_id not in members:
        if standing.decision is not None:
            return ""
        return _("{name}已不是这一户的成员。请以“{reason}”结束办理。").format(
            name=case.person_name, reason=ClosingReason.NOBODY_LEFT.label
        )
    if members and (case.application is None or case.application.applicant_id in members):
        return ""
    if members:
        return _("申请人{name}已不是这一户的成员。请先变更申请人，再继续办理。").format(name=case.applicant_name)
    if standing.decision is not None:
        return ""
    return _("户 {number} 已没有共同生活的成员。请以“{reason}”结束办理。").format(
        number=case.household_number, reason=ClosingReason.NOBODY_LEFT.label
    )


def require_applicant(standing: Standing, *, on: date) -> None:
    """Raise Refused while nobody applies: letters and notices would name somebody who died or left."""
    reason = why_nobody_applies(standing, on=on)
    if reason:
        raise Refused(reason)


def closings(standing: Standing, *, on: date) -> tuple[Closing, ...]:
    """The ways in which a case may end now without a decision; where nobody is left, that is the only one.

    A case of one member is about nobody once he died or left.
    """
    members = {member.person_id for member in households.members_on(standing.case.household, on)}
    person = standing.case.person_id
    is_about_nobody = not members or (person is not None and person not in members)
    found = standing.procedure.closings_at(standing.done.keys())
    return tuple(way for way in found if (way.reason is ClosingReason.NOBODY_LEFT) is is_about_nobody)
