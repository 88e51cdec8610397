"""The two decorators with which a pack marks its rules. They only tag: two packs can live in one process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R", int, bool)

FLAG = "flag"
TAG = "__policy_tag__"


@dataclass(frozen=True, slots=True)
class Tag:
    """What a decorator wrote on a function; the pack loader reads it."""

    name: str
    label: str
    unit: str
    clause: str
    since: date
    until: date | None
    overrides: str | None
    is_condition: bool


def rule(
    *,
    label: str,
    unit: str,
    clause: str,
    since: str,
    until: str | None = None,
    name: str | None = None,
    overrides: str | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function as the way to work out ``name`` from ``since`` to ``until`` (both inclusive).

    Argument names are the wiring; the docstring's first line is the officer's sentence. ``unit``
    is that of the result (``fen/month``, ``person``, ``year``, ``flag``, ``code:Table`` …); ``clause``
    names document and article. ``overrides`` names the pack whose rule this one replaces.
    """
    return _tagger(label, unit, clause, since, until, name, overrides, is_condition=False)


def condition(
    *,
    label: str,
    clause: str,
    since: str,
    until: str | None = None,
    name: str | None = None,
    overrides: str | None = None,
) -> Callable[[Callable[P, bool]], Callable[P, bool]]:
    """Mark a function as a condition: one comparison, or a combination of conditions.

    The sentence says what must hold; verdict and margin are added when it is explained.
    """
    return _tagger(label, FLAG, clause, since, until, name, overrides, is_condition=True)


def _tagger(
    label: str,
    unit: str,
    clause: str,
    since: str,
    until: str | None,
    name: str | None,
    overrides: str | None,
    *,
    is_condition: bool,
) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    def tag(function: Callable[P, Any]) -> Callable[P, Any]:
        setattr(
            function,
            TAG,
            Tag(
                name=name or function.__name__,
                label=label,
                unit=unit.replace(" ", ""),
                clause=clause,
                since=date.fromisoformat(since),
                until=None if until is None else date.fromisoformat(until),
                overrides=overrides,
                is_condition=is_condition,
            ),
        )
        return function

    return tag
