"""The family page says of every programme what it says to the family, and why when it is asked."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.policy.register import NOTHING_ELSE, Someone, held, make_family, state, three_adults
from yihu.common.refusals import Refused
from yihu.policy.facts import assess_family, family_of
from yihu.policy.labels import every_programme
from yihu.policy.outlook import Outlook, outlook, why
from yihu.policy.result import answer_of

DAY = date(2020, 8, 1)
pytestmark = pytest.mark.usefixtures("register")


def titles(seen: Outlook, outcome: str) -> list[str]:
    return [offer.card.short for offer in seen.offers if offer.card.outcome == outcome]


def test_every_programme_of_the_day_stands_there() -> None:
    household, _people = three_adults()

    seen = outlook(household, on=DAY, known_on=DAY, held={})

    assert {offer.programme for offer in seen.offers} == {each.name for each in every_programme() if each.in_force(DAY)}
    assert titles(seen, "eligible")[0] == "低保"
    assert seen.offers[0].card.amount == "1,616.00 元"
    assert "1,616.00 元" in seen.offers[0].card.lead
    assert seen.monthly == "1,616.00 元"
    assert seen.problem == ""


def test_what_only_waits_for_a_status_stands_behind_what_is_had_with_its_status() -> None:
    household, _people = three_adults(has_heating="?")

    seen = outlook(household, on=DAY, known_on=DAY, held={})
    (heating,) = [offer for offer in seen.offers if offer.programme == "heating_assistance"]
    assert [offer.card.first for offer in seen.offers[:2]] == ["", "低保"]
    assert heating.card.later == "认定低保以后也许可以享受，缺：冬季取暖"
    assert [str(missing) for missing in heating.missing] == ["冬季取暖"]
    assert "1 项先要认定" in seen.besides

    state("has_heating", "是", household=household, known_on=DAY)
    (heating,) = [
        offer
        for offer in outlook(household, on=DAY, known_on=DAY, held={}).offers
        if offer.programme == "heating_assistance"
    ]
    assert heating.card.later == "认定低保以后可以享受，每采暖季 1,800.00 元"
    granted = outlook(household, on=DAY, known_on=DAY, held=held("subsistence_allowance"))
    (heating,) = [offer for offer in granted.offers if offer.programme == "heating_assistance"]
    assert (heating.card.outcome, heating.card.amount, heating.card.later) == ("eligible", "1,800.00 元", "")


def test_an_open_one_names_what_is_missing_and_whose() -> None:
    household, (_head, wife) = make_family(
        Someone("贾一", facts=NOTHING_ELSE),
        Someone("甄二", 12, facts={**NOTHING_ELSE, "wage": "?"}),
        homes="1",
        non_residential="0",
        cars="0",
        monetary_assets="0",
    )

    seen = outlook(household, on=DAY, known_on=DAY, held={})

    (open_,) = [offer for offer in seen.offers if offer.card.short == "低保"]
    assert open_.card.outcome == "unknown"
    assert [str(missing) for missing in open_.missing] == ["甄二 工资性收入（月）"]
    assert open_.missing[0].person == wife.pk


def test_a_figure_that_was_carried_forward_is_marked() -> None:
    household, _people = three_adults()
    later = date(2026, 11, 22)

    (allowance, *_others) = outlook(household, on=later, known_on=later, held={}).offers

    assert allowance.card.mark == "按最近所见标准"


def test_why_tells_what_the_whole_answer_would() -> None:
    household, _people = three_adults(cars="1")
    known = family_of(household, on=DAY, known_on=DAY, held={})
    whole = answer_of(assess_family(known, on=DAY))

    for card in (*whole.eligible, *whole.unknown, *whole.refused):
        assert why(household, key=card.key, on=DAY, known_on=DAY, held={}) == card.why


def test_why_of_a_card_that_is_gone_asks_to_look_again() -> None:
    household, _people = three_adults()

    with pytest.raises(Refused, match="请刷新页面"):
        why(household, key="subsistence_allowance-unknown-h", on=DAY, known_on=DAY, held={})


def test_an_empty_house_shows_its_problem() -> None:
    household, _people = make_family(Someone("贾一", until=date(2019, 1, 1)))

    assert "没有成员" in outlook(household, on=DAY, known_on=DAY, held={}).problem


def test_it_asks_the_database_twice() -> None:
    household, (head, *_others) = three_adults()
    for day in range(1, 20):
        state("wage", str(day), person=head, known_on=date(2020, 7, day))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        outlook(household, on=DAY, known_on=DAY, held={})

    assert len(asked) == 2
