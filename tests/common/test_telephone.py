"""Telephone numbers; the mobile ones are of a range that belongs to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.common import telephone
from yihu.common.refusals import Refused


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13900000000", "13900000000"),
        ("139 0000 0000", "13900000000"),
        ("139-0000-0000", "13900000000"),
        ("+86 139 0000 0000", "13900000000"),
        ("008613900000000", "13900000000"),
        ("１３９００００００００", "13900000000"),
        ("010-80000000", "010-80000000"),
        ("(010) 8000 0000", "010-80000000"),
        ("（010）80000000", "010-80000000"),
        ("+86 010 80000000", "010-80000000"),
        ("02980000000", "029-80000000"),
        ("0311-8000000", "0311-8000000"),
        ("0311—80000000", "0311-80000000"),
    ],
)
def test_ways_of_writing(written: str, number: str) -> None:
    assert telephone.check(written) == number
    assert telephone.normalise(number) == number


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "请填写"),
        ("1390000000", "现在是 10 位"),
        ("139000000000", "现在是 12 位"),
        ("12000000000", "以 120 开头"),
        ("80000000", "010-80000000"),
        ("8000000", "区号"),
        ("010-8000000", "区号 010 的固定电话是 8 位，现在是 7 位"),
        ("010-10000000", "区号"),
        ("0000-80000000", "区号"),
        ("4000000000", "也不是带区号的固定电话"),
        ("010-80000000转12", "分机"),
        ("没有", "只能有数字"),
    ],
)
def test_each_fault_is_named(written: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as raised:
        telephone.check(written, field="telephone")

    assert raised.value.field == "telephone"


@given(st.from_regex(telephone.MOBILE, fullmatch=True))
def test_every_mobile_number_is_taken_and_its_middle_hidden(number: str) -> None:
    assert telephone.check(number) == number
    assert telephone.mask(number) == f"{number[:3]}****{number[7:]}"


@pytest.mark.parametrize(
    ("number", "masked"),
    [("13900000000", "139****0000"), ("010-80001234", "010-****1234"), ("0311-8001234", "0311-****1234")],
)
def test_screens_show_enough_to_recognise_it(number: str, masked: str) -> None:
    assert telephone.mask(number) == masked
