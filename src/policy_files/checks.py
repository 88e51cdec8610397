"""What no single cell can show: rows that do not fit each other, or the date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policy_engine import InputSpec, day_number, day_of
from policy_engine.language import _
from policy_engine.population import Column
from policy_files.bad_rows import Findings, Mask, Rows
from policy_files.sheets import ID_LABELS

BIRTH_DATE = "birth_date"
COUNTED_MEMBER = "counted_member"
HEAD = "HEAD"
"""The member of a code table that says who is the head of a household."""

_POWER = r"^[+-]?[0-9](\.[0-9]+)?[eE]\+[0-9]+$"
_LONGEST_ID = 100
_SHOWN = 5


def identifiers(findings: Findings, sheet: int, name: str, position: int, ids: pa.Array, skip: Mask) -> Mask:
    """Note the rows without a usable identifier; gives which rows have one."""
    wrong = {
        _("没有填"): pc.equal(ids, ""),
        _("“{id}”是 Excel 改写过的长数字，原来的号码已经丢了；请把这一列设成文本再重新填"): (
            pc.match_substring_regex(ids, _POWER)
        ),
        _("“{id}”不能用作编号；须为一行以内、不超过 100 个字的文字"): pc.or_(
            pc.match_substring_regex(ids, r"[[:cntrl:]]"), pc.greater(pc.utf8_length(ids), _LONGEST_ID)
        ),
    }
    good = ~skip
    for message, mask in wrong.items():
        rows = np.flatnonzero(mask.to_numpy(zero_copy_only=False) & good)
        good[rows] = False
        values = ids.take(pa.array(rows)).to_pylist()
        messages = [message.format(id=value) for value in values]
        findings.note(sheet, ID_LABELS[name], position, rows, values, messages)
    return good


def only_once(findings: Findings, sheet: int, name: str, position: int, ids: pa.Array, usable: Mask) -> None:
    """Note every row whose identifier stands in another row as well: neither can be trusted."""
    codes = ids.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    count = np.bincount(codes[usable], minlength=int(codes.max(initial=0)) + 1)
    rows = np.flatnonzero(usable & (count[codes] > 1))
    values = ids.take(pa.array(rows)).to_pylist()
    places: dict[str, list[int]] = {}
    for row, value in zip(rows.tolist(), values, strict=True):
        places.setdefault(value, []).append(row)
    findings.note(
        sheet,
        ID_LABELS[name],
        position,
        rows,
        values,
        [
            _("“{id}”出现了 {n} 次：第 {rows} 行").format(
                id=value, n=len(places[value]), rows=_rows(places[value], findings.first_rows[sheet])
            )
            for value in values
        ],
    )


def _rows(positions: Sequence[int], first: int) -> str:
    shown = "、".join(str(position + first) for position in positions[:_SHOWN])
    return shown + (_(" 等") if len(positions) > _SHOWN else "")


def belonging(
    findings: Findings, positions: tuple[int, int], ids: tuple[pa.Array, pa.Array], usable: tuple[Mask, Mask]
) -> NDArray[np.int64]:
    """The household's row for each member's row, -1 where there is none; notes members without household
    and households without members."""
    household_ids, member_ids = ids
    found = pc.index_in(member_ids, value_set=household_ids)
    owner = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    owner[~usable[1]] = -1
    lost = np.flatnonzero(usable[1] & (owner < 0))
    values = member_ids.take(pa.array(lost)).to_pylist()
    messages = [_("家庭表里没有户号“{id}”").format(id=value) for value in values]
    findings.note(1, ID_LABELS["household"], positions[1], lost, values, messages)
    sizes = np.bincount(owner[owner >= 0], minlength=len(household_ids))
    _without_members(findings, positions[0], household_ids, usable[0] & (sizes == 0))
    return owner


def _without_members(findings: Findings, position: int, ids: pa.Array, wrong: Mask) -> None:
    # The second of two rows of one household has no members of its own; that it is doubled is said already.
    first = pc.index_in(ids, value_set=ids).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(wrong & (first == np.arange(len(first))))
    values = ids.take(pa.array(rows)).to_pylist()
    messages = [_("“{id}”这一户没有成员").format(id=value) for value in values]
    findings.note(0, ID_LABELS["household"], position, rows, values, messages)


def not_too_many(findings: Findings, position: int, ids: pa.Array, owner: Rows, most: int) -> None:
    """Note households with more members than a household may have."""
    sizes = np.bincount(owner[owner >= 0], minlength=len(ids))
    rows = np.flatnonzero(sizes > most)
    values = ids.take(pa.array(rows)).to_pylist()
    messages = [_("这一户有 {n} 名成员；最多 {most} 名").format(n=sizes[row], most=most) for row in rows]
    findings.note(0, ID_LABELS["household"], position, rows, values, messages)


def born_by(findings: Findings, spec: InputSpec, position: int, column: Column, skip: Mask, day: date) -> None:
    """Note members who are born after the date."""
    late = column.values > day_number(day)
    if column.known is not None:
        late &= column.known
    rows = np.flatnonzero(late & ~skip)
    values = [day_of(int(number)).isoformat() for number in column.values[rows]]
    messages = [_("“{value}”晚于认定日 {day}").format(value=value, day=day) for value in values]
    findings.note(1, spec.label, position, rows, values, messages)


def one_head(findings: Findings, spec: InputSpec, position: int, column: Column, owner: Rows) -> None:
    """Note every head of a household that has more than one."""
    assert spec.codes is not None
    head = spec.codes[HEAD]
    heads = (column.values == head.value) & (owner >= 0)
    if column.known is not None:
        heads &= column.known
    count = np.bincount(owner[heads], minlength=int(owner.max(initial=0)) + 1)
    rows = np.flatnonzero(heads & (count[owner] > 1))
    places: dict[int, list[int]] = {}
    for row in rows.tolist():
        places.setdefault(int(owner[row]), []).append(row)
    messages = []
    for row in rows.tolist():
        of = places[int(owner[row])]
        messages.append(
            _("一户只能有一位{label}，这一户有 {n} 位：第 {rows} 行").format(
                label=head.label, n=len(of), rows=_rows(of, findings.first_rows[1])
            )
        )
    findings.note(1, spec.label, position, rows, [head.label] * len(rows), messages)


def someone_counted(
    findings: Findings, spec: InputSpec, position: int, column: Column, owner: Rows, ids: pa.Array
) -> None:
    """Note households none of whose members counts: nothing can be divided among nobody."""
    counted = column.values != 0
    if column.known is not None:
        counted |= ~column.known
    belongs = owner >= 0
    sizes = np.bincount(owner[belongs], minlength=len(ids))
    counts = np.bincount(owner[belongs & counted], minlength=len(ids))
    rows = np.flatnonzero((sizes > 0) & (counts == 0))
    values = ids.take(pa.array(rows)).to_pylist()
    message = _("这一户没有一名成员的“{label}”为是；至少须有一名").format(label=spec.label)
    findings.note(0, ID_LABELS["household"], position, rows, values, [message] * len(rows))
