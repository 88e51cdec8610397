"""One installation, several districts: each family is read by the pack that its division follows."""

from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django import Settings

import policy_packs
from policy_engine import Pack
from tests.policy.register import CLERK, COMMUNITY, NEIGHBOUR, NOTHING_ELSE, Someone, make_family, state, three_adults
from tests.policy_packs.invented import load_valley
from yihu.common.refusals import Refused
from yihu.policy import labels
from yihu.policy.actions import determine
from yihu.policy.everyone import given_to
from yihu.policy.facts import assess_family, family_of
from yihu.policy.packs import by_pack, district_pack, pack_name
from yihu.policy.replays import replayed

DAY = date(2021, 1, 1)


@pytest.fixture
def two_districts(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Pack]:
    """The neighbouring community follows the pack of an invented county."""
    valley = load_valley(tmp_path_factory.mktemp("packs"))
    load = policy_packs.load
    monkeypatch.setattr(policy_packs, "load", lambda name: valley if name == "valley" else load(name))
    settings.POLICY_PACKS = {NEIGHBOUR: "valley"}
    return valley


def test_the_nearest_division_with_a_pack_of_its_own_counts(settings: Settings) -> None:
    settings.POLICY_PACK = "cn"
    settings.POLICY_PACKS = {"11/": "beijing", "11/0102/": "xicheng"}

    assert [pack_name(division) for division in ("11/0102/007/001/", "11/0101/", "44/01/06/", None)] == [
        "xicheng", "beijing", "cn", "cn",
    ]  # fmt: skip
    assert by_pack([(1, "11/0102/007/"), (2, "44/01/06/"), (3, "11/0102/")]) == {"xicheng": [1, 3], "cn": [2]}


@pytest.mark.usefixtures("register")
def test_each_family_is_asked_and_assessed_by_its_own_pack(two_districts: Pack) -> None:
    here, _people = three_adults()
    there, _people = make_family(Someone("郝四", facts=NOTHING_ELSE), division=NEIGHBOUR, altitude="1500", fuel="煤")
    assert (district_pack(COMMUNITY).name, district_pack(NEIGHBOUR)) == ("xicheng", two_districts)

    known = {each.pk: family_of(each, on=DAY, known_on=DAY, held={}) for each in (here, there)}

    assert "altitude" not in known[here.pk].family.household
    assert "has_heating" not in known[there.pk].family.household
    topics = {each.pk: {topic.heading for topic in labels.facts_for_form(known[each.pk])} for each in (here, there)}
    assert "山居" in topics[there.pk] - topics[here.pk]
    assert assess_family(known[there.pk], on=DAY).result("winter_fuel").amount == 20000
    assert assess_family(known[here.pk], on=DAY).result("subsistence_allowance").amount == 117000 * 3 - 189400
    assert "winter_fuel" not in {each.name for each in labels.programmes(COMMUNITY)}
    assert "winter_fuel" in {each.name for each in labels.programmes(NEIGHBOUR)} & {
        each.name for each in labels.every_programme()
    }
    assert labels.fact_text("fuel", {"fuel": 2}) == "煤", "whoever serves both names the facts of both"


@pytest.mark.usefixtures("register")
def test_everyone_at_once_is_grouped_by_pack(two_districts: Pack) -> None:
    here, _people = three_adults()
    there, _people = make_family(Someone("郝四", facts=NOTHING_ELSE), division=NEIGHBOUR, altitude="1600", fuel="木柴")
    both = [here.pk, there.pk]

    fuel = list(given_to(both, programme="winter_fuel", on=DAY, known_on=DAY, held={}))
    allowance = list(given_to(both, programme="subsistence_allowance", on=DAY, known_on=DAY, held={}))

    assert [(each.household, each.amount) for each in fuel] == [(there.pk, 12000)]
    assert {each.household: each.amount for each in allowance} == {here.pk: 117000 * 3 - 189400, there.pk: None}


@pytest.mark.usefixtures("register")
def test_a_determination_keeps_the_pack_that_it_was_made_under(two_districts: Pack) -> None:
    there, _people = make_family(Someone("郝四", facts=NOTHING_ELSE), division=NEIGHBOUR, altitude="1500", fuel="煤")

    made = determine(household=there, programme="winter_fuel", on=DAY, known_on=DAY, held={}, by=CLERK)

    assert (made.record["pack"], made.amount) == ("valley", 20000)
    assert "海拔（米）" in {row[1] for row in made.explanation["facts"]}
    state("altitude", "1400", household=there, known_on=DAY)
    again = replayed(made)
    assert again.agrees
    assert any("海拔（米）" in line for line in again.register)


@pytest.mark.usefixtures("register")
def test_a_programme_of_another_district_is_given_to_nobody_here(two_districts: Pack) -> None:
    here, _people = three_adults()

    with pytest.raises(Refused):
        determine(household=here, programme="winter_fuel", on=DAY, known_on=DAY, held={}, by=CLERK)
