"""A district that follows a pack of its own, laid over the real ones by pack files alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

import policy_packs
from tests import many, rooms
from tests.cases.street import LONG_AGO, People, load_calendar, make_people, make_poor_family, say
from tests.cases.walk import Walk
from tests.policy_packs.invented import copy_pack
from tests.ready import Ready
from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.awards import actions as awards
from yihu.awards.calendar import look
from yihu.awards.models import AwardTerm, Proposal
from yihu.documents import storage
from yihu.households.enums import FactSource
from yihu.households.models import Household, Person
from yihu.organisations.models import Division
from yihu.payments import actions as payments
from yihu.payments import queries
from yihu.payments.models import BankFile, PaymentRun

PASSBOOK = "9550000000000001"
MARCH = date(2026, 3, 2)


@pytest.fixture(scope="session")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the packs, an invented one among them."""
    return copy_pack("lane", tmp_path_factory.mktemp("packs"))


@dataclass
class Lane:
    """A family of the lane, and those who work for it."""

    people: People
    service: Actor
    household: Household
    maker: Actor
    checker: Actor

    @property
    def head(self) -> Person:
        return self.household.people.order_by("pk")[0]

    @property
    def other(self) -> Person:
        return self.household.people.order_by("pk")[1]

    def known(self, name: str, text: str, on: date = LONG_AGO, person: Person | None = None) -> None:
        say(self.household, name, text, by=self.service, on=on, source=FactSource.VERIFIED, person=person)

    def asked(self, programme: str, on: date, person: Person | None = None) -> Walk:
        """A case, with everything brought and admitted."""
        walk = Walk(self.people, self.household, self.service, programme=programme)
        walk.apply(on, person=person)
        walk.begin(on)
        return walk

    def granted(self, programme: str, on: date, person: Person | None = None, amount: int | None = None) -> Walk:
        """A case, led from its application to the letter by all the steps that its procedure has."""
        walk = self.asked(programme, on, person)
        if walk.open == ["examination"]:
            walk.examine(on, amount=amount)
        walk.confirm(on)
        walk.hand_over(on)
        return walk

    def looked(self, on: date) -> dict[tuple[str, str], Proposal]:
        """What the calendar finds on a day, by programme and key."""
        job = service("calendar", many.DISTRICT, may=[Capability.PROPOSE_CHANGES])
        with acting(job):
            look(division=Division.objects.get(pk=many.DISTRICT), by=job, on=on)
        return {(each.programme, each.key): each for each in Proposal.objects.filter(found_on=on)}

    def accept(self, proposal: Proposal, on: date) -> AwardTerm:
        with acting(self.people.officer):
            return awards.accept_proposal(proposal=proposal, by=self.people.officer, on=on)

    def pay(self, month: date, *programmes: str) -> PaymentRun:
        """A run made, handed over, and approved by somebody else."""
        on = month.replace(day=20)
        with acting(self.maker):
            run = payments.make_run(programmes=programmes, month=month, pay_on=on, by=self.maker, on=on)
            payments.submit(run=run, by=self.maker, on=on)
        with acting(self.checker):
            seen = queries.seal_of(PaymentRun.objects.get(pk=run.pk))
            return payments.approve(run=run, seen=seen, by=self.checker, on=on)

    def bank_file(self, run: PaymentRun) -> list[str]:
        """The lines of the file that the bank gets."""
        with acting(self.maker):
            made: BankFile = payments.make_bank_file(run=run, profile="csv_utf8", by=self.maker, on=run.made_on)
            return storage.open(made.document).decode("utf-8-sig").splitlines()[1:-1]


def _family() -> Lane:
    load_calendar()
    place = rooms.make_district()
    with rooms.everywhere() as loader:
        made = Lane(
            make_people(place),
            loader,
            make_poor_family(place.community, by=loader),
            many.make_actor("finance_maker", name="贾制单"),
            many.make_actor("finance_checker", name="甄复核"),
        )
        made.known("lane_years", "30")
        made.known("craft_years", "10", person=made.head)
        payments.open_account(
            household=made.household, holder=made.head, bank="某某银行西城支行", number=PASSBOOK, by=loader, on=LONG_AGO
        )
        return made


@pytest.fixture
def laid(lane: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack of the lane, over the real ones."""
    monkeypatch.setattr(policy_packs, "ROOT", lane)
    settings.POLICY_PACK = "lane"


@pytest.fixture
def family(laid: None, ready: Ready, settings: Settings) -> Iterator[Lane]:
    """The family has lived in the lane for thirty years; its head has practised a craft for ten, the others none."""
    with ready.at("lane", _family, settings) as made, acting(made.service):
        yield made


@pytest.fixture
def settled(laid: None, ready: Ready, settings: Settings) -> Iterator[Lane]:
    """The family is granted its status, and the head his."""

    def lead() -> Lane:
        made: Lane = ready.given("lane")
        with acting(made.service):
            made.granted("lane_family", MARCH)
            made.granted("craftsman", MARCH, made.head)
        return made

    ready.lead("lane", _family, settings)
    with ready.at("settled", lead, settings, after="lane") as made, acting(made.service):
        yield made
