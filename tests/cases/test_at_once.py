"""Two officers at the same moment in one case: one of them is told that it was done."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.utils.functional import cached_property
from pytest_django import Settings

from tests import rooms
from tests.at_once import at_once, scoped
from tests.cases.street import People, appoint, load_calendar, make_people, make_poor_family
from tests.cases.walk import PROGRAMME, Walk, to_confirmation
from yihu.access.actor import Actor
from yihu.awards.models import Award
from yihu.cases import actions
from yihu.cases.enums import CaseState, Channel, Opinion
from yihu.cases.models import Case, Confirmation
from yihu.cases.steps import confirmation
from yihu.common.refusals import Refused
from yihu.policy.procedures import ClosingReason

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY, DECIDED = date(2026, 3, 2), date(2026, 3, 12)


class Street:
    """A street with two directors and a family that applies; made and committed before anybody begins."""

    def __init__(self) -> None:
        with rooms.everywhere() as service:
            load_calendar()
            self.place = rooms.make_district()
            self.people: People = make_people(self.place)
            self.second = appoint("director2", "贾副主任", "street_director", self.place.street)
            self.walk = Walk(self.people, make_poor_family(self.place.community, by=service), service)

    @cached_property
    def case(self) -> Case:
        """The case as it was when both opened it."""
        with rooms.everywhere():
            return self.walk.case


@pytest.fixture
def street(settings: Settings, tmp_path: Path) -> Street:
    settings.DOCUMENT_ROOT, settings.EXCHANGE_ROOT = tmp_path / "documents", tmp_path / "exchange"
    return Street()


def refusals(found: list[object]) -> list[Refused]:
    assert all(isinstance(each, Refused) or not isinstance(each, Exception) for each in found), found
    return [each for each in found if isinstance(each, Refused)]


def confirming(street: Street, by: Actor, decision: Opinion) -> Callable[[], object]:
    return scoped(
        by, confirmation.confirm, case=street.case, step="confirmation", decision=decision, reason="看过。", on=DECIDED
    )


def test_two_applications_at_once_make_one_case(street: Street) -> None:
    with rooms.everywhere():
        applicant = street.walk.household.people.order_by("id")[0]
    asked = {
        "household": street.walk.household, "programme": PROGRAMME, "applicant": applicant,
        "channel": Channel.WINDOW, "on": MONDAY,
    }  # fmt: skip

    found = at_once([scoped(by, actions.apply, **asked) for by in (street.people.clerk, street.people.worker)])

    (refused,) = refusals(found)
    assert "已有一件正在办理" in refused.message
    with rooms.everywhere():
        assert Case.objects.count() == 1


def test_two_directors_at_once_decide_once(street: Street) -> None:
    with rooms.everywhere():
        to_confirmation(street.walk)
    deciders = (street.people.director, street.second)

    found = at_once([confirming(street, by, Opinion.GRANT) for by in deciders])

    assert len(refusals(found)) == 1
    with rooms.everywhere():
        assert Confirmation.objects.count() == 1
        assert Award.objects.count() == 1


def test_one_grants_while_the_other_ends_the_case(street: Street) -> None:
    with rooms.everywhere():
        to_confirmation(street.walk)
    ending = scoped(
        street.people.examiner,
        actions.close,
        case=street.case,
        reason=ClosingReason.WITHDRAWN,
        because="本人撤回",
        on=DECIDED,
    )

    found = at_once([confirming(street, street.people.director, Opinion.GRANT), ending])

    with rooms.everywhere():
        case = street.walk.case
        # Whoever came first has decided it; a case that ended without a decision left no award behind.
        granted = Confirmation.objects.filter(step__case=case).exists()
        assert Award.objects.exists() == granted
        assert (case.state == CaseState.WITHDRAWN) != granted
    assert len(refusals(found)) == 1
