"""The list of cases: what it shows, narrows and counts, and how often it asks."""

import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import rooms
from tests.cases.street import People, make_poor_family
from tests.cases.walk import Walk
from tests.web.desk.seats import MONDAY, Desks
from yihu.access.actor import Actor
from yihu.households.models import FileRead

LIST_QUERIES = 20


def test_the_list_is_filtered_counted_and_saved_as_seen(
    walk: Walk, desks: Desks, people: People, district: rooms.District, service: Actor
) -> None:
    other = Walk(people, make_poor_family(district.neighbour, by=service, names=("吴甲", "吴乙", "吴丙")), service)
    other.begin(date(2026, 2, 2))
    desks.today = date(2026, 3, 4)
    client, address = desks.of(people.clerk), reverse("desk:cases")

    def seen(**asked: str) -> list[str]:
        return re.findall(r">(XC2026-\d{3}-\d{4})<", client.get(address, asked).content.decode())

    # What is overdue stands first.
    assert seen() == [other.number, walk.number]
    assert seen(late="1") == [other.number]
    assert seen(step="受理") == [walk.number]
    assert seen(place=district.neighbour.path) == [other.number]
    assert seen(programme="nothing") == []
    assert seen(state="granted") == []
    assert "共 2 件　·　逾期 1" in client.get(address).content.decode()
    saved = client.get(reverse("desk:cases_export"), {"late": "1"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(saved.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [other.number]
    assert [read.household_id for read in FileRead.objects.filter(kind="export")] == [other.household.pk]


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_takes_as_many_queries_for_many_cases(
    walk: Walk, desks: Desks, people: People, district: rooms.District, service: Actor, count: int
) -> None:
    for surname in "吴梅郝甄"[:count]:
        names = (f"{surname}甲", f"{surname}乙", f"{surname}丙")
        Walk(people, make_poor_family(district.neighbour, by=service, names=names), service).begin(MONDAY)
    client = desks.of(people.clerk)
    client.get(reverse("desk:cases"))
    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("desk:cases"))
    assert len(caught) == LIST_QUERIES
