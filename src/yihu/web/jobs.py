"""What runs by itself for the pages: once a night the sessions that have ended are forgotten."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from yihu.common.clock import each_day_at


@app.periodic(cron=each_day_at(3, 30))
@app.task(queueing_lock="web.forget_sessions", pass_context=False)
def forget_sessions(timestamp: int) -> None:
    """Take away what ended sessions still hold: why files were opened, and what was looked for."""
    call_command("clearsessions")
