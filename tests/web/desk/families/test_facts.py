"""What a family states, what an officer verified, and how two sides of a difference are settled."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests import rooms
from tests.cases.street import make_poor_family, say
from tests.cases.walk import SHEET
from tests.web.desk.conftest import Desk
from yihu.access.actor import Actor
from yihu.households.enums import FactSource
from yihu.households.models import Fact, Household, Paper, Person
from yihu.households.queries import discrepancies

Send = Callable[..., str]
OF_ALL = {"source": "declared", "since": "2026-03-01", "note": ""}


@pytest.fixture
def household(district: rooms.District, service: Actor, settings: Settings, tmp_path: Path) -> Household:
    settings.DOCUMENT_ROOT = tmp_path
    return make_poor_family(district.community, by=service)


@pytest.fixture
def head(household: Household) -> Person:
    return household.people.order_by("id")[0]


@pytest.fixture
def clerk(desk_of: Desk, household: Household) -> Client:
    client = desk_of()
    client.post(f"/desk/families/{household.number}/purpose/", {"purpose": "change"})
    return client


@pytest.fixture
def examiner(desk_of: Desk, household: Household) -> Client:
    client = desk_of("street_examiner")
    client.post(f"/desk/families/{household.number}/purpose/", {"purpose": "change"})
    return client


def state(client: Client, household: Household, **typed: Any) -> str:
    """Send the form of facts; what is seen then."""
    address = f"/desk/families/{household.number}/facts/"
    return str(client.post(address, {**OF_ALL, **typed}, follow=True).content.decode())


def test_only_what_changed_is_recorded(clerk: Client, household: Household, head: Person) -> None:
    before = Fact.objects.count()

    html = state(clerk, household, **{f"p{head.pk}-wage": "2100.5", f"p{head.pk}-pension": "0.00", "homes": "1"})

    assert "登记了 1 项事实" in html
    assert Fact.objects.count() == before + 1
    fact = Fact.objects.latest("id")
    assert (fact.name, fact.value, fact.source, fact.person) == ("wage", {"wage": 210050}, "declared", head)
    assert (fact.period.lower, fact.known_on) == (date(2026, 3, 1), rooms.ON)


def test_what_is_no_longer_known_can_be_said(clerk: Client, household: Household, head: Person) -> None:
    state(clerk, household, **{f"p{head.pk}-wage": "?"})

    assert Fact.objects.latest("id").value == {}


def test_a_disability_is_picked_and_can_be_taken_back(clerk: Client, household: Household, head: Person) -> None:
    page = clerk.get(f"/desk/families/{household.number}/facts/").content.decode()
    state(clerk, household, **{f"p{head.pk}-disabilities": "4:3"})
    known = Fact.objects.latest("id").value
    state(clerk, household, **{f"p{head.pk}-disabilities": "无"})

    assert '<option value="4:3">肢体 3 级</option>' in page
    assert known["limb_grade"] == 3
    assert not any(Fact.objects.latest("id").value.values())


def test_what_cannot_be_read_stays_and_nothing_is_recorded(clerk: Client, household: Household, head: Person) -> None:
    before = Fact.objects.count()

    html = state(clerk, household, cars="两辆", **{f"p{head.pk}-wage": "2100"})

    assert Fact.objects.count() == before
    assert 'id="cars-problem"' in html
    assert 'value="两辆"' in html
    assert 'value="2100"' in html


def test_nothing_new_is_said_so(clerk: Client, household: Household) -> None:
    assert "没有改动" in state(clerk, household, homes="1")


@pytest.mark.parametrize("post", ["community_worker", "window_clerk"])
def test_who_takes_papers_in_verifies_nothing(desk_of: Desk, household: Household, head: Person, post: str) -> None:
    client = desk_of(post)
    client.post(f"/desk/families/{household.number}/purpose/", {"purpose": "change"})
    assert "工作人员核实" not in client.get(f"/desk/families/{household.number}/facts/?as=verified").content.decode()

    typed = {f"p{head.pk}-wage": "100", "note": "看了"}
    assert 'id="id_source_error"' in state(client, household, **typed, source="verified")
    assert not Fact.objects.filter(source="verified").exists()
    assert "登记了 1 项事实" in state(client, household, **typed)


def test_a_verification_says_how_and_keeps_its_evidence(examiner: Client, household: Household, head: Person) -> None:
    sheet = SimpleUploadedFile("工资单.pdf", SHEET)
    typed = {"source": "verified", f"p{head.pk}-wage": "2100"}

    refused = state(examiner, household, **typed)
    done = state(examiner, household, **typed, note="看了 2 月工资单", file=sheet)

    assert "请写明怎样核实" in refused
    assert "登记了 1 项事实" in done
    fact = Fact.objects.latest("id")
    assert (fact.source, fact.note) == ("verified", "看了 2 月工资单")
    assert fact.evidence == Paper.objects.get().document


def test_what_stands_can_be_verified_as_it_is(examiner: Client, household: Household, head: Person) -> None:
    wage = {f"p{head.pk}-wage": "1894.00"}

    state(examiner, household, **wage, source="verified", note="看了工资单")
    assert not Fact.objects.filter(source="verified").exists()
    state(examiner, household, **wage, **{f"ok-p{head.pk}-wage": "on"}, source="verified", note="看了工资单")

    assert Fact.objects.get(source="verified").value == {"wage": 189400}


def test_a_day_before_birth_is_refused_with_what_was_typed(clerk: Client, household: Household, head: Person) -> None:
    html = state(clerk, household, since="1970-01-01", **{f"p{head.pk}-wage": "2100"})

    assert "早于出生日期" in html
    assert 'id="id_since_error"' in html
    assert 'value="2100"' in html


# ---- differences


@pytest.fixture
def received(household: Household, head: Person, service: Actor) -> Fact:
    return say(household, "wage", "2900", person=head, by=service, on=rooms.ON, source=FactSource.RECEIVED)


@pytest.fixture
def address(household: Household, head: Person, received: Fact) -> str:
    declared = Fact.objects.get(person=head, name="wage", source="declared")
    return f"/desk/families/{household.number}/differences/{declared.pk}/{received.pk}/"


def test_the_two_sides_stand_beside_each_other(examiner: Client, address: str) -> None:
    html = examiner.get(address).content.decode()

    assert "1,894.00 元" in html
    assert "2,900.00 元" in html
    assert "部门 · 社保" in html


def test_one_side_is_adopted_with_a_reason(
    examiner: Client, household: Household, address: str, received: Fact
) -> None:
    unreasoned = examiner.post(address, {"adopted": received.pk, "reason": " "}, follow=True).content.decode()
    assert discrepancies(household, on=rooms.ON)
    html = examiner.post(address, {"adopted": received.pk, "reason": "社保缴费基数已核"}, follow=True).content.decode()

    assert 'id="id_reason_error"' in unreasoned
    assert "已采信：2,900.00 元" in html
    adopted = Fact.objects.latest("id")
    assert (adopted.source, adopted.value, adopted.basis, adopted.note) == (
        "verified",
        {"wage": 290000},
        received,
        "社保缴费基数已核",
    )
    assert not discrepancies(household, on=rooms.ON)


def test_settling_twice_harms_nothing(examiner: Client, address: str, received: Fact) -> None:
    typed = {"adopted": received.pk, "reason": "已核"}
    examiner.post(address, typed)

    html = examiner.post(address, typed, follow=True).content.decode()

    assert "已经认定过" in html
    assert Fact.objects.filter(source="verified").count() == 1


@pytest.mark.parametrize("post", ["community_worker", "window_clerk"])
def test_who_takes_papers_in_does_not_settle(desk_of: Desk, household: Household, address: str, post: str) -> None:
    worker = desk_of(post)
    worker.post(f"/desk/families/{household.number}/purpose/", {"purpose": "change"})

    assert worker.get(address).status_code == 403
