"""`load_district`: the invented district with its two years, into an empty register."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo import figures
from demo.district import SEED
from demo.loading import district
from yihu.access.scope import acting
from yihu.common.clock import today
from yihu.households.models import Household
from yihu.organisations.models import Division
from yihu.organisations.queries import service_everywhere


class Command(BaseCommand):
    """All of it or nothing; a register that holds families already is left as it is."""

    help = "载入虚构的示范区；登记册里已有家庭时不改变任何内容"

    def add_arguments(self, parser: CommandParser) -> None:
        """How many families, and which; the same seed tells the same stories."""
        parser.add_argument("--households", type=int, help=f"户数，不填为 {figures.DEFAULT_HOUSEHOLDS:,}")
        parser.add_argument("--seed", type=int, default=SEED, help="随机数种子")
        parser.add_argument("--street", default="11/0102/007/", help="待办集中在哪个街道（路径）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, saying how far it is."""
        with acting(service_everywhere("demo")):
            if Household.objects.exists():
                other = "要换户数，请运行 make demo-reset 重新载入。" if options["households"] else ""
                self.stdout.write(f"示范区：已经载入，没有改动。{other}")
                return
        households = options["households"] or figures.DEFAULT_HOUSEHOLDS
        if not Division.objects.filter(pk=options["street"]).exists():
            raise CommandError(f"没有代码为 {options['street']} 的街道，请先载入区划。")
        began = time.monotonic()
        self.stdout.write(f"示范区：载入 {households:,} 户两年的经过，只在第一次需要；中途停下的，下次重新载入……")
        try:
            district.load(
                households=households,
                seed=options["seed"],
                day=today(),
                street=options["street"],
                say=lambda line: self.stdout.write(f"  {time.monotonic() - began:5.0f} 秒  {line}"),
            )
        except ValueError as wrong:
            raise CommandError(str(wrong)) from None
