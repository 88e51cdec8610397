"""What a family answered, as it was typed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from yihu.policy.questions import Question

UNKNOWN = "?"
RELATION = "relation"
HEAD = "2"

Subject = int | None
"""A member's position from 0, or None for the household."""


@dataclass(slots=True)
class Answers:
    """What was typed, by fact; ``trail`` is the order in which it was asked.

    ``to_the_family``: whether the family itself reads the page, and one who lives alone is called "you".
    """

    household: dict[str, str] = field(default_factory=dict)
    members: list[dict[str, str]] = field(default_factory=lambda: [{RELATION: HEAD}])
    trail: list[str] = field(default_factory=list)
    to_the_family: bool = True

    def of(self, subject: Subject) -> dict[str, str]:
        """The answers about the household or one member."""
        return self.household if subject is None else self.members[subject]

    def subjects(self, question: Question) -> list[Subject]:
        """Everyone whom a question could be about."""
        return list(range(len(self.members))) if question.of_member else [None]

    def has(self, question: Question) -> bool:
        """Whether the question has been answered for anyone."""
        return any(question.name in self.of(subject) for subject in self.subjects(question))

    def written(self) -> str:
        """One line of text that carries everything to the next page."""
        parts = {"household": self.household, "members": self.members, "trail": self.trail}
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that cannot be used: which fact, of whom, and how to mend it."""

    name: str
    subject: Subject
    message: str
