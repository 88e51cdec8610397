"""The picture of a family's income shows what the rules worked out, and nothing of its own."""

from datetime import date

import pytest

from tests.policy.register import NOTHING_ELSE, Someone, make_family, three_adults
from yihu.policy.income import Income
from yihu.policy.outlook import outlook

DAY = date(2020, 8, 1)
pytestmark = pytest.mark.usefixtures("register")


def test_income_stands_against_the_line_of_the_day() -> None:
    household, _people = three_adults()

    found = outlook(household, on=DAY, known_on=DAY, held={}).income

    assert found == Income(189400, 63133, 117000, "最低生活保障标准", "")


def test_an_unknown_wage_leaves_the_income_unknown_and_the_line_known() -> None:
    household, _people = make_family(Someone("贾一", facts={**NOTHING_ELSE, "wage": "?"}))

    found = outlook(household, on=DAY, known_on=DAY, held={}).income

    assert found is not None
    assert (found.total, found.per_head, found.standard) == (None, None, 117000)


def test_a_line_that_was_carried_forward_is_marked() -> None:
    household, _people = three_adults()
    later = date(2026, 11, 22)

    found = outlook(household, on=later, known_on=later, held={}).income

    assert found is not None
    assert found.mark == "按最近所见标准"
