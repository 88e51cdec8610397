"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yihu.common import lookups


class CommonConfig(AppConfig):
    """What every room stands on."""

    name = "yihu.common"
    label = "common"
    verbose_name = _("公用")

    def ready(self) -> None:
        """Change how values are looked for among many, before anything is asked."""
        lookups.register()
