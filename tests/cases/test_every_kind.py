"""Each kind of programme goes from its application to its award: a status, help once, below a ceiling, to a member."""

from datetime import date

import pytest

from tests.cases.street import say
from tests.cases.walk import Walk
from yihu.access.actor import Actor
from yihu.awards import queries as awards
from yihu.cases.enums import Opinion
from yihu.cases.models import Confirmation
from yihu.cases.steps import confirmation, examination
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.households.models import Person
from yihu.policy.actions import determine
from yihu.policy.procedures import StepKind
from yihu.policy.replays import replayed

AUGUST = date(2020, 8, 3)
MARCH = date(2026, 3, 2)


def known(walk: Walk, name: str, text: str, on: date, person: Person | None = None) -> None:
    say(walk.household, name, text, by=walk.service, on=on, source=FactSource.DECLARED, person=person)


def head_of(walk: Walk) -> Person:
    return walk.household.people.get(name="贾一")


def test_a_status_is_granted_without_money_and_opens_what_asks_for_it(walk: Walk) -> None:
    walk.programme = "low_income"
    known(walk, "wage", "5400", AUGUST, head_of(walk))
    walk.begin(AUGUST)
    assert walk.open == ["records_check"]
    walk.check(date(2020, 8, 4))
    walk.examine(date(2020, 8, 5))
    walk.confirm(date(2020, 8, 6), by=walk.people.officer)
    letter = walk.hand_over(date(2020, 8, 7))

    term = walk.award
    assert term is not None
    assert (term.amount, term.period.lower, term.period.upper) == (None, date(2020, 8, 6), None)
    assert (term.award.kind, term.award.form, term.award.key) == ("status", "", "running")
    assert not any("元" in told for told in letter.content["paragraphs"])
    held = awards.held_by([walk.household.pk], on=date(2020, 11, 16))[walk.household.pk]
    assert list(held) == ["low_income"]
    # More is earned by then, so that only the status itself still opens the heating.
    known(walk, "wage", "9000", date(2020, 11, 16), head_of(walk))
    heating = determine(
        household=walk.household,
        programme="heating_assistance",
        on=date(2020, 11, 16),
        known_on=date(2020, 11, 16),
        held=held,
        by=walk.service,
    )
    assert heating.outcome == "eligible"
    with pytest.raises(Refused, match="已在享受低收入家庭认定"):
        walk.apply(date(2020, 8, 10))


def test_of_help_below_a_ceiling_two_say_how_much_and_why(walk: Walk, service: Actor) -> None:
    walk.programme = "temporary_assistance"
    # Three at most three times 1,170.00 each (附件1-24（1）), and the need is above that.
    known(walk, "emergency_need", "20000", AUGUST)
    say(walk.household, "emergency_confirmed", "是", by=service, on=AUGUST, source=FactSource.VERIFIED)
    walk.begin(AUGUST)
    for row in walk.open:
        if row == "inquiry":
            walk.visit(AUGUST)
    people = walk.people
    with walk.by(people.examiner) as actor:
        less = "低于限额 10,530.00 元。请写明为什么不给到限额"
        for amount, why in ((None, "请填写给多少"), (1_053_001, "超过限额 10,530.00 元"), (1_052_999, less)):
            with pytest.raises(Refused, match=why):
                examination.examine(
                    case=walk.case, step=walk.step(StepKind.EXAMINATION), opinion=Opinion.GRANT,
                    reason="住院押金", amount=amount, by=actor, on=AUGUST,
                )  # fmt: skip
        examination.examine(
            case=walk.case, step=walk.step(StepKind.EXAMINATION), opinion=Opinion.GRANT,
            reason="住院押金", amount=400_000, why_less="单位垫付了。", by=actor, on=AUGUST,
        )  # fmt: skip
    with walk.by(people.director) as actor:
        with pytest.raises(Refused, match=r"给 3,000\.00 元，低于限额"):
            confirmation.confirm(
                case=walk.case, step="confirmation", decision=Opinion.GRANT,
                reason="同意。", amount=300_000, by=actor, on=date(2020, 8, 4),
            )  # fmt: skip
        confirmation.confirm(
            case=walk.case, step="confirmation", decision=Opinion.GRANT,
            reason="同意。", amount=300_000, why_less="已付一部分。", by=actor, on=date(2020, 8, 4),
        )  # fmt: skip
    letter = walk.hand_over(date(2020, 8, 5))

    term = walk.award
    assert term is not None
    assert (term.amount, term.award.kind, term.award.key) == (300_000, "once", f"occasion-{walk.case.occasion_id}")
    assert Confirmation.objects.get(step__case=walk.case).amount == 300_000
    told = "".join(letter.content["paragraphs"])
    assert "一次性发给 3,000.00 元" in told
    assert "限额为 10,530.00 元，定为这个数的理由：已付一部分。" in told


