"""Both tables read and checked: all families as columns of integers, and every row that is bad."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from policy_engine import Contents, Family, InputSpec, Scope
from policy_engine.language import _
from policy_engine.population import Column, Population
from policy_files import checks
from policy_files.bad_rows import Findings, Mask, Rows
from policy_files.columns import constant, read_cells
from policy_files.errors import FileFault
from policy_files.sheets import HOUSEHOLD, PERSON, Sheet, Source, match_headings, specs_of

T = TypeVar("T")
Progress = Callable[[Iterable[T], str], Iterable[T]]
_SCOPES = (Scope.HOUSEHOLD, Scope.MEMBER)


@dataclass(frozen=True)
class Families:
    """The families that can be assessed, in the order of the households' table.

    Member columns stand household by household, within one in the order of the members' table.
    ``household_rows`` and ``member_rows`` are the positions from 0 in those tables.
    """

    population: Population
    household_ids: pa.Array
    person_ids: pa.Array
    household_rows: Rows
    member_rows: Rows

    def __len__(self) -> int:
        return len(self.population)

    def position(self, household: str) -> int | None:
        """Where the household of that number stands, None when there is none."""
        found = self.household_ids.index(household.strip()).as_py()
        return None if found < 0 else int(found)

    def family(self, position: int) -> Family:
        """One household as a single family, its members called by their numbers."""
        first, last = self.population.offsets[position : position + 2].tolist()
        names = self.person_ids.slice(first, last - first).to_pylist()
        return replace(self.population.family(position), names=names)


@dataclass
class _Table:
    """One table while it is read."""

    number: int
    sheet: Sheet
    headings: dict[str, int]
    specs: list[InputSpec]
    ids: dict[str, pa.Array]
    blank: Mask
    columns: dict[str, Column]

    @property
    def skip(self) -> Mask:
        """Rows whose cells are not looked at: blank ones, and those whose cells are out of place."""
        skip = self.blank.copy()
        skip[list(self.sheet.faults)] = True
        return skip


def read_families(
    source: Source, pack: Contents, day: date, *, wanted: Collection[str], progress: Progress[InputSpec]
) -> tuple[Families, Findings]:
    """Read and check everything; keeps the columns of the ``wanted`` engine names.

    Raises FileFault for what makes a table unreadable as a whole. Families with a bad row are left
    out of what is returned: whether to go on without them is for the caller to decide.
    """
    households = _open(source.households, pack, Scope.HOUSEHOLD)
    members = _open(source.members, pack, Scope.MEMBER)
    findings = Findings(
        (households.sheet.title, members.sheet.title), (households.sheet.first_row, members.sheet.first_row)
    )
    owner = _check_identifiers(households, members, findings, pack)
    for spec in progress([*households.specs, *members.specs], _("读入")):
        table = households if spec.of is Scope.HOUSEHOLD else members
        columns = _read_fact(table, spec, findings)
        if spec.of is Scope.MEMBER:
            _check_fact(spec, columns, (households, members), owner, findings, day)
        table.columns |= {name: column for name, column in columns.items() if name in wanted}
    return _assemble(households, members, owner, findings), findings


def _open(sheet: Sheet, pack: Contents, scope: Scope) -> _Table:
    headings = match_headings(sheet, pack, scope)
    ids = {
        name: pc.utf8_trim_whitespace(sheet.cells(headings[name])) for name in (HOUSEHOLD, PERSON) if name in headings
    }
    blank = _blank_rows(sheet, headings, ids)
    if blank.all():
        whom = _("家庭") if scope is Scope.HOUSEHOLD else _("成员")
        raise FileFault(_("{sheet}：没有{whom}，表里一行也没有填").format(sheet=sheet.title, whom=whom))
    return _Table(_SCOPES.index(scope), sheet, headings, specs_of(pack, scope), ids, blank, {})


def _blank_rows(sheet: Sheet, headings: dict[str, int], ids: dict[str, pa.Array]) -> Mask:
    """Rows in which nothing is written at all."""
    blank = np.ones(sheet.rows, np.bool_)
    for column in ids.values():
        blank &= pc.equal(column, "").to_numpy(zero_copy_only=False)
    for name, position in headings.items():
        rows = np.flatnonzero(blank)
        if not rows.size:
            break
        if name not in ids:
            cells = pc.utf8_trim_whitespace(sheet.cells(position).take(pa.array(rows)))
            blank[rows] = pc.equal(cells, "").to_numpy(zero_copy_only=False)
    return blank


def _check_identifiers(households: _Table, members: _Table, findings: Findings, pack: Contents) -> Rows:
    """Check numbers and who belongs where; gives the household's row of each member's row, -1 for none."""
    usable = []
    for table in (households, members):
        for row, message in table.sheet.faults.items():
            findings.note(table.number, "", -1, np.array([row]), [""], [message])
        for name, ids in table.ids.items():
            position = table.headings[name]
            good = checks.identifiers(findings, table.number, name, position, ids, table.blank)
            if name == (HOUSEHOLD if table is households else PERSON):
                checks.only_once(findings, table.number, name, position, ids, good)
            if name == HOUSEHOLD:
                usable.append(good)
    position = households.headings[HOUSEHOLD]
    ids = households.ids[HOUSEHOLD]
    owner = checks.belonging(
        findings,
        (position, members.headings[HOUSEHOLD]),
        (ids, members.ids[HOUSEHOLD]),
        (usable[0], usable[1]),
    )
    checks.not_too_many(findings, position, ids, owner, pack.most_members)
    return owner


def _read_fact(table: _Table, spec: InputSpec, findings: Findings) -> dict[str, Column]:
    position = table.headings.get(spec.name)
    if position is None:
        return constant(spec, table.sheet.rows)
    columns, bad = read_cells(
        spec,
        table.sheet.cells(position),
        skip=table.skip,
        heading=table.sheet.headings[position].strip(),
        position=position,
    )
    table.sheet.drop(position)
    findings.add(table.number, bad)
    return columns


def _check_fact(
    spec: InputSpec,
    columns: dict[str, Column],
    tables: tuple[_Table, _Table],
    owner: Rows,
    findings: Findings,
    day: date,
) -> None:
    """Check a member's fact against the date and the other members."""
    households, members = tables
    column, position = columns.get(spec.name), members.headings.get(spec.name)
    if column is None or position is None:
        return
    if spec.name == checks.BIRTH_DATE:
        checks.born_by(findings, spec, position, column, members.skip, day)
    elif spec.name == checks.COUNTED_MEMBER:
        place, ids = households.headings[HOUSEHOLD], households.ids[HOUSEHOLD]
        checks.someone_counted(findings, spec, place, column, owner, ids)
    elif spec.codes is not None and checks.HEAD in spec.codes.__members__:
        checks.one_head(findings, spec, position, column, owner)


