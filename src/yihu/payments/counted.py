"""Whom the award of a family counts, and who of them is gone.

A family is paid for the people of the determination that its award rests on. Whoever of them died before the month that
is paid stands in the way of the run, and whoever no longer lived in the family on its first day is told of, until a
determination without him is in force. It does not matter when he died: a death of before the determination which became
known only after it X

Who left is told of and does not stand in the way: what was decided holds until it is decided anew, and a family whose
child goes to live elsewhere is not to wait for its money until then. Whoever makes the run may leave it out all the
same.

An opening balance names no people. For it days decide: what happened after it came in is what it did not know.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from yihu.awards.models import Award
from yihu.cases.enums import Opinion
from yihu.cases.models import Confirmation
from yihu.households.models import Member, Person
from yihu.payments.models import PaymentLine
from yihu.policy.models import Determination


def with_someone_who_died(lines: QuerySet[PaymentLine]) -> QuerySet[PaymentLine]:
    """Those that pay a family for someone who died before their month."""
    before = _members().filter(died_on__lt=OuterRef("month"))
    return _of_families(
        lines,
        listed=before.filter(_is_listed()),
        since_opening=before.filter(died_on__gt=OuterRef("award__opening__imported_on"), period__contains=F("died_on")),
    )


def with_someone_who_left(lines: QuerySet[PaymentLine]) -> QuerySet[PaymentLine]:
    """Those that pay a family for someone living who has left it by the first of their month."""
    back = Member.objects.filter(
        household=OuterRef("household"), person=OuterRef("person"), period__contains=OuterRef(OuterRef("month"))
    )
    lives = Q(died_on__isnull=True) | Q(died_on__gte=OuterRef("month"))
    gone = _members().filter(lives, ~Exists(back), period__endswith__lte=OuterRef("month"))
    return _of_families(
        lines,
        listed=gone.filter(_is_listed()),
        since_opening=gone.filter(period__endswith__gt=OuterRef("award__opening__imported_on")),
    )


def _of_families(
    lines: QuerySet[PaymentLine], *, listed: QuerySet[Member], since_opening: QuerySet[Member]
) -> QuerySet[PaymentLine]:
    of_families = lines.filter(award__person__isnull=True).annotate(rests_on=_rests_on())
    return of_families.filter(
        Q(Exists(listed), rests_on__isnull=False) | Q(Exists(since_opening), rests_on__isnull=True)
    )


def _members() -> Any:
    # Asked one by one: joined, all people would be read again for every line.
    died_on = Person.objects.filter(pk=OuterRef("person")).values("died_on")
    return Member.objects.filter(household=OuterRef("household")).annotate(died_on=Subquery(died_on))


def _is_listed() -> Exists:
    counted = Determination.objects.filter(pk=OuterRef(OuterRef("rests_on")), people__contains=[OuterRef("person_id")])
    return Exists(counted)


def _rests_on() -> Subquery:
    """The last determination in force for the family and the programme; none before an opening balance came in."""
    granted = Confirmation.objects.filter(decision=Opinion.GRANT, determination=OuterRef("pk"))
    in_force = Q(Exists(Award.objects.filter(determination=OuterRef("pk")))) | Q(Exists(granted))
    found = Determination.objects.filter(
        in_force,
        household=OuterRef("household"),
        programme=OuterRef("award__programme"),
        person__isnull=True,
        known_on__gte=Coalesce(OuterRef("award__opening__imported_on"), Value(date.min)),
    )
    return Subquery(found.order_by("-pk").values("pk")[:1])
