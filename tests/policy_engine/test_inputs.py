"""What people write becomes integers exactly, or is refused with what is allowed; never rounded, clipped or wrapped."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policy_packs
from policy_engine import InputError, InputSpec, Pack, load_pack
from tests.policy_engine.conftest import PACKS

COUNTY = load_pack("county", PACKS)
XICHENG = policy_packs.load("xicheng")
WAGE = COUNTY.inputs["wage"]


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("1894", 189400), ("1894.5", 189450), ("1894.05", 189405), ("1,894.00", 189400), (" ０．０１ ", 1),
        ("0", 0), ("100000", 10_000_000), ("100000.00", 10_000_000), ("+12", 1200), ("007.10", 710),
    ],
)  # fmt: skip
def test_money_that_is_taken(written: str, fen: int) -> None:
    assert WAGE.parse(written) == {"wage": fen}


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("100000.01", "超出范围"), ("-0.01", "超出范围"), ("1894.005", "小数位太多"), ("1.894,00", "不是数"),
        ("18,94", "不是数"), ("一千", "不是数"), ("1e3", "不是数"), ("nan", "不是数"), ("inf", "不是数"),
        ("1894元", "不是数"), ("1 894", "不是数"), ("0x10", "不是数"), ("9" * 30, "超出范围"),
        ("", "没有填"), ("  ", "没有填"),
    ],
)  # fmt: skip
def test_money_that_is_refused(written: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        WAGE.parse(written)
    assert "0.00 到 100000.00 元" in str(caught.value), "the message says what is allowed"


@given(st.integers(0, 10_000_000))
def test_money_goes_out_and_comes_back(fen: int) -> None:
    assert WAGE.parse(WAGE.format({"wage": fen})) == {"wage": fen}


@pytest.mark.parametrize("written", ["1980-05-31", "1980/5/31", "1980.05.31", "19800531", "1980年5月31日"])
def test_a_day_in_the_ways_people_write_it(written: str) -> None:
    assert COUNTY.inputs["birth_date"].parse(written) == {"birth_date": 19800531}


@pytest.mark.parametrize(
    "written", ["1981-02-29", "1980-13-01", "80-05-31", "1980-0531", "1980", "1899-12-31", "44347"]
)
def test_a_day_that_is_none(written: str) -> None:
    with pytest.raises(InputError, match="1980-05-31"):
        COUNTY.inputs["birth_date"].parse(written)


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)))
def test_any_day_goes_out_and_comes_back(day: date) -> None:
    spec = COUNTY.inputs["birth_date"]

    assert spec.format(spec.parse(day.isoformat()) or {}) == day.isoformat()


@pytest.mark.parametrize(("written", "value"), [("是", 1), ("否", 0), ("1", 1), ("0", 0), ("TRUE", 1), ("n", 0)])
def test_yes_and_no(written: str, value: int) -> None:
    assert COUNTY.inputs["counted"].parse(written) == {"counted": value}


def test_a_blank_takes_the_default() -> None:
    assert COUNTY.inputs["counted"].parse("") == {"counted": 1}


def test_a_blank_without_default_is_not_known() -> None:
    assert COUNTY.inputs["area"].parse("") is None


def test_codes_by_number_padded_number_label_and_name() -> None:
    stage = COUNTY.inputs["stage"]

    assert [stage.parse(text) for text in ("5", "05", "大学", "HIGHER", "higher")] == [{"stage": 5}] * 5
    with pytest.raises(InputError, match="0 不在校，5 大学"):
        stage.parse("6")


def test_grades_of_several_kinds() -> None:
    spec = COUNTY.inputs["disabilities"]

    assert spec.parse("4:2; 6：3") == {"limb_grade": 2, "mental_grade": 3}
    assert spec.parse("") == {"limb_grade": 0, "mental_grade": 0}
    assert spec.format({"limb_grade": 2, "mental_grade": 3}) == "4:2;6:3"


@pytest.mark.parametrize(
    "written", ["4:2", "肢体:2", "肢体：２", "肢体2级", "肢体二级", "肢体残疾二级", " 肢体 : 2 级", "4:2级"]
)
def test_grades_as_people_write_them(written: str) -> None:
    found = XICHENG.inputs["disabilities"].parse(written)

    assert found == {**dict.fromkeys(XICHENG.inputs["disabilities"].names, 0), "limb_grade": 2}


@pytest.mark.parametrize("written", ["肢体", "肢体五级", "肢体:0", "断肢:2", "42", "肢体12级", "二级", "肢体零级"])
def test_grades_that_cannot_be_made_out(written: str) -> None:
    with pytest.raises(InputError, match="等级 1 到 4"):
        XICHENG.inputs["disabilities"].parse(written)


@pytest.mark.parametrize(
    ("name", "written", "number"),
    [("relation", "妻子", 12), ("relation", "爱人", 10), ("school_stage", "本科", 5), ("school_stage", "中专", 4)],
)
def test_codes_by_what_else_people_write(name: str, written: str, number: int) -> None:
    assert XICHENG.inputs[name].parse(written) == {name: number}


@pytest.mark.parametrize("written", ["√", "✓", " ☑ "])
def test_a_tick_says_yes(written: str) -> None:
    assert XICHENG.inputs["serious_illness"].parse(written) == {"serious_illness": 1}


@pytest.mark.parametrize("written", ["4", "4:0", "4:5", "9:1", "4:2;4:3", "4-2", ":2"])
def test_grades_that_are_refused(written: str) -> None:
    with pytest.raises(InputError, match="4:2;6:3"):
        COUNTY.inputs["disabilities"].parse(written)


@pytest.mark.parametrize("pack", [COUNTY, XICHENG], ids=lambda pack: pack.name)
def test_every_fact_reads_back_what_it_writes(pack: Pack) -> None:
    for spec in pack.inputs.values():
        for values in _some_values(spec):
            assert spec.parse(spec.format(values)) == values, spec.name


def _some_values(spec: InputSpec) -> list[dict[str, int]]:
    if spec.codes is not None:
        return [{spec.name: code.value} for code in spec.codes]
    if spec.into:
        return [{name: int(name == chosen) for name in spec.names} for chosen in spec.names]
    return [{spec.name: spec.low}, {spec.name: spec.high}]


def test_every_label_of_every_code_table_is_taken() -> None:
    for spec in XICHENG.inputs.values():
        for code in spec.codes or ():
            assert spec.parse(code.label) == {spec.name: code.value}


@given(st.text(max_size=12))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    for spec in XICHENG.inputs.values():
        try:
            values = spec.parse(text)
        except InputError:
            continue
        assert values is None or all(type(value) is int for value in values.values())


AWARDS = XICHENG.inputs["current_awards"]
EVERY_STATUS = {"has_subsistence_allowance", "has_extreme_hardship_support", "has_low_income"}


@pytest.mark.parametrize(
    ("written", "held", "unknown"),
    [
        ("无", set(), set()),
        ("低保", {"has_subsistence_allowance"}, set()),
        ("low_income；低保", {"has_subsistence_allowance", "has_low_income"}, set()),
        ("低保;分散供养特困？", {"has_subsistence_allowance"}, {"has_extreme_hardship_support"}),
    ],
)
def test_a_set_says_what_is_there_what_is_not_and_what_is_not_known(
    written: str, held: set[str], unknown: set[str]
) -> None:
    values = AWARDS.parse(written)

    assert values == {name: int(name in held) for name in EVERY_STATUS - unknown}
    assert AWARDS.parse(AWARDS.format(values)) == values, "what is written is read back the same"


def test_a_blank_set_without_default_is_not_known() -> None:
    assert AWARDS.parse(" ") is None
    assert AWARDS.format({}) == ""
    assert AWARDS.describe({"has_low_income": 1, "has_subsistence_allowance": 0}) == "分散供养特困（不知道）、低收入"


@pytest.mark.parametrize("written", ["无;低保", "别的", "?"])
def test_a_set_that_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="里有不认识的"):
        AWARDS.parse(written)
