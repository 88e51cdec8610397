"""What those who pay see of a family: who lives in it, what it gets and where it goes. Nothing that led to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from yihu.awards.models import Award, AwardTerm
from yihu.awards.queries import in_force, terms_of
from yihu.households import queries
from yihu.households.models import Household, Member
from yihu.organisations.paths import district_of
from yihu.payments import queries as payments
from yihu.payments.models import Account
from yihu.web import parts
from yihu.web.desk.families.family import EVENTS, drawn, relation_text


@dataclass(frozen=True, slots=True)
class Payee:
    """A member; ``number`` is masked, empty for whoever has none."""

    name: str
    relation: str
    number: str


@dataclass(frozen=True, slots=True)
class PaidBeyond:
    """A pay period of which more was paid than is due, in fen, all of it and what was too much."""

    programme: str
    period: date
    due: int
    paid: int
    amount: int


@dataclass(frozen=True, slots=True)
class PaidFamily:
    """All of it. ``monthly`` is fen of what is in force by the month; a term with whether it is; ``beyond`` what the
    district paid too much.
    """

    head: str
    members: tuple[Payee, ...]
    terms: tuple[tuple[AwardTerm, bool], ...]
    monthly: int
    beyond: tuple[PaidBeyond, ...]
    account: Account | None
    events: tuple[parts.Event, ...]
    events_count: int


def paid_family(household: Household, *, on: date, whole: bool) -> PaidFamily:
    """The page of a family for those who pay, as of a day, the latest first; ``whole``: with every payment."""
    members = queries.members_on(household, on)
    running = in_force(household.pk, on=on)
    now = {term.pk for term in running}
    events = sorted(payments.events_of(household), reverse=True)
    found = payments.overpaid(district_of(household.division_id), known_on=on, household=household.pk)
    awards = Award.objects.filter(pk__in={each.award for each in found})
    programmes = dict(awards.values_list("pk", "programme"))
    return PaidFamily(
        head=members[0].person.name if members else "",
        members=tuple(_payees(members)),
        terms=tuple((term, term.pk in now) for term in terms_of(household.pk)),
        monthly=running.monthly().aggregate(fen=Sum("amount", default=0))["fen"],
        beyond=tuple(
            PaidBeyond(programmes[each.award], each.period, each.due, each.paid, each.amount) for each in found
        ),
        account=payments.account_of(household.pk, on=on),
        events=tuple(drawn(events if whole else events[:EVENTS])),
        events_count=len(events),
    )


def _payees(members: Iterable[Member]) -> Iterable[Payee]:
    for member in members:
        yield Payee(member.person.name, relation_text(member.relation), queries.masked_identity_number(member.person))
