"""The questions of a case end with it, and with the consent that they rest on."""

from datetime import date

import pytest

from tests.cases.walk import Walk
from yihu.access.actor import Actor
from yihu.cases import actions
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.policy.procedures import ClosingReason
from yihu.records_checks import actions as records_checks
from yihu.records_checks import queries as checks
from yihu.records_checks.enums import CheckState, RequestState
from yihu.records_checks.models import RecordsCheck, SourceRequest

MONDAY = date(2026, 3, 2)
LATER = date(2026, 3, 20)


@pytest.mark.parametrize(("reason", "by"), [("withdrawn", "clerk"), ("not_cooperating", "director")])
def test_whoever_ends_a_case_ends_its_questions(being_checked: Walk, reason: str, by: str) -> None:
    walk = being_checked
    with walk.by(walk.people.examiner) as actor:
        first = SourceRequest.objects.order_by("id")[0]
        records_checks.give_up(request=first, reason="接口停用", by=actor, on=MONDAY)
    with walk.by(walk.people.officer) as officer:
        assert checks.open_work(officer, on=LATER)
    with walk.by(getattr(walk.people, by)) as actor:
        actions.close(case=walk.case, reason=ClosingReason(reason), because="不办了", by=actor, on=MONDAY)

    assert RecordsCheck.objects.get().state == CheckState.CANCELLED
    assert set(SourceRequest.objects.values_list("state", flat=True)) == {RequestState.CANCELLED}
    # Nothing waits for anybody that nobody could end.
    with walk.by(walk.people.officer) as officer:
        assert checks.open_work(officer, on=LATER) == []


def test_a_case_ends_though_everything_was_answered(admitted: Walk) -> None:
    walk = admitted
    with walk.by(walk.people.clerk) as clerk:
        actions.close(case=walk.case, reason=ClosingReason.WITHDRAWN, because="不办了", by=clerk, on=MONDAY)
    assert walk.case.closed_on == MONDAY


def test_questions_taken_back_are_asked_again_before_the_check_ends(being_checked: Walk, service: Actor) -> None:
    walk = being_checked
    with walk.by(walk.people.examiner) as examiner:
        records_checks.cancel(check=RecordsCheck.objects.get(), reason="授权撤回", by=examiner, on=MONDAY)
    with pytest.raises(Refused, match="核对没有问完。请补签授权书后再次提请"):
        walk.end_check(MONDAY)
    someone = walk.household.people.get(name="甄二")
    households.withdraw_consent(person=someone, reason="不愿意", by=service, on=MONDAY)
    with pytest.raises(Refused, match="甄二没有有效的核对授权"):
        walk.ask_records(MONDAY)
    households.sign_consent(person=someone, document=None, by=service, on=MONDAY)
    walk.check(MONDAY)
    assert walk.open == ["home_visit"]
