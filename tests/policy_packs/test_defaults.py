"""A blank is not known: no pack takes it for an answer where a rule would decide by it."""

import pytest

import policy_packs

# The part of a pension that is not counted. It would have to be asked of whoever has no pension as well, since a rule
# is unknown as soon as one argument is (decision 0032).
STILL_ASSUMED = {"resident_basic_pension"}


@pytest.mark.parametrize("name", policy_packs.names())
def test_no_rule_decides_by_what_a_blank_is_taken_for(name: str) -> None:
    pack = policy_packs.load(name)
    read = {each for day in pack.turning_points() for each in pack.plan(day).index}
    assert {"wage", "counted_member"} <= read

    assumed = {spec.name for spec in pack.inputs.values() if spec.default is not None and read & set(spec.names)}

    assert assumed == STILL_ASSUMED
