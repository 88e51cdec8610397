"""What changed of one who works here, told in a line each: the account, the posts, the relatives."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.enums import PrincipalKind
from yihu.access.models import Login, Principal
from yihu.common.history import Happening, in_words, label_of, targets_of, tell
from yihu.common.models import Change
from yihu.organisations.models import Appointment, Post, Relative, StaffMember
from yihu.organisations.queries import appointments_within, posts_within
from yihu.web.parts import Event

# Of a long time in office the last are told.
MOST = 50


def history_of(staff: StaffMember, actor: Actor) -> list[Event]:
    """The last changes, latest first: what, who did it and when. Of posts those within someone's areas."""
    held = appointments_within(actor).filter(staff=staff)
    reached = posts_within(actor).values_list("pk", flat=True)
    cancelled = Change.objects.filter(
        table=Appointment._meta.db_table,
        operation="delete",
        before__staff_id=staff.pk,
        before__post_id__in=list(reached),
    )
    rows = {
        Principal: [staff.pk],
        Login: [staff.pk],
        Appointment: [*held.values_list("pk", flat=True), *cancelled.values_list("row_id", flat=True)],
        Relative: list(Relative.objects.filter(staff=staff).values_list("pk", flat=True)),
    }
    about = Q()
    for model, keys in rows.items():
        about |= Q(table=model._meta.db_table, row_id__in=keys)
    happenings = tell(Change.objects.filter(about).select_related("actor").order_by("-id")[:MOST])
    posts = Post.objects.select_related("office__division").in_bulk(
        [each.row["post_id"] for each in happenings if each.model is Appointment]
    )
    targets = {(Post, key): post for key, post in posts.items()} | dict(targets_of(happenings))
    return [_event(each, targets) for each in happenings]


def _event(happening: Happening, targets: dict) -> Event:
    at = timezone.localtime(happening.change.at)
    text, detail = _told(happening, targets)
    return Event(
        on=at.date(),
        text=text,
        detail=" · ".join(filter(None, (f"{at:%H:%M}", happening.change.actor.shown_name, detail))),
    )


def _told(happening: Happening, targets: dict) -> tuple[str, str]:
    """What was done, and what it was before."""
    is_new = happening.change.operation == "insert"
    row = happening.row
    # What stands in for a password is shown to nobody.
    changed = [each for each in happening.differences if each.field.name != "password"]
    if happening.model is Appointment:
        post = str(targets[Post, row["post_id"]])
        if happening.change.operation == "delete":
            return _("撤销任命：{post}").format(post=post), ""
        period = next(each for each in changed if each.field.name == "period")
        before, after = (in_words(period.field, side, targets) for side in (period.before, period.after))
        if is_new:
            return _("任命：{post}，{period}").format(post=post, period=after), ""
        return _("任期改为{period}：{post}").format(period=after, post=post), _("原来{before}").format(before=before)
    if happening.model is Relative:
        kinship = in_words(Relative._meta.get_field("kinship"), row["kinship"], targets)
        said = _("申报近亲属：{kinship} {name}") if is_new else _("撤销申报：{kinship} {name}")
        return said.format(kinship=kinship, name=row["name"]), ""
    if is_new:
        return (_("给了账号") if happening.model is Login else _("登记")), ""
    if changed:
        told = (f"{label_of(each.field)}：{in_words(each.field, each.after, targets)}" for each in changed)
        active = [each.after for each in changed if each.field.name == "is_active"]
        return (_("恢复账号") if active[0] else _("停用账号")) if active else "；".join(told), ""
    if happening.change.actor.kind == PrincipalKind.SERVICE:
        return _("密码换了保存方式"), ""
    is_own = happening.change.actor_id == row["principal_id"]
    return (_("自己改了密码") if is_own else _("给了新密码")), ""
