"""`replay`: determinations worked out again, one or all; also `yihu replay`."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from policy_engine import wording
from yihu.access.actor import service
from yihu.access.scope import acting
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.policy.labels import programme_title
from yihu.policy.models import Determination
from yihu.policy.replays import Replayed, replay_all, replayed


class Command(BaseCommand):
    """Prints what differs; exits with 1 when anything does."""

    help = "按当时的事实和政策再算一遍，与当时一致到分，否则列出每一处不同（有不同时退出码为 1）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One determination by its number, or all of them."""
        parser.add_argument("id", nargs="?", metavar="ID", help=_("认定的编号"))
        parser.add_argument("--all", action="store_true", help=_("复算全部认定"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Work as the service over the whole district, which changes nothing."""
        if (options["id"] is None) is not options["all"]:
            raise CommandError(_("请给出认定的编号，或用 --all 复算全部（只能要一样）"), returncode=2)
        districts = Division.objects.filter(level=DivisionLevel.DISTRICT).values_list("path", flat=True)
        with acting(service("replay", *districts), origin="replay"):
            agrees = self._all(replay_all()) if options["all"] else self._one(options["id"])
        if not agrees:
            raise SystemExit(1)

    def _one(self, number: str) -> bool:
        determination = Determination.objects.filter(pk=number).first() if number.isdecimal() else None
        if determination is None:
            raise CommandError(_("没有编号为“{number}”的认定").format(number=number), returncode=2)
        again = replayed(determination)
        self._tell(again)
        if again.agrees:
            self.stdout.write(_("一致到分"))
        return again.agrees

    def _all(self, all_again: Iterable[Replayed]) -> bool:
        counts = {"all": 0, "wrong": 0, "register": 0}
        changed: Counter[str] = Counter()
        for again in all_again:
            counts["all"] += 1
            changed.update(again.changed)
            counts["register"] += bool(again.register)
            if not again.agrees:
                counts["wrong"] += 1
                self._tell(again)
        self.stdout.write(
            _("复算 {all:,} 份：{right:,} 份一致到分，{wrong:,} 份不一致").format(
                **counts, right=counts["all"] - counts["wrong"]
            )
        )
        for name, count in changed.most_common():
            self.stdout.write(_("  {count:,} 份所依据的“{name}”此后有改动").format(count=count, name=name))
        if counts["register"]:
            self.stdout.write(_("  {register:,} 份的家庭，登记簿对当日的记载此后有更正").format(**counts))
        return not counts["wrong"]

    def _tell(self, again: Replayed) -> None:
        made = again.determination
        money = "" if made.amount is None else f" {wording.money(made.amount)}"
        self.stdout.write(
            _("认定 {id}　户 {household}　{programme}　{day}　{outcome}{money}").format(
                id=made.pk,
                household=made.household,
                programme=programme_title(made.programme),
                day=made.on,
                outcome=wording.OUTCOMES.get(made.outcome, made.outcome),
                money=money,
            )
        )
        for fault in again.faults:
            self.stdout.write(f"  ✗ {fault}")
        for name in again.changed:
            self.stdout.write(_("  · 此后有改动：{name}").format(name=name))
        for difference in again.register:
            self.stdout.write(_("  · 登记簿此后有更正：{difference}").format(difference=difference))
