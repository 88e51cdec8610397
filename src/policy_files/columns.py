"""Cells as text become columns of integers, or are refused with their row and what is allowed.

Equal texts are read once. Plain numbers are read all together; everything else goes through
``InputSpec.parse``, which alone knows the odd notations and says what is wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policy_engine import InputError, InputSpec, InputType
from policy_engine.population import Column, dtype_for
from policy_files.bad_rows import BadCells, Mask

_PLAIN = {
    InputType.MONEY: r"^-?[0-9]{1,12}(\.[0-9]{1,2})?$",
    InputType.AREA: r"^-?[0-9]{1,12}(\.[0-9]{1,2})?$",
    InputType.COUNT: r"^-?[0-9]{1,12}$",
}
_SCALES = {InputType.MONEY: 2, InputType.AREA: 2, InputType.COUNT: 0}


def read_cells(
    spec: InputSpec, cells: pa.Array, *, skip: Mask, heading: str, position: int
) -> tuple[dict[str, Column], BadCells | None]:
    """The engine columns of a fact (fen, yyyymmdd …) and the cells that are refused.

    ``skip`` marks rows of which nothing is said. A refused cell is unknown in the columns.
    """
    encoded = cells.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    texts = encoded.dictionary
    values = {name: np.zeros(len(texts), dtype_for(spec.low, spec.high)) for name in spec.names}
    known = {name: np.zeros(len(texts), np.bool_) for name in spec.names}
    if spec.type in _PLAIN:
        known[spec.name], numbers = plain_numbers(spec, texts)
        values[spec.name][known[spec.name]] = numbers
    refused, messages = _read_one_by_one(spec, texts, values, known)
    columns = {
        name: Column(column[codes], None if known[name].all() else known[name][codes])
        for name, column in values.items()
    }
    if not refused:
        return columns, None
    place = np.full(len(texts), -1)
    place[refused] = np.arange(len(refused))
    rows = np.flatnonzero((place[codes] >= 0) & ~skip)
    written = texts.take(pa.array(refused)).to_pylist()
    return columns, BadCells(heading, position, rows, place[codes[rows]], written, messages)


def _read_one_by_one(
    spec: InputSpec, texts: pa.Array, values: dict[str, NDArray[Any]], known: dict[str, Mask]
) -> tuple[list[int], list[str]]:
    """Read what is not known yet; gives the places of refused texts and why."""
    refused: list[int] = []
    messages: list[str] = []
    todo = np.flatnonzero(~np.logical_and.reduce(list(known.values())))
    for place, text in zip(todo.tolist(), texts.take(pa.array(todo)).to_pylist(), strict=True):
        try:
            parsed = spec.parse(text)
        except InputError as error:
            refused.append(place)
            messages.append(str(error))
            continue
        for name, value in (parsed or {}).items():
            known[name][place] = True
            values[name][place] = value
    return refused, messages


def plain_numbers(spec: InputSpec, texts: pa.Array) -> tuple[Mask, NDArray[np.int64]]:
    """Which texts are plain numbers within the fact's range, and their engine values, exactly."""
    plain = pc.match_substring_regex(texts, _PLAIN[spec.type]).to_numpy(zero_copy_only=False)
    scale = _SCALES[spec.type]
    decimals = pc.cast(texts.filter(pa.array(plain)), pa.decimal128(12 + scale + 1, scale))
    numbers = unscaled(decimals)
    inside = (numbers >= spec.low) & (numbers <= spec.high)
    plain[plain] = inside
    return plain, numbers[inside]


def unscaled(decimals: pa.Array) -> NDArray[np.int64]:
    """The integers behind decimals of at most 18 digits."""
    if not len(decimals):
        return np.zeros(0, np.int64)
    words = np.frombuffer(decimals.buffers()[1], np.int64).reshape(-1, 2)
    return words[decimals.offset : decimals.offset + len(decimals), 0]


def constant(spec: InputSpec, count: int) -> dict[str, Column]:
    """The columns of a fact that a file has no column for: its default, or nothing where a blank is unknown."""
    if spec.default is None:
        return {}
    dtype = dtype_for(spec.low, spec.high)
    return {name: Column(np.full(count, value, dtype)) for name, value in spec.default.items()}
