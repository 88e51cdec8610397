"""Yes, no, not known: how answers combine, each with the quality of what settled it.

An answer is a pair of value (0 or 1) and quality, quality 0 meaning not known. One known no settles
an "and" even beside an unknown; the settled answer is then as good as the best no that settles it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

Answer = tuple[int, int]


def settle(answers: Iterable[Answer], deciding: int) -> Answer:
    """Combine answers of which one ``deciding`` value settles all: 0 for "and", 1 for "or"."""
    settled, weakest, all_known = 0, 3, True
    for value, quality in answers:
        if not quality:
            all_known = False
        elif value == deciding:
            settled = max(settled, quality)
        else:
            weakest = min(weakest, quality)
    if settled:
        return deciding, settled
    return (1 - deciding, weakest) if all_known else (0, 0)


def combine(expression: ast.expr, answers: Mapping[str, Answer]) -> Answer:
    """The answer of an and/or/not over named answers."""
    match expression:
        case ast.Name(id=name):
            return answers[name]
        case ast.BoolOp(op=op, values=values):
            return settle((combine(value, answers) for value in values), int(isinstance(op, ast.Or)))
        case ast.UnaryOp(operand=operand):
            value, quality = combine(operand, answers)
            return (1 - value if quality else 0), quality
    raise TypeError(ast.dump(expression))
