"""What runs by itself for the pages: once a night the sessions that have ended are forgotten."""

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="30 3 * * *")
@app.task(queueing_lock="web.forget_sessions", pass_context=False)
def forget_sessions(timestamp: int) -> None:
    """Take away what ended sessions still hold: why files were opened, and what was looked for."""
    call_command("clearsessions")
