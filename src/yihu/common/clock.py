"""The one clock. Only the web and the jobs read it; everything else is handed a date."""

from datetime import UTC, date, datetime

from django.utils import timezone


def today() -> date:
    """The day at the place where the service is used."""
    return timezone.localdate()


def each_day_at(hour: int, minute: int) -> str:
    """A time of day at that place as a cron line; the queue of jobs reads its lines as UTC."""
    there = datetime(2026, 1, 1, hour, minute, tzinfo=timezone.get_default_timezone()).astimezone(UTC)
    return f"{there.minute} {there.hour} * * *"
