"""Lists on their way in: handed in, checked in the background, taken over there when somebody says so.

The work is done by a job (`yihu.awards.jobs`), for whoever asked for it and only while he may. Whoever works at a list
holds a lock that dies with him, so what a killed worker left is told from what takes long, and is taken up again; the
check changes nothing, and taking over is one transaction.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.awards.enums import ListState
from yihu.awards.models import OpeningList
from yihu.awards.opening.checks import Check
from yihu.awards.opening.loading import BadRows, check_first_month, import_opening, portions_of
from yihu.awards.opening.sheets import read_list
from yihu.awards.opening.trials import book_of, trial_of
from yihu.common.refusals import Refused
from yihu.documents import storage
from yihu.documents.content import TABLES, clean_name, type_of
from yihu.documents.models import Document
from yihu.organisations.models import Division
from yihu.organisations.queries import actor_again

JOB = "awards.take_up_lists"
# The first half of the locks' key, a number of this room's own; the list's id is the other.
LOCKS = 20_191
WAITING = (ListState.TO_CHECK, ListState.TO_LOAD)
ON_THEIR_WAY = (*WAITING, ListState.BAD, ListState.READY, ListState.FAILED)
# What brought a worker down so often is not tried again by itself.
MOST_TRIES = 3
# Each step of the progress stands in the history, so there are few.
STEPS = 20


@transaction.atomic
def hand_in(*, content: bytes, name: str, division: Division, by: Actor, on: date) -> OpeningList:
    """Take a list in to be checked; the same that is on its way is given back. Raises Refused for what is no table."""
    by.require(Capability.LOAD_OPENING_LISTS, _("载入在册名单"))
    by.require_area(division.path)
    name = clean_name(name)
    if not content:
        raise Refused(_("“{name}”是空的，没有内容。请重新选择文件。").format(name=name), field="file")
    if len(content) > settings.DOCUMENT_MOST_BYTES:
        most = settings.DOCUMENT_MOST_BYTES // 1024 // 1024
        raise Refused(_("文件超过 {most} MB。请分成几个文件，一个一个载入。").format(most=most), field="file")
    type_of(content, taken=TABLES, name=name)
    same = OpeningList.objects.filter(division=division, sha256=sha256(content).hexdigest(), state__in=ON_THEIR_WAY)
    try:
        with transaction.atomic():
            handed_in = same.first() or OpeningList.objects.create(
                name=name, sha256=storage.store(content), division=division, staff_id=by.person, handed_in_on=on
            )
    except IntegrityError:
        # Somebody handed the same one in at this moment.
        return same.get()
    call_worker()
    return handed_in


@transaction.atomic
def take_over(*, opening_list: OpeningList, by: Actor, pays_from: date | None = None) -> OpeningList:
    """Have a list loaded that was found good, to be paid from a month on, as `import_opening` takes it.

    Asked twice it is loaded once. Raises Refused.
    """
    if pays_from:
        check_first_month(pays_from, on=opening_list.handed_in_on)
    opening_list = _asked(opening_list, by, (ListState.READY,), ListState.TO_LOAD)
    opening_list.pays_from = pays_from
    opening_list.save(update_fields=["pays_from"])
    return opening_list


@transaction.atomic
def check_again(*, opening_list: OpeningList, by: Actor) -> OpeningList:
    """Check a list anew, whatever came of it before, or whatever work at it did not come back. Raises Refused."""
    if opening_list.state in WAITING:
        _require_rest(opening_list)
    return _asked(opening_list, by, ON_THEIR_WAY, ListState.TO_CHECK)


@transaction.atomic
def drop(*, opening_list: OpeningList, by: Actor) -> OpeningList:
    """Give a list up that is not loaded. Raises Refused."""
    found = _to_change(opening_list, by, ON_THEIR_WAY)
    if found.state == ListState.TO_LOAD:
        _require_rest(found)
    found.state = ListState.DROPPED
    found.save(update_fields=["state"])
    return found


def call_worker() -> None:
    """Have the worker look after the lists as soon as it is free; once a minute it does so by itself."""
    try:
        with transaction.atomic():
            app.configure_task(JOB, queueing_lock=JOB).defer(timestamp=0)
    except AlreadyEnqueued:
        # What waits already will find this list too.
        return


def is_at_work(opening_list: OpeningList) -> bool:
    """Whether somebody works at a list at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [LOCKS, opening_list.pk],
        )
        (found,) = cursor.fetchone()
    return bool(found)


