"""Numbers that come with a request: keys of rows, how many lines a form has."""

import re

NUMBER = re.compile("[0-9]{1,18}")
"""What a key column can hold; more digits are no number of ours."""


def number_in(text: str) -> int:
    """The number that a field or an address carries; 0, which is the key of no row, for whatever is none."""
    return int(text) if NUMBER.fullmatch(text) else 0
