"""The close relatives by whom someone who works here is conflicted."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import because
from yihu.common import identity_numbers, secrets
from yihu.common.refusals import Refused
from yihu.organisations import queries
from yihu.organisations.enums import Kinship
from yihu.organisations.models import Relative, StaffMember


@transaction.atomic
def declare_relative(
    *, staff: StaffMember, kinship: Kinship, name: str, identity_number: str, by: Actor, on: date
) -> Relative:
    """Someone's relative, declared by himself or for him; the number is kept as a digest only."""
    _require_right_over(staff, by, on)
    if not name.strip():
        raise Refused(_("请填写近亲属的姓名。"), field="name")
    number = identity_numbers.check(identity_number, on=on, field="identity_number")
    try:
        with transaction.atomic():
            return Relative.objects.create(
                staff=staff,
                kinship=kinship,
                name=name.strip(),
                identity_digest=secrets.digest(secrets.Kind.IDENTITY, number),
                declared_on=on,
            )
    except IntegrityError:
        message = _("{name} 已经申报过这位近亲属。关系填错的，请先撤销再重新申报。")
        raise Refused(message.format(name=staff.name), field="identity_number") from None


@transaction.atomic
def withdraw_relative(*, relative: Relative, reason: str, by: Actor, on: date) -> Relative:
    """The declaration no longer holds from this day, as after a divorce or a mistake; it stays on file.

    Somebody else does it and says why: nobody frees himself to handle his relative's case. Raises Refused.
    """
    if by.staff == relative.staff_id:
        raise Refused(_("自己的申报不能自己撤销。请街道主任或区级监督撤销，并写明原因。"))
    _require_right_over(relative.staff, by, on)
    if not reason.strip():
        raise Refused(_("请写明为什么撤销，例如关系已经解除、申报时填错。"), field="reason")
    if relative.withdrawn_on is not None:
        raise Refused(_("这条申报已在 {on} 撤销。").format(on=relative.withdrawn_on))
    if on < relative.declared_on:
        raise Refused(_("撤销日期不能早于申报日期 {on}。").format(on=relative.declared_on))
    relative.withdrawn_on = on
    with because(reason.strip()):
        relative.save(update_fields=["withdrawn_on"])
    return relative


def _require_right_over(staff: StaffMember, by: Actor, on: date) -> None:
    if by.staff == staff.pk:
        return
    by.require(Capability.DECLARE_FOR_OTHERS, _("替别人申报近亲属"))
    if not queries.staff_of(by, on=on).filter(pk=staff.pk).exists():
        raise Refused(_("{name} 不在您负责的区域任职。").format(name=staff.name))