def take_up(*, by: Actor, on: date) -> None:
    """Do what waits, list by list; ``by`` is the service, which finds the lists."""
    with acting(by):
        waiting = list(OpeningList.objects.filter(state__in=WAITING).values_list("pk", flat=True))
    for pk in waiting:
        with _alone(pk) as is_mine:
            if is_mine:
                _work(pk, by, on)


def _work(pk: int, service: Actor, on: date) -> None:
    with acting(service):
        chosen = OpeningList.objects.select_related("division", "staff")
        each = chosen.select_for_update(of=("self",)).filter(pk=pk, state__in=WAITING).first()
        if each is None:
            return
        by = actor_again(each.staff, to=Capability.LOAD_OPENING_LISTS, division=each.division_id, on=on)
        if by is None:
            problem = _("{name}已不在能载入名单的岗位上。请由在岗的人重新核对。")
            _end(each, ListState.FAILED, problem=problem.format(name=each.staff.name))
            return
        if each.tries >= MOST_TRIES:
            problem = _("后台试了 {n} 次都没有办完。请重新核对；还是办不完的，分成几个文件。")
            _end(each, ListState.FAILED, problem=problem.format(n=each.tries))
            return
        each.tries += 1
        each.save(update_fields=["tries"])
    try:
        if each.state == ListState.TO_CHECK:
            _check(each, by, on)
        else:
            _load(each, by, on)
    except (Refused, storage.Damaged) as error:
        with acting(by):
            _end(each, ListState.FAILED, problem=str(error))


def _check(each: OpeningList, by: Actor, on: date) -> None:
    filled = read_list(_content(each), name=each.name)
    rows = filled.rows
    check = Check(division=each.division, by=by, on=on)
    seen = told = 0
    for portion in portions_of(rows):
        with acting(by):
            if seen >= told * len(rows) // STEPS:
                told = seen * STEPS // len(rows) + 1
                if not _still(each).update(done=seen, total=len(rows)):
                    # Somebody gave it up meanwhile.
                    return
            check.take(portion)
        seen += len(portion)
    bad = check.bad
    with acting(by):
        _end(
            each,
            ListState.BAD if bad else ListState.READY,
            done=seen,
            total=seen,
            found=trial_of(check, said=filled.said).written(),
            bad_rows=storage.store(book_of(bad, rows)) if bad else "",
        )


def _load(each: OpeningList, by: Actor, on: date) -> None:
    try:
        with acting(by, origin=_("在册名单")):
            report = import_opening(
                content=_content(each),
                name=each.name,
                division=each.division,
                by=by,
                on=on,
                pays_from=each.pays_from,
            )
            found = {**each.found, "opened": report.opened, "already": report.already}
            _end(each, ListState.LOADED, opening=report.opening, found=found)
    except BadRows:
        # The register has changed since the list was checked; what is wrong now is told as after any check.
        with acting(by):
            _still(each).update(state=ListState.TO_CHECK)
        each.state = ListState.TO_CHECK
        _check(each, by, on)


def _end(each: OpeningList, state: ListState, **result: object) -> None:
    _still(each).update(state=state, tries=0, **result)


def _still(each: OpeningList) -> QuerySet[OpeningList]:
    """The list, if it waits for the same as when the work at it was begun."""
    return OpeningList.objects.filter(pk=each.pk, state=each.state)


def _asked(opening_list: OpeningList, by: Actor, states: Collection[ListState], wanted: ListState) -> OpeningList:
    each = _to_change(opening_list, by, states)
    each.state, each.staff_id, each.tries, each.done, each.problem = wanted, by.person, 0, 0, ""
    each.save(update_fields=["state", "staff", "tries", "done", "problem"])
    call_worker()
    return each


def _to_change(opening_list: OpeningList, by: Actor, states: Collection[ListState]) -> OpeningList:
    """The list as it stands now, kept from others until the end."""
    by.require(Capability.LOAD_OPENING_LISTS, _("载入在册名单"))
    by.require_area(opening_list.division_id)
    each = OpeningList.objects.select_for_update().get(pk=opening_list.pk)
    if each.state not in states:
        raise Refused(
            _("名单“{name}”现在是“{state}”，不能这样办。可能刚有人办过，请刷新页面再看。").format(
                name=each.name, state=each.get_state_display()
            )
        )
    return each


def _require_rest(each: OpeningList) -> None:
    if is_at_work(each):
        raise Refused(_("后台正在办名单“{name}”，请等它办完。").format(name=each.name))


def _content(each: OpeningList) -> bytes:
    return storage.open(Document(sha256=each.sha256, name=each.name))


@contextmanager
def _alone(pk: int) -> Iterator[bool]:
    """Whether nobody else works at a list; nobody begins to until the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, pk])
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, pk])
