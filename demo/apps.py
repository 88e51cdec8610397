"""The demonstration as Django knows it: it is installed only where settings say that this is one."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The invented district."""

    name = "demo"
    label = "demo"
    verbose_name = "示范数据"
