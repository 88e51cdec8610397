"""The lawful order of a case under each text, from the window to the award."""

from datetime import date

from tests.cases.walk import Walk
from yihu.cases.enums import CaseState
from yihu.cases.models import PublicNotice


def test_a_plain_grant_under_the_order_of_2022(walk: Walk) -> None:
    walk.apply(date(2026, 3, 2))
    assert walk.open == ["admission"]
    walk.bring(date(2026, 3, 2))
    walk.admit(date(2026, 3, 3))
    assert walk.open == ["records_check", "home_visit"]
    walk.check(date(2026, 3, 4))
    assert walk.open == ["home_visit"]
    walk.visit(date(2026, 3, 5))
    assert walk.open == ["examination"]
    walk.examine(date(2026, 3, 6))
    walk.post(date(2026, 3, 6))
    walk.unpost(date(2026, 3, 14))
    assert walk.open == ["confirmation"]
    walk.confirm(date(2026, 3, 16))
    assert walk.open == ["grant_letter", "publication"]
    walk.publish(date(2026, 3, 16))
    walk.hand_over(date(2026, 3, 17))
    case = walk.case
    assert (case.state, case.closed_on) == (CaseState.GRANTED, date(2026, 3, 17))
    assert case.award is not None
    assert case.award.period.lower == date(2026, 4, 1)
    assert walk.letters == ["acceptance", "grant"]
    published = PublicNotice.objects.get(kind="grant")
    assert (published.name, published.members, published.amount) == ("贾一", 3, case.award.amount)
