"""`load_demo`: everything that the demonstration shows."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from demo import accounts


class Command(BaseCommand):
    """Loads what each room has to show, lower rooms first; loading again changes nothing."""

    help = "载入演示所用的数据；再次载入不改变任何内容"

    def add_arguments(self, parser: CommandParser) -> None:
        """How many families the invented district has."""
        parser.add_argument("--households", type=int, default=None, help="示范区的户数")

    def handle(self, *args: Any, **options: Any) -> None:
        """Call the rooms' own commands."""
        for command in ("load_calendar", "load_organisations", "load_demo_accounts"):
            call_command(command, stdout=self.stdout)
        call_command("load_district", street=accounts.STREET, households=options["households"], stdout=self.stdout)
