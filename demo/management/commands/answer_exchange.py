"""`answer_exchange`: the invented departments answer what was asked today."""

from typing import Any

from django.core.management.base import BaseCommand

from demo import departments
from yihu.common.clock import today


class Command(BaseCommand):
    """Drops the answers into the folders, as the worker does every minute."""

    help = "扮演其他部门，答复今天提请的核对（仅示范）"

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer, and say how many."""
        self.stdout.write(f"答复 {departments.drop_answers(on=today())} 份")
