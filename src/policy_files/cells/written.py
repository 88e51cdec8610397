"""One cell: as a person would have written it, and what is no content at all."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from policy_engine.language import _

# Excel keeps fifteen digits; a longer number has lost its end.
EXACT = 10**15
_YES_NO = (_("否"), _("是"))
_HALF_A_SECOND = timedelta(milliseconds=500)

# What Excel writes where it could work nothing out. Copied on or saved as text it looks like any other content.
ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"}
    | {"#CONNECT!", "#UNKNOWN!", "#BUSY!", "#GETTING_DATA"}
)


def cell_text(value: object) -> str:
    """A cell as a person would have written it.

    A number that Excel can no longer hold exactly is written with its exponent, so that no fact and no identifier
    takes it for good. A time behind a day is left out.
    """
    match value:
        case str():
            return value
        case bool():
            return _YES_NO[value]
        case int() | float():
            if abs(value) >= EXACT:
                return f"{value:.14E}"
            # A workbook keeps and shows fifteen digits; what lies behind them comes of its own binary sums.
            text = f"{value:.15g}"
            return str(int(value)) if value == int(value) else text if "e" not in text else f"{value:.18f}".rstrip("0")
        case datetime():
            # Days are fractions there too: one that falls short of midnight by less than it can show is the next.
            return (value + _HALF_A_SECOND).date().isoformat()
        case date():
            return value.isoformat()
    return "" if value is None else str(value)


def is_error(text: str) -> bool:
    """Whether a cell holds what Excel writes where it could work nothing out."""
    return "#" in text and text.strip().upper() in ERRORS


def folded(heading: str) -> str:
    """A heading as it is compared: no difference of width, spaces or case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading)).casefold()


def place(row: int, column: int) -> str:
    """A cell as Excel calls it, from its row and column counted from 0: ``L2``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def position(name: str) -> tuple[int, int]:
    """Row and column from 0 of a cell that Excel calls ``L2``."""
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(name[len(letters) :]) - 1, column - 1
