"""The register as columns: the inputs of many families at once, the same as each would have by itself.

The database hands over fixed-width records, which NumPy reads as they stand; no row becomes a Python object.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from policy_engine import InputSpec, Scope
from policy_engine.population import Column, Population
from yihu.households.enums import HEAD, FactSource
from yihu.households.queries.facts import CHOSEN
from yihu.policy.answers import RELATION
from yihu.policy.facts import BIRTH_DATE, awards_held, recorded_inputs
from yihu.policy.packs import district_pack

_LIVING = """
    SELECT h.id FROM households_household h
    WHERE h.division_id ^@ ANY (%(areas)s)
        AND EXISTS (SELECT FROM households_member m WHERE m.household_id = h.id AND m.period @> %(on)s::date)
    ORDER BY h.id
"""
_MEMBERS = """
    SELECT m.household_id, m.person_id, m.relation::bigint, to_char(p.birth_date, 'YYYYMMDD')::bigint
    FROM households_member m JOIN households_person p ON p.id = m.person_id
    WHERE m.household_id = ANY (%(households)s) AND m.period @> %(on)s::date
    ORDER BY m.household_id, m.relation <> %(head)s, m.id
"""
_FACTS = f"""
    SELECT coalesce(c.person_id, c.household_id), i.number::bigint,
        (c.value ->> i.engine_name IS NOT NULL)::int::bigint, coalesce((c.value ->> i.engine_name)::bigint, 0)
    FROM ({CHOSEN}) c
    JOIN unnest(%(names)s::text[], %(of_member)s::boolean[], %(engine_names)s::text[])
        WITH ORDINALITY AS i (name, of_member, engine_name, number)
        ON i.name = c.name AND i.of_member = (c.person_id IS NOT NULL)
"""
# Before the first record stand a signature, flags and an empty extension; after the last, a mark.
_HEADER, _TRAILER = 19, 2

Records = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Families as columns; row by row, ``households`` and ``people`` say whose a row of the population is."""

    households: NDArray[np.int64]
    people: NDArray[np.int64]
    population: Population


def living_in(areas: Collection[str], *, on: date) -> list[int]:
    """The households within some divisions that have members on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVING, {"areas": list(areas), "on": on})
        return [household for (household,) in cursor.fetchall()]


def snapshot(
    household_ids: Collection[int], *, on: date, known_on: date, held: Mapping[int, Collection[str]]
) -> Snapshot:
    """The families of ``on`` with what was known by ``known_on``; ``held``: the programmes of each household.

    A household without members on that day is left out. The facts are not checked: the engine refuses a population
    with a value out of its range, and names the household.
    """
    values = {"households": list(household_ids), "on": on, "known_on": known_on, "head": HEAD}
    members = _records(_MEMBERS, values, "household", "person", "relation", "birth_date")
    people = members["person"].astype(np.int64)
    households, first = np.unique(members["household"].astype(np.int64), return_index=True)
    offsets = np.append(first, len(people)).astype(np.int64)
    columns: dict[Scope, dict[str, Column]] = {
        Scope.HOUSEHOLD: _awards(households, held),
        Scope.MEMBER: {name: Column(members[name].astype(np.int64)) for name in (BIRTH_DATE, RELATION)},
    }
    filled = [(spec, name) for spec in recorded_inputs(district_pack()).values() for name in spec.names]
    values |= {
        "households": households.tolist(),
        "ranks": FactSource.values,
        "names": [spec.name for spec, _name in filled],
        "of_member": [spec.of is Scope.MEMBER for spec, _name in filled],
        "engine_names": [name for _spec, name in filled],
    }
    facts = _records(_FACTS, values, "subject", "input", "known", "value")
    facts = facts[np.argsort(facts["input"], kind="stable")]
    bounds = np.searchsorted(facts["input"], np.arange(1, len(filled) + 2))
    subjects = {Scope.HOUSEHOLD: _Rows(households), Scope.MEMBER: _Rows(people)}
    for number, (spec, name) in enumerate(filled):
        part = facts[bounds[number] : bounds[number + 1]]
        columns[spec.of][name] = _column(spec, name, part, subjects[spec.of])
    return Snapshot(households, people, Population(offsets, columns[Scope.HOUSEHOLD], columns[Scope.MEMBER]))


class _Rows:
    """Finds the rows of ids."""

    def __init__(self, ids: NDArray[np.int64]) -> None:
        self.order = np.argsort(ids)
        self.ids = ids[self.order]

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, ids: NDArray[Any]) -> NDArray[np.int64]:
        """The row of each id; all of them are there."""
        return self.order[np.searchsorted(self.ids, ids)]


def _column(spec: InputSpec, name: str, facts: Records, rows: _Rows) -> Column:
    """One engine value of everybody: the default, and over it what was stated, be it that nothing is known."""
    default = (spec.default or {}).get(name)
    values = np.full(len(rows), default or 0, np.int64)
    known = np.full(len(rows), default is not None)
    at = rows.of(facts["subject"])
    values[at] = facts["value"]
    known[at] = facts["known"] != 0
    return Column(values, None if known.all() else known)


def _awards(households: NDArray[np.int64], held: Mapping[int, Collection[str]]) -> dict[str, Column]:
    pack = district_pack()
    flags = [awards_held(pack, held.get(household, ())) for household in households.tolist()]
    return {name: Column(np.array([flag[name] for flag in flags], np.int64)) for name in awards_held(pack, ())}


def _records(sql: str, values: Mapping[str, object], *names: str) -> Records:
    """The rows of a query all of whose columns are bigint and never null, as a structured array."""
    one = [(f"{name} width", ">i4") for name in names], [(name, ">i8") for name in names]
    record = np.dtype([("columns", ">i2"), *(field for pair in zip(*one, strict=True) for field in pair)])
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, values)
        with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT BINARY)") as copy:
            data = b"".join(copy)
    return np.frombuffer(data, record, offset=_HEADER, count=(len(data) - _HEADER - _TRAILER) // record.itemsize)
