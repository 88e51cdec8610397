"""Every kind of step has its module on both sides: what is done in it, and how the page of the case shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from yihu.cases.kinds import kind_of
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.steps import STEPS

YIHU = Path(__file__).parents[2] / "src" / "yihu"
TEMPLATES = YIHU / "web" / "templates" / "web" / "desk" / "cases" / "steps"
# The program does it by itself as soon as it opens, and what came of it stands among the awards of the family.
WITHOUT_HAND = {StepKind.AWARD}


def modules(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


@pytest.mark.parametrize("kind", StepKind)
def test_a_kind_of_step_is_a_module_that_is_listed(kind: StepKind) -> None:
    assert type(kind_of(kind)).__module__ == f"yihu.cases.steps.{kind}"
    assert kind_of(kind).kind is kind


@pytest.mark.parametrize("kind", [each for each in StepKind if each not in WITHOUT_HAND])
def test_a_kind_of_step_stands_on_the_page_of_the_case(kind: StepKind) -> None:
    assert type(STEPS[kind]).__module__ == f"yihu.web.desk.cases.steps.{kind}"
    assert STEPS[kind].kind is kind
    assert STEPS[kind].deeds or STEPS[kind].several, "nobody could do it there"
    assert (TEMPLATES / f"{kind}.html").is_file()


def test_only_the_modules_of_steps_ask_which_kind_a_step_is() -> None:
    """What the rest has to know of a kind, the kind says (decision 0016)."""
    own = YIHU / "cases" / "steps", YIHU / "web" / "desk" / "cases" / "steps"
    asking = [
        path.relative_to(YIHU).as_posix()
        for path in YIHU.rglob("*.py")
        if path.parent not in own and re.search(r"StepKind\.[A-Z]", path.read_text(encoding="utf-8"))
    ]

    assert asking == []


def test_there_is_no_module_of_a_kind_that_does_not_exist() -> None:
    on_page = set(StepKind) - WITHOUT_HAND
    assert modules(YIHU / "cases" / "steps") == {str(kind) for kind in StepKind}
    assert modules(YIHU / "web" / "desk" / "cases" / "steps") == {str(kind) for kind in on_page}
    assert {path.stem for path in TEMPLATES.glob("*.html")} == {str(kind) for kind in on_page}
    assert set(STEPS) == on_page
