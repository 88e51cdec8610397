"""Finding out how the family really lives: records, visits, neighbours."""

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.cases.actions.progress import begin, finish, locked
from yihu.cases.enums import VisitBy
from yihu.cases.models import Case, CaseCheck, CommunityAppraisal, HomeVisit
from yihu.cases.permissions import MAY_GO_ALONG, names_of, relatives_in, require_running, require_step
from yihu.cases.procedures import Standing
from yihu.common.refusals import Refused
from yihu.documents.models import Document
from yihu.households import queries as households
from yihu.organisations.models import StaffMember
from yihu.organisations.queries import colleagues
from yihu.policy.procedures import Circumstance, StepKind
from yihu.records_checks import actions as records_checks
from yihu.records_checks.enums import CheckState
from yihu.records_checks.models import RecordsCheck


@transaction.atomic
def ask_records(
    *, case: Case, step: str, sources: Collection[str] = (), note: str = "", by: Actor, on: date
) -> RecordsCheck:
    """Ask other departments, for the first time or again after the family brought evidence (第十八条).

    ``sources`` empty asks all. Raises Refused while an earlier round still waits for answers.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.RECORDS_CHECK, by, on=on)
    if standing.case.checks.filter(records_check__state=CheckState.OPEN).exists():
        raise Refused(_("上一次核对还没有全部答复；请等答复，或者先注明哪些来源不能答复。"))
    members = households.members_on(standing.case.household, on)
    check = records_checks.ask(
        household=standing.case.household,
        people=[member.person for member in members],
        subject=standing.case.number,
        sources=sources,
        note=note,
        by=by,
        on=on,
    )
    CaseCheck.objects.create(case=standing.case, records_check=check, step=row)
    begin(standing, row, on=on)
    return check


@transaction.atomic
def end_check(*, case: Case, step: str, note: str = "", by: Actor, on: date) -> Standing:
    """The records check is done: every source has answered or was given up with its reason."""
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.RECORDS_CHECK, by, on=on)
    rounds = [link.records_check for link in row.checks.select_related("records_check").order_by("id")]
    if not rounds:
        raise Refused(_("还没有提请核对。请先提请。"))
    if any(check.state == CheckState.OPEN for check in rounds):
        raise Refused(_("还有来源没有答复；请等答复，或者先注明哪些来源不能答复。"))
    if rounds[-1].state == CheckState.CANCELLED:
        raise Refused(_("有成员撤回了授权，核对没有问完。请补签授权书后再次提请。"))
    return finish(row, by=by, on=on, note=note)


@transaction.atomic
def record_visit(
    *,
    case: Case,
    step: str,
    visited_on: date,
    visitors: Sequence[StaffMember],
    findings: str,
    signed_by: str,
    neighbours: str = "",
    contactless: str = "",
    document: Document | None = None,
    by: Actor,
    on: date,
) -> Standing:
    """Two people were at the family's home; a member who was there signed (第十六条).

    Raises Refused for fewer than two, for whoever does not go along or is a relative or barred from the step, for a day
    before the case or after today, and without findings or signature. Asked for again, it is made after that.
    """
    standing = locked(case)
    require_running(standing.case)
    kinds = (StepKind.HOME_VISIT, StepKind.DISTRICT_VISIT)
    row = require_step(standing, step, kinds, by, on=on)
    people = {person.pk: person for person in visitors}
    least = max(standing.procedure.steps[step].people, 2)
    if len(people) < least:
        raise Refused(_("入户调查每组不得少于 {least} 人，请再选一位。").format(least=least), field="visitors")
    if by.staff not in people:
        raise Refused(_("登记人须是入户调查人员之一。"), field="visitors")
    barred = standing.who_did(standing.procedure.steps[step].not_by)
    may_go = {held.staff_id for held in colleagues(standing.case.division_id, posts=MAY_GO_ALONG, on=on)}
    conflicted = {relative.staff_id for relative in relatives_in(standing.case.household, on=on)}
    for person in people.values():
        if person.pk not in may_go:
            raise Refused(
                _("{name}的岗位不参加这里的入户，请选{posts}。").format(name=person.name, posts=names_of(MAY_GO_ALONG)),
                field="visitors",
            )
        if person.pk in barred:
            raise Refused(_("{name}办过前面的步骤，不能参加这次入户。").format(name=person.name), field="visitors")
        if person.pk in conflicted:
            raise Refused(_("{name}与这一户有近亲属关系，应当回避。").format(name=person.name), field="visitors")
    first = standing.case.admitted_on or standing.case.opened_on
    if any(each.kind in kinds and each.pk != row.pk for each in standing.rows):
        first = row.opened_on
    if not first <= visited_on <= on:
        raise Refused(_("入户日期须在 {first} 到 {last} 之间。").format(first=first, last=on), field="visited_on")
    if not findings.strip():
        raise Refused(_("请填写入户所见：吃、穿、住、用和收入、财产情况。"), field="findings")
    if not signed_by.strip():
        raise Refused(_("请填写在场并签字的家庭成员。"), field="signed_by")
    HomeVisit.objects.create(
        step=row,
        by=VisitBy.DISTRICT if row.kind == StepKind.DISTRICT_VISIT else VisitBy.STREET,
        visited_on=visited_on,
        visitors=sorted(people),
        visitor_names=[people[number].name for number in sorted(people)],
        findings=findings.strip(),
        neighbours=neighbours.strip(),
        signed_by=signed_by.strip(),
        contactless=contactless.strip(),
        document=document,
    )
    row.begun_on = row.begun_on or visited_on
    return finish(row, by=by, on=on)


@transaction.atomic
def record_appraisal(
    *,
    case: Case,
    step: str,
    held_on: date,
    participants: int,
    residents: int,
    found_true: bool,
    disputed: bool,
    minutes: str,
    by: Actor,
    on: date,
) -> Standing:
    """Neighbours and representatives judged whether the findings are true (民发〔2012〕220号 第二十二条)."""
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.COMMUNITY_APPRAISAL, by, on=on)
    if participants <= 0 or not 0 <= residents <= participants:
        raise Refused(_("请填写参加评议的总人数和其中的居民代表人数。"), field="participants")
    share = standing.procedure.steps[step].least_residents
    if share is not None and residents < share * participants:
        raise Refused(
            _("居民代表不得少于参加评议总人数的 {share}，现在是 {residents}/{participants}。").format(
                share=share, residents=residents, participants=participants
            ),
            field="residents",
        )
    if not row.opened_on <= held_on <= on:
        raise Refused(_("评议日期须在 {first} 到 {last} 之间。").format(first=row.opened_on, last=on), field="held_on")
    if not minutes.strip():
        raise Refused(_("请填写评议记录。"), field="minutes")
    CommunityAppraisal.objects.create(
        step=row,
        held_on=held_on,
        participants=participants,
        residents=residents,
        found_true=found_true,
        disputed=disputed,
        minutes=minutes.strip(),
    )
    raises = {Circumstance.DISPUTED_APPRAISAL} if disputed or not found_true else set()
    return finish(row, by=by, on=on, raises=raises)


@transaction.atomic
def submit(*, case: Case, step: str, note: str = "", by: Actor, on: date) -> Standing:
    """Hand the file up to the district. Where a share of cases is visited by it, the draw is made now."""
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.SUBMISSION, by, on=on)
    percents = [each.sample_percent or 0 for each in standing.procedure.of_kind(StepKind.DISTRICT_VISIT)]
    drawn = _drawn(standing.case.number) < max(percents, default=0)
    return finish(row, by=by, on=on, note=note, raises={Circumstance.SAMPLED} if drawn else set())


def _drawn(number: str) -> int:
    """A number from 0 to 99 that nobody can choose and anybody can work out again from the case's number."""
    return int.from_bytes(sha256(number.encode()).digest()[:8]) % 100
