"""What changes divisions and offices, who works where, and which relatives are declared."""

from yihu.organisations.actions.reference_data import Loaded, load_reference_data, open_offices
from yihu.organisations.actions.relatives import declare_relative, withdraw_relative
from yihu.organisations.actions.staff import (
    appoint,
    cancel_appointment,
    create_staff,
    deactivate,
    end_appointment,
    give_password,
    reactivate,
)

__all__ = [
    "Loaded",
    "appoint",
    "cancel_appointment",
    "create_staff",
    "deactivate",
    "declare_relative",
    "end_appointment",
    "give_password",
    "load_reference_data",
    "open_offices",
    "reactivate",
    "withdraw_relative",
]
