"""`load_demo_accounts`: who can log in to the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from demo import accounts
from yihu.access.actor import service
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.common.clock import today


class Command(BaseCommand):
    """Makes the accounts whose password everyone knows, as only a demonstration can; again it changes nothing."""

    help = "建立演示账号（仅限演示）；再次运行不改变任何内容"

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing and say so."""
        actor = service("demo", accounts.DISTRICT, may=[Capability.KEEP_STAFF, Capability.SEE_FORMER_STAFF])
        with acting(actor, reason=self.help):
            made = accounts.load(by=actor, on=today())
        self.stdout.write(_("演示账号：新增 %(made)d 个。") % {"made": made})
