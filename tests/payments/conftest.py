"""A small district with a maker and a checker, families with accounts, and awards that are to be paid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME
from yihu.access.actor import Actor, service
from yihu.awards.models import Award, AwardTerm, OpeningImport
from yihu.awards.periods import RUNNING, pay_period_of
from yihu.common import secrets
from yihu.documents.models import Document
from yihu.households.models import Household, Person
from yihu.payments import actions, queries
from yihu.payments.models import Account, PaymentRun
from yihu.policy.labels import ProgrammeLabel, programme_of
from yihu.policy.models import Determination

# What is set down in tests was known before the first run.
KNOWN_ON = date(2026, 1, 1)
JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (7, 8, 9, 10, 11))
__all__ = ["FAMILY_PROGRAMME", "MEMBER_PROGRAMME"]


@dataclass
class Office:
    """Those who deal with money."""

    maker: Actor
    checker: Actor

    def make(self, month: date, *programmes: str, **options: Any) -> PaymentRun:
        """A draft made on the third of its month."""
        return actions.make_run(
            by=self.maker,
            **{
                "programmes": programmes or (FAMILY_PROGRAMME,),
                "month": month,
                "on": month.replace(day=3),
                **options,
            },
        )

    def approve(self, run: PaymentRun) -> PaymentRun:
        """The draft handed over and approved."""
        on = run.made_on
        actions.submit(run=run, by=self.maker, on=on)
        return self.check(run, on=on)

    def check(self, run: PaymentRun, *, on: date, by: Actor | None = None) -> PaymentRun:
        """What was handed over is looked at, and approved."""
        seen = queries.seal_of(PaymentRun.objects.get(pk=run.pk))
        return actions.approve(run=run, seen=seen, by=by or self.checker, on=on)

    def pay(self, month: date, *programmes: str) -> PaymentRun:
        """A whole month."""
        return self.approve(self.make(month, *programmes))


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, settings: Any) -> None:
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    """The district at work, with a maker and a checker."""
    with many.district_at_work():
        many.make_district()
        yield Office(
            many.make_actor("finance_maker", name="贾制单"),
            many.make_actor("finance_checker", name="甄复核"),
        )


def families(count: int, **options: Any) -> list[Household]:
    """Families that each have an account of their own, in their head's name."""
    households = many.make_families(count, **options)
    give_accounts(households)
    return households


def give_accounts(households: Sequence[Household], *, start: int = 0) -> list[Account]:
    """An account for each, numbered from ``start``."""
    numbers = [f"{9_550_000_000_000_000 + start + household.pk}" for household in households]
    heads = {person.household_id: person for person in many.Person.objects.order_by("-pk")}
    return Account.objects.bulk_create(
        Account(
            household=household,
            holder=heads[household.pk],
            bank="某某银行西城支行",
            number=secrets.encrypt(secrets.Kind.ACCOUNT, number),
            number_digest=secrets.digest(secrets.Kind.ACCOUNT, number),
            tail=number[-4:],
            period=Range(many.SINCE, None),
        )
        for household, number in zip(households, numbers, strict=True)
    )


def award(
    households: Sequence[Household],
    amount: int | Sequence[int] | None = 161_600,
    *,
    start: date = SEPTEMBER,
    until: date | None = None,
    programme: str = FAMILY_PROGRAMME,
    person: bool = False,
    opening: OpeningImport | None = None,
    mark: str = "",
    known_on: date | None = None,
) -> list[Award]:
    """An award for each family, or for its head, by a determination of its own or an opening balance.

    ``known_on`` None: it was known long ago.
    """
    by = service("tests").principal
    amounts = [amount] * len(households) if amount is None or isinstance(amount, int) else amount
    heads = {each.household_id: each for each in many.Person.objects.order_by("-pk")} if person else {}
    living: dict[int, list[int]] = {}
    for home, member in many.Member.objects.filter(period__upper_inf=True).values_list("household", "person"):
        living.setdefault(home, []).append(member)
    determinations = [None] * len(households) if opening else Determination.objects.bulk_create(
        Determination(
            household=household, programme=programme, person=heads.get(household.pk), on=start, known_on=start,
            outcome="eligible", amount=fen, people=living.get(household.pk, []),
            record={}, explanation={}, hash="0" * 64, made_by_id=by,
        )
        for household, fen in zip(households, amounts, strict=True)
    )  # fmt: skip
    label = programme_of(programme, many.DISTRICT)
    terms = [
        AwardTerm(
            award=_claim(household, heads.get(household.pk), label, opening, start),
            period=Range(start, until),
            amount=fen,
            mark=mark,
            determination=determination,
            opening=opening,
            granted_in_id=many.DISTRICT,
            known_on=known_on or min(start, KNOWN_ON),
            made_by_id=by,
        )
        for household, fen, determination in zip(households, amounts, determinations, strict=True)
    ]
    Award.objects.bulk_create(term.award for term in terms if term.award.pk is None)
    for term in terms:
        term.award_id = term.award.pk
    AwardTerm.objects.bulk_create(terms)
    return [term.award for term in terms]


def _claim(
    household: Household, person: Person | None, label: ProgrammeLabel, opening: OpeningImport | None, start: date
) -> Award:
    """The claim that there is, or a new one; a person's is found in whatever family."""
    whose = {"person": person} if person else {"household": household, "person": None}
    found = Award.objects.filter(programme=label.name, key=RUNNING, **whose).first() if Award.objects.exists() else None
    return found or Award(
        household=household, person=person, programme=label.name, key=RUNNING, kind=label.kind.value,
        form=label.form.value if label.form else "", pays_from=opening.pays_from if opening else None,
        pay_period=pay_period_of(label.kind, start),
    )  # fmt: skip


def moves(person: Person, to: Household | None, on: date = date(2026, 8, 30)) -> None:
    """Someone leaves his family, for another or for nowhere that is known."""
    many.Member.objects.filter(person=person).update(period=Range(many.SINCE, on))
    if to:
        many.Member.objects.create(household=to, person=person, relation=many.SPOUSE, period=Range(on, None))


def stop(award: Award, on: date, reason: str = "left") -> None:
    """The award stops from a day on, as was known long ago."""
    AwardTerm.objects.create(
        award=award,
        period=Range(on, None),
        stops=True,
        reason=reason,
        known_on=min(on, KNOWN_ON),
        made_by_id=service("tests").principal,
    )


def opening(on: date, pays_from: date | None = None) -> OpeningImport:
    """An opening balance of a day, paid here from its own month on where nothing else is said."""
    document = Document.objects.create(
        kind="opening", name="在册.xlsx", content_type="text/csv", size=1, sha256="0" * 64, division_id=many.DISTRICT,
        received_on=on,
    )  # fmt: skip
    return OpeningImport.objects.create(
        document=document,
        division_id=many.DISTRICT,
        imported_on=on,
        imported_by_id=service("tests").principal,
        awards_count=1,
        total=1,
        pays_from=pays_from or on.replace(day=1),
    )
