"""到期变动 at the desk: what the calendar proposes is accepted or declined, many at once."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import many, rooms
from tests.awards.conftest import MEMBER_PROGRAMME
from tests.payments.conftest import award, families
from tests.web.desk.conftest import Desk
from tests.web.desk.reading import rows
from yihu.awards.enums import ProposalKind, ProposalState
from yihu.awards.models import AwardTerm, CalendarLook, Proposal
from yihu.organisations.models import Division
from yihu.web.desk.awards.proposals import _said

pytestmark = pytest.mark.usefixtures("service")


@pytest.fixture
def two(desk_of: Desk) -> list[Proposal]:
    """Two that wait: the one is as the rules say, the other is not any more."""
    return [
        Proposal.objects.create(
            household=household, person=many.people_of(household)[0], programme=MEMBER_PROGRAMME, key="running",
            kind=ProposalKind.CHANGE, from_day=rooms.ON.replace(month=4, day=1), before=10_000, amount=50_000,
            outcome="eligible", reason="从 100.00 元到 500.00 元", found_on=rooms.ON,
        )
        for household in families(2)
    ]  # fmt: skip


def shown(client: Client, query: str = "") -> str:
    response = client.get(f"/desk/awards/proposals/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_what_waits_is_listed_and_in_the_inbox(desk_of: Desk, two: list[Proposal]) -> None:
    officer = desk_of("district_officer")

    html = shown(officer)
    assert all(each.household.number in html for each in two)
    assert "从 100.00 元到 500.00 元" in html
    assert "查看" not in html[html.index("<h1") : html.index("明细")]
    assert "起的到期变动" in officer.get("/desk/").content.decode()
    assert officer.get(f"/desk/awards/proposals/{MEMBER_PROGRAMME}/").url.endswith(f"?programme={MEMBER_PROGRAMME}")
    assert "没有要办理的" in shown(officer, "?state=declined")
    assert desk_of("window_clerk").get("/desk/awards/proposals/").status_code == 403


def test_several_are_declined_with_one_reason(desk_of: Desk, two: list[Proposal]) -> None:
    officer = desk_of("district_officer")
    keys = [str(each.pk) for each in two]
    refused = officer.post("/desk/awards/proposals/", {"proposal": keys, "do": "decline", "reason": ""}, follow=True)
    html = refused.content.decode()
    assert re.search(r'id="reason"[^>]* aria-invalid="true"', html)
    assert '<p class="problem" id="reason_error" role="alert">请写明为什么不采纳。</p>' in html
    assert html.count(" checked") == len(two)
    officer.post("/desk/awards/proposals/", {"proposal": keys, "do": "decline", "reason": "生日有误"})

    assert {each.state for each in Proposal.objects.all()} == {ProposalState.DECLINED}
    assert "生日有误" in shown(officer, "?state=declined")

    officer.post("/desk/awards/proposals/?state=declined", {"proposal": keys[:1], "do": "reopen", "reason": "是误点"})
    again = Proposal.objects.get(state=ProposalState.WAITING)
    assert (again.reopens_id, again.reopened_because) == (two[0].pk, "是误点")
    assert "重新打开：是误点（先前：生日有误）" in shown(officer)


def test_nothing_is_ticked_before_somebody_ticks_it(desk_of: Desk, two: list[Proposal]) -> None:
    officer = desk_of("district_officer")
    assert "checked" not in shown(officer)
    assert shown(officer, "?all=1").count(" checked") == len(two)
    assert (
        "请选择怎么办理"
        in officer.post("/desk/awards/proposals/?all=1", {"proposal": [two[0].pk]}, follow=True).content.decode()
    )


def test_why_a_district_was_not_looked_at_stands_on_the_page(desk_of: Desk, two: list[Proposal]) -> None:
    division = Division.objects.get(pk=many.DISTRICT)
    CalendarLook.objects.create(
        division=division, looked_on=rooms.ON, compared_from=rooms.ON, compared_to=rooms.ON, problem="查看没有做成"
    )
    assert "查看没有做成" in shown(desk_of("district_officer"))


def test_what_the_rules_do_not_say_is_not_accepted_and_says_so(desk_of: Desk, two: list[Proposal]) -> None:
    officer = desk_of("district_officer")
    keys = [str(each.pk) for each in two]
    html = officer.post("/desk/awards/proposals/", {"proposal": keys, "do": "accept"}, follow=True).content.decode()

    assert all(each.household.number in html for each in two)
    assert not AwardTerm.objects.exists()
    assert "请先选择要办理的" in officer.post("/desk/awards/proposals/", {}, follow=True).content.decode()


def proposal(programme: str, kind: str, *, key: str = "running", before: int | None = None, **more: Any) -> Proposal:
    """One of a new family's first member, or of the family, that waits."""
    household = more.pop("home", None) or families(1)[0]
    person = many.people_of(household)[0] if more.pop("of_member", False) else None
    day = more.pop("from_day", rooms.ON)
    return Proposal.objects.create(
        household=household, person=person, programme=programme, key=key, kind=kind, from_day=day, before=before,
        outcome="eligible", reason="到日子", found_on=rooms.ON, **more,
    )  # fmt: skip


