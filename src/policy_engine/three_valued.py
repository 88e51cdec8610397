"""Yes, no, not known: how answers combine, each with the quality of what settled it.

An answer is a pair of value (0 or 1) and quality, quality 0 meaning not known. One known no settles
an "and" even beside an unknown; the settled answer is then as good as the best no that settles it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

Answer = tuple[int, int]


def settle(answers: Iterable[Answer], deciding: int) -> Answer:
    """Combine answers of which one ``deciding`` value settles all: 0 for "and", 1 for "or"."""
    settled, weakest = 0, 3
    for value, quality in answers:
        if quality and value == deciding:
            if quality > settled:
                settled = quality
        elif quality < weakest:
            weakest = quality
    if settled:
        return deciding, settled
    return (1 - deciding, weakest) if weakest else (0, 0)


def negate(answer: Answer) -> Answer:
    """The opposite answer; not known stays not known."""
    value, quality = answer
    return (1 - value, quality) if quality else (0, 0)


def combination(expression: ast.expr, positions: Mapping[str, int]) -> Callable[[Sequence[Answer]], Answer]:
    """The function of an and/or/not over answers that stand in a row at the given positions."""
    match expression:
        case ast.Name(id=name):
            return itemgetter(positions[name])
        case ast.BoolOp(op=op, values=values):
            parts = [combination(value, positions) for value in values]
            deciding = int(isinstance(op, ast.Or))
            if [getattr(value, "id", None) for value in values] == list(positions):
                return lambda row: settle(row, deciding)
            return lambda row: settle([part(row) for part in parts], deciding)
        case ast.UnaryOp(operand=operand):
            opposite = combination(operand, positions)
            return lambda row: negate(opposite(row))
    raise TypeError(ast.dump(expression))
