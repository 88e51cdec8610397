"""`load_demo_accounts`: who can log in to the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yihu.access.actor import service
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.web import demo_accounts, policy


class Command(BaseCommand):
    """Makes the accounts whose password everyone knows, and only in a demonstration; again it changes nothing."""

    help = "建立演示账号（仅限演示）；再次运行不改变任何内容"

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing and say so."""
        if not settings.DEMONSTRATION:
            raise CommandError(_("演示账号的密码人人知道，只能在演示中建立：请先设置环境变量 DEMONSTRATION=1。"))
        actor = service("demo", demo_accounts.DISTRICT, may=[Capability.KEEP_STAFF, Capability.SEE_FORMER_STAFF])
        with acting(actor, reason=self.help):
            made = demo_accounts.load(by=actor, on=policy.today())
        self.stdout.write(_("演示账号：新增 %(made)d 个。") % {"made": made})
