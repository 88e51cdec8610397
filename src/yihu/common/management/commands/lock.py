"""`lock`: the database is brought to what the rooms declare in their locks.py, in one transaction."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from yihu.common.locking.bringing import NotBrought, bring, differences
from yihu.common.locking.declared import BadDeclaration, declared

# Whoever is at work on a table longer than this holds everybody up who would come after this command.
PATIENCE = "15s"


class Command(BaseCommand):
    """Says what it changed; run by the owner of the tables after `migrate`. Run again it changes nothing."""

    help = "按各室 locks.py 的声明上锁：行策略、触发器、函数、权限；只改不一致的，再运行一次什么也不改"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only compare, or bring it about."""
        parser.add_argument("--check", action="store_true", help=_("只比较，不改；有不一致时列出，退出码为 1"))

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction: all of it or nothing."""
        try:
            wanted = declared()
            with transaction.atomic(), connection.cursor() as cursor:
                if options["check"]:
                    told = differences(cursor, wanted)
                else:
                    cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                    told = bring(cursor, wanted)
                    cursor.execute("SELECT app_make_months()")
                    if made := cursor.fetchone()[0]:
                        told.append(_("新建按月分区 {count} 个").format(count=made))
        except (BadDeclaration, NotBrought) as fault:
            raise CommandError(str(fault)) from fault
        except OperationalError as fault:
            if not isinstance(fault.__cause__, LockNotAvailable):
                raise
            raise CommandError(_("有人正占着表，没有等到，什么也没改。请稍后再运行一次。")) from fault
        except ProgrammingError as fault:
            raise CommandError(
                _("数据库没有接受，什么也没改：{fault}（须由表的主人在 migrate 之后运行）").format(fault=fault)
            ) from fault
        if options["verbosity"]:
            for line in told:
                self.stdout.write(line)
        if options["check"] and told:
            raise SystemExit(1)
