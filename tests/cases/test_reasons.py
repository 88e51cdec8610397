"""What the letter of a decision says of its reasons."""

from datetime import date

from tests import rooms
from tests.cases.street import People, make_poor_family, say
from tests.cases.walk import Walk, to_confirmation
from yihu.access.actor import Actor
from yihu.cases.enums import Opinion
from yihu.households.enums import FactSource
from yihu.letters.models import Letter

BEFORE = date(2026, 3, 1)


def refused(walk: Walk) -> Letter:
    walk.begin(date(2026, 3, 2))
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4), Opinion.REFUSE)
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))
    walk.confirm(date(2026, 3, 12), Opinion.REFUSE)
    return walk.hand_over(date(2026, 3, 12))


def test_a_refusal_tells_income_standard_and_margin_and_that_the_standard_may_be_old(
    walk: Walk, service: Actor
) -> None:
    head = walk.household.people.get(name="贾一")
    say(walk.household, "wage", "9000", by=service, on=BEFORE, source=FactSource.DECLARED, person=head)
    letter = refused(walk)

    first, second = letter.content["reasons"]
    assert first.startswith(
        "家庭月人均收入 3,000.00 元，须低于低保标准 1,450.00 元：不符合，高出 1,550.00 元/人/月（民发"
    )
    assert second.startswith("家庭月人均收入须低于低保标准，或者依规定核减以后低于低保标准")
    assert letter.content["paragraphs"][-1] == "这个决定按最近所见标准作出，新标准公布后可以重新申请。"


def test_a_refusal_for_a_car_rests_on_no_standard(walk: Walk, service: Actor) -> None:
    say(walk.household, "cars", "1", by=service, on=BEFORE, source=FactSource.DECLARED)
    letter = refused(walk)

    (reason,) = letter.content["reasons"]
    assert reason.startswith("名下机动车辆、大型农机具 1 辆，须没有")
    assert not any("最近所见" in paragraph for paragraph in letter.content["paragraphs"])


def test_a_grant_tells_how_the_amount_came_about_and_the_conditions_and_nothing_general(at_confirmation: Walk) -> None:
    walk = at_confirmation
    walk.confirm(date(2026, 3, 13))
    reasons = walk.hand_over(date(2026, 3, 13)).content["reasons"]

    assert reasons[0].startswith("低保金 2,456.00 元 = 低保标准 1,450.00 元 × 3 人 − 家庭月可计算收入 1,894.00 元")
    assert reasons[1].startswith("家庭月人均收入 631.33 元")
    assert all("：符合（" in reason for reason in reasons[2:])
    assert len(reasons) == 7


def test_who_lives_alone_is_not_called_a_family(district: rooms.District, people: People, service: Actor) -> None:
    alone = make_poor_family(district.community, by=service, wage="100", names=("吴独",))
    walk = Walk(people, alone, service)
    to_confirmation(walk)
    walk.confirm(date(2026, 3, 13))

    told = walk.hand_over(date(2026, 3, 13)).content["paragraphs"]

    assert told[0] == "经审核，您符合最低生活保障条件，予以确认。"
    assert told[1] == "自 2026-04 起按月发放 1,350.00 元（人民币壹仟叁佰伍拾元整）。"
    assert not any("您家" in paragraph for paragraph in told)


def test_a_family_is_called_one(at_confirmation: Walk) -> None:
    walk = at_confirmation
    walk.confirm(date(2026, 3, 13))

    assert walk.hand_over(date(2026, 3, 13)).content["paragraphs"][0] == "经审核，您家符合最低生活保障条件，予以确认。"
