"""The family of a close relative is kept from an officer, by every way that leads to it."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.urls import reverse

from tests import rooms
from tests.cases.street import People, appoint
from tests.cases.walk import Walk, related
from tests.web.desk.seats import Desks
from yihu.access.actor import Actor
from yihu.access.scope import acting, keep_away
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.enums import FactSource
from yihu.households.models import Fact, FileRead, Household, Paper, Person
from yihu.letters.models import Letter
from yihu.payments.models import Account
from yihu.policy.models import Determination

LATER = date(2026, 3, 16)


@pytest.fixture
def brother(granted: Walk, desks: Desks, people: People) -> Actor:
    """The clerk, whose brother heads a family that was granted its allowance."""
    walk = granted
    related(walk, people.clerk)
    desks.today = date(2026, 4, 7)
    return people.clerk


def pages_of(walk: Walk) -> list[str]:
    """The pages of the family by its number and by that of its case."""
    number, person = walk.household.number, walk.household.people.earliest("id").pk
    return [
        *(
            reverse(f"desk:{name}", args=[number])
            for name in ("family", "purpose", "papers", "add_paper", "consent", "state_facts", "account", "contact")
        ),
        f"/desk/families/{number}/members/correct/{person}/",
        reverse("desk:case", args=[walk.number]),
    ]


def test_no_page_of_the_family_opens_and_nothing_is_recorded_as_seen(walk: Walk, desks: Desks, brother: Actor) -> None:
    client = desks.of(brother)
    paper = Paper.objects.filter(subject__startswith=walk.number).earliest("id")

    for url in pages_of(walk):
        for answer in (client.get(url), client.post(url, {"purpose": "case"})):
            # What is no page to send anything to, is none for him either.
            assert answer.status_code in (403, 405), url
            assert "贾一" not in answer.content.decode()
        assert "您须回避" in client.get(url).content.decode()
    for name, row in (
        ("letter", Letter.objects.filter(subject=walk.number).earliest("id")),
        ("paper", paper),
        ("determination", Determination.objects.filter(household=walk.household).earliest("id")),
    ):
        url = reverse(f"desk:{name}", args=[row.pk])
        assert client.get(url).status_code == 404
        assert client.get(url, {"case": walk.number}).status_code == 403
    assert not FileRead.objects.filter(actor=brother.principal).exists()


def test_it_stands_in_no_list_and_no_search(walk: Walk, desks: Desks, brother: Actor, people: People) -> None:
    def seen(who: Actor) -> list[str]:
        client = desks.of(who)
        return [
            client.get(reverse("desk:families")).content.decode(),
            client.get(reverse("desk:cases"), {"state": "all"}).content.decode(),
            client.get(reverse("desk:awards")).content.decode(),
            client.post(reverse("desk:search"), {"q": "贾一"}).content.decode(),
            client.post(reverse("desk:search"), {"q": walk.household.number}).content.decode(),
            client.post(reverse("desk:search"), {"q": walk.number}).content.decode(),
        ]

    ways = (f"/desk/families/{walk.household.number}/", f"/desk/cases/{walk.number}/")
    assert all(any(way in page for way in ways) for page in seen(people.examiner))
    assert not any(way in page for way in ways for page in seen(brother))


def test_nothing_that_decides_is_written_by_him(walk: Walk, desks: Desks, brother: Actor) -> None:
    client, number = desks.of(brother), walk.household.number
    head = walk.household.people.earliest("id")
    facts, accounts = Fact.objects.count(), Account.objects.count()

    typed = {"source": "declared", "since": "2026-03-01", f"p{head.pk}-wage": "1.00"}
    assert client.post(reverse("desk:state_facts", args=[number]), typed).status_code == 403
    account = {"do": "open", "holder": head.pk, "bank": "某行", "number": "6222000000001234560"}
    assert client.post(reverse("desk:account", args=[number]), account).status_code == 403
    # With another number the head would no longer be known as his brother.
    other = {"name": head.name, "identity_number": rooms.identity_number(date(1980, 5, 1), 77), "reason": "填错"}
    assert client.post(f"/desk/families/{number}/members/correct/{head.pk}/", other).status_code == 403

    assert (Fact.objects.count(), Account.objects.count()) == (facts, accounts)
    assert client.get(reverse("desk:case", args=[walk.number])).status_code == 403


def test_an_action_refuses_him_too(walk: Walk, brother: Actor) -> None:
    kept = replace(brother, kept=((walk.household.pk, "XC"),))
    said = [households.NewFact("homes", {"homes": 2})]
    with acting(kept), pytest.raises(Refused, match="近亲属"):
        households.record_facts(household=walk.household, facts=said, source=FactSource.DECLARED, by=kept, on=LATER)


def test_for_the_database_the_family_does_not_exist(walk: Walk, brother: Actor) -> None:
    with acting(brother):
        keep_away([walk.household.pk])
        assert not Household.objects.filter(pk=walk.household.pk).exists()
        assert not Person.objects.filter(household=walk.household).exists()
        assert not Fact.objects.filter(household=walk.household).exists()
        with pytest.raises(DatabaseError, match="row-level security"), acting(brother):
            write_into(walk.household)
    with acting(brother):
        assert Household.objects.filter(pk=walk.household.pk).exists()


def write_into(household: Household) -> None:
    """Lay a paper into the file, past everything that the desk would ask."""
    keep_away([household.pk])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO households_paper (household_id, document_id, subject)"
            " SELECT %s, id, '' FROM documents_document LIMIT 1",
            [household.pk],
        )


def test_who_pays_everybody_does_not_lose_sight_of_one_family_but_does_not_open_its_file(
    walk: Walk, desks: Desks, brother: Actor, district: rooms.District
) -> None:
    payer = appoint("payer", "贾制单", "finance_maker", district.district)
    related(walk, payer)
    client = desks.of(payer)

    assert walk.household.number in client.get(reverse("desk:awards")).content.decode()
    for name in ("family", "account"):
        assert client.get(reverse(f"desk:{name}", args=[walk.household.number])).status_code == 403
