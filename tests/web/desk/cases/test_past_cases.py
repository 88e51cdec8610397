"""After a move: the new street reads the whole file, the old one its own past cases and nothing else of the family."""

import io
from datetime import date

import pytest
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import rooms
from tests.cases.street import People, appoint, make_poor_family
from tests.cases.walk import SHEET, Walk, related
from tests.places import division
from tests.web.desk.seats import Desks
from yihu.access.actor import Actor
from yihu.access.scope import acting, file_open
from yihu.cases import actions as cases
from yihu.cases.models import Case
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.households import actions as households
from yihu.households.actions import NewMember
from yihu.households.enums import FactSource, ReadKind
from yihu.households.models import Fact, FileRead, Household, Member, Paper, Person
from yihu.letters.models import Letter
from yihu.policy.models import Determination

DECIDED, MOVED, LATER = date(2026, 3, 16), date(2026, 5, 11), date(2026, 6, 1)
BORN_LATER = "郝新生"


@pytest.fixture
def newcomers(district: rooms.District, people: People) -> Actor:
    """The examiner of the street to which the family moves."""
    return appoint("far", "贾远审", "street_examiner", district.far_street)


@pytest.fixture
def moved(granted: Walk, desks: Desks, district: rooms.District, service: Actor) -> Walk:
    """A family that was granted its allowance, moved to another street, and had a child there."""
    walk = granted
    walk.publish(DECIDED)
    assert walk.case.closed_on == DECIDED
    household = walk.household
    cases.move_household(
        household=household, division=district.far_community, address="远里 9 号", by=service, on=MOVED
    )
    household.refresh_from_db()
    child = NewMember(BORN_LATER, rooms.SON, rooms.identity_number(date(2026, 5, 20), 7), since=date(2026, 5, 20))
    households.add_member(household=household, member=child, by=service, on=LATER)
    sheet = documents.keep(
        kind=DocumentKind.PROOF, name="后来的.pdf", content=SHEET, division=household.division, by=service, on=LATER
    )
    households.keep_paper(household=household, document=sheet, by=service)
    desks.today = LATER
    return walk


def pages_of(case: Case) -> list[str]:
    """What the case page leads to: a letter, a paper and the determination."""
    confirmation = Determination.objects.filter(household=case.household_id).latest("id")
    return [
        reverse("desk:letter", args=[Letter.objects.filter(subject=case.number).earliest("id").pk]),
        reverse("desk:paper", args=[Paper.objects.filter(subject__startswith=f"{case.number}/").earliest("id").pk]),
        reverse("desk:determination", args=[confirmation.pk]),
    ]


def answer(client: Client, url: str, **asked: str) -> int:
    return client.get(url, asked).status_code


@pytest.mark.parametrize("who", ["clerk", "examiner", "worker", "director"])
def test_the_old_street_reads_its_past_case(moved: Walk, desks: Desks, people: People, who: str) -> None:
    old: Actor = getattr(people, who)

    page = desks.look(old, moved.number)

    assert "贾一 家庭" in page
    assert "已迁出，只看这件案子" in page
    assert "2,456.00" in page
    assert "确认通知书" in page
    assert reverse("desk:family", args=[moved.household.number]) not in page
    assert "远里 9 号" not in page
    assert BORN_LATER not in page
    for url in pages_of(moved.case):
        assert f'{url}?case={moved.number}"' in page
        assert answer(desks.of(old), url, case=moved.number) == 200
    read = FileRead.objects.filter(actor=old.principal).exclude(kind=ReadKind.EXPORT).order_by("id")
    assert [each.kind for each in read] == [ReadKind.CASE, ReadKind.DOCUMENT, ReadKind.DOCUMENT, ReadKind.CASE]
    assert all(each.detail.startswith(moved.number) for each in read)


def test_of_the_rest_of_the_file_it_reads_nothing(moved: Walk, desks: Desks, people: People) -> None:
    client = desks.of(people.examiner)
    desks.look(people.examiner, moved.number)
    later = Paper.objects.get(document__name="后来的.pdf")

    for url in (
        reverse("desk:family", args=[moved.household.number]),
        reverse("desk:papers", args=[moved.household.number]),
        *pages_of(moved.case),
        reverse("desk:paper", args=[later.pk]),
    ):
        assert answer(client, url) == 404, url
    assert answer(client, reverse("desk:paper", args=[later.pk]), case=moved.number) == 404
    found = client.post(reverse("desk:search"), {"q": "贾一"}).content.decode()
    assert moved.household.number not in found


def test_a_replay_does_not_tell_what_was_registered_later(
    moved: Walk, desks: Desks, people: People, newcomers: Actor, service: Actor
) -> None:
    url = pages_of(moved.case)[2]
    forgotten = NewMember("郝早来", rooms.SON, rooms.identity_number(date(2010, 5, 20), 9), since=date(2026, 1, 5))
    households.add_member(household=moved.household, member=forgotten, by=service, on=LATER)
    asked = {"case": moved.number, "replay": "1"}

    seen = {who: desks.of(who).get(url, asked).content.decode() for who in (people.examiner, newcomers)}

    assert all("复算一致" in page for page in seen.values())
    assert "登记簿里后来改了的" in seen[newcomers]
    assert "登记簿里后来改了的" not in seen[people.examiner]


