"""The first family through the house: from its registration to the bank's file, by eight people at eight desks."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from demo.accounts import SHOWN
from tests.web.journeys.first_family import district, street
from tests.web.journeys.first_family.family import EVERYBODY, HEAD, WIFE, assessed
from tests.web.journeys.seats import Office, Seat
from yihu.access.capabilities import Capability
from yihu.access.models import Login
from yihu.access.scope import acting
from yihu.awards.models import AwardTerm
from yihu.cases.enums import CaseState
from yihu.cases.models import Case
from yihu.common.fen import parse_yuan, yuan
from yihu.households.enums import ReadPurpose
from yihu.households.models import FileRead
from yihu.organisations.actions import declare_relative
from yihu.organisations.enums import Kinship
from yihu.organisations.models import StaffMember
from yihu.organisations.queries import service_everywhere
from yihu.policy.models import Determination

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CONFIRMED_ON = date(2026, 3, 17)


@pytest.fixture
def enter() -> Callable[[Seat], None]:
    """How people come to sit at their desks: each logs in."""
    return Seat.log_in


@pytest.fixture
def office(office: Office) -> Office:
    """The people of the demonstration, who are all here."""
    for username, _name, _post, _division in SHOWN:
        assert office[username]
    return office


@pytest.fixture
def sister_on_the_committee(office: Office) -> None:
    """Someone who works in the community has declared the wife of the family as his sister."""
    service = service_everywhere("tests", may=[Capability.DECLARE_FOR_OTHERS, Capability.SEE_FORMER_STAFF])
    with acting(service):
        declare_relative(
            staff=StaffMember.objects.get(login__username="shegong2"),
            kinship=Kinship.SIBLING,
            name=WIFE.name,
            identity_number=WIFE.number,
            by=service,
            on=date(2026, 1, 5),
        )


@pytest.mark.usefixtures("sister_on_the_committee")
def test_one_family_from_its_application_to_the_bank_file(office: Office, tmp_path: Path) -> None:
    amount = assessed(tmp_path, CONFIRMED_ON)
    household = street.registered(office)
    case = street.applied_for(office)
    street.admitted(office)
    street.checked(office)
    street.visited(office)
    street.examined(office, yuan(amount))
    district.visited(office)
    street.confirmed(office, yuan(amount))
    street.handed_over(office, yuan(amount))
    file = district.paid(office, household, yuan(amount), tmp_path)
    district.audited(office, household, yuan(amount))

    with acting(service_everywhere("tests")):
        assert Case.objects.get(number=case).state == CaseState.GRANTED
        assert AwardTerm.objects.get().amount == amount
        assert [each.amount for each in Determination.objects.all()] == [amount, amount]
    assert amounts_in(file) == {household: amount, "": amount}
    call_command("replay", "--all", verbosity=0)
    no_number_stood_unmasked(office)
    each_said_why(office, household)


def amounts_in(file: Path) -> dict[str, int]:
    """What the bank is told to pay by family, and beside no family the sum, in fen."""
    payment, total = list(csv.reader(file.read_text("utf-8-sig").splitlines()))[1:]
    assert payment[2] == HEAD.name
    return {payment[6]: parse_yuan(payment[4]), "": parse_yuan(total[4])}


def no_number_stood_unmasked(office: Office) -> None:
    """Whole identity numbers stood on the page on which one was asked for, and nowhere else."""
    whole = [
        (seat.username, path)
        for seat, path, content in office.shown()
        if any(each.number in content for each in EVERYBODY)
    ]
    assert {(username, "/number/" in path) for username, path in whole} == {("quji", True)}
    masked = [path for _seat, path, content in office.shown() if f"000000********{HEAD.number[-4:]}" in content]
    assert masked


def each_said_why(office: Office, household: str) -> None:
    """All eight looked into the family's file, and each time it was written down what for."""
    with acting(service_everywhere("tests")):
        actors = dict(Login.objects.filter(username__in=office.seats).values_list("username", "pk"))
        reads = FileRead.objects.filter(household__number=household)
        purposes = {
            username: set(reads.filter(actor=pk).values_list("purpose", flat=True)) for username, pk in actors.items()
        }
    assert purposes == {
        "shegong": {ReadPurpose.CHANGE, ReadPurpose.CASE},
        "jingban": {ReadPurpose.CASE},
        "shenhe": {ReadPurpose.CASE},
        "zhuren": {ReadPurpose.CASE},
        "quji": {ReadPurpose.CASE},
        "zhidan": {ReadPurpose.PAYMENT},
        "fuhe": {ReadPurpose.PAYMENT},
        "shenji": {ReadPurpose.AUDIT},
    }
