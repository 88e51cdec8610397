"""One installation, several districts: each family is read by the pack that its division follows."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

import policy_packs
from policy_engine import Pack
from tests.policy.register import CLERK, COMMUNITY, NEIGHBOUR, NOTHING_ELSE, Someone, make_family, state, three_adults
from tests.policy_packs.invented import load_valley
from yihu.common.refusals import Refused
from yihu.policy import labels, packs
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
    settings.POLICY_PACKS = f"{NEIGHBOUR}=valley"
    return valley


def test_the_nearest_division_with_a_pack_of_its_own_counts(settings: Settings) -> None:
    settings.POLICY_PACK = "cn"
    settings.POLICY_PACKS = "11/=beijing,11/0102/=xicheng"

    assert [pack_name(division, DAY) for division in ("11/0102/007/001/", "11/0101/", "44/01/06/")] == [
        "xicheng", "beijing", "cn",
    ]  # fmt: skip
    assert by_pack([(1, "11/0102/007/"), (2, "44/01/06/"), (3, "11/0102/")], DAY) == {"xicheng": [1, 3], "cn": [2]}


def test_a_division_follows_a_pack_from_a_day_on_and_before_it_what_lies_around_it_does(settings: Settings) -> None:
    settings.POLICY_PACK = "cn"
    settings.POLICY_PACKS = "11/=beijing@2020-07-01, 11/0102/=beijing,11/0102/=xicheng@2021-01-01,"

    def on(division: str, *days: str) -> list[str]:
        return [pack_name(division, date.fromisoformat(day)) for day in days]

    assert on("11/0102/007/", "2019-01-01", "2020-12-31", "2021-01-01", "2030-01-01") == [
        "beijing", "beijing", "xicheng", "xicheng",
    ]  # fmt: skip
    assert on("11/0101/", "2020-06-30", "2020-07-01") == ["cn", "beijing"]
    assert [pack.name for pack in packs.packs_of("11/0102/007/")] == ["xicheng", "beijing"]
    assert [pack.name for pack in packs.district_packs("11/0101/")] == ["beijing", "cn", "xicheng"]
    packs.check()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("11/0102/=gone", "没有名为“gone”的政策包（POLICY_PACK、POLICY_PACKS），现有 beijing、cn、xicheng。"),
        ("11/0102=xicheng", "POLICY_PACKS：“11/0102=xicheng”看不懂，请写成 11/0108/=haidian"),
        ("110102", "看不懂"),
        ("11/0102/=xicheng@2021-1-1", "看不懂"),
        ("11/0102/=xicheng@2021-02-30", "日期不存在"),
        ("11/0102/=xicheng,11/0102/=beijing", "11/0102/ 写了几次：第一次可以不写日期"),
        ("11/0102/=xicheng@2021-01-01,11/0102/=beijing", "由早到晚"),
        ("11/0102/=xicheng@2021-01-01,11/0102/=beijing@2021-01-01", "由早到晚"),
    ],
)
def test_nothing_starts_with_a_setting_that_nobody_can_follow(settings: Settings, text: str, words: str) -> None:
    settings.POLICY_PACKS = text
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)):
        packs.check()


@pytest.mark.usefixtures("register")
def test_no_page_is_served_of_a_division_that_is_not_on_file(settings: Settings) -> None:
    settings.POLICY_PACKS = f"{NEIGHBOUR}=xicheng"
    packs.check_divisions()
    settings.POLICY_PACKS = f"44/01/=xicheng,{NEIGHBOUR}=xicheng,44/02/=cn"
    with pytest.raises(ImproperlyConfigured, match="没有路径为 44/01/、44/02/ 的区划"):
        packs.check_divisions()


@pytest.mark.usefixtures("register")
def test_a_family_is_read_by_the_pack_of_the_day(two_districts: Pack, settings: Settings) -> None:
    settings.POLICY_PACKS = f"{NEIGHBOUR}=valley@2021-01-01"
    there, _people = make_family(Someone("郝四", facts=NOTHING_ELSE), division=NEIGHBOUR, altitude="1600", fuel="木柴")

    def fuel(on: date) -> list[int | None]:
        given = given_to([there.pk], programme="winter_fuel", on=on, known_on=DAY, held={})
        return [each.amount for each in given]

    assert (fuel(date(2020, 12, 31)), fuel(DAY)) == ([], [12000])
    assert family_of(there, on=DAY, known_on=DAY, held={}).pack is two_districts
    assert family_of(there, on=date(2020, 12, 31), known_on=DAY, held={}).pack.name == "xicheng"


@pytest.mark.usefixtures("register")
def test_each_family_is_asked_and_assessed_by_its_own_pack(two_districts: Pack) -> None:
    here, _people = three_adults()
    there, _people = make_family(Someone("郝四", facts=NOTHING_ELSE), division=NEIGHBOUR, altitude="1500", fuel="煤")
    assert (district_pack(COMMUNITY, DAY).name, district_pack(NEIGHBOUR, DAY)) == ("xicheng", two_districts)

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
