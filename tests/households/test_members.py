"""Families over time: one head on every day, nobody in two places."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from tests import rooms
from tests.households.conftest import names_on, people
from tests.rooms import DAUGHTER, HEAD, ON, SON, SPOUSE, NewMember, identity_number
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.common.models import Change
from yihu.common.refusals import Refused
from yihu.documents.models import Document
from yihu.households import actions, queries
from yihu.households.models import Household, Member, Person
from yihu.organisations.models import Division

DAY = timedelta(days=1)
LATER = date(2026, 6, 1)


def test_a_child_is_born_into_the_family(family: Household, service: Actor) -> None:
    baby = NewMember("贾新", SON, birth_date=ON + DAY, sex="male", since=ON + DAY)
    with pytest.raises(Refused, match="晚于"):
        actions.add_member(household=family, member=baby, by=service, on=ON)
    with pytest.raises(Refused, match="已有户主"):
        actions.add_member(household=family, member=NewMember("贾新", HEAD), by=service, on=LATER)

    actions.add_member(household=family, member=baby, by=service, on=LATER)

    assert ("贾新", SON) in names_on(family, ON + DAY)
    assert ("贾新", SON) not in names_on(family, ON)


def test_someone_leaves_and_may_come_back(family: Household, district: rooms.District, service: Actor) -> None:
    child = queries.members_on(family, ON)[2]
    for day, said in ((ON, "才是这一户的成员"), (LATER + DAY, "晚于")):
        with pytest.raises(Refused, match=said):
            actions.end_membership(member=child, left_on=day, reason="离家求学", by=service, on=LATER)
    with pytest.raises(Refused, match="写明原因"):
        actions.end_membership(member=child, left_on=LATER, reason=" ", by=service, on=LATER)

    actions.end_membership(member=child, left_on=LATER, reason="离家求学", by=service, on=LATER)

    assert len(names_on(family, LATER - DAY)) == 3
    assert len(names_on(family, LATER)) == 2
    assert Change.objects.filter(table="households_member", reason="离家求学").count() == 1
    back = NewMember("", DAUGHTER, person=child.person, since=LATER - DAY)
    with pytest.raises(Refused, match="不能早于"):
        actions.add_member(household=family, member=back, by=service, on=LATER)
    by_number = NewMember("贾小样", DAUGHTER, identity_number(date(2015, 9, 1), 4))
    actions.add_member(household=family, member=by_number, by=service, on=LATER)
    assert Person.objects.count() == 3
    assert len(names_on(family, LATER)) == 3


def test_a_head_does_not_leave_without_another(family: Household, service: Actor) -> None:
    head, spouse, child = queries.members_on(family, ON)
    with pytest.raises(Refused, match="选出新户主"):
        actions.end_membership(member=head, left_on=LATER, reason="离异", by=service, on=LATER)
    for relations, said in (
        ({spouse.person_id: HEAD}, "留下的每一位"),
        ({spouse.person_id: HEAD, child.person_id: HEAD}, "现在有 2 位"),
        ({spouse.person_id: SPOUSE, child.person_id: DAUGHTER}, "现在有 0 位"),
        ({spouse.person_id: HEAD, child.person_id: DAUGHTER, head.person_id: SPOUSE}, "也只为他们"),
    ):
        with pytest.raises(Refused, match=said):
            actions.end_membership(member=head, left_on=LATER, reason="离异", by=service, on=LATER, relations=relations)
    assert names_on(family, LATER)[0] == ("贾一鸣", HEAD)

    actions.end_membership(
        member=head,
        left_on=LATER,
        reason="离异",
        by=service,
        on=LATER,
        relations={spouse.person_id: HEAD, child.person_id: DAUGHTER},
    )
    assert names_on(family, LATER) == [("甄如玉", HEAD), ("贾小样", DAUGHTER)]
    assert names_on(family, LATER - DAY)[0] == ("贾一鸣", HEAD)


def test_the_head_changes_back_and_forth_on_one_day(family: Household, service: Actor) -> None:
    head, spouse, child = (person.pk for person in people(family))
    first = {head: SPOUSE, spouse: HEAD, child: DAUGHTER}
    for relations in (first, {head: HEAD, spouse: SPOUSE, child: DAUGHTER}, first):
        actions.change_head(household=family, relations=relations, changed_on=LATER, by=service, on=LATER)

    assert set(names_on(family, LATER)) == {("甄如玉", HEAD), ("贾一鸣", SPOUSE), ("贾小样", DAUGHTER)}
    assert names_on(family, LATER - DAY)[0] == ("贾一鸣", HEAD)
    assert Member.objects.filter(household=family).count() == 5


def test_who_came_later_was_not_head_before(family: Household, service: Actor) -> None:
    actions.add_member(
        household=family, member=NewMember("贾老", 51, birth_date=date(1950, 1, 1), sex="male"), by=service, on=LATER
    )
    relations = {person.pk: HEAD if person.name == "贾老" else SON for person in people(family, LATER)}

    with pytest.raises(Refused, match="才是这一户的成员，不能从"):
        actions.change_head(household=family, relations=relations, changed_on=LATER - DAY, by=service, on=LATER)
    actions.change_head(household=family, relations=relations, changed_on=LATER, by=service, on=LATER)
    assert names_on(family, LATER)[0] == ("贾老", HEAD)


def test_death_ends_the_membership_after_its_day(family: Household, service: Actor) -> None:
    head, spouse, child = people(family)
    survivors = {spouse.pk: HEAD, child.pk: DAUGHTER}
    for day, said in (
        (LATER + DAY, "晚于"),
        (head.birth_date - DAY, "早于出生日期"),
        (ON - DAY, "早于他加入户"),
    ):
        with pytest.raises(Refused, match=said):
            actions.record_death(person=head, died_on=day, by=service, on=LATER, relations=survivors)
    with pytest.raises(Refused, match="选出新户主"):
        actions.record_death(person=head, died_on=LATER, by=service, on=LATER)

    actions.record_death(person=head, died_on=LATER, by=service, on=LATER, relations=survivors)

    assert names_on(family, LATER)[0] == ("贾一鸣", HEAD)
    assert names_on(family, LATER + DAY) == [("甄如玉", HEAD), ("贾小样", DAUGHTER)]
    with pytest.raises(Refused, match="已登记为 2026-06-01"):
        actions.record_death(person=head, died_on=LATER, by=service, on=LATER)
    with pytest.raises(Refused, match="已于 2026-06-01 死亡"):
        actions.add_member(household=family, member=NewMember("", SPOUSE, person=head), by=service, on=LATER + DAY)


def test_a_family_whose_last_member_died_is_closed(district: rooms.District, service: Actor) -> None:
    family = rooms.make_family(
        district.community, by=service, members=[NewMember("贾老", HEAD, birth_date=date(1930, 1, 1), sex="male")]
    )
    (alone,) = people(family)

    actions.record_death(person=alone, died_on=ON, by=service, on=LATER)

    family.refresh_from_db()
    assert family.closed_on == LATER
    with pytest.raises(Refused, match="已于 2026-06-01 销档"):
        actions.change_contact(household=family, address="某路", telephone="", by=service)


def test_some_set_up_a_household_of_their_own(family: Household, district: rooms.District, service: Actor) -> None:
    head, spouse, child = people(family)
    own = rooms.move_out(
        household=family,
        leaving={spouse.pk: HEAD, child.pk: DAUGHTER},
        division=district.neighbour,
        address="某路 2 号",
        left_on=LATER,
        by=service,
        on=LATER,
    )

    assert names_on(family, LATER) == [("贾一鸣", HEAD)]
    assert names_on(own, LATER) == [("甄如玉", HEAD), ("贾小样", DAUGHTER)]
    assert names_on(own, LATER - DAY) == []
    spouse.refresh_from_db()
    assert (own.number, spouse.household) == ("XC-007-000002", own)
    with pytest.raises(Refused, match="没有人留下"):
        rooms.move_out(
            household=family,
            leaving={head.pk: HEAD},
            division=district.neighbour,
            address="某路 2 号",
            left_on=LATER,
            by=service,
            on=LATER,
        )


def move(family: Household, division: Division, by: Actor) -> None:
    actions.move_household(household=family, division=division, address="新路 3 号", by=by, on=LATER)


def test_only_the_district_moves_a_family_to_another_street(family: Household, district: rooms.District) -> None:
    clerk = rooms.actor("window_clerk", district.street)
    officer = rooms.actor("district_officer", district.district)
    with acting(clerk):
        with pytest.raises(Refused, match="由区级监督办理"):
            actions.move_household(
                household=family, division=district.far_community, address="远路", by=clerk, on=LATER
            )
        move(family, district.neighbour, clerk)
        with pytest.raises(Refused, match="没有改动"):
            move(family, district.neighbour, clerk)
    with acting(officer):
        move(family, district.far_community, officer)

    with acting(clerk):
        assert not Household.objects.exists()
        assert not Person.objects.exists()
        assert not Document.objects.exists()
        with pytest.raises(Refused, match="不在您负责的区域"):
            actions.change_contact(household=family, address="某路", telephone="", by=clerk)
    with acting(rooms.actor("window_clerk", district.far_street)):
        assert Household.objects.get().number == "XC-007-000001"
        assert Person.objects.count() == 3


def test_a_family_is_closed_with_its_reason(family: Household, service: Actor) -> None:
    for day, said in ((ON, "晚于 2026-03-02"), (LATER + DAY, "晚于 2026-06-01")):
        with pytest.raises(Refused, match=said):
            actions.close_household(household=family, closed_on=day, reason="迁往外省", by=service, on=LATER)

    actions.close_household(household=family, closed_on=LATER, reason="迁往外省", by=service, on=LATER)

    assert names_on(family, LATER) == []
    assert len(names_on(family, LATER - DAY)) == 3
    assert set(Change.objects.filter(operation="update").values_list("reason", flat=True)) == {"迁往外省"}


def test_what_was_typed_wrongly_is_corrected_with_a_reason(family: Household, service: Actor) -> None:
    head, _, child = people(family)
    number_of_head = identity_number(head.birth_date, 1)
    given = {"birth_date": None, "sex": "", "reason": "抄错", "by": service, "on": LATER}
    with pytest.raises(Refused, match="更正时也要填写"):
        actions.correct_person(
            person=child, name="贾小羊", identity_number="", **{**given, "birth_date": ON, "sex": "male"}
        )
    with pytest.raises(Refused, match="已在月坛街道户 XC-007-000001 建档"):
        actions.correct_person(person=child, name="贾小羊", identity_number=number_of_head, **given)
    with pytest.raises(Refused, match="晚于他加入家庭"):
        actions.correct_person(person=child, name="贾小羊", identity_number=identity_number(LATER, 2), **given)

    actions.correct_person(person=child, name="贾小羊", identity_number=identity_number(date(2015, 9, 2), 4), **given)

    child.refresh_from_db()
    assert (child.name, child.birth_date) == ("贾小羊", date(2015, 9, 2))


def test_a_child_gets_its_number_later(district: rooms.District, service: Actor) -> None:
    born = date(2026, 2, 1)
    family = rooms.make_family(
        district.community,
        by=service,
        members=[
            NewMember("贾一鸣", HEAD, identity_number(date(1980, 5, 1))),
            NewMember("贾新", SON, birth_date=born, sex="male"),
        ],
    )
    baby = people(family)[1]

    # He is the one of his name and birth date whom the search for others finds.
    actions.correct_person(
        person=baby,
        name="贾新",
        identity_number=identity_number(born, 1),
        birth_date=None,
        sex="",
        reason="落户",
        by=service,
        on=LATER,
    )
    assert queries.masked_identity_number(Person.objects.get(pk=baby.pk)).startswith("000000*")


@pytest.mark.parametrize("post", ["finance_maker", "finance_checker", "auditor"])
def test_who_pays_or_audits_changes_no_file(post: str, family: Household, district: rooms.District) -> None:
    actor = rooms.actor(post, district.district)
    with acting(actor), pytest.raises(Refused, match="现在的岗位不能登记家庭变化"):
        actions.change_contact(household=family, address="某路", telephone="", by=actor)
    with acting(actor), pytest.raises(Refused, match="现在的岗位不能登记家庭"):
        rooms.make_family(district.community, by=actor)


# ---- what the database itself refuses


def refused_by_database(match: str, statement: str, *values: object) -> None:
    with (
        pytest.raises((IntegrityError, InternalError, ProgrammingError), match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def test_the_database_refuses_overlapping_memberships_and_two_heads(
    family: Household, district: rooms.District, service: Actor
) -> None:
    other = rooms.make_family(
        district.neighbour, by=service, members=[NewMember("吴名", HEAD, birth_date=date(1950, 1, 1), sex="male")]
    )
    spouse = people(family)[1]
    insert = "INSERT INTO households_member (household_id, person_id, relation, period) VALUES (%s, %s, %s, %s)"

    refused_by_database(
        "member_of_one_household_at_a_time", insert, other.pk, spouse.pk, SPOUSE, "[2030-01-01,2030-01-02)"
    )
    refused_by_database("member_period_is_not_empty", insert, other.pk, spouse.pk, SPOUSE, "empty")
    refused_by_database(
        "member_one_head_at_a_time", "UPDATE households_member SET relation = 2 WHERE person_id = %s", spouse.pk
    )


def test_the_database_refuses_a_change_that_nobody_makes(family: Household) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', '', true)")

    refused_by_database("每一次变更都要有经办人", "UPDATE households_household SET address = 'x'")


def test_the_database_refuses_a_family_in_a_foreign_street(family: Household, district: rooms.District) -> None:
    with acting(rooms.actor("window_clerk", district.far_street)):
        refused_by_database(
            "row-level security",
            "INSERT INTO households_household (number, division_id, address, opened_on) VALUES ('x', %s, 'x', now())",
            district.community.path,
        )
        with connection.cursor() as cursor:
            cursor.execute("UPDATE households_household SET address = 'x'")
            assert cursor.rowcount == 0