def test_education_is_helped_once_in_a_life(walk: Walk) -> None:
    student = walk.household.people.get(name="甄二")
    walk.programme = "education_assistance"
    for name, text in (("school_stage", "5"), ("new_student", "是"), ("tuition", "5500")):
        known(walk, name, text, AUGUST, student)
    with pytest.raises(Refused, match="按人申请，请选是家里的哪一位"):
        walk.apply(AUGUST)
    walk.apply(AUGUST, person=student)
    walk.begin(AUGUST)
    with pytest.raises(Refused, match="甄二不符合条件"):
        walk.examine(date(2020, 8, 4))
    # What another district granted is known where somebody has seen the certificate.
    say(
        *(walk.household, "current_awards", "低收入"),
        by=walk.service, on=date(2020, 8, 4), source=FactSource.VERIFIED,
    )  # fmt: skip
    walk.examine(date(2020, 8, 4))
    walk.confirm(date(2020, 8, 5), by=walk.people.officer)
    letter = walk.hand_over(date(2020, 8, 6))

    term = walk.award
    assert term is not None
    assert (term.award.person, term.amount, term.award.key) == (student, 550_000, "1")
    assert Confirmation.objects.get(step__case=walk.case).determination.person == student
    assert any("甄二符合" in told for told in letter.content["paragraphs"])
    with pytest.raises(Refused, match="一生最多 1 次"):
        walk.apply(date(2021, 8, 3), person=student)


def test_one_member_alone_is_judged_as_a_person(walk: Walk) -> None:
    disabled = walk.household.people.get(name="郝三")
    walk.programme = "single_person_subsistence"
    known(walk, "wage", "6500", MARCH, head_of(walk))
    known(walk, "disabilities", "4:1", MARCH, disabled)
    walk.apply(MARCH, person=disabled)
    walk.begin(MARCH)
    walk.survey(date(2026, 3, 3))
    assert walk.open == ["examination"]
    # What the city reckons off and adds was never seen, so that neither outcome nor amount is known.
    with pytest.raises(Refused, match="还不能认定，缺：收入核减的全部规定"):
        walk.examine(date(2026, 3, 4))
    known(walk, "disabilities", "4:3", date(2026, 3, 4), disabled)
    walk.examine(date(2026, 3, 4), Opinion.REFUSE)
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))
    walk.confirm(date(2026, 3, 12), Opinion.REFUSE)
    letter = walk.hand_over(date(2026, 3, 12))
    assert letter.content["paragraphs"][0] == "经审核，郝三不符合最低生活保障（单人户）条件，不予确认。"


def test_nobody_applies_for_what_is_not_applied_for(walk: Walk) -> None:
    for programme, why in (
        ("heating_assistance", "不用申请"),
        ("something_else", "这里没有“something_else”这个项目"),
        ("single_person_subsistence", "在 2020-08-03 没有施行"),
    ):
        walk.programme = programme
        with pytest.raises(Refused, match=why):
            walk.apply(AUGUST)


def test_what_is_certain_is_granted_though_no_text_says_the_rest(walk: Walk) -> None:
    """Nobody can bring a text that was never seen: the gap is granted, marked as the least, and replays."""
    disabled = walk.household.people.get(name="郝三")
    known(walk, "disabilities", "4:1", MARCH, disabled)
    walk.begin(MARCH)
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))
    walk.confirm(date(2026, 3, 12))
    letter = walk.hand_over(date(2026, 3, 12))

    term = walk.award
    assert term is not None
    # Three times 1,450.00 less 1,894.00; what 分类救助 adds for a severe disability was not seen.
    assert (term.amount, term.mark) == (245_600, "按最近所见标准、已知规定的最低数")
    assert "这个金额按最近所见标准、已知规定的最低数计算，新标准公布后按规定调整。" in letter.content["paragraphs"]
    assert term.determination is not None
    assert replayed(term.determination).agrees
