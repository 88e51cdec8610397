"""A county is known by the code that it bears, or bore; one that never was is none."""

from datetime import date

import pytest

import policy_packs
from yihu.organisations.counties import Counties, named_places
from yihu.organisations.models import FormerCode

MERGED = date(2010, 6, 28)


def test_the_packs_know_the_same_counties_by_the_same_names() -> None:
    of_packs = {
        str(code): name for pack in policy_packs.names() for code, name in policy_packs.load(pack).divisions.items()
    }

    assert named_places() == of_packs


@pytest.mark.django_db
def test_a_code_means_what_it_meant_on_its_day_and_else_what_it_means_now() -> None:
    FormerCode.objects.create(
        code="110103", name="崇文区", now_code="110101", now_name="东城区", source="国函〔2010〕55号",
        period=(None, MERGED),
    )  # fmt: skip
    # A number that was given away anew.
    FormerCode.objects.create(
        code="110105", name="某旧区", now_code="110106", now_name="丰台区", source="虚构文件", period=(None, MERGED)
    )
    found = Counties()

    assert found.now("110103") == found.now("110103", on=date(2009, 1, 1)) == "110101"
    assert found.now("110103", on=date(2026, 1, 1)) == "110101"
    assert found.now("110105", on=date(2009, 1, 1)) == "110106"
    assert found.now("110105", on=date(2026, 1, 1)) == found.now("110105") == "110105"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "is_known"),
    [("110102", True), ("110150", False), ("110000", True), ("130602", True), ("290101", False)],
)
def test_of_a_province_whose_counties_are_named_there_are_no_others(code: str, is_known: bool) -> None:
    assert (Counties().now(code) is not None) is is_known
