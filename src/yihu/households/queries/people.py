"""Who lives together."""

from datetime import date

from django.db.models import Q

from yihu.households.models import ADULT_AGE, Consent, Household, Member, Person


def members_on(household: Household, on: date) -> list[Member]:
    """Those who live together on a day, head first, each with his person."""
    return list(household.members.on(on).select_related("person"))


def consents_on(on: date) -> Q:
    """Consents that hold on a day."""
    return Q(signed_on__lte=on) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))


def adults_without_consent(household: Household, on: date) -> list[Person]:
    """The adults of the family who on this day have not allowed other departments to be asked."""
    adults = [member.person for member in members_on(household, on) if member.person.age_on(on) >= ADULT_AGE]
    signed = set(Consent.objects.filter(consents_on(on), person__in=adults).values_list("person_id", flat=True))
    return [person for person in adults if person.pk not in signed]
