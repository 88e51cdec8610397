"""People are found as one types, and nobody beyond one's areas."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from tests import rooms
from tests.places import divisions
from tests.rooms import HEAD, ON, SPOUSE, NewMember, identity_number
from yihu.access.actor import Actor
from yihu.access.enums import PrincipalKind
from yihu.access.scope import acting, keep_away
from yihu.households import actions, queries
from yihu.households.models import FileRead, Household
from yihu.organisations.models import Division

MOBILE = "13900000000"


@pytest.fixture
def families(district: rooms.District, service: Actor) -> list[Household]:
    """Two in the first community, one in the next, one in another street."""
    born = date(1970, 1, 1)
    wanted = [
        (district.community, "贾一鸣", 1, MOBILE),
        (district.community, "贾小样", 3, ""),
        (district.neighbour, "贾易明", 5, ""),
        (district.far_community, "贾一鸣", 7, ""),
    ]
    return [
        rooms.make_family(
            division,
            by=service,
            members=[NewMember(name, HEAD, identity_number(born, number))],
            telephone=telephone,
        )
        for division, name, number, telephone in wanted
    ]


def found(text: str, actor: Actor) -> list[tuple[str, str]]:
    return [(one.name, one.household_number) for one in queries.search(text, actor=actor)]


@pytest.mark.parametrize("text", ["贾一鸣", "贾 一鸣", "jiayiming", "Jia Yiming", "JYM", "yiming", "jiǎ yīmíng"])
def test_a_name_is_found_in_every_way_of_writing_it(text: str, families: list[Household], service: Actor) -> None:
    names = {name for name, _ in found(text, service)}

    assert "贾一鸣" in names
    assert "贾小样" not in names


def test_what_is_written_so_comes_before_what_sounds_so(families: list[Household], service: Actor) -> None:
    assert [name for name, _ in found("贾一鸣", service)] == ["贾一鸣", "贾一鸣", "贾易明"]


@pytest.mark.parametrize("text", ["一鸣", "贾一"])
def test_a_part_of_a_name_is_enough(text: str, families: list[Household], service: Actor) -> None:
    assert ("贾一鸣", families[0].number) in found(text, service)


def test_a_slip_of_the_fingers_is_forgiven(families: list[Household], service: Actor) -> None:
    assert {name for name, _ in found("jiaxiaoyangg", service)} == {"贾小样"}


def test_numbers_find_the_one_they_belong_to(families: list[Household], service: Actor) -> None:
    number = identity_number(date(1970, 1, 1), 1)
    expected = [("贾一鸣", families[0].number)]

    assert found(number, service) == expected
    assert found(f"{number[:6]} {number[6:14]} {number[14:].lower()}", service) == expected
    assert found("+86 139-0000-0000", service) == expected
    assert found(families[0].number.lower(), service) == expected
    assert found("007-000001", service) == expected
    assert expected[0] in found(number[-4:], service)
    assert expected[0] in found("1", service)


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "贾%", "'; --", "0", "XC-", "\x00", "贾\x00", "x" * 500])
def test_nothing_that_is_typed_breaks_it(text: str, families: list[Household], service: Actor) -> None:
    assert isinstance(queries.search(text, actor=service), list)


def test_signs_that_mean_anything_elsewhere_mean_themselves(families: list[Household], service: Actor) -> None:
    assert not found("%", service)
    assert not found("贾%", service)
    assert not found("_一鸣", service)


def test_who_left_is_found_in_the_file_he_was_in_last(families: list[Household], service: Actor) -> None:
    person = queries.members_on(families[1], ON)[0].person
    actions.record_death(person=person, died_on=ON, by=service, on=ON)

    (one,) = queries.search("贾小样", actor=service)

    assert not one.lives_here
    assert one.detail.endswith("已故")


def test_a_family_is_shown_by_its_head(district: rooms.District, service: Actor) -> None:
    family = rooms.make_family(district.community, by=service)
    head, spouse, child = queries.members_on(family, ON)
    actions.change_head(
        household=family,
        relations={head.person_id: SPOUSE, spouse.person_id: HEAD, child.person_id: 30},
        changed_on=date(2026, 3, 10),
        by=service,
        on=date(2026, 3, 10),
    )

    assert found(family.number, service) == [("甄如玉", family.number)]


@pytest.mark.parametrize(
    ("post", "area", "seen"),
    [
        ("community_worker", "community", {0}),
        ("window_clerk", "street", {0, 2}),
        ("window_clerk", "far_street", {3}),
        ("auditor", "district", {0, 2, 3}),
    ],
)
def test_nobody_is_found_beyond_the_areas(
    post: str, area: str, seen: set[int], families: list[Household], district: rooms.District
) -> None:
    actor = rooms.actor(post, getattr(district, area))
    with acting(actor):
        numbers = {number for text in ("贾一鸣", "jiayiming", "jym") for _, number in found(text, actor)}

    assert numbers == {families[at].number for at in seen}


def test_the_second_lock_holds_when_the_first_is_left_open(families: list[Household], district: rooms.District) -> None:
    clerk = rooms.actor("window_clerk", district.far_street)
    careless = rooms.actor("district_officer", district.district)

    with acting(clerk):
        assert not queries.search("贾一鸣", actor=careless)
        assert not queries.search(families[0].number, actor=careless)
    # Nobody acts at all.
    assert not queries.search("贾一鸣", actor=Actor(PrincipalKind.STAFF, 1, "", "", ()))


def test_a_family_that_is_kept_from_who_acts_is_not_found(families: list[Household], service: Actor) -> None:
    assert by_number(families[0], service) == [families[0].pk]
    keep_away([families[0].pk])
    assert by_number(families[0], service) == []


def by_number(family: Household, actor: Actor) -> list[int]:
    """What the function of the database gives for a number of a family."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT household_id FROM search_people(%s, 50, null, null, %s, null, null, null, null, null, null)",
            [list(actor.areas), family.number],
        )
        return [household for (household,) in cursor.fetchall()]


