"""Many ids in one statement."""

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Value

FEW = 100


def these(ids: Collection[int]) -> Collection[int] | Func:
    """Ids for ``__in``. Many are one parameter: as one each they take longer to write into a statement than to find."""
    if len(ids) <= FEW:
        return ids
    return Func(
        Value(list(ids), ArrayField(models.BigIntegerField())),
        template="(SELECT %(function)s(%(expressions)s))",
        function="unnest",
        output_field=models.BigIntegerField(),
    )
