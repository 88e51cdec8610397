"""Which policies the pages speak of, and as of which day."""

from datetime import date

from django.conf import settings
from django.utils import timezone

from yihu.policy import HouseholdForm, form_of


def household_form() -> HouseholdForm:
    """The form of the district that this installation serves."""
    return form_of(settings.POLICY_PACK)


def today() -> date:
    """The day whose policies hold unless a page says another; the only clock that the pages read."""
    return timezone.localdate()
