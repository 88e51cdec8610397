"""What can go wrong, each kind with a place and a sentence that says how to mend it."""

from __future__ import annotations

from pathlib import Path


class PolicyError(Exception):
    """Base of every error the engine raises on purpose."""


class PackError(PolicyError):
    """A pack cannot be loaded: names the file and the line.

    Raised while a pack loads, never later, so that a pack that loaded can be trusted for every
    date on which its texts hold.
    """

    def __init__(self, message: str, *, file: Path | str, line: int = 1) -> None:
        self.message = message
        self.file = Path(file)
        self.line = line
        super().__init__(f"{self.file}:{line}: {message}")


class PlanError(PolicyError):
    """The pack has no answer for this date, or an override does not fit."""


class InputError(PolicyError):
    """A value that was typed or read is not allowed; the message says what is."""


class FactError(PolicyError):
    """Facts handed to a plan are out of their declared range or unknown by name.

    ``member`` is the member's position from 0, or None for a fact of the household.
    ``household`` is the position in a population, or None for a single family.
    """

    def __init__(self, name: str, message: str, *, member: int | None = None, household: int | None = None) -> None:
        self.name = name
        self.message = message
        self.member = member
        self.household = household
        super().__init__(f"{name}: {message}")


class RuleFailure(PolicyError):
    """A rule could not be carried out for one family, so that family has no result at all.

    ``rule`` is the name of the rule or table, ``member`` the member's position from 0 or None.
    """

    def __init__(self, rule: str, message: str, *, member: int | None = None) -> None:
        self.rule = rule
        self.message = message
        self.member = member
        super().__init__(f"{rule}: {message}")
