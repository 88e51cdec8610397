"""The worked cases of every pack, each by its sentence, run as one family and together with all others."""

from functools import cache

import pytest

import policy_packs
from policy_files.examples import Example, Key, read_examples
from policy_files.worked import Found, differences, run_singly, run_together

# One process works all cases out together.
pytestmark = pytest.mark.xdist_group("worked cases")

# One that cannot be read is found by `yihu policy check`, which the tests of policy_files run.
EXAMPLES = [example for name in policy_packs.names() for example in read_examples(policy_packs.load(name))[0]]


def sentence(example: Example) -> str:
    """What a case is called in the list of tests."""
    return f"{example.pack} {example.file.stem}：{example.name}"


@cache
def together(pack: str) -> dict[str, dict[Key, Found]]:
    """What the way that serves a million says of a pack's cases."""
    examples = [example for example in EXAMPLES if example.pack == pack]
    found = run_together(policy_packs.load(pack), examples)
    return {examples[number].place: each for number, each in found.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=sentence)
def test_a_worked_case_comes_out_as_it_says(example: Example) -> None:
    found = run_singly(policy_packs.load(example.pack), example)

    assert differences(example, found) == []
    assert together(example.pack)[example.place] == found
