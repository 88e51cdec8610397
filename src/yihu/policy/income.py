"""Income per head against the line that it is held to, as the rules worked it out: figures for a picture."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from policy_engine import Confidence, Determination, Scope
from policy_engine.nodes import Node, NodeKind

PER_HEAD = "fen/person/month"
OF_ALL = "fen/month"


@dataclass(frozen=True, slots=True)
class Income:
    """Fen a month; ``total`` and ``per_head`` are None where they are not known.

    ``standard`` is the line of the first programme that holds income per head against one, ``standard_label`` what it
    is called; ``mark`` says that it is carried forward.
    """

    total: int | None
    per_head: int | None
    standard: int
    standard_label: str
    mark: str


def income_of(determination: Determination) -> Income | None:
    """What the rules made of the family's income; None where no programme of the day holds it against a line."""
    nodes = determination.plan.nodes
    for planned in determination.plan.programmes:
        for index in planned.shows:
            node = nodes[index]
            if node.of is not Scope.HOUSEHOLD or node.unit != PER_HEAD:
                continue
            line = _line_for(node, nodes)
            if line is not None:
                return _income(determination, node, line)
    return None


def _line_for(per_head: Node, nodes: list[Node]) -> Node | None:
    """The figure in the first comparison of income per head with one."""
    for node in nodes:
        if node.kind is NodeKind.COMPARISON and per_head.index in node.args:
            for index in node.args:
                if nodes[index].kind is NodeKind.FIGURE and nodes[index].unit == PER_HEAD:
                    return nodes[index]
    return None


def _income(determination: Determination, per_head: Node, line: Node) -> Income | None:
    standard = determination.value(line.name)
    if standard is None:
        return None
    totals = (determination.plan.nodes[index] for index in per_head.args)
    total = next((node for node in totals if node.of is Scope.HOUSEHOLD and node.unit == OF_ALL), None)
    carried = Confidence.of(determination.answer(line.index)[1]) is Confidence.CARRIED_FORWARD
    return Income(
        total=determination.value(total.name) if total else None,
        per_head=determination.value(per_head.name),
        standard=standard,
        standard_label=line.label,
        mark=_("按最近所见标准") if carried else "",
    )
