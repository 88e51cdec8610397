"""交付 at the desk: what was awarded is given out, and what was given out arrives or does not, many at once."""

from collections.abc import Mapping
from datetime import date

import pytest
from django.test import Client
from psycopg.types.range import Range

from tests import many, rooms
from tests.awards.conftest import FAMILY_PROGRAMME, determined
from tests.payments.conftest import families
from tests.web.desk.conftest import Desk
from yihu.access.actor import service
from yihu.awards.models import Award, AwardTerm, Delivery
from yihu.awards.periods import pay_period_of
from yihu.households.models import Household

pytestmark = pytest.mark.usefixtures("service")
FIRST = rooms.ON.replace(day=1)


def given(family: Household, form: str = "goods", kind: str = "month", **values: object) -> AwardTerm:
    """An award of a form, as a programme of that form would leave it behind."""
    award = Award.objects.create(
        household=family, programme=FAMILY_PROGRAMME, key="1", kind=kind, form=form,
        pay_period=pay_period_of(kind, FIRST),
    )  # fmt: skip
    defaults = {"period": Range(FIRST, None), "help": "米面油"}
    return AwardTerm.objects.create(
        award=award,
        determination=determined(family, 1),
        granted_in_id=many.DISTRICT,
        known_on=FIRST,
        made_by_id=service("tests").principal,
        **{**defaults, **values},
    )


@pytest.fixture
def two(desk_of: Desk) -> list[AwardTerm]:
    """Rice, flour and oil for two families; a third gets money, which nobody carries round."""
    homes = families(3)
    given(homes[2], "money", amount=1, help="")
    return [given(home) for home in homes[:2]]


def shown(client: Client, query: str = "") -> str:
    response = client.get(f"/desk/awards/deliveries/{query}")
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, do: str, typed: Mapping[str, object], query: str = "") -> str:
    sent = {f"{do}-{name}": value for name, value in typed.items() if name != "row"}
    response = client.post(
        f"/desk/awards/deliveries/{query}", {"do": do, "row": typed.get("row", []), **sent}, follow=True
    )
    return response.content.decode()


def test_help_is_given_out_and_arrives(desk_of: Desk, two: list[AwardTerm]) -> None:
    clerk = desk_of("window_clerk")
    one, other = (term.award.household.number for term in two)
    assert one in shown(clerk)
    assert other in shown(clerk)
    assert 'name="row"' in shown(clerk)

    keys = [term.pk for term in two]
    assert "已登记 2 件" in post(clerk, "send", {"row": keys, "on": rooms.ON, "quantity": 3})
    assert "没有符合条件的" in shown(clerk), "what was sent this month does not wait any more"
    first, second = Delivery.objects.order_by("pk")
    assert (first.what, first.quantity, first.delivered_on) == ("米面油", 3, rooms.ON)

    under_way = "?state=under_way"
    assert "这个字段是必填项" in post(clerk, "receive", {"row": [first.pk], "on": rooms.ON, "receipt": ""}, under_way)
    signed = {"row": [first.pk], "on": rooms.ON, "receipt": "签收单 7 号", "received_by": ""}
    back = {"row": [second.pk], "on": rooms.ON, "because": "不在家"}
    assert "不能再由您登记" in post(clerk, "receive", signed, under_way)
    assert "不能再由您登记" in post(clerk, "refuse", back, under_way)
    colleague = desk_of("window_clerk", name="郝登记")
    post(colleague, "receive", signed, under_way)
    post(colleague, "refuse", back, under_way)

    first.refresh_from_db()
    assert first.received_by == first.term.award.household.people.earliest("pk").name, "whoever it was for"
    assert "签收单 7 号" in shown(clerk, "?state=received")
    refused = shown(clerk, "?state=refused")
    assert "不在家" in refused
    assert "郝登记 登记" in refused
    html = shown(clerk)
    assert other in html, "what was not taken is to be given still"
    assert one not in html


def test_nothing_is_taken_down_before_it_happened(desk_of: Desk, two: list[AwardTerm]) -> None:
    clerk = desk_of("window_clerk")
    tomorrow = date.fromordinal(rooms.ON.toordinal() + 1)
    assert "这一天还没有到" in post(clerk, "send", {"row": [two[0].pk], "on": tomorrow, "quantity": 1})
    assert "请先选择" in post(clerk, "send", {"on": rooms.ON, "quantity": 1})
    assert "9999" in post(clerk, "send", {"row": [two[0].pk], "on": rooms.ON, "quantity": 2147483648})
    assert not Delivery.objects.exists()


def test_what_is_given_once_waits_from_its_day_until_it_is_taken(desk_of: Desk) -> None:
    [family] = families(1)
    day = FIRST
    given(family, "voucher", "once", period=Range(day, date.fromordinal(day.toordinal() + 1)), help="购物券")
    assert "购物券" in shown(desk_of("window_clerk"))


def test_the_timeline_tells_what_became_of_it(desk_of: Desk, two: list[AwardTerm]) -> None:
    clerk = desk_of("window_clerk")
    post(clerk, "send", {"row": [two[0].pk], "on": rooms.ON, "quantity": 3})
    sent = Delivery.objects.get()
    post(
        desk_of("window_clerk", name="郝登记"),
        "receive",
        {"row": [sent.pk], "on": rooms.ON, "receipt": "3 号", "received_by": "甄二"},
        "?state=under_way",
    )

    address = f"/desk/families/{two[0].award.household.number}/"
    clerk.post(f"{address}purpose/", {"purpose": "visitor", "detail": ""})
    html = clerk.get(address).content.decode()
    assert "米面油，数量 3" in html
    assert "甄二签收，凭据 3 号" in html


def test_only_those_who_hand_help_out_see_the_page(desk_of: Desk) -> None:
    assert desk_of("finance_maker").get("/desk/awards/deliveries/").status_code == 403
