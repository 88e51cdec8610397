"""The one clock. Only the web and the jobs read it; everything else is handed a date."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """The day at the place where the service is used."""
    return timezone.localdate()
