"""Lays questions out for their sources and takes in the answers, each file in a transaction of its own.

A file is put away after the commit that took it. A kill in between leaves it in the answers; it is then known by its
content and only put away. So both may run at any time, twice, and at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.common import files
from yihu.common.refusals import Refused
from yihu.documents import actions as documents
from yihu.documents import storage
from yihu.documents.content import clean_name
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.households import actions as households
from yihu.households.enums import FactSource
from yihu.households.models import Household, Person
from yihu.households.queries import adults_without_consent, gather
from yihu.organisations.models import Division
from yihu.records_checks import exchange
from yihu.records_checks.actions.asking import close_if_done
from yihu.records_checks.actions.refusing import keep_refused, smallest_divisions
from yihu.records_checks.answers import MOST_FAULTS, AnswerFile, BadFile, RequestAnswer
from yihu.records_checks.enums import WAITING, CheckState, RequestState
from yihu.records_checks.models import RecordsCheck, SourceAnswer, SourceRequest
from yihu.records_checks.settling import facts_from, set_aside
from yihu.records_checks.sources import SOURCES, Source, source_of

KNOWN, GONE = "known", "gone"
TAKING = gettext_lazy("收取部门答复")
# What whoever exchanges files needs: what departments answer is written down as facts.
EXCHANGES = (Capability.EXCHANGE_FILES, Capability.KEEP_FAMILIES)
# A number of our own among PostgreSQL's advisory locks.
LOCK = 0x59484344


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of the files that lay in the answers: taken now, known already, and refused, by name."""

    taken: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[str, ...]


def send_questions(*, by: Actor, on: date) -> int:
    """Lay out what is queued, and take back questions that nobody waits for any more; how many were laid out.

    A question about somebody who took his consent back meanwhile is not laid out, and never will be.

    Must be called outside any transaction: a file cannot be rolled back. Raises Refused.
    """
    by.require(Capability.EXCHANGE_FILES, _("发出核对请求"))
    with transaction.atomic(durable=True), acting(by):
        waiting = SourceRequest.objects.filter(state=RequestState.QUEUED).order_by("pk")
        queued = list(waiting.values_list("pk", flat=True))
    sent, failed = 0, list[Exception]()
    for pk in queued:
        try:
            sent += _send(pk, by=by, on=on)
        except Exception as error:
            failed.append(error)
    _take_back(by)
    if failed:
        raise ExceptionGroup("records_checks: questions not laid out", failed)
    return sent


def collect_answers(*, by: Actor, on: date) -> Collected:
    """Take in every file that was dropped; a bad one is put aside whole, with the reasons beside it.

    Must be called outside any transaction. Raises Refused; whatever else fails on a file is raised after the others.
    """
    by.require(Capability.EXCHANGE_FILES, str(TAKING))
    became: dict[str, list[str]] = {outcome: [] for outcome in (exchange.TAKEN, KNOWN, exchange.REFUSED, GONE)}
    failed = list[Exception]()
    for source in SOURCES:
        for path in exchange.dropped(source.name):
            try:
                outcome = _collect(source, path, by=by, on=on)
            except Exception as error:
                error.add_note(str(path))
                failed.append(error)
            else:
                became[outcome].append(path.name)
    if failed:
        raise ExceptionGroup("records_checks: answers left where they are", failed)
    return Collected(tuple(became[exchange.TAKEN]), tuple(became[KNOWN]), tuple(became[exchange.REFUSED]))


@transaction.atomic
def take_answer(*, source: str, name: str, content: bytes, by: Actor, on: date) -> bool:
    """Take in what is in one file, all or nothing; False for what was taken before. Raises BadFile, Refused."""
    by.require(Capability.EXCHANGE_FILES, str(TAKING))
    asked = source_of(source)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    questions = SourceRequest.objects.filter(asked_in__isnull=False).values("asked_in")
    same = Document.objects.filter(kind=DocumentKind.EXCHANGE, sha256=sha256(content).hexdigest())
    if same.exclude(pk__in=questions).exists():
        return False
    table = AnswerFile.read(asked, content, name=name)
    requests = _requests(asked, table.request_ids())
    people = Person.objects.in_bulk({pk for request in requests.values() for pk in request.check_round.people})
    answers = table.answers(requests, people, on=on)
    families = {answer.request.check_round.household for answer in answers}
    document = _keep(name, content, _common_division(families), by=by, on=on)
    for answer in answers:
        evidence = document
        if len(families) > 1:
            extract = table.extract([person.row for person in answer.people])
            division = answer.request.check_round.household.division
            evidence = _keep(f"{answer.request.number} {asked.label}.csv", extract, division, by=by, on=on)
        _answered(asked, answer, evidence, by=by, on=on)
    return True


