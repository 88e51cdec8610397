"""The list of awards: who may see which, what it finds, and what it sums."""

from datetime import date

import pytest

from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, determined
from yihu.access.actor import Actor, service
from yihu.access.scope import acting
from yihu.awards import actions, queries
from yihu.awards.enums import AwardState, EndReason
from yihu.households.models import Household

AUGUST, OCTOBER, DECEMBER = date(2026, 8, 1), date(2026, 10, 1), date(2026, 12, 1)
ON = date(2026, 11, 20)


@pytest.fixture
def families(actor: Actor) -> list[Household]:
    """Three families, one of them in another street; one award ended, one is to come, one is a member's."""
    one, two = many.make_families(2, members=2)
    far = many.make_family(community="110102009001", first=3)

    def begin(family: Household, amount: int, start: date) -> queries.Award:
        return actions.begin(
            household=family, programme=FAMILY_PROGRAMME, amount=amount, start=start,
            determination=determined(family, amount), by=actor,
        )  # fmt: skip

    begin(one, 100, AUGUST)
    begin(one, 150, OCTOBER)
    begin(far, 1_000, DECEMBER)
    actions.end(award=begin(two, 10, AUGUST), on_month=OCTOBER, reason=EndReason.LEFT, by=actor)
    person = many.people_of(two)[1]
    actions.begin(
        household=two, programme=MEMBER_PROGRAMME, person=person, amount=7, start=AUGUST,
        determination=determined(two, 7, programme=MEMBER_PROGRAMME, person=person), by=actor,
    )  # fmt: skip
    return [one, two, far]


@pytest.mark.parametrize(
    ("asked", "amounts", "households"),
    [
        ({}, [150, 7], 2),
        ({"state": AwardState.ENDED}, [100, 10], 2),
        ({"state": AwardState.COMING}, [1_000], 1),
        ({"state": None}, [100, 150, 7, 10, 1_000], 3),
        ({"programme": MEMBER_PROGRAMME}, [7], 1),
        ({"state": None, "area": "110102009"}, [1_000], 1),
        ({"area": "110102009"}, [], 0),
        ({"text": "xc-007-000001"}, [150], 1),
    ],
)
def test_the_list_finds_and_sums(
    actor: Actor, families: list[Household], asked: dict[str, str], amounts: list[int], households: int
) -> None:
    found = queries.awards(actor, on=ON, **asked)

    assert sorted(row.award.amount for row in found.rows) == sorted(amounts)
    assert (found.count, found.households, found.total) == (len(amounts), households, sum(amounts))


def test_names_and_pinyin_find_the_recipient_or_any_member(actor: Actor, families: list[Household]) -> None:
    spouse, child = many.people_of(families[0])[1], many.people_of(families[1])[1]
    type(spouse).objects.filter(pk=spouse.pk).update(name="梅若兰", pinyin="mei ruolan", initials="mrl")
    type(child).objects.filter(pk=child.pk).update(name="郝大海", pinyin="hao dahai", initials="hdh")

    for text, amount in (("梅若", 150), ("mei ruo", 150), ("MRL", 150), ("hdh", 7)):
        assert [row.award.amount for row in queries.awards(actor, on=ON, text=text).rows] == [amount], text
    [row] = queries.awards(actor, on=ON, text="hdh").rows
    assert (row.name, row.state) == ("郝大海", AwardState.RUNNING)


def test_the_list_ends_at_the_areas(actor: Actor, families: list[Household]) -> None:
    far = service("tests", "110102009")

    assert queries.awards(far, on=ON, state=None).count == 1
    assert queries.awards(service("tests"), on=ON, state=None).count == 0
    with acting(far):
        assert queries.awards(actor, on=ON, state=None).count == 1


def test_pages_follow_one_another(actor: Actor, families: list[Household], django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(5):
        pages = [queries.awards(actor, on=ON, state=None, page=page, size=2) for page in [1]]
    pages += [queries.awards(actor, on=ON, state=None, page=page, size=2) for page in (2, 3)]

    assert [len(page.rows) for page in pages] == [2, 2, 1]
    assert len({row.award.pk for page in pages for row in page.rows}) == 5


def test_a_family_reads_what_began_and_what_ended(actor: Actor, families: list[Household]) -> None:
    one, two, _far = families

    assert [(event.on, event.title) for event in queries.events_of(one.pk)] == [
        (AUGUST, "最低生活保障起"), (OCTOBER, "最低生活保障起"),
    ]  # fmt: skip
    assert [(event.title, event.detail) for event in queries.events_of(two.pk)][-1] == ("最低生活保障停发", "迁出")
    assert [award.amount for award in queries.in_force(one.pk, on=ON)] == [150]
