"""Which policies the pages speak of, and as of which day: today, unless a page says another."""

from yihu.common.clock import today
from yihu.policy import HouseholdForm, form_of
from yihu.policy.packs import home_pack_name

__all__ = ["household_form", "today"]


def household_form() -> HouseholdForm:
    """The form of the district that this installation serves."""
    return form_of(home_pack_name())
