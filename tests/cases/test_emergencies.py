"""急难型: help at once, the papers afterwards, and two people behind the sum."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.cases.street import say
from tests.cases.walk import Walk
from yihu.awards.models import Award
from yihu.cases.enums import CaseState, OccasionKind, Opinion
from yihu.cases.occasions import occasions_of, tell_occasion
from yihu.cases.steps import completion, confirmation, examination
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.policy.procedures import Circumstance, StepKind

AID = "temporary_assistance"
MONDAY, TUESDAY = date(2026, 8, 3), date(2026, 8, 4)
UNDER_86 = date(2026, 6, 1)


def struck(walk: Walk, on: date = MONDAY, *, need: str = "50000", circumstances: tuple[Circumstance, ...] = ()) -> Walk:
    """The family is in need for which the street itself vouches, and asks for help."""
    walk.programme = AID
    say(walk.household, "emergency_need", need, by=walk.service, on=on, source=FactSource.VERIFIED)
    say(walk.household, "emergency_confirmed", "是", by=walk.service, on=on, source=FactSource.VERIFIED)
    walk.apply(on, circumstances=circumstances)
    return walk


def judged(walk: Walk, on: date = MONDAY, *, amount: int | None = 900_000, reason: str = "住院押金。") -> None:
    with walk.by(walk.people.examiner) as actor:
        step = walk.step(StepKind.EXAMINATION)
        examination.examine(
            case=walk.case, step=step, opinion=Opinion.GRANT, reason=reason, amount=amount,
            why_less="亲友帮了一部分。", by=actor, on=on,
        )  # fmt: skip


def decided(walk: Walk, on: date = MONDAY, *, amount: int | None = None) -> None:
    with walk.by(walk.people.director) as actor:
        confirmation.confirm(
            case=walk.case, step="confirmation", decision=Opinion.GRANT, reason="同意。", amount=amount,
            why_less="又到账一笔。" if amount else "", by=actor, on=on,
        )  # fmt: skip


def completed(walk: Walk, because: str = "", explained: str = "当日送医，押金已付。") -> None:
    with walk.by(walk.people.clerk) as actor:
        step = walk.step(StepKind.COMPLETION)
        completion.complete(case=walk.case, step=step, explained=explained, because=because, by=actor, on=TUESDAY)


def test_the_director_alone_grants_no_sum_of_which_no_text_says_that_it_is_small(walk: Walk) -> None:
    """社会救助法 第五十条: only where the sum is small."""
    struck(walk, circumstances=(Circumstance.URGENT,)).admit(MONDAY)

    assert walk.open == ["examination"]
    with pytest.raises(Refused, match="先办“审核”"):
        decided(walk, amount=900_000)
    judged(walk)
    decided(walk)

    term = walk.award
    assert term is not None
    assert (term.amount, walk.case.steps.get(name="confirmation").due_on) == (900_000, MONDAY)


def test_before_the_law_86_let_urgent_aid_be_granted_first(walk: Walk) -> None:
    struck(walk, UNDER_86, circumstances=(Circumstance.URGENT,)).admit(UNDER_86)

    assert walk.open == ["confirmation"]


def test_what_is_urgent_is_admitted_without_papers_and_asks_for_them_afterwards(walk: Walk) -> None:
    struck(walk, circumstances=(Circumstance.URGENT,)).admit(MONDAY)
    judged(walk)
    decided(walk)

    assert "afterwards" in walk.open
    with pytest.raises(Refused, match="还缺：申请、申请人身份证或者其他身份证明材料、意外事件相关材料。"):
        completed(walk)
    walk.bring(TUESDAY, but=("incident",))
    with pytest.raises(Refused, match="还缺：意外事件相关材料。请补齐，或者写明为什么补不齐。"):
        completed(walk)
    with pytest.raises(Refused, match="请补充说明"):
        completed(walk, because="交警队还没有出具。", explained=" ")
    completed(walk, because="交警队还没有出具。")
    note = walk.case.steps.get(name="afterwards").note
    assert note == "当日送医，押金已付。 没有补齐：意外事件相关材料，因为交警队还没有出具。"
    walk.hand_over(TUESDAY)
    walk.publish(TUESDAY)
    assert walk.case.state == CaseState.GRANTED


def told_of_admission(walk: Walk) -> list[str]:
    (letter,) = walk.household.letters.filter(kind="acceptance")
    return [str(each) for each in letter.content["paragraphs"][:-1]]


def test_the_letter_of_admission_tells_the_clock_and_what_is_still_to_bring(walk: Walk) -> None:
    struck(walk, circumstances=(Circumstance.URGENT,)).admit(MONDAY)

    assert told_of_admission(walk) == [
        f"您于 2026-08-03 提出的临时救助（急难型）申请情况紧急，已先予受理，案号 {walk.number}。"
        "还没有交的材料，请事后补齐：申请、申请人身份证或者其他身份证明材料、意外事件相关材料。",
        "事由：2026-08-03 突发急难：失火。",
        "受理当日作出决定，至 2026-08-03 止。",
    ]


def test_the_letter_of_admission_promises_the_inquiry_and_five_working_days(walk: Walk) -> None:
    """京民社救发〔2020〕86号 二（一）2.(2)."""
    struck(walk)
    walk.bring(MONDAY)
    walk.admit(MONDAY)

    assert told_of_admission(walk) == [
        f"您于 2026-08-03 提出的临时救助（急难型）申请材料齐全，已予受理，案号 {walk.number}。",
        "事由：2026-08-03 突发急难：失火。",
        "受理之日起 5 个工作日内作出决定，至 2026-08-10 止。",
        "请配合调查了解。",
    ]


def test_with_every_paper_nothing_has_to_be_excused(walk: Walk) -> None:
    struck(walk, circumstances=(Circumstance.URGENT,)).admit(MONDAY)
    judged(walk)
    decided(walk)
    walk.bring(TUESDAY)
    completed(walk)

    assert walk.case.steps.get(name="afterwards").note == "当日送医，押金已付。"


def test_a_need_below_the_ceiling_is_met_as_it_is(walk: Walk) -> None:
    """西政办发〔2020〕7号 附件1-24（1）: 急难程度低于上述救助标准的，按实际发生金额给予救助."""
    struck(walk, need="5000", circumstances=(Circumstance.URGENT,)).admit(MONDAY)
    with pytest.raises(Refused, match=r"金额由规则算出，是 5,000\.00 元，不能另写"):
        judged(walk, amount=300_000)
    judged(walk, amount=None)
    with pytest.raises(Refused, match="不能另写"):
        decided(walk, amount=300_000)
    decided(walk)

    term = walk.award
    assert term is not None
    assert (term.amount, term.determination and term.determination.is_ceiling) == (500_000, False)
    assert "限额" not in "".join(walk.hand_over(MONDAY).content["paragraphs"])


# Three at most three times 1,450.00 each.
@pytest.mark.parametrize("need", ["13050", "50000"])
def test_at_the_ceiling_the_officer_says_how_much_and_why(walk: Walk, need: str) -> None:
    struck(walk, need=need, circumstances=(Circumstance.URGENT,)).admit(MONDAY)
    with pytest.raises(Refused, match=r"请填写给多少，最多 13,050\.00 元"):
        judged(walk, amount=None)
    judged(walk, amount=900_000)
    decided(walk, amount=800_000)

    term = walk.award
    assert term is not None
    assert (term.amount, term.determination and term.determination.is_ceiling) == (800_000, True)
    assert "限额" in "".join(walk.hand_over(MONDAY).content["paragraphs"])


def helped(walk: Walk) -> None:
    """What was applied for is granted at once."""
    walk.admit(MONDAY)
    judged(walk)
    decided(walk)


def test_the_same_occasion_brings_help_once_within_a_year(walk: Walk) -> None:
    """京民社救发〔2020〕86号 三: 一年内因同一事由不得重复申请临时救助金."""
    struck(walk, circumstances=(Circumstance.URGENT,))
    helped(walk)
    fire, claim = walk.case.occasion, walk.award
    assert fire is not None
    assert claim is not None
    told = walk.hand_over(MONDAY).content["paragraphs"]
    assert "事由：2026-08-03 突发急难：失火。" in told
    assert claim.award.key == fire.key

    with pytest.raises(Refused, match="同一事由一年内不得重复申请临时救助（急难型）：因“2026-08-03 突发急难：失火”"):
        walk.apply(TUESDAY, occasion=fire)
    with pytest.raises(Refused, match="已经登记过，请从列表里选"):
        tell_occasion(walk.household, kind=OccasionKind.EMERGENCY, happened_on=MONDAY, what="着火", on=TUESDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(household=walk.household, programme=AID, key=fire.key, kind="once", form="money")
    flood = tell_occasion(walk.household, kind=OccasionKind.EMERGENCY, happened_on=TUESDAY, what="进水", on=TUESDAY)
    assert walk.apply(TUESDAY, occasion=flood).occasion == flood
    assert occasions_of(walk.household, on=TUESDAY) == [flood, fire]


def test_what_happened_has_to_be_told_and_lies_within_a_year(walk: Walk) -> None:
    struck(walk)
    fire = walk.case.occasion
    with pytest.raises(Refused, match="须写明发生了什么、哪一天"):
        walk.apply(MONDAY, occasion=None)
    with pytest.raises(Refused, match="还没有到"):
        tell_occasion(walk.household, kind=OccasionKind.OTHER, happened_on=TUESDAY, what="丢了工作", on=MONDAY)
    assert occasions_of(walk.household, on=date(2027, 8, 2)) == [fire]
    assert occasions_of(walk.household, on=date(2027, 8, 3)) == []
    with pytest.raises(Refused, match="不是这一户最近一年的事由"):
        walk.apply(date(2027, 8, 3), occasion=fire)


def test_what_is_not_urgent_waits_for_its_papers(walk: Walk) -> None:
    struck(walk)

    with pytest.raises(Refused, match="还缺：申请、申请人身份证或者其他身份证明材料、意外事件相关材料"):
        walk.admit(MONDAY)
