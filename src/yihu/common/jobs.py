"""What the common tables need each night."""

from django.db import connection
from procrastinate.contrib.django import app


@app.periodic(cron="20 2 * * *")
@app.task(queueing_lock="common.make_months", pass_context=False)
def make_months(timestamp: int) -> None:
    """The months ahead of what lies in partitions, so that no write waits for one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_make_months()")
