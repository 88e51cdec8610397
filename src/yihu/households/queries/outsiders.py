"""Those who do not work here: who a resident or a partner is when he acts, and what a partner is shown."""

import json
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction

from yihu.access.actor import Actor
from yihu.access.enums import PrincipalKind
from yihu.common.refusals import Refused
from yihu.households.enums import DisclosurePurpose
from yihu.households.models import Member, Resident
from yihu.organisations.models import Partner


def resident_acting(resident: Resident, *, on: date) -> Actor:
    """A resident with the household in which he lives on a day. Read as the service: he sees nothing before he acts."""
    own = Member.objects.filter(person=resident.person_id, period__contains=on).values_list("household_id", flat=True)
    return Actor(PrincipalKind.RESIDENT, resident.pk, resident.name, post="", areas=(), own=tuple(own))


def partner_acting(partner: Partner) -> Actor:
    """Someone of a partner: no area is his."""
    return Actor(PrincipalKind.PARTNER, partner.pk, partner.name, post="", areas=())


def disclosed(household: int, purpose: DisclosurePurpose) -> dict[str, Any]:
    """What a grant lets the partner who acts see of a family today, by `DisclosedField`; his looking is written into
    the family's file. What day it is, the database says by its own clock. Raises Refused without a grant.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT disclosed(%s, %s)::text", [household, purpose])
            (shown,) = cursor.fetchone()
    except IntegrityError as error:
        raise Refused(str(error).partition("\n")[0]) from None
    found: dict[str, Any] = json.loads(shown)
    return found
