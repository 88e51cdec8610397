"""Who works here, at which post, from when to when."""

import re
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.models import Login
from yihu.access.posts import KindOfPost, posts
from yihu.common.names import pinyin_of
from yihu.common.refusals import Refused
from yihu.organisations import queries
from yihu.organisations.enums import OWN_BODIES, DivisionLevel
from yihu.organisations.models import Appointment, Division, Office, Post, StaffMember

USERNAME = r"[a-z][a-z0-9._-]{1,59}"
# What Django takes for a password that nobody has.
NO_PASSWORD = "!"


@transaction.atomic
def create_staff(*, username: str, name: str, password_hash: str = NO_PASSWORD, by: Actor, on: date) -> StaffMember:
    """Someone who works here; ``password_hash`` as `make_password` gives it. Without one he cannot log in,
    as members of residents' committees need not. An empty ``username`` is made from the name.
    """
    by.require(Capability.KEEP_STAFF, _("登记工作人员"))
    if not name.strip():
        raise Refused(_("请填写姓名。"), field="name")
    username = username or _username_of(name)
    if not re.fullmatch(USERNAME, username):
        raise Refused(_("账号以小写字母开头，只用小写字母、数字、点和连字符，至少 2 个字符。"), field="username")
    try:
        with transaction.atomic():
            return StaffMember.objects.create_user(username, name=name.strip(), password_hash=password_hash)
    except IntegrityError:
        message = _("账号“{username}”已有人使用，请换一个。")
        raise Refused(message.format(username=username), field="username") from None


@transaction.atomic
def give_password(*, staff: StaffMember, password_hash: str, by: Actor, on: date) -> StaffMember:
    """Someone's first password, or another one in place of what he forgot; ``password_hash`` as `make_password` gives
    it. Where he is logged in with the old one he is thrown out.
    """
    _require_right_over(staff, by, on)
    if not staff.is_active:
        raise Refused(_("{name} 的账号已停用，不用给密码。请先恢复账号。").format(name=staff.name))
    staff.login.password = password_hash
    staff.login.save(update_fields=["password"])
    return staff


@transaction.atomic
def appoint(
    *,
    staff: StaffMember,
    post_kind: str,
    office: Office,
    since: date,
    until: date | None = None,
    by: Actor,
    on: date,
) -> Appointment:
    """Someone holds a post from a day until another, which is no longer part of it, or until further notice."""
    _require_right_over(staff, by, on)
    _require_area(office.division, by)
    # Two appointments at once would not see each other.
    staff = StaffMember.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff.pk)
    if not staff.is_active:
        raise Refused(_("{name} 的账号已停用，不能任职。请先恢复账号。").format(name=staff.name), field="staff")
    kind = posts().get(post_kind)
    if kind is None:
        raise Refused(_("没有“{kind}”这种岗位。请从列出的岗位中选择。").format(kind=post_kind), field="post_kind")
    division = office.division
    if division.level != kind.level:
        message = _("{post}设在{level}，而{division}是{other}。请另选机构。").format(
            post=kind.label,
            level=DivisionLevel(kind.level).label,
            division=division,
            other=division.get_level_display(),
        )
        raise Refused(message, field="office")
    body = OWN_BODIES[DivisionLevel(kind.level)]
    if office.organisation.kind != body:
        message = _("{post}设在{body}，而{office}不是。请另选机构。")
        raise Refused(message.format(post=kind.label, body=body.label, office=office), field="office")
    if until is not None and until <= since:
        raise Refused(_("任期的最后一天不能早于开始的那一天。"), field="until")
    held = DateRange(since, until)
    _require_apart(staff, kind, held)
    post, _made = Post.objects.get_or_create(kind=post_kind, office=office)
    try:
        with transaction.atomic():
            return Appointment.objects.create(post=post, staff=staff, period=held)
    except IntegrityError:
        message = _("{name} 在这段时间已经担任{post}。请改任期，或先结束原来的任职。")
        raise Refused(message.format(name=staff.name, post=post), field="since") from None


@transaction.atomic
def end_appointment(*, appointment: Appointment, until: date, by: Actor, on: date) -> Appointment:
    """The post is held until this day, which is no longer part of it."""
    _require_right_over(appointment.staff, by, on)
    _require_area(appointment.post.division, by)
    held = appointment.period
    if until <= held.lower:
        raise Refused(_("任职从 {since} 开始，最后一天不能早于它。").format(since=held.lower), field="until")
    if held.upper is not None and until > held.upper:
        raise Refused(
            _("任职到 {last} 为止，不能再往后改；需要续任请另行任职。").format(last=appointment.last_day), field="until"
        )
    appointment.period = DateRange(held.lower, until)
    appointment.save(update_fields=["period"])
    return appointment


@transaction.atomic
def cancel_appointment(*, appointment: Appointment, by: Actor, on: date) -> None:
    """An appointment that has not begun was a mistake, and never comes about; the history keeps it."""
    _require_right_over(appointment.staff, by, on)
    _require_area(appointment.post.division, by)
    if appointment.period.lower <= on:
        raise Refused(_("任职从 {since} 起已经开始，不能撤销。请结束任职。").format(since=appointment.period.lower))
    appointment.delete()


def deactivate(*, staff: StaffMember, by: Actor, on: date) -> StaffMember:
    """Someone can no longer log in, and is thrown out where he is; what he did stays his."""
    return _set_active(staff, is_active=False, by=by, on=on)


def reactivate(*, staff: StaffMember, by: Actor, on: date) -> StaffMember:
    """Someone can log in again, with the password that he had."""
    return _set_active(staff, is_active=True, by=by, on=on)


@transaction.atomic
def _set_active(staff: StaffMember, *, is_active: bool, by: Actor, on: date) -> StaffMember:
    _require_right_over(staff, by, on)
    staff.is_active = is_active
    staff.save(update_fields=["is_active"])
    return staff


def _username_of(name: str) -> str:
    """The name in pinyin, with a number where others are called so."""
    plain = re.sub(r"[^a-z]", "", pinyin_of(name).full)[:50]
    start = plain if len(plain) > 1 else "staff"
    taken = set(Login.objects.filter(username__startswith=start).values_list("username", flat=True))
    return next(each for each in (start, *(f"{start}{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def _require_apart(staff: StaffMember, kind: KindOfPost, held: DateRange) -> None:
    """Raise Refused where one person would hold two posts of which one checks the other."""
    apart = kind.never_with or {}
    others = Appointment.objects.filter(staff=staff, post__kind__in=apart, period__overlap=held)
    other = others.select_related("post__office__division").order_by("id").first()
    if other is not None:
        message = _(
            "{name} {period}担任{post}，同一时间不能再担任{kind}：{why}。请先结束那项任职，或把任期改到它以外。"
        )
        raise Refused(
            message.format(
                name=staff.name,
                period=other.shown_period,
                post=other.post,
                kind=kind.label,
                why=apart[other.post.kind],
            ),
            field="post_kind",
        )


def _require_area(division: Division, by: Actor) -> None:
    if not by.reaches(division.path):
        raise Refused(_("{division}不在您负责的区域内。").format(division=division), field="office")


def _require_right_over(staff: StaffMember, by: Actor, on: date) -> None:
    by.require(Capability.KEEP_STAFF, _("管理工作人员和任职"))
    if by.staff == staff.pk:
        raise Refused(_("不能管理自己的账号和任职，请由另一位区级工作人员办理。"))
    if not queries.staff_of(by, on=on).filter(pk=staff.pk).exists():
        raise Refused(_("{name} 不在您负责的区域任职。").format(name=staff.name))
