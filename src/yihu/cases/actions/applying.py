"""From the request to its admission."""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.scope import because as reasoned
from yihu.awards import queries as awards
from yihu.cases import letters
from yihu.cases.actions.progress import finish, locked, move_on
from yihu.cases.enums import CaseState, Channel
from yihu.cases.models import Application, Case, CorrectionRequest
from yihu.cases.people import require_may_apply
from yihu.cases.permissions import (
    MAY_CHANGE_APPLICANT,
    MAY_TAKE_APPLICATIONS,
    require_may_do,
    require_no_conflict,
    require_running,
)
from yihu.cases.procedures import Standing, procedure_for
from yihu.cases.queries import papers_of
from yihu.common import numbers
from yihu.common.calendar import working_days
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person
from yihu.policy.labels import programme_title
from yihu.policy.procedures import Circumstance, NoProcedure, StepKind

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
    by.require_post(MAY_TAKE_APPLICATIONS, _("接收申请"))
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
    by.require_post(MAY_CHANGE_APPLICANT, _("变更申请人"))
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


@transaction.atomic
def ask_correction(*, case: Case, missing: Collection[str], note: str = "", by: Actor, on: date) -> CorrectionRequest:
    """Name everything that is missing, once and in writing (民发〔2021〕57号 第十条).

    ``missing`` are keys of the procedure's papers. Raises Refused if it was done before, if nothing is missing, or for
    a paper that may not be asked for.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_may_do(standing, standing.procedure.first.name, by, on=on)
    if hasattr(standing.case, "correction"):
        raise Refused(_("补正已经一次性告知过，不能再次要求补充材料；材料仍不齐的，请联系申请人或者按现有材料办理。"))
    asked = {paper.key: paper for paper in standing.procedure.asked_papers(standing.circumstances)}
    strange = [key for key in missing if key not in asked]
    if strange:
        raise Refused(_("这些材料不得要求申请人提供：{papers}。").format(papers="、".join(strange)), field="missing")
    if not missing:
        raise Refused(_("没有选缺少的材料；材料齐全的请直接受理。"), field="missing")
    request = CorrectionRequest.objects.create(
        case=standing.case, missing=sorted(missing), asked_on=on, asked_by_id=by.person
    )
    row.note = note
    row.save()
    letters.missing_papers(standing, [asked[key].label for key in sorted(missing)], note=note, by=by, on=on)
    return request


@transaction.atomic
def admit(*, case: Case, by: Actor, on: date) -> Standing:
    """Admit an application whose papers are all there; the clocks begin. Raises Refused naming what is missing."""
    standing = locked(case)
    require_running(standing.case)
    row = require_may_do(standing, standing.procedure.first.name, by, on=on)
    assert row.kind == StepKind.ADMISSION
    lacking = [paper.label for paper in papers_of(standing, on=on) if not paper.present]
    if lacking:
        raise Refused(_("还缺：{papers}。请补齐后受理，或者一次性告知申请人补正。").format(papers="、".join(lacking)))
    admitted = standing.case
    admitted.state, admitted.admitted_on = CaseState.OPEN, on
    total = standing.procedure.total_days()
    if total is not None:
        deadline = working_days().add(on, total)
        admitted.due_on, admitted.due_is_provisional = deadline.date, deadline.provisional
    admitted.save()
    CorrectionRequest.objects.filter(case=admitted, met_on__isnull=True).update(met_on=on)
    row.case = admitted
    after = finish(row, by=by, on=on, note=row.note)
    letters.acceptance(after, by=by, on=on)
    return after
