"""What those who pay see of a family: who lives in it, what it gets and where it goes. Nothing that led to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yihu.awards.models import Award
from yihu.households import queries
from yihu.households.models import Household, Member
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
class PaidFamily:
    """All of it. ``monthly`` is fen of the awards that are in force."""

    head: str
    members: tuple[Payee, ...]
    awards: tuple[tuple[Award, bool], ...]
    monthly: int
    account: Account | None
    events: tuple[parts.Event, ...]
    events_count: int


def paid_family(household: Household, *, on: date, whole: bool) -> PaidFamily:
    """The page of a family for those who pay, as of a day, the latest first; ``whole``: with every payment."""
    members = queries.members_on(household, on)
    rows = Award.objects.filter(household=household).select_related("person").order_by("-period", "-id")
    awards = tuple((award, on in award.period) for award in rows)
    events = sorted(payments.events_of(household.pk), reverse=True)
    return PaidFamily(
        head=members[0].person.name if members else "",
        members=tuple(_payees(members)),
        awards=awards,
        monthly=sum(award.amount for award, is_in_force in awards if is_in_force),
        account=payments.account_of(household.pk, on=on),
        events=tuple(drawn(events if whole else events[:EVENTS])),
        events_count=len(events),
    )


def _payees(members: Iterable[Member]) -> Iterable[Payee]:
    for member in members:
        yield Payee(member.person.name, relation_text(member.relation), queries.masked_identity_number(member.person))
