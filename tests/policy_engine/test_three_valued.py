"""Yes, no and not known combine as Kleene has it, and the quality is that of what settled the answer."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from policy_engine.three_valued import Answer, combination, negate, settle

answers = st.tuples(st.integers(0, 1), st.integers(0, 3)).map(lambda pair: (pair[0] if pair[1] else 0, pair[1]))
rows = st.lists(answers, min_size=3, max_size=3)


def truth(answer: Answer) -> bool | None:
    return bool(answer[0]) if answer[1] else None


def kleene_and(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


@given(rows)
def test_and(row: list[Answer]) -> None:
    assert truth(settle(row, 0)) == kleene_and([truth(answer) for answer in row])


@given(rows)
def test_or_is_the_negation_of_and_over_negations(row: list[Answer]) -> None:
    assert settle(row, 1) == negate(settle([negate(answer) for answer in row], 0))


def test_one_known_no_settles_it_beside_an_unknown() -> None:
    assert settle([(0, 3), (0, 0)], 0) == (0, 3)


def test_the_best_no_is_the_one_that_counts() -> None:
    assert settle([(0, 1), (0, 3), (1, 2)], 0) == (0, 3)


def test_where_all_must_hold_the_weakest_counts() -> None:
    assert settle([(1, 3), (1, 1), (1, 2)], 0) == (1, 1)


@given(rows)
def test_written_combinations_do_what_they_say(row: list[Answer]) -> None:
    expression = ast.parse("a and not (b or c)", mode="eval").body
    combined = combination(expression, {"a": 0, "b": 1, "c": 2})

    assert combined(row) == settle([row[0], negate(settle(row[1:], 1))], 0)
