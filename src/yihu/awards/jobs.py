"""What is too long for a page: lists of the opening balance are checked and taken over.

As with the exchange of files, nothing needs to tell a job that was killed: the next minute's takes up what it left.
"""

from procrastinate.contrib.django import app

from yihu.awards.opening import lists
from yihu.common.clock import today
from yihu.organisations.queries import service_everywhere


@app.periodic(cron="* * * * *")
@app.task(name=lists.JOB, queueing_lock=lists.JOB, pass_context=False)
def take_up_lists(timestamp: int) -> None:
    """Do what waits: at once when somebody asks for it, and every minute what was left."""
    lists.take_up(by=service_everywhere("opening lists"), on=today())
