"""Whom the award of a family counts, and who of them is gone.

A family is paid for the people of the determination that its award rests on: that of its last term which does not stop
it. Whoever of them died before the month that is paid stands in the way of the run, and whoever no longer lived in the
family on its first day is told of, until a term that counts the family without him is in force. It does not matter when
he died: of a death of before the determination which became known only after it, the determination knew nothing.

Who left is told of and does not stand in the way: what was decided holds until it is decided anew, and a family whose
child goes to live elsewhere is not to wait for its money until then. Whoever makes the run may leave it out all the
same.

An opening balance names no people. For it days decide: what happened after it came in is what it did not know.
"""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from yihu.awards.models import AwardTerm
from yihu.households.models import Member, Person
from yihu.payments.models import PaymentLine
from yihu.policy.models import Determination


def with_someone_who_died(lines: QuerySet[PaymentLine]) -> QuerySet[PaymentLine]:
    """Those that pay a family for someone who died before their period."""
    before = _members().filter(died_on__lt=OuterRef("period"))
    return _of_families(
        lines,
        listed=before.filter(_is_listed()),
        since_opening=before.filter(died_on__gt=OuterRef("taken_over_on"), membership__contains=F("died_on")),
    )


def with_someone_who_left(lines: QuerySet[PaymentLine]) -> QuerySet[PaymentLine]:
    """Those that pay a family for someone living who has left it by the first day of their period."""
    back = Member.objects.filter(
        household=OuterRef("household"), person=OuterRef("person"), period__contains=OuterRef(OuterRef("period"))
    )
    lives = Q(died_on__isnull=True) | Q(died_on__gte=OuterRef("period"))
    gone = _members().filter(lives, ~Exists(back), membership__endswith__lte=OuterRef("period"))
    return _of_families(
        lines,
        listed=gone.filter(_is_listed()),
        since_opening=gone.filter(membership__endswith__gt=OuterRef("taken_over_on")),
    )


def _of_families(
    lines: QuerySet[PaymentLine], *, listed: QuerySet[Member], since_opening: QuerySet[Member]
) -> QuerySet[PaymentLine]:
    last = AwardTerm.objects.filter(award=OuterRef("award"), stops=False).order_by("-pk")
    of_families = lines.filter(award__person__isnull=True).annotate(
        rests_on=Subquery(last.values("determination")[:1]),
        taken_over_on=Subquery(last.values("opening__imported_on")[:1]),
    )
    return of_families.filter(
        Q(Exists(listed), rests_on__isnull=False) | Q(Exists(since_opening), taken_over_on__isnull=False)
    )


def _members() -> Any:
    # Asked one by one: joined, all people would be read again for every line.
    died_on = Person.objects.filter(pk=OuterRef("person")).values("died_on")
    return Member.objects.filter(household=OuterRef("household")).annotate(
        died_on=Subquery(died_on), membership=F("period")
    )


def _is_listed() -> Exists:
    counted = Determination.objects.filter(pk=OuterRef(OuterRef("rests_on")), people__contains=[OuterRef("person_id")])
    return Exists(counted)
