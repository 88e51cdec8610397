"""Begins a round of questions, and ends what will not be answered."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import because
from yihu.common import secrets
from yihu.common.refusals import Refused
from yihu.common.secrets import Kind
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.households import actions as households
from yihu.households import queries
from yihu.households.enums import ReadKind, ReadPurpose
from yihu.households.models import ADULT_AGE, Household, Person
from yihu.records_checks.enums import UNANSWERED, WAITING, CheckState, RequestState
from yihu.records_checks.models import RecordsCheck, SourceRequest
from yihu.records_checks.questions import Asked, workbook
from yihu.records_checks.sources import SOURCES, Source, label_of, source_of


@transaction.atomic
def ask(
    *,
    household: Household,
    people: Sequence[Person],
    subject: str,
    sources: Collection[str] = (),
    note: str = "",
    by: Actor,
    on: date,
) -> RecordsCheck:
    """Ask departments about members of a family; ``sources`` empty asks all. Raises Refused.

    Every adult must have allowed it. A child without an identity number is left out: nobody could find it. The question
    is kept here and laid out for the source by `send_questions`.
    """
    by.require(Capability.ASK_DEPARTMENTS, _("提请核对"))
    by.require_area(household.division_id)
    asked_sources = [source_of(name) for name in dict.fromkeys(sources)] if sources else list(SOURCES)
    people = _askable(household, people, on)
    check = RecordsCheck.objects.create(
        household=household,
        subject=subject,
        people=[person.pk for person in people],
        asked_on=on,
        asked_by_id=by.principal,
        note=note.strip(),
    )
    requests = SourceRequest.objects.bulk_create(
        SourceRequest(check_round=check, source=source.name) for source in asked_sources
    )
    asked = [
        Asked(person.name, secrets.decrypt(Kind.IDENTITY, person.identity_number))
        for person in people
        if person.identity_number is not None
    ]
    for request, source in zip(requests, asked_sources, strict=True):
        request.asked_in = documents.keep(
            kind=DocumentKind.EXCHANGE,
            name=f"{request.number} {source.label}.xlsx",
            content=workbook(source, request.number, asked, on=on),
            division=household.division,
            by=by,
            on=on,
        )
        _record_export(household, source, asked, by)
    SourceRequest.objects.bulk_update(requests, ["asked_in"])
    return check


@transaction.atomic
def give_up(*, request: SourceRequest, reason: str, by: Actor, on: date) -> SourceRequest:
    """A source cannot answer, and why; it speaks neither for nor against the family. Raises Refused.

    An answer that comes all the same is taken in.
    """
    by.require(Capability.ASK_DEPARTMENTS, _("注明不能答复"))
    check = _locked(request.check_round, by)
    request = check.requests.select_for_update().get(pk=request.pk)
    if not reason.strip():
        raise Refused(_("请写明{source}为什么不能答复。").format(source=label_of(request.source)), field="reason")
    if request.state not in WAITING:
        raise Refused(
            _("{source}的请求{state}，不用再注明。").format(
                source=label_of(request.source), state=request.get_state_display()
            )
        )
    request.state, request.failure = RequestState.FAILED, reason.strip()
    request.save(update_fields=["state", "failure"])
    close_if_done(check, on=on)
    return request


@transaction.atomic
def cancel(*, check: RecordsCheck, reason: str, by: Actor, on: date) -> RecordsCheck:
    """Nothing more is asked, as when the family withdraws; what was answered stays. Raises Refused.

    What is answered all the same, to a question given up before too, is set aside.
    """
    by.require(Capability.TAKE_BACK_CHECKS, _("撤回核对"))
    check = _locked(check, by)
    unanswered = check.requests.filter(state__in=UNANSWERED)
    if not unanswered.exists():
        raise Refused(_("这次核对{state}，不能撤回。").format(state=check.get_state_display()))
    if not reason.strip():
        raise Refused(_("请写明为什么撤回。"), field="reason")
    with because(reason.strip()):
        unanswered.update(state=RequestState.CANCELLED)
        close_if_done(check, on=on)
    return check


def close_if_done(check: RecordsCheck, *, on: date) -> None:
    """End a round for which nobody is waiting any more; one of which a question was taken back is not done."""
    if check.state == CheckState.OPEN and not check.requests.filter(state__in=WAITING).exists():
        taken_back = check.requests.filter(state=RequestState.CANCELLED).exists()
        check.state, check.closed_on = CheckState.CANCELLED if taken_back else CheckState.DONE, on
        check.save(update_fields=["state", "closed_on"])


def _locked(check: RecordsCheck, by: Actor) -> RecordsCheck:
    """The round as it stands now, kept from others until the end."""
    found = RecordsCheck.objects.select_for_update(of=("self",)).select_related("household").filter(pk=check.pk).first()
    if found is None:
        raise Refused(_("这一户不在您负责的区域内。"))
    by.require_area(found.household.division_id)
    return found


def _askable(household: Household, people: Sequence[Person], on: date) -> list[Person]:
    """Whom one can ask about. Raises Refused, naming who stands in the way."""
    if not people:
        raise Refused(_("请至少选择一位被核对的人。"), field="people")
    wanted = {person.pk for person in people}
    members = {member.person_id for member in queries.members_on(household, on)}
    _refuse(
        [person for person in people if person.pk not in members],
        _("{names}现在不是户 {number} 的成员，不能为这一户核对。请先登记家庭变化，或不选这几位。"),
        number=household.number,
    )
    _refuse(
        [person for person in queries.adults_without_consent(household, on) if person.pk in wanted],
        _("{names}没有有效的核对授权（社会救助法第四十条）。请先请本人签署授权书并登记，再提请核对。"),
    )
    _refuse(
        [person for person in people if person.identity_number is None and person.age_on(on) >= ADULT_AGE],
        _("{names}没有登记身份证号码，别的部门查不到。请先补登号码。"),
    )
    found = [person for person in people if person.identity_number is not None]
    if not found:
        raise Refused(_("所选的人都没有身份证号码，别的部门查不到。请先补登号码。"), field="people")
    return found


def _refuse(people: Sequence[Person], why: str, **values: object) -> None:
    if people:
        raise Refused(why.format(names="、".join(person.name for person in people), **values), field="people")


def _record_export(household: Household, source: Source, asked: Sequence[Asked], by: Actor) -> None:
    detail = _("向{source}提请核对：{names}").format(
        source=source.label, names="、".join(person.name for person in asked)
    )
    households.record_read(household=household, kind=ReadKind.EXPORT, purpose=ReadPurpose.CASE, detail=detail, by=by)
