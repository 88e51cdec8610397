"""What is too long for a page: lists of the opening balance are checked and taken over, and the calendar is looked at.

As with the exchange of files, nothing needs to tell a job that was killed: the next minute's takes up what it left.
"""

import logging
from datetime import date

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.awards import calendar
from yihu.awards.opening import lists
from yihu.common.clock import each_day_at, today
from yihu.common.refusals import Refused
from yihu.organisations.models import Division
from yihu.organisations.queries import service_everywhere

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name=lists.JOB, queueing_lock=lists.JOB, pass_context=False)
def take_up_lists(timestamp: int) -> None:
    """Do what waits: at once when somebody asks for it, and every minute what was left."""
    lists.take_up(by=service_everywhere("opening lists"), on=today())


@app.periodic(cron=each_day_at(2, 30))
@app.task(name="awards.look_at_calendar", queueing_lock="awards.look_at_calendar", pass_context=False)
def look_at_calendar(timestamp: int) -> None:
    """Each night, everybody in each district: what the calendar alone will change becomes a proposal.

    A district that could not be looked at does not keep the others waiting: why stands on its page of proposals, and
    where it is more than that nobody lives there, the job has failed.
    """
    by, on = service_everywhere("calendar", may=[Capability.PROPOSE_CHANGES]), today()
    failed = list[Exception]()
    for division in Division.objects.filter(pk__in=by.areas).order_by("pk"):
        try:
            with acting(by):
                calendar.look(division=division, by=by, on=on)
        except calendar.NobodyThere as nobody:
            _note(division, nobody.message, by, on)
        except Exception as error:
            logger.exception("calendar of %s", division.pk)
            failed.append(error)
            # What an error says of a family stays in the log.
            told = _("程序出错（{name}），请告知维护的人。").format(name=type(error).__name__)
            why = error.message if isinstance(error, Refused) else told
            _note(division, _("查看没有做成：{why}").format(why=why), by, on)
    if failed:
        raise ExceptionGroup("not looked at", failed)


def _note(division: Division, problem: str, by: Actor, on: date) -> None:
    with acting(by):
        calendar.note_problem(division=division, problem=problem, by=by, on=on)
