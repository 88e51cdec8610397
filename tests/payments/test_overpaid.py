"""What was paid too much is told to whoever paid it, wherever the family lives by now."""

import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import determined
from tests.payments.conftest import OCTOBER, SEPTEMBER, Office, award, families, stop
from tests.places import division
from tests.test_harness import needs_roles
from yihu.access.actor import service
from yihu.access.scope import acting
from yihu.awards.models import Award, AwardTerm
from yihu.households.models import Household
from yihu.payments import queries
from yihu.payments.queries import Overpaid
from yihu.web.desk.families.paid import PaidBeyond, paid_family

THERE, NOVEMBER = "11/0108/", date(2026, 11, 1)

pytestmark = needs_roles


def moves_away(family: Household) -> None:
    to = division(f"{THERE}001/001/")
    with many.at_work_in("11/"):
        Household.objects.filter(pk=family.pk).update(division=to, address="某处")


def told(area: str, *, to: str = "", household: int | None = None) -> list[Overpaid]:
    """What somebody of an area is told."""
    with many.at_work_in(to or area):
        return queries.overpaid(area, known_on=NOVEMBER, household=household)


@pytest.fixture
def claim(office: Office) -> Award:
    """One that was paid in September and October here, and moved away since."""
    [family] = families(1)
    [found] = award([family])
    office.pay(SEPTEMBER)
    office.pay(OCTOBER)
    moves_away(family)
    return found


def test_who_paid_goes_on_seeing_it_and_the_new_district_does_not(claim: Award) -> None:
    assert told(many.DISTRICT) == told(THERE) == []
    with many.at_work_in(THERE):
        assert Award.objects.filter(pk=claim.pk).exists()
        stop(claim, OCTOBER)

    found = Overpaid(claim.pk, OCTOBER, due=0, paid=161_600, amount=161_600)
    assert told(many.DISTRICT) == told(many.DISTRICT, household=claim.household_id) == [found]
    assert told("11/0102/007/") == [found]
    assert told(THERE) == told("11/0102/009/") == []


def test_whoever_pays_reads_it_on_the_page_of_the_family(office: Office) -> None:
    [family] = families(1)
    [found] = award([family])
    office.pay(SEPTEMBER)
    office.pay(OCTOBER)
    with many.at_work_in(many.DISTRICT):
        assert paid_family(family, on=NOVEMBER, whole=False).beyond == ()
        stop(found, OCTOBER)
        page = paid_family(family, on=NOVEMBER, whole=False)
        drawn = render_to_string("web/desk/families/paid.html", {"family": page, "household": family})

    assert page.beyond == (PaidBeyond(found.programme, OCTOBER, due=0, paid=161_600, amount=161_600),)
    assert re.search(r"多发.*最低生活保障.*2026 年 10 月.*0\.00.*1,616\.00.*1,616\.00", drawn, re.DOTALL)


def test_nobody_is_told_of_what_he_does_not_reach(claim: Award, office: Office) -> None:
    with many.at_work_in(THERE):
        stop(claim, OCTOBER)

    assert told(many.DISTRICT, to=THERE) == told(many.DISTRICT, to="11/0102/007/") == told("", to="11/") == []
    assert len(told(many.DISTRICT, to="11/")) == 1
    assert claim.household_id


def test_each_of_two_districts_is_told_what_it_paid_beyond(claim: Award) -> None:
    """Raised, and the difference paid there; then lowered below both."""
    family = Household(pk=claim.household_id)
    with many.at_work_in(THERE):
        maker, checker = (many.make_actor(f"finance_{each}", THERE) for each in ("maker", "checker"))
    there = Office(maker, checker)
    for amount, from_day in ((200_000, OCTOBER), (150_000, OCTOBER)):
        with acting(service("tests", THERE)):
            AwardTerm.objects.create(
                award=claim, period=Range(from_day, None), amount=amount, determination=determined(family, amount),
                granted_in_id=THERE, known_on=OCTOBER, made_by_id=service("tests").principal,
            )  # fmt: skip
            if amount == 200_000:
                there.pay(NOVEMBER)

    [here] = told(many.DISTRICT)
    assert here == Overpaid(claim.pk, OCTOBER, due=150_000, paid=200_000, amount=11_600)
    [of_october, of_november] = told(THERE)
    assert of_october == Overpaid(claim.pk, OCTOBER, due=150_000, paid=200_000, amount=38_400)
    assert of_november == Overpaid(claim.pk, NOVEMBER, due=150_000, paid=200_000, amount=50_000)
