"""What the line of steps says of those that are still to come."""

from tests.cases.walk import Walk
from yihu.cases.kinds import kind_of


def test_each_step_to_come_says_what_its_kind_has_to_say(admitted: Walk) -> None:
    steps = admitted.standing.procedure.steps.values()
    said = {step.label: words for step in steps if (words := kind_of(step.kind).ahead(step))}

    assert said == {"公示": "7 天", "待遇": "次月起"}
