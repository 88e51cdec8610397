"""How often the everyday pages of the desk ask the database: the exact number, and what each question is for.

A page that asks once more than stands here shows something that it did not show before, or asks twice.
"""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import rooms
from tests.cases.street import appoint
from tests.web.desk.seats import Desks
from tests.web.things import ON, Furnished, Things
from yihu.access.actor import Actor

MOST_OF_A_FAMILY = 24
# By page: its address, whose desk, how many statements.
PAGES: dict[str, tuple[Callable[[Things], str], str, int]] = {
    "family": (lambda things: f"/desk/families/{things.household}/", "clerk", 24),
    "case": (lambda things: f"/desk/cases/{things.case}/", "clerk", 39),
    "inbox": (lambda things: "/desk/", "clerk", 19),
    "families": (lambda things: "/desk/families/", "clerk", 16),
    "cases": (lambda things: "/desk/cases/", "clerk", 19),
    "awards": (lambda things: "/desk/awards/", "clerk", 16),
    "runs": (lambda things: "/desk/runs/", "maker", 25),
    "run": (lambda things: f"/desk/runs/{things.run}/", "maker", 49),
}


@pytest.fixture
def district(furnished: Furnished) -> rooms.District:
    return furnished.district


@pytest.fixture
def things(furnished: Furnished, service: Actor, desks: Desks) -> tuple[Things, dict[str, Actor]]:
    desks.today = ON
    maker = appoint("maker", "贾制单", "finance_maker", furnished.district.district)
    return furnished.things, {"clerk": furnished.people.clerk, "maker": maker}


def asked_for(desks: Desks, actor: Actor, address: str) -> list[str]:
    """The statements of a page that was opened before, each in a few words.

    The savepoint and its release are in life the beginning and the end of the transaction; that the settings are put
    back after it is not in life, where they end with it.
    """
    client = desks.of(actor)
    if "/families/" in address and not address.endswith("/families/"):
        client.post(f"{address}purpose/", {"purpose": "visitor", "detail": ""})
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address)
    assert answer.status_code == 200, answer
    return [_words(each["sql"]) for each in caught.captured_queries[:-2]] + [_words(caught.captured_queries[-1]["sql"])]


def _words(sql: str) -> str:
    verb = sql.split()[0]
    if "set_config" in sql:
        return f"{verb} settings"
    tables = re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "?([a-z_]+)"?', sql)
    return " ".join([verb, *dict.fromkeys(tables)])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_so_often(things: tuple[Things, dict[str, Actor]], desks: Desks, page: str) -> None:
    made, actors = things
    address, who, number = PAGES[page]

    asked = asked_for(desks, actors[who], address(made))

    listed = "\n".join(f"{place:3} {each}" for place, each in enumerate(asked, 1))
    assert len(asked) == number, f"{page}：{len(asked)}，此前 {number}\n{listed}"


def test_a_family_asks_no_more_than_it_may() -> None:
    assert PAGES["family"][2] <= MOST_OF_A_FAMILY
