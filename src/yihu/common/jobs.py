"""What the common tables need each night."""

from django.db import connection
from procrastinate.contrib.django import app

from yihu.common.clock import each_day_at


@app.periodic(cron=each_day_at(2, 20))
@app.task(queueing_lock="common.make_months", pass_context=False)
def make_months(timestamp: int) -> None:
    """The months ahead of what lies in partitions, so that no write waits for one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_make_months()")