def test_the_family_is_named_and_the_season_and_day_from_which_it_would_be_granted(desk_of: Desk) -> None:
    first = date(rooms.ON.year - 1, 7, 1)
    waits = proposal("heating_assistance", ProposalKind.BEGIN, key="2025-2026", from_day=first, amount=180_000)

    (row,) = rows(shown(desk_of("district_officer")))

    assert f"{waits.household.number} {many.people_of(waits.household)[0].name}" in row
    assert f"{rooms.ON} 起 2025—2026 采暖季" in row
    assert f"{first} 起符合；从采纳那天起给" in row


def test_what_was_decided_shows_the_day_really_given_and_who_decided_when(desk_of: Desk) -> None:
    done = proposal(
        "heating_assistance", ProposalKind.BEGIN, key="2025-2026", from_day=date(2025, 11, 1), amount=80_000
    )
    [term] = AwardTerm.objects.filter(award__in=award([done.household], start=date(2026, 2, 1)))
    officer = desk_of("district_officer")
    Proposal.objects.filter(pk=done.pk).update(state="accepted", decided_on=date(2026, 2, 3), term=term)

    (row,) = rows(shown(officer, "?state=accepted"))
    assert "2026-02-01 起 2025—2026 采暖季" in row
    assert "2026-02-03 已采纳" in row


def test_the_clock_runs_from_the_day_it_was_found_and_one_alone_names_its_family(desk_of: Desk) -> None:
    first = date(rooms.ON.year - 1, 7, 1)
    one, two = families(2)
    season = {"key": "2025-2026", "amount": 180_000}
    waits = proposal("heating_assistance", ProposalKind.BEGIN, home=one, from_day=first, **season)
    other = proposal("heating_assistance", ProposalKind.BEGIN, home=two, from_day=rooms.ON, **season)
    officer = desk_of("district_officer")
    html = officer.get("/desk/").content.decode()

    assert "逾期 0　·　今天到期 2" in html
    assert f"办理冬季采暖救助 {rooms.ON:%Y-%m} 起的到期变动" in html
    assert many.people_of(waits.household)[0].name in html
    assert f"/desk/awards/proposals/heating_assistance/{waits.pk}/" in html
    there = officer.get(f"/desk/awards/proposals/heating_assistance/{waits.pk}/", follow=True).content.decode()
    (row,) = rows(there)
    assert waits.household.number in row
    assert other.household.number not in there


def test_what_accepting_did_is_said_of_each_kind(db: None) -> None:
    (home,) = families(1)
    money = proposal(MEMBER_PROGRAMME, ProposalKind.CHANGE, home=home, of_member=True, amount=50_000)
    end = proposal(MEMBER_PROGRAMME, ProposalKind.END, home=home, of_member=True, before=50_000)
    status = proposal("low_income", ProposalKind.CONTINUE, home=home)
    no_more = proposal("low_income", ProposalKind.END, home=home)

    assert _said([money]) == "已采纳 1 件，下一批次按新的发放。"
    assert _said([end]) == "已采纳 1 件，到日子停，以后不再给。"
    assert _said([status, no_more]) == "已采纳 2 件：1 件身份从起始日起有效，不发钱；1 件身份到日子终止。"
