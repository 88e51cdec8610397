"""What is too long for a page: lists of the opening balance are checked and taken over, and the calendar is looked at.

As with the exchange of files, nothing needs to tell a job that was killed: the next minute's takes up what it left.
"""

from procrastinate.contrib.django import app

from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.awards import calendar
from yihu.awards.opening import lists
from yihu.common.clock import today
from yihu.organisations.models import Division
from yihu.organisations.queries import service_everywhere


@app.periodic(cron="* * * * *")
@app.task(name=lists.JOB, queueing_lock=lists.JOB, pass_context=False)
def take_up_lists(timestamp: int) -> None:
    """Do what waits: at once when somebody asks for it, and every minute what was left."""
    lists.take_up(by=service_everywhere("opening lists"), on=today())


@app.periodic(cron="30 2 * * *")
@app.task(name="awards.look_at_calendar", queueing_lock="awards.look_at_calendar", pass_context=False)
def look_at_calendar(timestamp: int) -> None:
    """Each night, everybody in each district: what the calendar alone will change becomes a proposal."""
    by = service_everywhere("calendar", may=[Capability.PROPOSE_CHANGES])
    for division in Division.objects.filter(pk__in=by.areas).order_by("pk"):
        with acting(by):
            calendar.look(division=division, by=by, on=today())
