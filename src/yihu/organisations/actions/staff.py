"""Who works here, at which post, from when to when."""

import re
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yihu.common.actor import Actor
from yihu.common.refusals import Refused
from yihu.organisations.enums import PostKind
from yihu.organisations.models import Appointment, Division, Post, StaffMember
from yihu.organisations.permissions import KEEPS_STAFF

USERNAME = r"[a-z][a-z0-9._-]{1,59}"
# What Django takes for a password that nobody has.
NO_PASSWORD = "!"


@transaction.atomic
def create_staff(*, username: str, name: str, password_hash: str = NO_PASSWORD, by: Actor, on: date) -> StaffMember:
    """Someone who works here; ``password_hash`` as `make_password` gives it. Without one he cannot log in,
    as members of residents' committees need not.
    """
    by.require_post(KEEPS_STAFF, _("登记工作人员"))
    if not re.fullmatch(USERNAME, username):
        raise Refused(_("账号以小写字母开头，只用小写字母、数字、点和连字符，至少 2 个字符。"), field="username")
    if not name.strip():
        raise Refused(_("请填写姓名。"), field="name")
    if StaffMember.objects.filter(username=username).exists():
        raise Refused(_("账号“{username}”已有人使用，请换一个。").format(username=username), field="username")
    return StaffMember.objects.create(username=username, name=name.strip(), password=password_hash)


@transaction.atomic
def appoint(
    *,
    staff: StaffMember,
    post_kind: PostKind,
    division: Division,
    since: date,
    until: date | None = None,
    by: Actor,
    on: date,
) -> Appointment:
    """Someone holds a post from a day until another, which is no longer part of it, or until further notice."""
    _require_right_over(staff, by)
    by.require_area(division.code)
    if not staff.is_active:
        raise Refused(_("{name} 的账号已停用，不能任职。请先恢复账号。").format(name=staff.name), field="staff")
    if division.level != post_kind.level:
        message = _("{post}设在{level}，而{division}是{other}。请另选区划。").format(
            post=post_kind.label,
            level=post_kind.level.label,
            division=division,
            other=division.get_level_display(),
        )
        raise Refused(message, field="division")
    if until is not None and until <= since:
        raise Refused(_("任期的截止日期要晚于开始日期。"), field="until")
    post, _made = Post.objects.get_or_create(kind=post_kind, division=division)
    try:
        with transaction.atomic():
            return Appointment.objects.create(post=post, staff=staff, period=DateRange(since, until))
    except IntegrityError:
        message = _("{name} 在这段时间已经担任{post}。请改任期，或先结束原来的任职。")
        raise Refused(message.format(name=staff.name, post=post), field="since") from None


@transaction.atomic
def end_appointment(*, appointment: Appointment, until: date, by: Actor, on: date) -> Appointment:
    """The post is held until this day, which is no longer part of it."""
    _require_right_over(appointment.staff, by)
    by.require_area(appointment.post.division_id)
    held = appointment.period
    if until <= held.lower:
        raise Refused(_("任职从 {since} 开始，结束日期要晚于它。").format(since=held.lower), field="until")
    if held.upper is not None and until > held.upper:
        raise Refused(
            _("任职已在 {until} 结束，不能再往后改；需要续任请另行任职。").format(until=held.upper), field="until"
        )
    appointment.period = DateRange(held.lower, until)
    appointment.save(update_fields=["period"])
    return appointment


def deactivate(*, staff: StaffMember, by: Actor, on: date) -> StaffMember:
    """Someone can no longer log in, and is thrown out where he is; what he did stays his."""
    return _set_active(staff, is_active=False, by=by)


def reactivate(*, staff: StaffMember, by: Actor, on: date) -> StaffMember:
    """Someone can log in again, with the password that he had."""
    return _set_active(staff, is_active=True, by=by)


@transaction.atomic
def _set_active(staff: StaffMember, *, is_active: bool, by: Actor) -> StaffMember:
    _require_right_over(staff, by)
    staff.is_active = is_active
    staff.save(update_fields=["is_active"])
    return staff


def _require_right_over(staff: StaffMember, by: Actor) -> None:
    by.require_post(KEEPS_STAFF, _("管理工作人员和任职"))
    if by.staff == staff.pk:
        raise Refused(_("不能管理自己的账号和任职，请由另一位区级工作人员办理。"))
