"""The backend: rows that are written at once go in as many statements as their values need.

The protocol counts the values of a statement in two bytes. Django heeds that for databases that it knows to be limited,
and of PostgreSQL it does not know yet.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, features, operations

MOST_VALUES = 65_535


class DatabaseFeatures(features.DatabaseFeatures):
    """What the database can do: so many values in one statement."""

    max_query_params = MOST_VALUES


class DatabaseOperations(operations.DatabaseOperations):
    """How rows are written."""

    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """How many rows of so many fields fit into one statement."""
        return MOST_VALUES // max(1, len(fields))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
