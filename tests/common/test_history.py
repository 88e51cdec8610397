"""The story of a family as the database wrote it."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import rooms
from yihu.access.actor import Actor
from yihu.access.scope import acting, because
from yihu.common import history
from yihu.common.history import Column, Happening
from yihu.common.models import Change
from yihu.households import actions
from yihu.households.models import Household, Member, Person


@pytest.fixture
def district(db: None) -> rooms.District:
    return rooms.make_district()


@pytest.fixture
def service(district: rooms.District) -> Iterator[Actor]:
    with rooms.everywhere() as actor:
        yield actor


@pytest.fixture
def family(district: rooms.District, service: Actor) -> Household:
    return rooms.make_family(district.community, by=service, telephone="010-80000000")


def story_of(family: Household) -> list[history.Happening]:
    """The whole story of a family, latest first."""
    return history.tell(history.changes_of(family.pk))


def of(happenings: list[Happening], model: type, operation: str) -> list[Happening]:
    return [each for each in happenings if each.model is model and each.change.operation == operation]


def said(happening: Happening) -> dict[str, tuple[str, str]]:
    targets = history.targets_of([happening])

    def words(field: Column, value: object) -> str:
        return history.in_words(field, value, targets)

    return {
        history.label_of(each.field): (words(each.field, each.before), words(each.field, each.after))
        for each in happening.differences
    }


def test_what_a_change_led_to_stands_in_the_next_change_and_at_last_in_the_row(family: Household) -> None:
    for address in ("月坛北街 2 号", "月坛北街 3 号"):
        family.address = address
        family.save(update_fields=["address"])

    second, first = of(story_of(family), Household, "update")
    (born,) = of(story_of(family), Household, "insert")

    assert said(born)["住址"] == ("—", "月坛北街 1 号")
    assert said(first) == {"住址": ("月坛北街 1 号", "月坛北街 2 号")}
    assert said(second) == {"住址": ("月坛北街 2 号", "月坛北街 3 号")}


def test_what_is_encrypted_is_said_to_be_so_and_its_digest_is_left_out(family: Household) -> None:
    (born,) = of(story_of(family), Household, "insert")

    assert said(born)["电话（加密）"] == ("—", "已加密")
    assert not {"电话摘要", "ID"} & set(said(born))


def test_choices_days_periods_and_people_are_said_as_people_say_them(family: Household, service: Actor) -> None:
    child = Person.objects.get(name="贾小样")
    member = Member.objects.get(person=child)
    actions.end_membership(member=member, left_on=date(2026, 6, 1), reason="外出上学", by=service, on=date(2026, 6, 3))

    (ended,) = of(story_of(family), Member, "update")
    begun = next(each for each in of(story_of(family), Member, "insert") if each.row["person_id"] == child.pk)
    (person,) = (each for each in of(story_of(family), Person, "insert") if each.row["name"] == "贾小样")

    assert said(ended) == {"期间": (f"{rooms.ON} 起", f"{rooms.ON} 至 2026-05-31")}
    assert said(begun)["个人"] == ("—", "贾小样")
    assert said(person)["性别"] == ("—", "女")
    assert said(person)["出生日期"] == ("—", "2015-09-01")


def test_a_row_that_was_removed_is_told_with_what_it_held(family: Household) -> None:
    member = Member.objects.get(person__name="贾小样")
    member.delete()

    (gone,) = of(story_of(family), Member, "delete")

    assert gone.after is None
    assert not gone.is_out_of_reach
    assert said(gone)["个人"] == ("贾小样", "—")


def test_each_change_says_who_from_where_and_why(family: Household, district: rooms.District) -> None:
    clerk = rooms.actor("window_clerk", district.street, number=7)
    with acting(clerk, origin="127.0.0.1"), because("门牌写错"):
        Household.objects.filter(pk=family.pk).update(address="月坛北街 9 号")

    (corrected,) = of(story_of(family), Household, "update")
    change = corrected.change

    assert (change.actor_id, change.reason, change.origin) == (clerk.principal, "门牌写错", "127.0.0.1")


def test_from_another_street_there_is_no_story(family: Household, district: rooms.District) -> None:
    with acting(rooms.actor("window_clerk", district.far_street)):
        assert story_of(family) == []


def test_what_moved_out_of_reach_is_said_to_be_so(family: Household, district: rooms.District, service: Actor) -> None:
    far = rooms.make_family(
        district.far_community,
        members=[actions.NewMember("郝远", 2, rooms.identity_number(date(1970, 1, 1), 1))],
        by=service,
    )
    Person.objects.filter(name="贾小样").update(household=far)

    with acting(rooms.actor("window_clerk", district.street)):
        (moved,) = of(story_of(family), Person, "update")

    assert moved.is_out_of_reach
    assert moved.differences == ()
    assert moved.row["name"] == "贾小样"


def test_a_longer_story_takes_no_more_queries(family: Household) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            history.targets_of(story_of(family))
        return len(caught)

    before = queries()
    for number in range(20):
        Household.objects.filter(pk=family.pk).update(address=f"月坛北街 {number} 号")

    assert queries() == before


def test_each_change_keeps_the_hash_of_what_was_written(family: Household) -> None:
    """Whoever alters a row past its triggers is found out: what stands there is not what was written last."""
    hashed = "SELECT sha256(convert_to(row_to_json(h)::text, 'UTF8')) FROM households_household h"
    with connection.cursor() as cursor:
        cursor.execute(hashed)
        (first,) = cursor.fetchone()
        Household.objects.filter(pk=family.pk).update(address="月坛北街 8 号")
        cursor.execute(hashed)
        (second,) = cursor.fetchone()
    changes = list(Change.objects.filter(table="households_household").order_by("id"))
    assert [bytes(each.written) for each in changes] == [bytes(first), bytes(second)]
    assert first != second
