"""Money, as it is read, written and drawn up in capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_engine import wording
from yihu.common import fen
from yihu.common.refusals import Refused

AMOUNTS = st.integers(1 - 10**17, 10**17 - 1)
DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}
# What stands in its sixteen places of yuan.
LARGEST_IN_CAPITALS = 10**18 - 1


def value_of(capitals: str) -> int:
    """Fen, read back from capitals by what each character is worth."""
    yuan = section = digit = 0
    fen_ = 0
    for character in capitals.removeprefix("负").removesuffix("整"):
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in UNITS:
            section, digit = section + digit * UNITS[character], 0
        elif character == "万":
            yuan, section, digit = yuan + (section + digit) * 10_000, 0, 0
        elif character == "亿":
            yuan, section, digit = (yuan + section + digit) * 10**8, 0, 0
        elif character == "元":
            yuan, section, digit = yuan + section + digit, 0, 0
        else:
            fen_, digit = fen_ + digit * {"角": 10, "分": 1}[character], 0
    return (yuan * 100 + fen_) * (-1 if capitals.startswith("负") else 1)


def refusal(text: str) -> str:
    with pytest.raises(Refused) as raised:
        fen.parse_yuan(text, field="amount")
    assert raised.value.field == "amount"
    return raised.value.message


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (117000, "1,170.00"),
        (-117000, "−1,170.00"),
        (-5, "−0.05"),
        (123456789012, "1,234,567,890.12"),
    ],
)
def test_yuan(amount: int, written: str) -> None:
    assert fen.yuan(amount) == written


@given(AMOUNTS)
def test_what_was_written_is_read_as_the_same(amount: int) -> None:
    assert fen.parse_yuan(fen.yuan(amount)) == amount


@given(AMOUNTS)
def test_explanations_and_screens_write_one_amount_alike(amount: int) -> None:
    assert wording.money(amount) == f"{fen.yuan(amount)} 元"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1170", 117000),
        ("1170.5", 117050),
        ("1,170.50", 117050),
        (" １，１７０．５０ ", 117050),
        ("￥1170", 117000),
        ("-¥ 5", -500),
        ("1170 元", 117000),
        ("-0.05", -5),
        ("+3", 300),
        ("007.1", 710),
        ("0000000000000000001", 100),
        ("12,345,678.90", 1234567890),
        # As a float this is another number of fen.
        ("90071992547409.93", 9007199254740993),
    ],
)
def test_ways_of_writing(written: str, amount: int) -> None:
    assert fen.parse_yuan(written) == amount


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "请填写金额"),
        ("  元", "请填写金额"),
        ("1170.505", "小数多于两位"),
        ("11,70", "逗号"),
        ("1170,", "逗号"),
        ("1.2万", "12000"),
        ("约1000", "“约1000”不是金额"),
        ("1e5", "不是金额"),
        (".5", "不是金额"),
        ("1.", "不是金额"),
        ("--5", "不是金额"),
        ("1 170.5 0 1元元", "不是金额"),
        ("壹仟元", "不是金额"),
        ("1000000000000000.01", "太大"),
        pytest.param("9" * 5000, "太大", id="5000 digits"),
    ],
)
def test_each_fault_is_named(written: str, said: str) -> None:
    assert said in refusal(written)


@given(st.text(st.characters(categories=["L", "P", "S", "Z"]), max_size=12))
def test_text_without_digits_is_refused_with_a_message(text: str) -> None:
    assert refusal(text)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (1000, "壹拾元整"),
        (105, "壹元零伍分"),
        (117000, "壹仟壹佰柒拾元整"),
        (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (10000001, "壹拾万元零壹分"),
        (10000000000, "壹亿元整"),
        (10001000000, "壹亿零壹万元整"),
        (-5, "负伍分"),
    ],
)
def test_capitals(amount: int, written: str) -> None:
    assert fen.capitals(amount) == written


@given(st.one_of(st.integers(-LARGEST_IN_CAPITALS, LARGEST_IN_CAPITALS), st.integers(0, 10**9)))
def test_capitals_are_worth_the_amount(amount: int) -> None:
    assert value_of(fen.capitals(amount)) == amount


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_capitals_end_as_the_rules_of_the_central_bank_say(whole: int, rest: int) -> None:
    written = fen.capitals(whole * 100 + rest)

    assert written.endswith("整") == (rest == 0)
    assert written.endswith("分") == (rest % 10 != 0)
    assert "零零" not in written
    assert not written.startswith(("零分", "零角", "元"))
