"""What no browser sends by itself, numbers out of all reckoning, NUL, the last month of all, fails nowhere."""

import pytest
from django.test import Client

from tests import rooms
from tests.web.addresses import address, seat
from tests.web.routes import ROUTES
from tests.web.things import Furnished, Things

NOT_A_NUMBER = ("9" * 5000, "9" * 25, "²", "-1", "x")


def posted(things: Things) -> list[tuple[str, str, dict[str, str], str]]:
    """Which post sends which form where, and the field of it that carries a number."""
    send = {"do": "send", "send-on": str(rooms.ON), "send-quantity": "1"}
    case = f"cases/{things.case}"
    return [
        ("window_clerk", "awards/deliveries/", send, "row"),
        ("window_clerk", "awards/deliveries/", send, "send-quantity"),
        ("street_director", "awards/proposals/", {"do": "decline", "reason": "x"}, "proposal"),
        ("window_clerk", "check/", {"do": "next"}, "members"),
        ("window_clerk", "check/", {"do": "remove:" + "9" * 5000}, "members"),
        ("window_clerk", "families/register/", {}, "m-TOTAL_FORMS"),
        ("window_clerk", "relatives/", {"do": "withdraw", "reason": "x"}, "relative"),
        ("district_officer", f"staff/{things.staff}/", {"do": "cancel"}, "appointment"),
        ("district_officer", f"staff/{things.staff}/", {"do": "withdraw", "reason": "x"}, "relative"),
        ("street_examiner", f"{case}/answer/", {"upheld": "True", "answer": "x"}, "about"),
        ("street_examiner", f"{case}/giveup/", {"reason": "x"}, "about"),
    ]


@pytest.mark.parametrize("text", NOT_A_NUMBER, ids=("too long", "beyond a key", "superscript", "negative", "word"))
def test_what_is_no_number_is_no_fault(furnished: Furnished, text: str) -> None:
    things = furnished.things
    with rooms.everywhere():
        seats = {kind: seat(kind, furnished.district.community) for kind in {kind for kind, *_rest in posted(things)}}
        failed = [
            (where, name)
            for kind, where, typed, name in posted(things)
            if seats[kind].post(f"/desk/{where}", {**typed, name: text}).status_code >= 500
        ]
        asked = seats["district_officer"]
        for where in (
            f"awards/opening/lists/{things.opening_list}/?waited={text}",
            f"supervision/families/{things.household}/?who={text}",
        ):
            if asked.get(f"/desk/{where}").status_code >= 500:
                failed.append((where, "GET"))
    assert failed == []


def test_nul_is_sent_back_at_every_address(furnished: Furnished) -> None:
    let_in = []
    with rooms.everywhere():
        seats = dict[str, Client]()
        for path, route in ROUTES.items():
            kind = route.posts[0]
            if kind not in seats:
                seats[kind] = seat(kind, furnished.district.community)
            client = seats[kind]
            where = address(path, furnished.things)
            for answer in (
                client.post(where, {"text": "a\0b", "reason": "a\0b"}),
                client.post(where, "text=a%00b", content_type="application/x-www-form-urlencoded"),
                client.get(where, {"q": "a\0b"}),
            ):
                if answer.status_code != 400:
                    let_in.append((path, answer.status_code))
        assert let_in == []
        assert seats["district_officer"].get("/desk/staff/").status_code == 200, "and nothing of it is kept"


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "-001-01", "9999-13"])
def test_a_month_out_of_all_reckoning_is_none(furnished: Furnished, month: str) -> None:
    with rooms.everywhere():
        clerk = seat("window_clerk", furnished.district.community)
        maker = seat("finance_maker", furnished.district.community)
        assert clerk.get(f"/desk/awards/?month={month}").status_code == 200
        for answer in (
            maker.get(f"/desk/runs/new/subsistence_allowance/{month}/"),
            maker.post("/desk/runs/new/", {"month": month, "programmes": ["subsistence_allowance"]}),
        ):
            assert answer.status_code < 500
        officer = seat("district_officer", furnished.district.community)
        trail = f"/desk/supervision/families/{furnished.things.household}/"
        assert officer.get(trail, {"to": "9999-12-31", "from": "0001-01-01"}).status_code < 500
