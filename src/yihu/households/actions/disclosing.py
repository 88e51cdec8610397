"""What of a family an organisation that works with us may see."""

from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import because
from yihu.common.refusals import Refused
from yihu.households.enums import DisclosedField, DisclosurePurpose
from yihu.households.models import Grant, Household
from yihu.organisations.models import Organisation


@transaction.atomic
def give_grant(
    *,
    organisation: Organisation,
    household: Household,
    purpose: DisclosurePurpose,
    fields: Collection[DisclosedField],
    until: date,
    basis: str,
    by: Actor,
    on: date,
) -> Grant:
    """From this day until another, no longer part of it, the organisation may see these fields. Raises Refused."""
    by.require(Capability.GIVE_GRANTS, _("授权提供家庭信息"))
    by.require_area(household.division_id)
    by.require_unrelated(household.pk)
    if not fields:
        raise Refused(_("请选择提供哪些内容。"), field="fields")
    if not basis.strip():
        raise Refused(_("请写明依据，例如本人同意书或者协议。"), field="basis")
    if until <= on:
        raise Refused(_("授权要有期限，最后一天不能早于今天。"), field="until")
    try:
        with transaction.atomic():
            return Grant.objects.create(
                organisation=organisation,
                household=household,
                purpose=purpose,
                fields=sorted(fields),
                period=DateRange(on, until),
                basis=basis.strip(),
                granted_in_id=by.area_of(household.division_id),
            )
    except IntegrityError:
        raise Refused(_("{name}已有这一户这项用途的授权。").format(name=organisation), field="purpose") from None


@transaction.atomic
def end_grant(*, grant: Grant, reason: str, by: Actor, on: date) -> Grant:
    """From this day, be it its first, the organisation sees nothing any more; whoever gave it ends it, wherever the
    family lives by now. Raises Refused.
    """
    by.require(Capability.GIVE_GRANTS, _("授权提供家庭信息"))
    found = Grant.objects.select_for_update().get(pk=grant.pk)
    by.require_area(found.granted_in_id)
    by.require_unrelated(found.household_id)
    if not reason.strip():
        raise Refused(_("请写明为什么终止。"), field="reason")
    if found.ended_on:
        raise Refused(_("这份授权已从 {day} 起终止，不必再终止。").format(day=found.ended_on))
    if not found.period.lower <= on < found.period.upper:
        raise Refused(_("这份授权今天不在执行中，不能终止。"))
    found.ended_on = on
    with because(reason.strip()):
        found.save(update_fields=["ended_on"])
    return found
