"""Taking an application, and changing who applies."""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import because as reasoned
from yihu.awards import queries as awards
from yihu.cases.case import Application, Case
from yihu.cases.enums import Channel
from yihu.cases.people import require_may_apply
from yihu.cases.permissions import (
    require_no_conflict,
    require_running,
)
from yihu.cases.progress import locked, move_on
from yihu.common import numbers
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person
from yihu.policy.labels import programme_title
from yihu.policy.procedures import Circumstance, NoProcedure, procedure_for

# What an applicant's situation may be, as far as it can be known at the window.
KNOWN_AT_APPLICATION = (Circumstance.RESIDENCE_APART, Circumstance.APPLIED_ELSEWHERE)


@transaction.atomic
def apply(
    *,
    household: Household,
    programme: str,
    applicant: Person,
    channel: Channel,
    proxy: str = "",
    circumstances: Collection[Circumstance] = (),
    by: Actor,
    on: date,
) -> Case:
    """Take an application; from here on the first who was asked answers for it.

    Raises Refused where one is running already, the applicant is no adult of the family, nobody acts for children who
    are alone, or no procedure holds on that day.
    """
    by.require(Capability.TAKE_APPLICATIONS, _("接收申请"))
    by.require_area(household.division_id)
    require_no_conflict(household, by, on=on)
    if household.closed_on is not None:
        raise Refused(_("这一户已于 {day} 销档，不能申请。").format(day=household.closed_on))
    require_may_apply(household, applicant, proxy=proxy, on=on)
    try:
        procedure = procedure_for(programme, on)
    except NoProcedure as missing:
        raise Refused(str(missing), field="programme") from None
    # What is paid until then was ended already, and this application is for what comes after.
    if awards.has_from(household.pk, programme, month=procedure.award_from(on)):
        raise Refused(
            _("这一户已在享受{title}。情况有变化的，请登记变化，不用重新申请。").format(
                title=programme_title(programme)
            ),
            field="programme",
        )
    known = {each for each in circumstances if each in KNOWN_AT_APPLICATION}
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
    street = household.division_id[:9]
    (serial,) = numbers.take(f"case {street} {on.year}")
    try:
        with transaction.atomic():
            case = Case.objects.create(
                number=f"{settings.REGISTER_PREFIX}{on.year}-{street[-3:]}-{serial:04d}",
                application=application,
                household=household,
                household_number=household.number,
                applicant_name=applicant.name,
                programme=programme,
                division_id=household.division_id,
                procedure=str(procedure.key),
                opened_on=on,
                circumstances=sorted(known),
            )
    except IntegrityError:
        raise Refused(_("这一户的这个项目已有一件正在办理，请到家庭档案里查看。"), field="programme") from None
    move_on(case, on=on)
    return case


@transaction.atomic
def change_applicant(*, case: Case, applicant: Person, proxy: str = "", because: str, by: Actor, on: date) -> Case:
    """Another member applies from now on, as when whoever did has died or left (民发〔2021〕57号 第四条).

    Raises Refused for the same person, for who may not apply, and without a reason.
    """
    by.require(Capability.CHANGE_APPLICANTS, _("变更申请人"))
    standing = locked(case)
    changed, application = standing.case, standing.case.application
    require_running(changed)
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
