"""`install`: the first account of a real installation, that of who makes all others at the desk."""

import secrets
from argparse import ArgumentParser
from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import service
from yihu.access.capabilities import Capability
from yihu.access.posts import holding, label_of, posts
from yihu.access.scope import acting
from yihu.common.refusals import Refused
from yihu.organisations import actions
from yihu.organisations.models import Appointment, Division
from yihu.organisations.queries import office_of
from yihu.web import policy

# Read out over the telephone without a doubt: no 0 and o, no 1, l and i.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def _is_kept(keeps: Collection[str], on: date) -> bool:
    """Whether anybody can make accounts today: whoever holds such a post, is let in and has a password."""
    held = Appointment.objects.filter(post__kind__in=keeps, period__contains=on, staff__is_active=True)
    return held.exclude(staff__login__password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


class Command(BaseCommand):
    """Makes it where nobody can keep the staff today: else accounts are made at the desk and nowhere else."""

    help = "为新装的系统建立第一个账号（由他在办理台建立其他账号）；今天有人能管理账号就拒绝"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who it is, and of which district."""
        parser.add_argument("--username", required=True, metavar="ACCOUNT", help=_("账号，以小写字母开头"))
        parser.add_argument("--name", required=True, help=_("姓名"))
        parser.add_argument("--division", required=True, metavar="CODE", help=_("区的统计用区划代码，例如 110102"))

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction, in the name of the service; the password is shown once and kept as a hash."""
        on = policy.today()
        keeps = holding(Capability.KEEP_STAFF)
        kind = keeps[0]
        division = Division.objects.filter(code=options["division"]).first()
        if division is None:
            raise CommandError(
                _("没有代码是“{code}”的区划。请先运行 manage.py load_organisations。").format(code=options["division"])
            )
        if division.level != posts()[kind].level:
            raise CommandError(_("{division}不是区，第一个账号要设在区里。").format(division=division))
        office = office_of(division)
        if office is None:
            raise CommandError(
                _("{division}还没有登记机构。请先运行 manage.py load_organisations。").format(division=division)
            )
        password = "-".join("".join(secrets.choice(LETTERS) for _each in range(4)) for _part in range(4))
        by = service("install", division.path, may=[Capability.KEEP_STAFF, Capability.SEE_FORMER_STAFF])
        try:
            with transaction.atomic(), acting(by, reason=self.help, origin="install"):
                # The second of two waits for the first.
                Division.objects.select_for_update(no_key=True).get(pk=division.pk)
                if _is_kept(keeps, on):
                    raise CommandError(_("已经有人管理账号，不能再用这条命令。请他在办理台建立账号。"))
                staff = actions.create_staff(
                    username=options["username"],
                    name=options["name"],
                    password_hash=make_password(password),
                    by=by,
                    on=on,
                )
                actions.appoint(staff=staff, post_kind=kind, office=office, since=on, by=by, on=on)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            _("已建立{division}{post} {name} 的账号 {username}，密码（只显示这一次）：{password}").format(
                division=division,
                post=label_of(kind),
                name=staff.name,
                username=staff.username,
                password=password,
            )
        )
        self.stdout.write(_("下一步：登录后先改密码，再在“人员”里登记其他人，各任其职。"))
