"""The fast way of reading cells and ``InputSpec.parse`` agree on every text."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import policy_packs
from policy_engine import InputError, InputSpec
from policy_files.cells.written import cell_text
from policy_files.columns import read_cells
from policy_files.folders import as_text

SPECS = list(policy_packs.load("xicheng").inputs.values())

plain = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12)
written = st.one_of(
    st.text(max_size=12),
    st.text("0123456789.-+,eE: ;是否年月日０１．", max_size=14),
    st.integers(-(10**20), 10**20).map(str),
    st.integers(-200, 100_000).map(str),
    plain.map(str),
    st.decimals(places=2, min_value=-1000, max_value=10**7).map(str),
    st.dates().map(str),
    st.sampled_from(
        ["是", "否", "户主", "子", "4:2;6:3", "低保", "不在学", "1,234.50", "110102", "１２", " 5 ", "-0", "007"]
    ),
)


def one_by_one(spec: InputSpec, texts: list[str]) -> list[dict[str, int] | str | None]:
    """What the single truth says of each text."""
    answers: list[dict[str, int] | str | None] = []
    for text in texts:
        try:
            answers.append(spec.parse(text))
        except InputError as error:
            answers.append(str(error))
    return answers


def together(spec: InputSpec, texts: list[str]) -> list[dict[str, int] | str | None]:
    """What the fast way says of all of them."""
    skip = np.zeros(len(texts), np.bool_)
    columns, bad = read_cells(spec, pa.array(texts, pa.string()), skip=skip, heading=spec.label, position=0)
    messages = {}
    if bad is not None:
        messages = {int(row): bad.messages[pick] for row, pick in zip(bad.rows, bad.picks, strict=True)}
        assert [bad.values[pick] for pick in bad.picks] == [texts[row] for row in bad.rows]
    answers: list[dict[str, int] | str | None] = []
    for row in range(len(texts)):
        known = all(column.known is None or column.known[row] for column in columns.values())
        if row in messages:
            assert not known
            answers.append(messages[row])
        else:
            answers.append({name: int(column.values[row]) for name, column in columns.items()} if known else None)
    return answers


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
@given(texts=st.lists(written, max_size=30))
@example(texts=["100000000", "100000000.00", "100000000.01", "-0.00", "1.", ".5", "0.1", "0.10", "0.100", ""])
@example(texts=["1000000000000", "999999999999.99", "-1000000", "1 000", "1894.1\n", "\u00a05", "٣"])
def test_reading_together_and_one_by_one_agree(spec: InputSpec, texts: list[str]) -> None:
    assert together(spec, texts) == one_by_one(spec, texts)


@given(st.integers(0, 10**10))
def test_money_survives_excel_and_parquet_to_the_fen(fen: int) -> None:
    spec = policy_packs.load("xicheng").inputs["monetary_assets"]
    number = fen / 100
    (from_parquet,) = as_text(pa.array([number]), "", "").to_pylist()

    assert spec.parse(cell_text(number)) == {"monetary_assets": fen}
    assert spec.parse(from_parquet) == {"monetary_assets": fen}
