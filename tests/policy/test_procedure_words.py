"""What procedures name by plain words exists in the rooms."""

from policy_procedures import POSTS, SURVEYS, Letter, StepKind
from yihu.access.posts import posts
from yihu.cases.kinds import kinds
from yihu.letters.enums import LetterKind


def test_procedures_name_the_posts_and_letters_that_there_are() -> None:
    assert set(POSTS) == set(posts())
    assert set(Letter) == set(LetterKind.values)


def test_the_cases_room_knows_how_to_do_each_kind_of_step() -> None:
    assert {each.kind for each in kinds()} == set(StepKind)
    assert {each.kind for each in kinds() if each.is_survey} == SURVEYS
