"""Which post may what: one file, read strictly."""

from pathlib import Path

import pytest

from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.enums import PrincipalKind
from yihu.access.posts import LEVELS, BadPosts, actor_at, capabilities_of, holding, labels_of, posts, read
from yihu.common.refusals import Refused
from yihu.households.enums import ReadPurpose
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Post

GOOD = """\
clerk:
  label: 窗口
  level: street
  capabilities:
    - see_inbox
payer:
  label: 发放
  level: district
  capabilities: []
  never_with:
    clerk: 经办的人不发放
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "posts.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_what_each_kind_may_and_what_it_is_never_held_with(tmp_path: Path) -> None:
    found = read(written(tmp_path, GOOD))

    assert list(found) == ["clerk", "payer"]
    assert found["clerk"].capabilities == {Capability.SEE_INBOX}
    assert found["payer"].capabilities == frozenset()
    # It holds both ways, though it stands once.
    assert found["clerk"].never_with == {"payer": "经办的人不发放"}
    assert found["payer"].never_with == {"clerk": "经办的人不发放"}


@pytest.mark.parametrize(
    ("wrong", "right", "line", "words"),
    [
        ("see_everything", "see_inbox", 5, "没有“see_everything”这项权限"),
        ("village", "street", 3, "没有“village”这个层级"),
        ("    nobody: 经办的人不发放", "    clerk: 经办的人不发放", 11, "没有“nobody”这种别的岗位"),
        ("    payer: 经办的人不发放", "    clerk: 经办的人不发放", 11, "没有“payer”这种别的岗位"),
        ("    clerk:\n", "    clerk: 经办的人不发放\n", 11, "为什么"),
        ("  level: street\n  rights: []", "  level: street", 4, "没有“rights”这一项"),
        ("clerk:\n  level: street", "clerk:\n  label: 窗口\n  level: street", 1, "缺 label"),
        ("    - see_inbox\n    - see_inbox", "    - see_inbox", 6, "写了两次"),
        ("clerk:\nidle:\n", "clerk:\n", 1, "没有内容"),
        ("  level: street\n  level: street", "  level: street", 4, "level"),
    ],
)
def test_what_a_file_must_not_say_is_named_with_its_line(
    wrong: str, right: str, line: int, words: str, tmp_path: Path
) -> None:
    path = written(tmp_path, GOOD.replace(right, wrong, 1))

    with pytest.raises(BadPosts, match=words) as error:
        read(path)

    assert str(error.value).startswith(f"{path} 第 {line} 行")


def test_an_empty_file_has_no_posts(tmp_path: Path) -> None:
    with pytest.raises(BadPosts):
        read(written(tmp_path, ""))


def test_what_is_not_given_is_not_allowed() -> None:
    clerk = actor_at(1, "甄一", "window_clerk", ("11/0102/007/",))

    assert capabilities_of("no_such_post") == frozenset()
    assert Actor(PrincipalKind.STAFF, 1, "甄一", "window_clerk", ("11/0102/007/",)).capabilities == frozenset()
    assert service("tests", "11/0102/").capabilities == frozenset()
    assert clerk.may(Capability.TAKE_APPLICATIONS)
    clerk.require(Capability.TAKE_APPLICATIONS, "接收申请")
    with pytest.raises(Refused, match="您现在的岗位不能复核发放批次"):
        clerk.require(Capability.CHECK_RUNS, "复核发放批次")
    assert service("tests", may=[Capability.EXCHANGE_FILES]).may(Capability.EXCHANGE_FILES)


def test_every_capability_is_somebodys_or_the_services_own() -> None:
    nobodys = {each for each in Capability if not holding(each)}

    # The jobs alone do these, every minute and every night.
    assert nobodys == {Capability.EXCHANGE_FILES, Capability.PROPOSE_CHANGES}


def test_posts_are_named_in_the_order_of_the_work() -> None:
    assert labels_of(holding(Capability.SETTLE_DIFFERENCES)) == "街道审核、街道主任、区级监督"


def test_the_file_agrees_with_what_stands_above_it() -> None:
    assert {level.value for level in DivisionLevel} <= set(LEVELS)
    assert {post.purpose for post in posts().values()} - {""} <= set(ReadPurpose.values)
    # The database refuses a post of another kind.
    (known,) = (each for each in Post._meta.constraints if each.name == "post_kind_is_known")
    assert known.condition.children == [("kind__in", list(posts()))]  # type: ignore[attr-defined]


def test_nobody_both_moves_money_and_decides_or_audits() -> None:
    for payer in {*holding(Capability.MAKE_RUNS), *holding(Capability.CHECK_RUNS)}:
        apart = set(posts()[payer].never_with or ())
        deciders = {*holding(Capability.SEND_BACK_CASES), *holding(Capability.END_AWARDS)}
        others = {*holding(Capability.MAKE_RUNS), *holding(Capability.CHECK_RUNS), "auditor"} - {payer}
        assert deciders | others <= apart
