"""Households and members as two files of a folder, CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.dataset as dataset

from policy_engine import Scope
from policy_engine.language import _
from policy_files.bad_rows import FIRST_ROW
from policy_files.cells import texts
from policy_files.errors import FileFault
from policy_files.sheets import FILE_NAMES, SHEET_TITLES, Sheet, Source, TextSheet, one_array

_ROWS_AT_ONCE = 50_000
# So much of a file tells what stands between its cells.
_HEAD = 1 << 16


def read_folder(folder: Path) -> Source:
    """The two tables of a folder. Raises FileFault when one is missing, doubled or unreadable."""
    return Source(_read(folder, Scope.HOUSEHOLD), _read(folder, Scope.MEMBER))


def _read(folder: Path, scope: Scope) -> Sheet:
    names = (FILE_NAMES[scope], SHEET_TITLES[scope])
    found = [path for name in names for path in (folder / f"{name}.csv", folder / f"{name}.parquet") if path.exists()]
    if not found:
        raise FileFault(_("{folder} 里没有 {name}.csv，也没有 {name}.parquet").format(folder=folder, name=names[0]))
    if len(found) > 1:
        raise FileFault(
            _("{folder} 里同时有 {files}，不知道该用哪一个").format(
                folder=folder, files="、".join(path.name for path in found)
            )
        )
    return read_csv(found[0]) if found[0].suffix == ".csv" else ParquetSheet(found[0])


def read_csv(path: Path) -> TextSheet:
    """A CSV file as text, in whatever encoding and with whatever between its cells. Raises FileFault."""
    encoding = texts.encoding_of(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            delimiter = texts.delimiter_of(file.read(_HEAD))
            file.seek(0)
            headings = next(csv.reader(file, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise FileFault(_("{file} 第 1 行读不懂：{error}").format(file=path.name, error=error)) from None
    if not headings:
        raise FileFault(_("{file} 是空的，连表头也没有").format(file=path.name))
    try:
        return _read_quickly(path, encoding, delimiter, headings)
    except pa.ArrowInvalid:
        # Some row is not as long as the others: read again in the way that knows which.
        return _read_carefully(path, encoding, delimiter, headings)


def _read_quickly(path: Path, encoding: str, delimiter: str, headings: Sequence[str]) -> TextSheet:
    names = [str(position) for position in range(len(headings))]
    table = arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(
            column_names=names, encoding="utf8" if encoding == "utf-8-sig" else encoding
        ),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    ).slice(1)
    columns: list[pa.Array | None] = [one_array(column) for column in table.columns]
    return TextSheet(path.name, headings, columns, table.num_rows)


def _read_carefully(path: Path, encoding: str, delimiter: str, headings: Sequence[str]) -> TextSheet:
    """Row by row: a row that is too short or too long is a fault of that row, not of the file."""
    width = len(headings)
    faults: dict[int, str] = {}

    def fitted(rows: Iterator[list[str]]) -> Iterator[list[str]]:
        for number, row in enumerate(rows):
            if row and len(row) != width:
                faults[number] = _("这一行有 {n} 格，表头有 {m} 格").format(n=len(row), m=width)
            yield (row + [""] * width)[:width]

    pieces: list[list[pa.Array]] = []
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            next(reader)
            rows = fitted(reader)
            while part := list(islice(rows, _ROWS_AT_ONCE)):
                pieces.append([pa.array(column, pa.string()) for column in zip(*part, strict=True)])
        except csv.Error as error:
            raise FileFault(
                _("{file} 第 {line} 行读不懂：{error}").format(file=path.name, line=reader.line_num, error=error)
            ) from None
    columns: list[pa.Array | None] = [
        pa.concat_arrays([piece[position] for piece in pieces]) if pieces else pa.array([], pa.string())
        for position in range(width)
    ]
    return TextSheet(path.name, headings, columns, sum(len(piece[0]) for piece in pieces), faults)


@dataclass
class ParquetSheet:
    """A Parquet file (or a folder of them), of which one column at a time is in memory."""

    path: Path
    title: str = ""
    headings: Sequence[str] = ()
    rows: int = 0
    faults: Mapping[int, str] = field(default_factory=dict)
    first_row: int = FIRST_ROW
    said: str = ""

    def __post_init__(self) -> None:
        try:
            self.data = dataset.dataset(self.path, format="parquet")
            self.rows = self.data.count_rows()
        except (pa.ArrowInvalid, OSError) as error:
            raise FileFault(_("{file} 读不了：{error}").format(file=self.path.name, error=error)) from None
        self.title = self.path.name
        self.headings = self.data.schema.names

    def cells(self, position: int) -> pa.Array:
        """See ``Sheet``."""
        heading = self.headings[position]
        try:
            table = self.data.to_table(columns={"cells": dataset.field(heading)})
        except (pa.ArrowInvalid, OSError) as error:
            raise FileFault(_("{file} 读不了：{error}").format(file=self.title, error=error)) from None
        return as_text(one_array(table["cells"]), self.title, heading)

    def drop(self, position: int) -> None:
        """See ``Sheet``."""


def as_text(column: pa.Array, title: str, heading: str) -> pa.Array:
    """A typed column as the text that a person would have written. Raises FileFault for a type without one."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_nested(kind) or (pa.types.is_binary(kind) and not pa.types.is_string(kind)):
        raise FileFault(_("{file} 的列“{heading}”是 {type}，读不了").format(file=title, heading=heading, type=kind))
    text = pc.fill_null(pc.cast(column, pa.string()), "")
    if pa.types.is_timestamp(kind):
        return pc.replace_substring_regex(text, r" \d\d:\d\d:\d\d(\.\d+)?Z?$", "")
    if pa.types.is_decimal(kind):
        return pc.replace_substring_regex(text, r"(\.[0-9]{2})0+$", r"\1")
    return text
