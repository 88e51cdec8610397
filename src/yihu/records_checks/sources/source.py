"""What a source is: a department that is asked about people by their identity numbers."""

from dataclasses import dataclass
from typing import Any

from yihu.records_checks.sources.columns import Column


@dataclass(frozen=True, slots=True)
class Source:
    """``name`` is the folder of its files, ``label`` what screens and facts call it, ``basis`` where the law names it.

    ``not_found`` says, for the officer and for the department, what it means that somebody is not found there. Labels
    and the titles of columns are not translated: they stand in files and facts.
    """

    name: str
    label: str
    basis: str
    columns: tuple[Column, ...]
    # Translated when it is shown.
    not_found: Any

    def column(self, key: str) -> Column | None:
        """The column of that key, None where the source no longer has it."""
        return next((column for column in self.columns if column.key == key), None)
