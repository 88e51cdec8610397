"""What runs by itself: once a minute answers come in and questions go out.

Nothing tells a job that was killed from one that takes long, and nothing needs to: whatever it left undone, the next
minute's does. Only one waits at a time, so that none pile up behind a slow one.
"""

from procrastinate.contrib.django import app

from yihu.common.clock import today
from yihu.organisations.queries import service_everywhere
from yihu.records_checks.actions import EXCHANGES, collect_answers, send_questions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="records_checks.exchange", pass_context=False)
def exchange(timestamp: int) -> None:
    """Take in what was answered, then lay out what was asked since."""
    by, on = service_everywhere("exchange", may=EXCHANGES), today()
    collect_answers(by=by, on=on)
    send_questions(by=by, on=on)
