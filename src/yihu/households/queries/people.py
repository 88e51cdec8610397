"""Who lives together."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Min, Prefetch, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from yihu.access.actor import Actor
from yihu.common import identity_numbers, secrets, telephone
from yihu.common.secrets import Kind
from yihu.households.enums import HEAD
from yihu.households.models import ADULT_AGE, Consent, Household, Member, Paper, Person
from yihu.organisations.queries import relatives_of


def gather(household: Household) -> None:
    """Fetch at once who ever lived in a family and what they signed, for a page that asks for it in many places.

    What is asked of this very object afterwards is answered from what was fetched: it is not to be changed meanwhile.
    """
    stays = Prefetch("members", _stays(), to_attr="gathered")
    signed = Prefetch("gathered__person__consents", Consent.objects.order_by("signed_on", "id"), to_attr="signed")
    prefetch_related_objects([household], stays, signed)


def stays_of(household: Household) -> list[Member]:
    """Who lives and ever lived in a family, each with his person, by the order in which they were entered."""
    gathered: list[Member] | None = getattr(household, "gathered", None)
    return list(_stays().filter(household=household)) if gathered is None else gathered


def _stays() -> QuerySet[Member]:
    return Member.objects.select_related("person").order_by("id")


def members_on(household: Household, on: date) -> list[Member]:
    """Those who live together on a day, head first, each with his person."""
    living = (stay for stay in stays_of(household) if on in stay.period)
    return sorted(living, key=lambda stay: (stay.relation != HEAD, stay.pk))


class InShort(NamedTuple):
    """A family as a list names it."""

    head: str
    size: int


def in_short(numbers: Collection[str], *, on: date) -> dict[str, InShort]:
    """The head of each of these families on a day and how many live in it, by the family's number; one query."""
    living = Member.objects.filter(household__number__in=numbers, period__contains=on)
    head = Coalesce(Min("person__name", filter=Q(relation=HEAD)), Value(""))
    found = living.order_by().values_list("household__number").annotate(first=head, living=Count("id"))
    return {number: InShort(name, size) for number, name, size in found}


def kept_households(actor: Actor, *, on: date) -> dict[int, str]:
    """The families in which a close relative of whoever asks lives, in his areas or not, by id with their numbers."""
    if actor.kept is not None:
        return dict(actor.kept)
    if actor.staff is None:
        return {}
    return families_of(relatives_of(actor.staff).values_list("identity_digest", flat=True), on=on)


def families_of(digests: Iterable[bytes | memoryview], *, on: date) -> dict[int, str]:
    """The families in which people of these identity numbers live, wherever that is, by id with their numbers."""
    wanted = [bytes(digest) for digest in digests]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT household_id, number FROM families_of(%s::bytea[], %s)", [wanted, on])
        return dict(cursor.fetchall())


def consents_on(on: date) -> Q:
    """Consents that hold on a day."""
    return Q(signed_on__lte=on) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))


def signed_in(household: Household) -> list[Consent]:
    """What the people of a family ever signed, whose file this is or who lived in it, oldest first."""
    people = {stay.person_id: stay.person for stay in stays_of(household)}
    if hasattr(household, "gathered"):
        signed = [consent for person in people.values() for consent in person.signed]  # type: ignore[attr-defined]
        return sorted(signed, key=lambda consent: (consent.signed_on, consent.pk))
    return list(Consent.objects.filter(person__in=people).select_related("person").order_by("signed_on", "id"))


def adults_without_consent(household: Household, on: date) -> list[Person]:
    """The adults of the family who on this day have not allowed other departments to be asked."""
    adults = [member.person for member in members_on(household, on) if member.person.age_on(on) >= ADULT_AGE]
    signed = set(Consent.objects.filter(consents_on(on), person__in=adults).values_list("person_id", flat=True))
    return [person for person in adults if person.pk not in signed]


def papers_of(household: Household) -> list[Paper]:
    """The papers in a family's file, in the order in which they came."""
    return list(household.papers.select_related("document", "person").order_by("id"))


def masked_identity_number(person: Person) -> str:
    """The identity number as screens show it; empty for whoever has none."""
    stored = person.identity_number
    return identity_numbers.mask(secrets.decrypt(Kind.IDENTITY, stored)) if stored else ""


def masked_telephone(household: Household) -> str:
    """The telephone number as screens show it; empty where there is none."""
    return telephone.mask(secrets.decrypt(Kind.TELEPHONE, household.telephone)) if household.telephone else ""
