"""Numbers: two districts of one installation never give out the same one."""

from datetime import date
from typing import Any

import pytest

from tests.places import divisions
from yihu.organisations.numbering import Numbered, next_number, prefix_in

HERE, THERE = "11/0102/", "11/0108/"


@pytest.mark.django_db
@pytest.mark.parametrize("what", Numbered)
def test_no_number_is_given_out_in_two_districts(what: Numbered) -> None:
    areas = (HERE, THERE) if what is Numbered.RUN else (f"{HERE}007/", f"{THERE}007/")

    numbers = [next_number(what, area, on=date(2026, 9, 1)) for area in areas * 2]

    assert len(set(numbers)) == len(numbers)
    assert numbers[0].startswith("XC")
    assert numbers[1].startswith("110108")


@pytest.mark.django_db
def test_another_district_may_have_letters_of_its_own(settings: Any) -> None:
    settings.REGISTER_PREFIXES = {HERE: "XC", THERE: "HD"}
    divisions({f"{HERE}007/001/": "", f"{THERE}007/001/": ""})

    assert next_number(Numbered.CASE, f"{THERE}007/", on=date(2026, 9, 1)) == "HD2026-007-0001"
    assert prefix_in((f"{THERE}007/001/",)) == "HD"
    assert prefix_in((HERE, THERE)) == prefix_in(("11/",)) == ""