def test_it_stands_in_the_lists_of_the_old_street_and_its_export_in_the_file(
    moved: Walk, desks: Desks, people: People
) -> None:
    client = desks.of(people.examiner)

    page = client.get(reverse("desk:cases"), {"state": "granted"}).content.decode()
    assert moved.number in page
    assert "共 1 件" in page
    found = client.post(reverse("desk:search"), {"q": moved.number}).content.decode()
    assert "贾一 申请" in found

    content = client.get(reverse("desk:cases_export"), {"state": "granted"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[:3] for row in rows[1:]] == [[moved.number, "贾一", moved.household.number]]
    taken = FileRead.objects.get(kind=ReadKind.EXPORT, detail="案件清单")
    assert (taken.household, taken.actor_id) == (moved.household, people.examiner.principal)


def test_the_new_street_reads_the_whole_file_past_cases_too(moved: Walk, desks: Desks, newcomers: Actor) -> None:
    page = desks.look(newcomers, moved.number)

    assert reverse("desk:family", args=[moved.household.number]) in page
    assert "已迁出" not in page
    for url in pages_of(moved.case):
        assert answer(desks.of(newcomers), url) == 200
    assert BORN_LATER in desks.of(newcomers).get(reverse("desk:family", args=[moved.household.number])).content.decode()
    # What it handles itself is another list.
    assert moved.number not in desks.of(newcomers).get(reverse("desk:cases"), {"state": "all"}).content.decode()


def test_a_case_opens_nothing_of_another_family(
    moved: Walk, desks: Desks, people: People, district: rooms.District, service: Actor
) -> None:
    other = Walk(people, make_poor_family(district.community, by=service, names=("吴甲", "吴乙", "吴丙")), service)
    other.apply(LATER)
    other.bring(LATER)
    client = desks.of(people.examiner)

    for url in pages_of(moved.case):
        assert answer(client, url, case=other.number) == 404
    assert answer(client, pages_of(moved.case)[0], case="XC2026-000-0000") == 404


def test_a_third_street_and_finance_read_nothing(
    moved: Walk, desks: Desks, district: rooms.District, people: People
) -> None:
    payer = appoint("payer", "甄制单", "finance_maker", district.district)
    third = division("11/0102/019/", "陶然亭街道")
    stranger = appoint("third", "郝三审", "street_examiner", third)

    assert answer(desks.of(stranger), reverse("desk:case", args=[moved.number])) == 404
    assert answer(desks.of(payer), reverse("desk:case", args=[moved.number])) == 403
    for url in pages_of(moved.case):
        assert answer(desks.of(stranger), url, case=moved.number) == 404
    assert answer(desks.of(payer), pages_of(moved.case)[0], case=moved.number) == 403


def test_a_relative_reads_neither_the_case_nor_what_it_leads_to(moved: Walk, desks: Desks, people: People) -> None:
    related(moved, people.examiner)

    for url in (reverse("desk:case", args=[moved.number]), *pages_of(moved.case)):
        page = desks.of(people.examiner).get(url, {"case": moved.number})
        assert page.status_code == 403
        assert "2,456.00" not in page.content.decode()


def test_nothing_is_done_in_it_from_the_old_street(moved: Walk, desks: Desks, people: People) -> None:
    letter = Letter.objects.filter(subject=moved.number, delivered_on__isnull=True).earliest("id")

    answered = desks.of(people.clerk).post(
        f"{reverse('desk:letter', args=[letter.pk])}?case={moved.number}",
        {"delivery": "in_person", "received_by": "贾一"},
    )

    assert "不在您负责的区域内" in answered.content.decode()
    letter.refresh_from_db()
    assert letter.delivered_on is None


def test_the_database_opens_one_file_to_read_and_no_other(
    moved: Walk, people: People, district: rooms.District, service: Actor
) -> None:
    family = moved.household
    other = rooms.make_family(district.far_community, by=service)
    households.record_facts(
        household=family,
        facts=[households.NewFact("homes", {"homes": 1})],
        source=FactSource.DECLARED,
        by=service,
        on=LATER,
    )
    seen = (
        Household.objects.filter(pk=family.pk),
        Person.objects.filter(household=family),
        Member.objects.filter(household=family),
        Fact.objects.filter(household=family),
        Document.objects.filter(paper__household=family),
    )
    with acting(people.examiner):
        assert not any(rows.exists() for rows in seen)
        with file_open(family.pk):
            assert all(rows.exists() for rows in seen)
            assert not Household.objects.filter(pk=other.pk).exists()
            assert Household.objects.filter(pk=family.pk).update(address="别处") == 0
            assert Document.objects.filter(paper__household=family).update(division=district.community) == 0
        assert not any(rows.exists() for rows in seen)


def test_what_is_opened_to_read_is_not_changed(moved: Walk, people: People) -> None:
    person = moved.household.people.earliest("id")
    for rows in (Person.objects.filter(pk=person.pk), Letter.objects.filter(household=moved.household)):
        with pytest.raises(DatabaseError, match="只能查看"), acting(people.examiner), file_open(moved.household.pk):
            rows.update(**{"name": "改"} if rows.model is Person else {"received_by": "改"})
    for rows in (Member.objects.filter(person=person), Fact.objects.filter(person=person)):
        with pytest.raises(DatabaseError), acting(people.examiner), file_open(moved.household.pk):
            rows.delete()


def test_within_its_street_a_running_case_goes_along(
    walk: Walk, desks: Desks, people: People, district: rooms.District, service: Actor
) -> None:
    neighbour = appoint("neighbour", "梅邻", "community_worker", district.neighbour)
    assert answer(desks.of(neighbour), reverse("desk:case", args=[walk.number])) == 404

    cases.move_household(
        household=walk.household, division=district.neighbour, address="虚构里 3 号", by=service, on=date(2026, 3, 2)
    )

    assert walk.case.division == district.neighbour
    assert answer(desks.of(neighbour), reverse("desk:case", args=[walk.number])) == 200
    assert answer(desks.of(people.worker), reverse("desk:case", args=[walk.number])) == 404
    assert walk.number in desks.of(people.clerk).get(reverse("desk:cases")).content.decode()
