"""The register as columns: the inputs of many families at once, the same as each would have by itself.

The database hands over arrays, which NumPy reads as they are sent; no row becomes a Python object.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

import policy_packs
from policy_engine import Pack, Scope
from policy_engine.population import Column, Population
from yihu.households.enums import HEAD
from yihu.policy.answers import RELATION
from yihu.policy.facts import BIRTH_DATE, Holdings, awards_held, recorded_inputs, unstated
from yihu.policy.packs import by_pack, district_packs

_LIVING = """
    SELECT h.id FROM households_household h
    WHERE h.division_id ^@ ANY (%(areas)s)
        AND EXISTS (SELECT FROM households_member m WHERE m.household_id = h.id AND m.period @> %(on)s::date)
    ORDER BY h.id
"""
_MEMBERS = """
    SELECT array_send(array_agg(household_id)), array_send(array_agg(person_id)),
        array_send(array_agg(relation::bigint)), array_send(array_agg(to_char(birth_date, 'YYYYMMDD')::bigint))
    FROM (
        SELECT m.household_id, m.person_id, m.relation, p.birth_date
        FROM households_member m JOIN households_person p ON p.id = m.person_id
        WHERE m.household_id = ANY (%(households)s) AND m.period @> %(on)s::date
        ORDER BY m.household_id, m.relation <> %(head)s, m.id
    ) found
"""
_DIVISIONS = "SELECT id, division_id FROM households_household WHERE id = ANY (%(households)s) ORDER BY id"
# One row for each engine value that somebody stated: its place in the names, then subjects, known or not, integers.
_FACTS = """
    SELECT * FROM policy_facts_as_columns(
        %(households)s, %(people)s, %(on)s, %(known_on)s, %(names)s, %(of_members)s, %(engine_names)s
    )
"""
# An array as the database sends it: a header, then each bigint behind its width.
_HEADER = 20
_ELEMENT = np.dtype([("width", ">i4"), ("value", ">i8")])

Integers = NDArray[np.int64]
_NOBODY: Integers = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Families as columns; row by row, ``households`` and ``people`` say whose a row of the population is."""

    households: Integers
    people: Integers
    population: Population


def living_in(areas: Collection[str], *, on: date) -> list[int]:
    """The households within some divisions that have members on a day."""
    return [household for (household,) in _rows(_LIVING, {"areas": list(areas), "on": on})]


def each_pack(household_ids: Collection[int], *, on: date) -> Iterator[tuple[Pack, list[int]]]:
    """Households parted by the pack that their division follows on a day."""
    (one, *others) = district_packs()
    if not others:
        yield one, list(household_ids)
        return
    for name, ids in by_pack(_rows(_DIVISIONS, {"households": list(household_ids)}), on).items():
        yield policy_packs.load(name), ids


def snapshot(
    household_ids: Collection[int], *, pack: Pack, on: date, known_on: date, held: Mapping[int, Holdings]
) -> Snapshot:
    """The families of ``on`` with what was known by ``known_on``; ``held``: what each household has.

    The columns are those that ``pack`` asks for, which all these households follow.

    A household without members on that day is left out. The facts are not checked: the engine refuses a population
    with a value out of its range, and names the household.
    """
    values: dict[str, Any] = {"households": list(household_ids), "on": on, "known_on": known_on, "head": HEAD}
    (row,) = _rows(_MEMBERS, values)
    of_household, people, relations, birth_dates = map(_integers, row)
    households, first = np.unique(of_household, return_index=True)
    columns: dict[Scope, dict[str, Column]] = {
        Scope.HOUSEHOLD: {},
        Scope.MEMBER: {BIRTH_DATE: Column(birth_dates), RELATION: Column(relations)},
    }
    filled = [(spec, name) for spec in recorded_inputs(pack).values() for name in spec.names]
    values |= {
        "households": households.tolist(),
        "people": people.tolist(),
        "names": [spec.name for spec, _name in filled],
        "of_members": [spec.of is Scope.MEMBER for spec, _name in filled],
        "engine_names": [name for _spec, name in filled],
    }
    stated = {number: tuple(map(_integers, arrays)) for number, *arrays in _rows(_FACTS, values)}
    rows = {Scope.HOUSEHOLD: _Rows(households), Scope.MEMBER: _Rows(people)}
    for number, (spec, name) in enumerate(filled, 1):
        default = unstated(pack, spec).get(name)
        columns[spec.of][name] = _column(default, rows[spec.of], *stated.get(number, (_NOBODY, _NOBODY, _NOBODY)))
    offsets = np.append(first, len(people)).astype(np.int64)
    _set_awards(pack, columns, households, people, offsets, held)
    population = Population(offsets, columns[Scope.HOUSEHOLD], columns[Scope.MEMBER])
    return Snapshot(households, people, population)


class _Rows:
    """Finds the rows of ids."""

    def __init__(self, ids: Integers) -> None:
        self.order = np.argsort(ids)
        self.ids = ids[self.order]

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, ids: Integers) -> Integers:
        """The row of each id; all of them are there."""
        return self.order[np.searchsorted(self.ids, ids)]


def _column(default: int | None, rows: _Rows, subjects: Integers, known: Integers, integers: Integers) -> Column:
    """One engine value of everybody: the default, and over it what was stated, be it that nothing is known."""
    values = np.full(len(rows), default or 0, np.int64)
    is_known = np.full(len(rows), default is not None)
    at = rows.of(subjects)
    values[at] = integers
    is_known[at] = known != 0
    return Column(values, None if is_known.all() else is_known)


def _set_awards(
    pack: Pack,
    columns: Mapping[Scope, dict[str, Column]],
    households: Integers,
    people: Integers,
    offsets: Integers,
    held: Mapping[int, Holdings],
) -> None:
    """Over what was stated of each family and of its members, what they have here."""
    for row, household in enumerate(households.tolist()):
        has = held.get(household)
        if not has:
            continue
        _set(columns[Scope.HOUSEHOLD], row, awards_held(pack, has))
        if pack.awards_read[Scope.MEMBER]:
            for place in range(int(offsets[row]), int(offsets[row + 1])):
                _set(columns[Scope.MEMBER], place, awards_held(pack, has, int(people[place])))


def _set(columns: dict[str, Column], row: int, values: Mapping[str, int]) -> None:
    for name, value in values.items():
        column = columns[name]
        column.values[row] = value
        if column.known is not None:
            column.known[row] = True


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _integers(sent: bytes | None) -> Integers:
    """The integers of an array as the database sends it; none of them is null."""
    return np.frombuffer(sent, _ELEMENT, offset=_HEADER)["value"].astype(np.int64) if sent else _NOBODY
