"""Results as rows: one a household or member and programme, the same whatever they are written to."""

from __future__ import annotations

from collections.abc import Container, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policy_engine import Confidence, Plan, Scope, wording
from policy_engine.batch import FAILED, Batch, Failure, ProgrammeColumns, assess_many
from policy_engine.batch_opening import sentences_of
from policy_engine.batch_reasons import reasons_of
from policy_engine.language import _
from policy_engine.values import OUTCOMES
from policy_files.bad_rows import Findings
from policy_files.families import Families

MONEY = pa.decimal128(18, 2)
_WORD = pa.dictionary(pa.int16(), pa.string())
SCHEMA = pa.schema(
    [
        ("household", pa.string()),
        ("person", pa.string()),
        ("programme", _WORD),
        ("outcome", _WORD),
        ("amount", MONEY),
        ("kind", _WORD),
        ("form", _WORD),
        ("confidence", _WORD),
        ("reason", pa.string()),
    ]
)
"""Columns of a result. ``amount`` in yuan, null when not known or when the programme has none;
``kind`` status, month, season, year or once; ``form`` what the help consists of, null for a status;
``person`` null for a household's programme; ``confidence`` null when the outcome is not known."""

_OUTCOME_WORDS = pa.array([str(outcome) for outcome in OUTCOMES])
_CONFIDENCE_WORDS = pa.array([str(Confidence.of(quality) or "") for quality in range(4)])


def row_count(plan: Plan, families: Families) -> int:
    """How many rows the results have."""
    per_member = sum(planned.programme.of is Scope.MEMBER for planned in plan.programmes)
    per_household = len(plan.programmes) - per_member
    return per_household * len(families) + per_member * families.population.member_count


def assess_part(plan: Plan, families: Families, start: int, stop: int) -> tuple[pa.Table, list[Failure]]:
    """The results of households ``start`` to ``stop``, household by household in the plan's order of
    programmes, and the rules that failed. A household in which a rule failed has no rows."""
    batch = assess_many(plan, families.population.part(start, stop))
    blocks, keys = [], []
    later = sentences_of(batch)
    for number, columns in enumerate(batch.programmes):
        rows = _Rows(families, start, stop, columns.programme.of)
        table = _block(plan, number, columns, _reasons(plan, batch, columns, later), rows)
        kept = columns.outcome != FAILED
        if not kept.all():
            table = table.filter(pa.array(kept))
        blocks.append(table)
        keys.append(rows.households[kept] * len(batch.programmes) + number)
    if not blocks:
        return SCHEMA.empty_table(), batch.failures
    order = np.argsort(np.concatenate(keys), kind="stable")
    return pa.concat_tables(blocks).combine_chunks().take(pa.array(order)), batch.failures


def _reasons(plan: Plan, batch: Batch, columns: ProgrammeColumns, later: Mapping[str, list[str]]) -> list[str]:
    """The sentence of each row, with what it comes to ``later``; where a number is only tried, it says so."""
    reasons = reasons_of(batch, columns)
    if columns.programme.name in later:
        pairs = zip(reasons, later[columns.programme.name], strict=True)
        reasons = ["；".join(filter(None, pair)) for pair in pairs]
    planned = columns.planned
    starts = [planned.outcome] if planned.amount is None else [planned.outcome, planned.amount]
    used = {plan.nodes[index].name for index in plan.cone(starts)}
    tried = "；".join(tried_numbers(plan, used))
    return [f"{reason}；{tried}" if reason else tried for reason in reasons] if tried else reasons


def tried_numbers(plan: Plan, used: Container[str]) -> list[str]:
    """The numbers that stand in for those of the policy, a phrase each, of the parameters that are ``used``."""
    phrases = []
    for name, value in plan.overrides.items():
        if name in used:
            parameter = plan.pack.parameters[name]
            number = wording.quantity(value, parameter.unit) + wording.period_of(parameter.unit)
            phrases.append(_("试算：{title} 设为 {number}").format(title=parameter.title, number=number))
    return phrases


class _Rows:
    """The rows of one programme in a part: whose they are."""

    def __init__(self, families: Families, start: int, stop: int, of: Scope) -> None:
        ids = families.household_ids.slice(start, stop - start)
        offsets = families.population.offsets
        first, last = int(offsets[start]), int(offsets[stop])
        self.households = np.arange(stop - start)
        if of is Scope.HOUSEHOLD:
            self.household_ids = ids
            self.person_ids = pa.nulls(stop - start, pa.string())
        else:
            self.households = np.repeat(self.households, np.diff(offsets[start : stop + 1]))
            self.household_ids = ids.take(pa.array(self.households))
            self.person_ids = families.person_ids.slice(first, last - first)


def _block(plan: Plan, number: int, columns: ProgrammeColumns, reasons: list[str], rows: _Rows) -> pa.Table:
    count = len(columns.outcome)
    programme = columns.programme
    names = pa.array([planned.programme.name for planned in plan.programmes])
    outcome = np.where(columns.outcome == FAILED, 0, columns.outcome)
    return pa.table(
        [
            rows.household_ids,
            rows.person_ids,
            _words(np.full(count, number), names),
            _words(outcome, _OUTCOME_WORDS),
            decimals(columns.amount, columns.amount_known),
            _one_word(programme.kind, count),
            _one_word(programme.form, count),
            _words(columns.confidence, _CONFIDENCE_WORDS, blank=columns.confidence == 0),
            pa.array(reasons, pa.string()),
        ],
        schema=SCHEMA,
    )


def _one_word(word: str | None, count: int) -> pa.Array:
    return _words(np.zeros(count, np.int16), pa.array([word or ""]), blank=np.full(count, word is None))


def _words(codes: NDArray[np.integer], words: pa.Array, blank: NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int16), mask=blank), words)


def decimals(fen: NDArray[np.int64], known: NDArray[np.bool_]) -> pa.Array:
    """Fen as yuan with two decimals, null where not known."""
    words = np.empty((len(fen), 2), np.int64)
    words[:, 0] = fen
    words[:, 1] = fen >> 63
    validity = pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    return pa.Array.from_buffers(MONEY, len(fen), [validity, pa.py_buffer(words)])


def note_failures(findings: Findings, plan: Plan, families: Families, start: int, failures: list[Failure]) -> None:
    """List rules that could not be carried out like bad rows."""
    offsets = families.population.offsets
    for failure in failures:
        household = start + failure.household
        sheet, row = 0, families.household_rows[household]
        value = families.household_ids[household].as_py()
        if failure.member is not None:
            place = int(offsets[household]) + failure.member
            sheet, row = 1, families.member_rows[place]
            value = families.person_ids[place].as_py()
        node = plan.nodes[plan.index[failure.rule]] if failure.rule in plan.index else None
        message = _("“{id}”算不出来：{why}").format(id=value, why=failure.message)
        findings.note(sheet, node.label if node else failure.rule, -1, np.array([row]), [value], [message])
