"""How the database is to join where a run looks at thousands of rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def many_rows() -> Iterator[None]:
    """Within a transaction: whole tables are joined by hashing, not each row with each.

    Row security hides from the planner how many rows there are, and after a first load its statistics still say that
    there are none: it expects one row and joins each with each, which takes minutes for what takes half a second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_nestloop'), set_config('enable_nestloop', 'off', true)")
        before, _now = cursor.fetchone()
    yield
    # What failed is rolled back with its transaction, and the setting with it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_nestloop', %s, true)", [before])
