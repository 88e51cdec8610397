"""Numbers of identity cards, of invented people: their area, 000000, was never issued."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.common import identity_numbers
from yihu.common.identity_numbers import Sex
from yihu.common.refusals import Refused

ON = date(2026, 11, 22)
WOMAN = "00000019900307068X"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number_of(birth: date, sequence: int) -> str:
    """A right number, its check digit by the table of the standard."""
    body = f"000000{birth:%Y%m%d}{sequence:03}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


PEOPLE = st.builds(number_of, st.dates(date(1900, 1, 1), ON), st.integers(0, 999))


def refusal(text: str) -> str:
    with pytest.raises(Refused) as raised:
        identity_numbers.check(text, on=ON, field="identity_number")
    assert raised.value.field == "identity_number"
    return raised.value.message


@given(st.dates(date(1900, 1, 1), ON), st.integers(0, 999))
def test_a_right_number_tells_birth_and_sex(birth: date, sequence: int) -> None:
    number = identity_numbers.check(number_of(birth, sequence), on=ON)

    assert identity_numbers.birth_date_of(number) == birth
    assert identity_numbers.sex_of(number) is (Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(PEOPLE, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_noticed(number: str, place: int, digit: str) -> None:
    altered = number[:place] + digit + number[place + 1 :]
    if altered != number:
        refusal(altered)


@given(PEOPLE, st.integers(0, 16))
def test_two_digits_in_the_wrong_order_are_noticed(number: str, place: int) -> None:
    altered = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if altered != number:
        refusal(altered)


@given(st.text())
def test_any_other_text_is_refused_with_a_message(text: str) -> None:
    assert refusal(text)


@pytest.mark.parametrize(
    "written",
    [
        "00000019900307068x",
        "００００００１９９００３０７０６８ｘ",
        " 000000 19900307 068X\u3000",
        "000000-19900307-068X",
        "000000—19900307—068X",
    ],
)
def test_ways_of_writing_are_one_number(written: str) -> None:
    assert identity_numbers.check(written, on=ON) == WOMAN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请填写"),
        ("00000019900307068", "现在是 17 位"),
        (WOMAN + "1", "现在是 19 位"),
        ("000000900307002", "第一代"),
        ("0000001990O307068X", "第 11 位“O”不是数字"),
        ("X0000019900307068X", "第 1 位“X”不是数字"),
        ("00000019900307068Y", "最后一位“Y”"),
        ("000000199002300027", "1990 年 02 月 30 日这一天不存在"),
        ("00000000000000068X", "0000 年 00 月 00 日这一天不存在"),
        (number_of(date(2026, 11, 23), 1), "2026 年 11 月 23 日晚于 2026-11-22"),
        ("000000199003070681", "校验位"),
        ("١" * 18, "第 1 位"),
    ],
)
def test_each_fault_is_named(text: str, said: str) -> None:
    assert said in refusal(text)


def test_a_child_born_today_has_a_number() -> None:
    assert identity_numbers.check(number_of(ON, 7), on=ON)


def test_the_message_about_the_check_digit_does_not_give_it_away() -> None:
    assert "X" not in refusal("000000199003070681")


def test_screens_show_area_and_tail() -> None:
    assert identity_numbers.mask(WOMAN) == "000000********068X"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("“000000199001010011”不在", "“000000********0011”不在"),
        ("00000019900101001x", "000000********001x"),
        ("000000 19900101 0011", "000000********0011"),
        ("0000001990010100112", "000000********0112"),
        ("000000900101001", "000000********1001"),
        ("２０００００１９９００１０１００１Ｘ", "２０００００********００１Ｘ"),
        ("HD00000012 已于 2026-03-02 答复", "HD00000012 已于 2026-03-02 答复"),
        ("20260302123456.xlsx", "20260302123456.xlsx"),
    ],
)
def test_whatever_looks_like_a_number_of_somebody_is_masked_in_a_text(written: str, shown: str) -> None:
    assert identity_numbers.mask_within(written) == shown
    assert identity_numbers.tail(WOMAN) == "068X"
