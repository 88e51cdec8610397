"""Brings divisions, their former codes, bodies and offices in line with the reference data beside the code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction

from yihu.organisations.enums import OWN_BODIES, DivisionLevel
from yihu.organisations.models import Division, FormerCode, Office, Organisation
from yihu.organisations.paths import chain
from yihu.organisations.queries import own_offices


@dataclass(frozen=True)
class Loaded:
    """How many rows a loading made, changed and left as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.created + other.created, self.changed + other.changed, self.unchanged + other.unchanged)


@transaction.atomic
def load_reference_data(
    *,
    divisions: Iterable[dict[str, Any]],
    offices: Iterable[dict[str, Any]],
    former_codes: Iterable[dict[str, Any]] = (),
) -> Loaded:
    """Bring the tables in line with reference data, all of it or nothing; what already agrees is not written.

    ``offices``: what a directory says of the office in a division, by ``division_id``.
    """
    return (
        _bring_in_line(Division, ("path",), divisions)
        + _bring_in_line(FormerCode, ("code", "period"), former_codes)
        + open_offices(offices)
    )


@transaction.atomic
def open_offices(published: Iterable[dict[str, Any]] = ()) -> Loaded:
    """Each district, street and community gets its own body with its office there, called as the classification calls
    it; ``published`` is what a directory says of some. Of the others telephone and source are unknown.
    """
    divisions = Division.objects.in_bulk()
    offices = {path: _office(each) for path, each in divisions.items() if each.level in OWN_BODIES}
    present = {office.division_id: office.organisation_id for office in own_offices()}
    bodies = {
        path: {
            "id": present.get(path),
            "kind": OWN_BODIES[DivisionLevel(divisions[path].level)],
            "name": "".join(divisions[above].name for above in chain(path)[:-1]) + office["name"],
        }
        for path, office in offices.items()
    }
    loaded = _bring_in_line(Organisation, ("id",), bodies.values())
    known = Organisation.objects.in_bulk([body["name"] for body in bodies.values()], field_name="name")
    for path, office in offices.items():
        office["organisation_id"] = known[bodies[path]["name"]].pk
    for said in published:
        offices[said["division_id"]] |= said
    return loaded + _bring_in_line(Office, ("division_id", "organisation_id"), offices.values())


def _office(division: Division) -> dict[str, Any]:
    """The office of a division's own body, as far as no directory says more."""
    name = {
        DivisionLevel.DISTRICT: f"{division.name}民政局",
        DivisionLevel.STREET: division.name + ("办事处" if division.name.endswith("街道") else "人民政府"),
        DivisionLevel.COMMUNITY: f"{division.shown_name}居委会",
    }[DivisionLevel(division.level)]
    unknown = dict.fromkeys(("telephone", "source_document", "source_clause", "source_date"))
    return {"division_id": division.path, "name": name, **unknown}


def _bring_in_line(model: type[models.Model], key: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> Loaded:
    columns = {field.attname for field in model._meta.concrete_fields}
    relations = [field.name for field in model._meta.concrete_fields if field.is_relation]
    present = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
    created: list[models.Model] = []
    changed: list[models.Model] = []
    unchanged = 0
    for values in rows:
        # An unknown column would otherwise become a mere attribute of the row and be lost.
        if unknown := values.keys() - columns:
            raise FieldDoesNotExist(f"{model._meta.label}: {', '.join(sorted(unknown))}")
        row = present.get(tuple(values[name] for name in key))
        if row and _agrees(row, values):
            unchanged += 1
            continue
        (changed if row else created).append(_filled(row or model(), values))
    for row in created + changed:
        # What relates rows to each other is left to the constraints: asking for each would be a thousand queries.
        row.clean_fields(exclude=relations)
    model._default_manager.bulk_create(created)
    if changed:
        names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        model._default_manager.bulk_update(changed, names)
    return Loaded(len(created), len(changed), unchanged)


def _agrees(row: models.Model, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, column) == value for column, value in values.items())


def _filled(row: models.Model, values: Mapping[str, Any]) -> models.Model:
    for column, value in values.items():
        setattr(row, column, value)
    return row
