"""Two officers appoint one person at the same moment."""

import threading
from datetime import date

import pytest
from django.db import connection

from tests import many, places
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.common.refusals import Refused
from yihu.organisations import actions
from yihu.organisations.models import Appointment, Division, StaffMember

ON = date(2026, 9, 3)
POSTS = ("finance_maker", "finance_checker")


@pytest.mark.django_db(transaction=True)
def test_nobody_is_made_maker_and_checker_by_two_at_once() -> None:
    with many.district_at_work() as service:
        district = many.make_district()[many.DISTRICT]
        officers = [many.make_actor("district_officer", name=name) for name in ("贾甲", "贾乙")]
        staff = actions.create_staff(username="both", name="甄两", by=service, on=ON)
    asked = threading.Event()
    refused: list[Refused] = []

    def second(by: Actor) -> None:
        try:
            with acting(by):
                asked.set()
                appoint(staff, district, POSTS[1], by)
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=second, args=(officers[1],))
    with acting(officers[0]):
        appoint(staff, district, POSTS[0], officers[0])
        thread.start()
        assert asked.wait(10)
        # The second one waits for the first, whose appointment nobody else can see yet.
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)

    assert [each.field for each in refused] == ["post_kind"]
    with many.district_at_work():
        assert Appointment.objects.get(staff=staff).post.kind == "finance_maker"


def appoint(staff: StaffMember, district: Division, kind: str, by: Actor) -> None:
    actions.appoint(staff=staff, post_kind=kind, office=places.office(district.path), since=ON, by=by, on=ON)
