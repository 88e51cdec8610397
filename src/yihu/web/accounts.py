"""How people log in: with a name that was given to them. Nobody signs himself up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """What allauth asks us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by whoever appoints."""
        return False