def _collect(source: Source, path: Path, *, by: Actor, on: date) -> str:
    """What becomes of one file; GONE when another collector was quicker."""
    file = exchange.read(path)
    if file is None:
        return GONE
    name = clean_name(path.name)
    reason = _("{source}答复核对").format(source=source.label)
    try:
        with transaction.atomic(durable=True), acting(by, reason=reason, origin=name):
            is_new = take_answer(source=source.name, name=name, content=file.content, by=by, on=on)
    except (BadFile, Refused) as bad:
        faults = bad.faults if isinstance(bad, BadFile) else (bad.message,)
        # Kept before it is put away: a kill in between has it refused again, which adds nothing.
        with transaction.atomic(durable=True), acting(by, reason=reason, origin=name):
            keep_refused(source=source, file=file, name=name, faults=faults, by=by, on=on)
        exchange.refuse(source.name, file, _why(name, faults))
        return exchange.REFUSED
    exchange.take(source.name, file)
    return exchange.TAKEN if is_new else KNOWN


def _send(pk: int, *, by: Actor, on: date) -> bool:
    with transaction.atomic(durable=True), acting(by):
        # The round first, as everywhere: an answer to another of its questions may be coming in.
        check = RecordsCheck.objects.select_for_update(of=("self",), skip_locked=True).filter(requests=pk).first()
        if check is None:
            return False
        request = (
            SourceRequest.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("asked_in")
            .filter(pk=pk, state=RequestState.QUEUED)
            .first()
        )
        if request is None or request.asked_in is None:
            return False
        silent = {person.pk for person in adults_without_consent(check.household, on)}
        if silent.intersection(check.people):
            request.state = RequestState.CANCELLED
            request.save(update_fields=["state"])
            close_if_done(check, on=on)
            return False
        # Written before it counts as sent: a kill in between has it written again, the same under the same name.
        path = exchange.folder(request.source, exchange.QUESTIONS) / f"{request.number}.xlsx"
        files.write(path, storage.open(request.asked_in))
        request.state, request.sent_on = RequestState.SENT, on
        request.save(update_fields=["state", "sent_on"])
    return True


def _take_back(by: Actor) -> None:
    """Identity numbers lie in the questions only as long as an answer is awaited."""
    for source in SOURCES:
        lying = {path.stem: path for path in exchange.folder(source.name, exchange.QUESTIONS).glob("HD*.xlsx")}
        with acting(by):
            awaited = {
                request.number for request in SourceRequest.objects.filter(source=source.name, state__in=WAITING)
            }
        for number in lying.keys() - awaited:
            exchange.remove(lying[number])


def _requests(source: Source, ids: set[int]) -> dict[int, SourceRequest]:
    """The requests that a file names, kept from others until the end."""
    rounds = SourceRequest.objects.filter(pk__in=ids, source=source.name).values("check_round")
    list(RecordsCheck.objects.select_for_update().filter(pk__in=rounds).order_by("pk"))
    found = SourceRequest.objects.select_for_update(of=("self",)).filter(pk__in=ids, source=source.name)
    return {request.pk: request for request in found.select_related("check_round__household__division").order_by("pk")}


def _answered(source: Source, answer: RequestAnswer, evidence: Document, *, by: Actor, on: date) -> None:
    request, check = answer.request, answer.request.check_round
    # Who lives there is asked several times, and stays as it is.
    gather(check.household)
    aside = set_aside(check, answer, on=on)
    SourceAnswer.objects.bulk_create(
        SourceAnswer(
            request=request,
            person=each.person,
            found=each.found,
            said={} if each.person.pk in aside else dict(each.said),
            data_as_of=each.data_as_of,
            set_aside=aside.get(each.person.pk, ""),
        )
        for each in answer.people
    )
    facts = facts_from(source, answer, aside, on=on)
    if facts:
        households.record_facts(
            household=check.household,
            facts=facts,
            source=FactSource.RECEIVED,
            department=source.label,
            evidence=evidence,
            by=by,
            on=on,
        )
    request.state, request.answered_on = RequestState.ANSWERED, on
    request.sent_on = request.sent_on or on
    request.answered_in, request.data_as_of = evidence, answer.data_as_of
    request.save(update_fields=["state", "answered_on", "sent_on", "answered_in", "data_as_of"])
    if check.state == CheckState.OPEN:
        close_if_done(check, on=on)


def _keep(name: str, content: bytes, division: Division, *, by: Actor, on: date) -> Document:
    return documents.keep(kind=DocumentKind.EXCHANGE, name=name, content=content, division=division, by=by, on=on)


def _common_division(found: set[Household]) -> Division:
    """The smallest division that holds all these families. Raises Refused."""
    places = smallest_divisions({household.division_id for household in found})
    if len(places) > 1:
        raise Refused(_("一个文件里有不同区的请求。请分区提交。"))
    return Division.objects.get(path=places[0])


def _why(name: str, faults: Sequence[str]) -> str:
    lines = [_("“{name}”没有采用，里面的内容一条也没有登记。请改正后重新放入 answers 文件夹。").format(name=name), ""]
    lines += [f"{place}. {fault}" for place, fault in enumerate(faults[:MOST_FAULTS], 1)]
    if len(faults) > MOST_FAULTS:
        lines.append(_("……一共 {n} 处，只列出前 {most} 处。").format(n=len(faults), most=MOST_FAULTS))
    return "\n".join([*lines, ""])
