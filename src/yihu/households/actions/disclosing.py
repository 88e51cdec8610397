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
            )
    except IntegrityError:
        raise Refused(_("{name}已有这一户这项用途的授权。").format(name=organisation), field="purpose") from None


@transaction.atomic
def end_grant(*, grant: Grant, reason: str, by: Actor, on: date) -> Grant:
    """From this day the organisation sees nothing any more. Raises Refused."""
    by.require(Capability.GIVE_GRANTS, _("授权提供家庭信息"))
    by.require_area(grant.household.division_id)
    if not reason.strip():
        raise Refused(_("请写明为什么终止。"), field="reason")
    if not grant.period.lower < on < grant.period.upper:
        raise Refused(_("这份授权今天不在执行中，或者今天才开始，不能终止。"))
    grant.period = DateRange(grant.period.lower, on)
    with because(reason.strip()):
        grant.save(update_fields=["period"])
    return grant
