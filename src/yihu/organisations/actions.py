"""What changes divisions and offices."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction

from yihu.organisations.models import Division, Office


@dataclass(frozen=True)
class Loaded:
    """How many rows a loading made, changed and left as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.created + other.created, self.changed + other.changed, self.unchanged + other.unchanged)


@transaction.atomic
def load_reference_data(*, divisions: Iterable[dict[str, Any]], offices: Iterable[dict[str, Any]]) -> Loaded:
    """Bring the tables in line with reference data, all of it or nothing; what already agrees is not written."""
    loaded = Loaded()
    for row in divisions:
        loaded += _bring_in_line(Division, key={"code": row["code"]}, values=row)
    for row in offices:
        loaded += _bring_in_line(Office, key={"division_id": row["division_id"], "kind": row["kind"]}, values=row)
    return loaded


def _bring_in_line(model: type[models.Model], *, key: dict[str, Any], values: dict[str, Any]) -> Loaded:
    # An unknown column would otherwise become a mere attribute of the row and be lost.
    unknown = values.keys() - {field.attname for field in model._meta.concrete_fields}
    if unknown:
        raise FieldDoesNotExist(f"{model._meta.label}: {', '.join(sorted(unknown))}")
    present = model._default_manager.filter(**key).first()
    if present and all(getattr(present, column) == value for column, value in values.items()):
        return Loaded(unchanged=1)
    row = present or model()
    for column, value in values.items():
        setattr(row, column, value)
    row.full_clean()
    row.save()
    return Loaded(changed=1) if present else Loaded(created=1)
