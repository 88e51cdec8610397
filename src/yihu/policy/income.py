"""Income per head against the line that it is held to, as the rules worked it out: figures for a picture."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from policy_engine import Confidence, Determination, Scope
from policy_engine.nodes import Node
from policy_engine.reasons import comparisons, sides_of

PER_HEAD = "fen/person/month"
OF_ALL = "fen/month"


@dataclass(frozen=True, slots=True)
class Income:
    """Fen a month; ``total`` and ``per_head`` are None where they are not known.

    ``standard`` is what the first programme that shows income per head holds it against in a condition of its own,
    ``standard_label`` what that is called; ``mark`` says that it is carried forward.
    """

    total: int | None
    per_head: int | None
    standard: int
    standard_label: str
    mark: str


def income_of(determination: Determination) -> Income | None:
    """What the rules made of the family's income; None where no programme of the day holds it against a line."""
    plan = determination.plan
    for planned in plan.programmes:
        shown = {index for index in planned.shows if plan.nodes[index].unit == PER_HEAD}
        for comparison in comparisons(plan, planned):
            left, right = sides_of(comparison, plan)
            for per_head, line in ((left, right), (right, left)):
                if per_head is not None and line is not None and per_head.index in shown:
                    return _income(determination, per_head, line)
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