def test_the_list_of_families_is_filtered(families: list[Household], district: rooms.District, service: Actor) -> None:
    assert list(queries.families(service)) == families
    assert list(queries.families(service, area=district.neighbour.path)) == [families[2]]
    assert list(queries.families(service, wanted=queries.wanted("贾一鸣"), area=district.street.path)) == [
        families[0],
        families[2],
    ]

    later = date(2026, 3, 5)
    actions.close_household(household=families[0], closed_on=later, reason="迁往外地", by=service, on=later)
    assert list(queries.families(service)) == families[1:]
    assert list(queries.families(service, with_closed=True)) == families


def test_the_list_of_families_ends_at_the_areas(families: list[Household], district: rooms.District) -> None:
    clerk = rooms.actor("window_clerk", district.street)
    with acting(clerk):
        assert list(queries.families(clerk)) == families[:3]
        assert not queries.families(clerk, area=district.far_street.path)
        careless = rooms.actor("district_officer", district.district)
        assert list(queries.families(careless)) == families[:3]


@pytest.mark.parametrize("typed", ["110108-007-000001", "110108-007", "007-000001"])
def test_a_number_is_looked_for_in_ones_own_district(typed: str, families: list[Household], service: Actor) -> None:
    divisions({"11/0108/": "海淀区", "11/0108/007/": "某街道", "11/0108/007/001/": "某社区"})
    there = rooms.actor("window_clerk", Division(path="11/0108/007/"))
    everywhere = replace(service, areas=("11/",))
    with acting(everywhere):
        community = Division.objects.get(path="11/0108/007/001/")
        member = NewMember("郝大海", HEAD, identity_number(date(1970, 1, 1), 9))
        family = rooms.make_family(community, by=everywhere, members=[member])

    with acting(there):
        assert found(typed, there) == [("郝大海", family.number)]


def test_a_file_out_of_reach_is_noted_whatever_the_asker_says(
    families: list[Household], district: rooms.District
) -> None:
    near, far = families[0], families[3]
    digests = {each.pk: each.people.get().identity_digest for each in (near, far)}
    clerk = rooms.actor("window_clerk", district.street)
    with acting(clerk), connection.cursor() as cursor:
        for family, digest in digests.items():
            cursor.execute(
                "SELECT count(*) FROM people_on_file(%s::bytea[], '{贾}', '{1970-01-01}', %s)", [[digest], family]
            )
            assert cursor.fetchone() == (1,)
    assert list(FileRead.objects.values_list("household", flat=True)) == [far.pk]
