"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    """The bridge to the rules."""

    name = "yihu.policy"
    label = "policy"
    verbose_name = _("政策")

    def ready(self) -> None:
        """Nothing starts with a pack that there is not."""
        from yihu.policy import packs

        packs.check()
