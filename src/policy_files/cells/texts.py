"""Tables as text: in which encoding they are written and what stands between their cells."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from policy_engine.language import _
from policy_files.errors import FileFault

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",\t;"
# Before UTF-16 stands a mark that says so, as Excel's "Unicode 文本" has it.
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PIECE = 1 << 20
# A title or two may stand above the headings.
_LINES_LOOKED_AT = 10


def encoding_of(path: Path) -> str:
    """The encoding of a file. Raises FileFault for one that is in none that offices use."""
    with path.open("rb") as file:
        return _encoding(file, path.name)


def decoded(content: bytes, *, name: str) -> str:
    """The text of a content. Raises FileFault for one that is in no encoding that offices use."""
    return content.decode(_encoding(io.BytesIO(content), name))


def delimiter_of(head: str) -> str:
    """What stands between the cells, by the first lines: that which makes most of them of one line."""

    def widest(delimiter: str) -> int:
        try:
            lines = islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), _LINES_LOOKED_AT)
            return max((len(cells) for cells in lines), default=0)
        except csv.Error:
            return 0

    return max(DELIMITERS, key=widest)


def lines_in(text: str, *, name: str) -> Iterator[list[str]]:
    """The lines of a table, cell by cell, blank ones too. Raises FileFault at a line that cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text[:_PIECE]), strict=True)
    try:
        yield from reader
    except csv.Error:
        raise FileFault(
            _("“{name}”第 {number} 行的引号不成对，读不下去。请用 Excel 或 WPS 另存为 .xlsx 再来。").format(
                name=name, number=reader.line_num
            )
        ) from None


def _encoding(file: IO[bytes], name: str) -> str:
    start = file.read(2)
    if start in _UTF_16:
        return "utf-16"
    for encoding in ENCODINGS:
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileFault(
        _("“{name}”既不是 UTF-8 也不是 GB18030 编码。请用 Excel 或 WPS 打开，另存为 .xlsx 再来。").format(name=name)
    )
