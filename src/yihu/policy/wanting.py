"""Which facts are still worth a question."""

from __future__ import annotations

from collections.abc import Iterable

from policy_engine import Determination, Outcome, Result, Scope
from policy_engine.nodes import Node, NodeKind
from policy_engine.values import Gather
from yihu.policy.answers import Answers, Subject

_STRICT = (NodeKind.WORKED_OUT, NodeKind.COMPARISON)


class Wanting:
    """Finds the facts for want of which something is not settled, leaving out those that could not settle it."""

    def __init__(self, determination: Determination, answers: Answers) -> None:
        self.determination = determination
        self.answers = answers
        self.nodes = determination.plan.nodes
        self.people = range(len(answers.members))
        self.found: set[tuple[str, Subject]] = set()
        self.seen: set[tuple[int, Subject]] = set()
        self.lost: dict[tuple[int, Subject], bool] = {}

    def facts(self, results: Iterable[Result]) -> set[tuple[str, Subject]]:
        """The facts that are still worth asking for, for these results."""
        for result in results:
            planned = result.planned
            starts = [planned.amount, planned.at_least] if result.outcome is Outcome.ELIGIBLE else [planned.outcome]
            for index in starts:
                if index is not None:
                    self._descend(index, result.member)
        return self.found

    def _known(self, index: int, member: Subject) -> bool:
        return bool(self.determination.answer(index, member)[1])

    def _descend(self, index: int, member: Subject) -> None:
        node = self.nodes[index]
        member = member if node.of is Scope.MEMBER else None
        if (index, member) in self.seen or self._known(index, member):
            return
        self.seen.add((index, member))
        if node.input is not None:
            if node.input.name not in self.answers.of(member):
                self.found.add((node.input.name, member))
        elif not self._hopeless(index, member):
            for arg, each in self._below(node, member):
                self._descend(arg, each)

    def _below(self, node: Node, member: Subject) -> list[tuple[int, Subject]]:
        if node.kind is NodeKind.GATHER:
            return [(node.args[0], each) for each in self.people]
        return [(arg, member if self.nodes[arg].of is Scope.MEMBER else None) for arg in node.args]

    def _hopeless(self, index: int, member: Subject) -> bool:
        """Whether no further answer can make this known: a figure is missing, or the family does not know."""
        key = (index, member)
        if key not in self.lost:
            node = self.nodes[index]
            self.lost[key] = not self._known(index, member) and self._cannot_be(node, member)
        return self.lost[key]

    def _cannot_be(self, node: Node, member: Subject) -> bool:
        below = self._below(node, member)
        if node.input is not None:
            return node.input.name in self.answers.of(member)
        if node.kind is NodeKind.FIGURE:
            return True
        if node.kind is NodeKind.TABLE:
            return all(self._known(*each) or self._hopeless(*each) for each in below)
        if node.kind in _STRICT or node.gather in (Gather.SUM, Gather.COUNT, Gather.MIN, Gather.MAX):
            return any(self._hopeless(*each) for each in below)
        return False
