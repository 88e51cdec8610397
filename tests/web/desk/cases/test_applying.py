"""An application is taken on one page with the papers that came along, and its case opens."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

import policy_packs
from tests import rooms
from tests.cases.street import load_calendar, make_poor_family
from tests.cases.walk import SHEET
from tests.policy_packs.invented import copy_pack
from tests.web.desk.conftest import Desk
from yihu.access.actor import Actor
from yihu.cases.models import Case
from yihu.cases.papers import papers_of
from yihu.cases.procedures import Standing
from yihu.households.models import Consent, Household, Paper

CHANNEL = {"channel": "window"}


def address_of(household: Household) -> str:
    """The page on which the family applies for what the tests here are about."""
    return f"/desk/families/{household.number}/apply/?programme=subsistence_allowance"


@pytest.fixture
def household(district: rooms.District, service: Actor, settings: Settings, tmp_path: Path) -> Household:
    settings.DOCUMENT_ROOT = tmp_path
    load_calendar()
    return make_poor_family(district.community, by=service)


@pytest.fixture
def clerk(desk_of: Desk, household: Household) -> Client:
    client = desk_of()
    client.post(f"/desk/families/{household.number}/purpose/", {"purpose": "case"})
    return client


def send(client: Client, household: Household, **typed: Any) -> HttpResponse:
    head = household.people.order_by("id")[0]
    return client.post(address_of(household), {**CHANNEL, "applicant": head.pk, **typed})


def sheet(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, SHEET)


def test_the_page_asks_for_the_papers_of_the_procedure_and_for_no_others(clerk: Client, household: Household) -> None:
    html = clerk.get(address_of(household)).content.decode()

    assert "申请 最低生活保障" in html
    assert "家庭经济状况核对授权书 · 甄二" in html
    assert "委托他人申请时才要" in html
    # The records check stands in for it.
    assert "收入证明" not in html


def test_a_case_opens_with_everything_that_came_along(clerk: Client, household: Household) -> None:
    adults = list(household.people.order_by("id"))
    papers = {f"paper-authorisation-{each.pk}": sheet(f"{each.name}.pdf") for each in adults}
    papers |= {"paper-application": sheet("申请书.pdf"), "paper-commitment": sheet("承诺书.pdf")}

    answer = send(clerk, household, **papers)

    case = Case.objects.get()
    assert answer.url == f"/desk/cases/{case.number}/"
    assert case.application.applicant == adults[0]
    assert Consent.objects.count() == 3
    assert all(paper.present for paper in papers_of(Standing.of(case), on=rooms.ON))
    assert Paper.objects.get(subject=f"{case.number}/application").document.kind == "application"


def test_papers_may_come_later(clerk: Client, household: Household) -> None:
    send(clerk, household)

    assert not all(paper.present for paper in papers_of(Standing.of(Case.objects.get()), on=rooms.ON))


def test_who_applies_for_another_is_remembered_with_the_circumstances(clerk: Client, household: Household) -> None:
    send(clerk, household, proxy="梅邻居", circumstances=["residence_apart"])

    case = Case.objects.get()
    assert case.application.proxy == "梅邻居"
    assert set(case.circumstances) == {"applied_by_other", "residence_apart"}


def test_a_bad_file_is_named_at_its_field_and_no_case_opens(clerk: Client, household: Household) -> None:
    file = SimpleUploadedFile("申请书.pdf", b"nothing of that kind")

    html = send(clerk, household, **{"paper-application": file}, proxy="梅邻居").content.decode()

    assert not Case.objects.exists()
    assert 'id="id_paper-application_error"' in html
    assert 'value="梅邻居"' in html


def test_a_second_application_for_the_same_is_refused(clerk: Client, household: Household) -> None:
    send(clerk, household)

    html = send(clerk, household).content.decode()

    assert Case.objects.count() == 1
    assert "已有一件正在办理" in html


def test_a_child_does_not_apply(clerk: Client, desk_of: Desk, district: rooms.District, service: Actor) -> None:
    family = rooms.make_family(district.community, by=service)
    clerk.post(f"/desk/families/{family.number}/purpose/", {"purpose": "case"})

    html = clerk.get(address_of(family)).content.decode()

    assert "贾一鸣" in html
    assert "贾小样" not in html


@pytest.mark.parametrize("kind", ["street_examiner", "district_officer", "auditor"])
def test_only_the_window_and_the_community_take_applications(desk_of: Desk, household: Household, kind: str) -> None:
    assert desk_of(kind).get(address_of(household)).status_code == 403


def page_for(household: Household, *keys: str) -> str:
    """The page on which a family applies for these."""
    asked = "&".join(f"programme={key}" for key in keys)
    return f"/desk/families/{household.number}/apply/?{asked}"


def test_everything_that_can_be_applied_for_is_offered_a_persons_help_for_each_member(
    clerk: Client, household: Household
) -> None:
    html = clerk.get(f"/desk/families/{household.number}/apply/").content.decode()

    assert "可以选几项" in html
    assert "最低生活保障" in html
    assert "高龄老年人津贴（郝三）" in html
    assert "高龄老年人津贴（贾一）" in html
    assert "采暖" not in html


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("heating_assistance", "不用申请，符合条件的由街道直接办理"),
        ("old_age_allowance", "按人申请，请选是家里的哪一位"),
        ("something_else", "这里没有“something_else”这个项目，不能申请"),
    ],
)
def test_another_programme_in_the_address_is_refused_with_a_sentence(
    clerk: Client, household: Household, key: str, why: str
) -> None:
    answer = clerk.post(page_for(household, key), {**CHANNEL, "applicant": household.people.order_by("id")[0].pk})

    assert why in answer.content.decode()
    assert not Case.objects.exists()


def test_several_programmes_are_applied_for_at_once_each_in_a_case_of_its_own(
    clerk: Client, household: Household
) -> None:
    head, _spouse, old = household.people.order_by("id")
    keys = ("subsistence_allowance", f"single_person_subsistence/{old.pk}")
    html = clerk.get(page_for(household, *keys)).content.decode()
    assert "最低生活保障、最低生活保障（单人户）（郝三）" in html

    answer = clerk.post(
        page_for(household, *keys), {**CHANNEL, "applicant": head.pk, "paper-application": sheet("申请书.pdf")}
    )

    assert answer["Location"] == f"/desk/families/{household.number}/"
    found = {case.programme: case for case in Case.objects.all()}
    assert {name: case.person for name, case in found.items()} == {
        "subsistence_allowance": None,
        "single_person_subsistence": old,
    }
    kept = Paper.objects.filter(subject__endswith="/application")
    assert sorted(paper.subject for paper in kept) == sorted(f"{case.number}/application" for case in found.values())
    assert len({paper.document.sha256 for paper in kept}) == 1


def test_what_happened_is_told_and_chosen_the_next_time(clerk: Client, household: Household) -> None:
    """京民社救发〔2020〕86号 三."""
    address = f"/desk/families/{household.number}/apply/?programme=temporary_assistance"
    head = household.people.order_by("id")[0]
    typed = {**CHANNEL, "applicant": head.pk, "occasion_kind": "emergency"}
    assert "哪一天发生的" in clerk.get(address).content.decode()
    assert "请写明" in clerk.post(address, typed).content.decode()
    told = {"happened_on": f"{rooms.ON}", "what": "失火"}
    unsaid = clerk.post(address, {**typed, **told, "occasion_kind": ""}).content.decode()
    assert "请写明" in unsaid[unsaid.index('id="id_occasion_kind_error"') :][:200]
    assert re.findall(r"<option[^>]*>([^<]*)<", unsaid)[-3:] == ["请选择", "突发急难", "其他"]

    clerk.post(address, {**typed, **told})

    case = Case.objects.get()
    assert str(case.occasion) == f"{rooms.ON} 突发急难：失火"
    assert f"{rooms.ON} 突发急难：失火" in clerk.get(f"/desk/cases/{case.number}/").content.decode()
    assert f"{rooms.ON} 突发急难：失火" in clerk.get(address).content.decode()
    again = clerk.post(address, {**typed, "occasion": case.occasion_id}).content.decode()
    assert "已有一件正在办理" in again
    clerk.post(address, {**typed, "occasion": "", "happened_on": "2026-01-05", "what": "进水"})
    assert Case.objects.count() == 2


def test_nothing_ticked_is_said_in_a_sentence(clerk: Client, household: Household) -> None:
    html = clerk.get(f"/desk/families/{household.number}/apply/?next=1").content.decode()

    assert "还没有选" in html


def options(client: Client, household: Household) -> tuple[list[str], list[str]]:
    """The lines that stand open, and those that are folded away."""
    html = client.get(f"/desk/families/{household.number}/apply/").content.decode()
    first, _mark, folded = html[html.index("申请哪些") :].partition("<details")
    found = []
    for part in (first, folded):
        labels = re.findall(r"<label>(.*?)</label>", part, re.S)
        found.append([re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", each)).strip() for each in labels])
    return found[0], found[1]


def test_each_programme_says_what_the_rules_say_and_what_cannot_be_is_folded_with_its_reason(
    clerk: Client, household: Household
) -> None:
    opened, folded = options(clerk, household)

    assert next(each for each in opened if each.startswith("最低生活保障 ")).startswith(
        "最低生活保障 符合 2,456.00 元/月"
    )
    assert "低收入家庭认定 不符合 已符合最低生活保障" in folded
    assert any(each.startswith("高龄老年人津贴（贾一） 不符合") for each in folded)


def test_what_is_asked_for_already_is_folded_with_its_number(clerk: Client, household: Household) -> None:
    send(clerk, household)

    _opened, folded = options(clerk, household)

    case = Case.objects.get()
    assert any("申请中" in each and case.number in each for each in folded)


def test_the_page_of_choices_asks_the_database_no_more_for_more_programmes(
    clerk: Client, household: Household, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def offered() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            opened, folded = options(clerk, household)
        return len(opened) + len(folded), len(asked)

    few, asked_of_few = offered()
    monkeypatch.setattr(policy_packs, "ROOT", copy_pack("lane", tmp_path))
    settings.POLICY_PACK = "lane"
    many, asked_of_many = offered()

    assert many > few + 5
    assert asked_of_many == asked_of_few


def test_what_the_rules_refuse_today_is_noted_and_can_be_applied_for(clerk: Client, household: Household) -> None:
    head = household.people.order_by("id")[0]
    address = page_for(household, f"old_age_allowance/{head.pk}")

    html = clerk.get(address).content.decode()

    assert f"高龄老年人津贴（{head.name}）：不符合" in html
    assert "没有选的：" in html
    clerk.post(address, {**CHANNEL, "applicant": head.pk})
    assert Case.objects.get().person == head


def test_files_that_a_refusal_loses_are_named(clerk: Client, household: Household) -> None:
    html = send(clerk, household, channel="", **{"paper-application": sheet("申请书.pdf")}).content.decode()

    assert not Case.objects.exists()
    said = "文件请再选一次（申请书.pdf）"
    assert said in html[html.index('id="id_paper-application_error"') :]
    assert said in html[html.index('class="problems"') : html.index("带来的材料")]


def test_each_paper_names_the_programmes_that_it_serves(clerk: Client, household: Household) -> None:
    old = household.people.order_by("id")[2]
    html = clerk.get(page_for(household, "subsistence_allowance", f"old_age_allowance/{old.pk}")).content.decode()

    hint = re.search(r'id="id_paper-commitment_helptext">([^<]*)<', html)
    assert hint
    assert hint[1].startswith("用于 最低生活保障：")
    assert "高龄老年人津贴：" not in hint[1]
