"""``__in`` with many values in one array, however many they are."""

from enum import Enum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignKey
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

# The server keeps a plan for so many values; how many an array will hold it cannot know, and plans each time anew.
FEW = 100


class _InArray:
    """The protocol counts the values of a statement in two bytes, and a statement is prepared by its text: a list of
    values would be refused from 65,536 on, and would be another statement at each length.

    What it asks of its lookup, a type checker cannot see: it stands before Django's own class of it.
    """

    def process_rhs(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The values as one parameter; what is more than a value (an expression, a query) as Django writes it."""
        rhs = self.rhs  # type: ignore[attr-defined]
        if not isinstance(rhs, list) or len(rhs) <= FEW or any(hasattr(value, "as_sql") for value in rhs):
            return super().process_rhs(compiler, connection)  # type: ignore[misc]
        # Nothing is equal to NULL.
        values = [value.value if isinstance(value, Enum) else value for value in rhs if value is not None]
        if not values:
            raise EmptyResultSet
        _sql, params = self.get_db_prep_lookup(values, connection)  # type: ignore[attr-defined]
        return "ANY (%s)", (params,)

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        """How the two sides are compared."""
        return f"= {rhs}" if rhs.startswith("ANY ") else super().get_rhs_op(connection, rhs)  # type: ignore[misc]


class InArray(_InArray, In):
    """Of a column of values."""


class RelatedInArray(_InArray, RelatedIn):
    """Of a column that points at rows."""


def register() -> None:
    """Let every field use them."""
    Field.register_lookup(InArray)
    ForeignKey.register_lookup(RelatedInArray)
