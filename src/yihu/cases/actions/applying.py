"""Taking an application, and changing who applies."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import because as reasoned
from yihu.cases.case import Application, Case, Occasion
from yihu.cases.claims import require_left, why_not_open
from yihu.cases.enums import Channel
from yihu.cases.opening import open_case, require_claim
from yihu.cases.people import require_may_apply
from yihu.cases.permissions import (
    require_no_conflict,
    require_running,
)
from yihu.cases.progress import locked
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person
from yihu.policy.labels import programme_of
from yihu.policy.procedures import CaseKind, Circumstance, procedure_for

# What an applicant's situation may be, as far as it can be known at the window.
KNOWN_AT_APPLICATION = (Circumstance.URGENT, Circumstance.RESIDENCE_APART, Circumstance.APPLIED_ELSEWHERE)


@transaction.atomic
def apply(
    *,
    household: Household,
    programme: str,
    applicant: Person,
    channel: Channel,
    person: Person | None = None,
    occasion: Occasion | None = None,
    proxy: str = "",
    circumstances: Collection[Circumstance] = (),
    by: Actor,
    on: date,
) -> Case:
    """Take an application for one programme; from here on the first who was asked answers for it.

    ``person`` is the member for whom a person's programme is asked for, ``occasion`` what happened, which a programme
    asks for that helps once for each. Raises Refused where one is running already or
    what is asked for is there, the programme is not applied for, the applicant is no adult of the family, nobody acts
    for children who are alone, or no procedure holds on that day.
    """
    by.require(Capability.TAKE_APPLICATIONS, _("接收申请"))
    by.require_area(household.division_id)
    require_no_conflict(household, by, on=on)
    if household.closed_on is not None:
        raise Refused(_("这一户已于 {day} 销档，不能申请。").format(day=household.closed_on))
    closed = why_not_open(programme, division=household.division_id, on=on)
    if closed:
        raise Refused(closed, field="programme")
    require_claim(household, programme, person, on=on)
    require_may_apply(household, applicant, proxy=proxy, on=on)
    procedure = procedure_for(programme, on, division=household.division_id)
    require_left(household, programme_of(programme, household.division_id), person, procedure, occasion=occasion, on=on)
    known = {each for each in circumstances if each in KNOWN_AT_APPLICATION} & procedure.matters
    if proxy.strip():
        known.add(Circumstance.APPLIED_BY_OTHER)
    application = Application.objects.create(
        household=household,
        programme=programme,
        applicant=applicant,
        proxy=proxy.strip(),
        channel=channel,
        applied_on=on,
        taken_by_id=by.person,
    )
    return open_case(
        CaseKind.APPLICATION,
        procedure,
        household=household,
        programme=programme,
        person=person,
        addressee=applicant.name,
        application=application,
        occasion=occasion,
        circumstances=known,
        on=on,
    )


@transaction.atomic
def change_applicant(*, case: Case, applicant: Person, proxy: str = "", because: str, by: Actor, on: date) -> Case:
    """Another member applies from now on, as when whoever did has died or left (民发〔2021〕57号 第四条).

    Raises Refused for the same person, for who may not apply, and without a reason.
    """
    by.require(Capability.CHANGE_APPLICANTS, _("变更申请人"))
    standing = locked(case)
    changed, application = standing.case, standing.case.application
    require_running(changed)
    if application is None:
        raise Refused(_("这件案子不是申请，没有申请人可以变更。"))
    by.require_area(changed.division_id)
    require_no_conflict(changed.household, by, on=on)
    if applicant.pk == application.applicant_id:
        raise Refused(_("{name}已是申请人，请另选一位。").format(name=applicant.name), field="applicant")
    require_may_apply(changed.household, applicant, proxy=proxy, on=on)
    if not because.strip():
        raise Refused(_("请写明为什么变更申请人。"), field="because")
    application.applicant, application.proxy = applicant, proxy.strip()
    words = set(changed.circumstances) - {Circumstance.APPLIED_BY_OTHER}
    changed.circumstances = sorted(words | ({Circumstance.APPLIED_BY_OTHER} if proxy.strip() else set()))
    changed.applicant_name = applicant.name
    with reasoned(because.strip()):
        application.save()
        changed.save()
    return changed
