"""Writes results as CSV, Parquet, a workbook or JSON lines; what is not finished is never seen.

Results go to a file of another name beside the one asked for, which takes its place only when all
of them are written and on disk. CSV begins with a byte order mark, without which Excel takes
Chinese in UTF-8 for something else.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet
import xlsxwriter

from policy_engine.language import _
from policy_files.errors import FileFault
from policy_files.results import SCHEMA

SUFFIXES = (".xlsx", ".csv", ".parquet")
MOST_SHEET_ROWS = 1_048_575
STANDARD_OUTPUT = "-"


class Writer(Protocol):
    """Takes results part by part."""

    def write(self, table: pa.Table) -> None:
        """Write one part."""

    def close(self) -> None:
        """Write what is still in hand."""


def check_target(target: str) -> None:
    """Refuse a target that could not be written. Raises FileFault."""
    if target == STANDARD_OUTPUT:
        return
    path = Path(target)
    if path.suffix.lower() not in SUFFIXES:
        raise FileFault(
            _("不认得结果文件的类型“{name}”；须以 {suffixes} 结尾，或为 -").format(
                name=path.name, suffixes="、".join(SUFFIXES)
            )
        )
    if path.is_dir():
        raise FileFault(_("{path} 是文件夹，不能当结果文件").format(path=path))
    if not path.absolute().parent.is_dir():
        raise FileFault(_("没有文件夹 {folder}").format(folder=path.absolute().parent))
    if not os.access(path.absolute().parent, os.W_OK):
        raise FileFault(_("文件夹 {folder} 不能写入").format(folder=path.absolute().parent))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside ``path`` that takes its place when the block ends well, and is removed otherwise.

    Raises FileFault when the folder or the disk does not let it be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.stem}.", suffix=path.suffix)
        os.close(handle)
    except OSError as error:
        raise _cannot_write(path, error) from None
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise _cannot_write(path, error) from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _cannot_write(path: Path, error: Exception) -> FileFault:
    why = getattr(error, "strerror", None) or error
    return FileFault(_("{path} 写不了：{why}；原有的文件没有动").format(path=path, why=why))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def writing(target: str, about: Mapping[str, str]) -> Iterator[Writer]:
    """A writer to ``target``, a file or ``-``. Nothing is to be seen of what it wrote unless the block ends well.

    ``about`` says under what the results were found (date, pack …) and is kept where the format has room.
    """
    if target == STANDARD_OUTPUT:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
            yield _JsonWriter(file)
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout)
            sys.stdout.flush()
        return
    with replacing(Path(target)) as temporary:
        writer = _WRITERS[Path(target).suffix.lower()](temporary, about)
        try:
            yield writer
        except BaseException:
            with suppress(Exception):
                writer.close()
            raise
        writer.close()


class _ParquetWriter:
    def __init__(self, path: Path, about: Mapping[str, str]) -> None:
        schema = SCHEMA.with_metadata({f"yihu.{key}": value for key, value in about.items()})
        self.schema = schema
        self.writer = parquet.ParquetWriter(path, schema, compression="zstd")

    def write(self, table: pa.Table) -> None:
        self.writer.write_table(table.cast(self.schema))

    def close(self) -> None:
        self.writer.close()


class _CsvWriter:
    def __init__(self, path: Path, about: Mapping[str, str]) -> None:
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        self.file.write(",".join(SCHEMA.names) + "\r\n")

    def write(self, table: pa.Table) -> None:
        lines = pc.binary_join_element_wise(
            *(_csv_cells(column) for column in table.columns),
            ",",
            null_handling="replace",
            null_replacement="",
        )
        self.file.write("\r\n".join([*lines.to_pylist(), ""]))

    def close(self) -> None:
        self.file.close()


def _csv_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text, in quotation marks where commas, quotation marks or line ends stand in it."""
    text = pc.cast(column, pa.string())
    needs = pc.match_substring_regex(text, '[",\r\n]')
    if not pc.any(needs).as_py():
        return text
    doubled = pc.replace_substring(text, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), text)


class _JsonWriter:
    def __init__(self, file: IO[str]) -> None:
        self.file = file

    def write(self, table: pa.Table) -> None:
        for row in _text_rows(table):
            self.file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def close(self) -> None:
        pass


def _text_rows(table: pa.Table) -> list[dict[str, str | None]]:
    amounts = pc.cast(table["amount"], pa.string())
    rows: list[dict[str, str | None]] = table.set_column(4, "amount", amounts).to_pylist()
    return rows


class _WorkbookWriter:
    _WIDTHS = (22, 22, 32, 14, 14, 10, 18, 100)

    def __init__(self, path: Path, about: Mapping[str, str]) -> None:
        self.book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
        self.money = self.book.add_format({"num_format": "#,##0.00"})
        self.sheet = self.book.add_worksheet(_("结果"))
        self.sheet.freeze_panes(1, 0)
        for position, width in enumerate(self._WIDTHS):
            self.sheet.set_column(position, position, width)
        bold = self.book.add_format({"bold": True})
        self.sheet.write_row(0, 0, SCHEMA.names, bold)
        self.about = about
        self.row = 1

    def write(self, table: pa.Table) -> None:
        columns = [column.to_pylist() for column in table.columns]
        for row in zip(*columns, strict=True):
            for position, value in enumerate(row):
                if position == 4:
                    if value is not None:
                        self.sheet.write_number(self.row, position, float(value), self.money)
                elif value:
                    self.sheet.write_string(self.row, position, value)
            self.row += 1

    def close(self) -> None:
        sheet = self.book.add_worksheet(_("说明"))
        sheet.set_column(0, 1, 40)
        for row, (key, value) in enumerate(self.about.items()):
            sheet.write_string(row, 0, key)
            sheet.write_string(row, 1, value)
        self.book.close()


_WRITERS: Mapping[str, Callable[[Path, Mapping[str, str]], Writer]] = {
    ".csv": _CsvWriter,
    ".parquet": _ParquetWriter,
    ".xlsx": _WorkbookWriter,
}