def _assemble(households: _Table, members: _Table, owner: Rows, findings: Findings) -> Families:
    good = ~(findings.mask(0, households.sheet.rows) | households.blank)
    bad_members = findings.mask(1, members.sheet.rows)
    good[owner[bad_members & (owner >= 0)]] = False
    stays = owner >= 0
    stays[stays] = good[owner[stays]]
    member_rows = np.flatnonzero(stays)
    belongs = owner[member_rows]
    if np.any(belongs[1:] < belongs[:-1]):
        order = np.argsort(belongs, kind="stable")
        member_rows, belongs = member_rows[order], belongs[order]
    household_rows = np.flatnonzero(good)
    sizes = np.bincount(belongs, minlength=households.sheet.rows)[household_rows]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    population = Population(offsets, _taken(households.columns, household_rows), _taken(members.columns, member_rows))
    return Families(
        population,
        households.ids[HOUSEHOLD].take(pa.array(household_rows)),
        members.ids[PERSON].take(pa.array(member_rows)),
        household_rows,
        member_rows,
    )


def _taken(columns: dict[str, Column], rows: Rows) -> dict[str, Column]:
    """The columns at the given rows; each source column is given up as soon as it is copied."""
    taken = {}
    for name in list(columns):
        column = columns.pop(name)
        known = None if column.known is None else column.known[rows]
        taken[name] = Column(column.values[rows], None if known is None or known.all() else known)
    return taken
