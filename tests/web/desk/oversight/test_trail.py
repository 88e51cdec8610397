"""一户留痕: what an auditor sees of one family."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import Range
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from tests import rooms
from tests.awards.conftest import determined
from tests.cases.street import load_calendar, make_people, make_poor_family
from tests.cases.walk import Walk
from tests.web.desk.conftest import Desk
from yihu.access.actor import Actor, service
from yihu.access.models import Principal
from yihu.access.scope import acting, because
from yihu.awards.enums import ProposalKind
from yihu.awards.models import Award, AwardTerm, Proposal
from yihu.awards.periods import ONCE_A_PERIOD
from yihu.households import actions
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource, ReadKind
from yihu.households.models import FileRead, Household, Person
from yihu.policy.procedures import Circumstance
from yihu.policy.words import HelpForm, ProgrammeKind

WHY = {"purpose": "audit", "detail": "年度审计"}


@pytest.fixture
def auditor(desk_of: Desk, family: Household) -> Client:
    """An auditor who has said why he looks at the family."""
    client = desk_of("auditor", name="吴审计")
    client.post(f"/desk/families/{family.number}/purpose/", WHY)
    return client


def address(family: Household) -> str:
    return f"/desk/supervision/families/{family.number}/"


def page(client: Client, family: Household, query: str = "") -> str:
    response = client.get(address(family) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_story_says_who_changed_what_from_where_and_why(
    auditor: Client, family: Household, district: rooms.District
) -> None:
    clerk = rooms.actor("window_clerk", district.street, number=9_999)
    with acting(clerk, origin="127.0.0.7"), because("门牌写错"):
        Household.objects.filter(pk=family.pk).update(address="月坛北街 9 号")

    html = page(auditor, family)

    assert "贾一鸣 家庭的全部留痕" in html
    assert "<del>月坛北街 1 号</del>" in html
    assert "<ins>月坛北街 9 号</ins>" in html
    assert "从 127.0.0.7" in html
    assert "原因：门牌写错" in html


def test_facts_are_told_by_what_they_are_called(auditor: Client, family: Household, service: Actor) -> None:
    actions.record_facts(
        household=family,
        facts=[NewFact("wage", {"wage": 189_400}, Person.objects.get(name="贾一鸣"))],
        source=FactSource.DECLARED,
        by=service,
        on=rooms.ON,
    )

    html = page(auditor, family, "?kind=households")

    assert "工资性收入（月）" in html
    assert "1,894.00 元" in html
    assert "系统 · tests" in html


def test_what_is_encrypted_never_shows(auditor: Client, family: Household) -> None:
    html = page(auditor, family)

    assert "已加密" in html
    assert "\\x" not in html
    assert rooms.identity_number(date(1980, 5, 1), 1) not in html


def test_reading_the_trail_is_itself_in_it(auditor: Client, family: Household) -> None:
    page(auditor, family)
    html = page(auditor, family, "?kind=read")

    assert "全部变更" in html
    assert "审计 · 年度审计" in html
    assert "吴审计" in html
    assert FileRead.objects.filter(kind=ReadKind.HISTORY, household=family).count() == 2


def test_turning_pages_is_one_look(auditor: Client, family: Household) -> None:
    page(auditor, family, "?page=1")
    page(auditor, family, "?page=2")

    assert FileRead.objects.filter(kind=ReadKind.HISTORY).count() == 1


def test_without_a_purpose_there_is_the_question_first(desk_of: Desk, family: Household) -> None:
    response = desk_of("auditor").get(address(family))

    assert response.status_code == 302
    assert response["Location"].startswith(f"/desk/families/{family.number}/purpose/?next=")
    assert not FileRead.objects.exists()


def test_it_is_narrowed_by_who_by_what_and_by_day(auditor: Client, family: Household) -> None:
    assert "没有符合条件的记录" in page(auditor, family, "?to=2001-01-01")
    assert "没有符合条件的记录" in page(auditor, family, "?who=424242")
    who = service("tests").principal
    html = page(auditor, family, f"?who={who}&kind=households&from=2001-01-01")
    assert "月坛北街 1 号" in html
    assert "系统 · tests" in html
    assert "没有编号为“staff:1”的经办人" in page(auditor, family, "?who=staff:1")


def test_a_day_that_is_none_is_named_and_left_out(auditor: Client, family: Household) -> None:
    html = page(auditor, family, "?from=2026-13-01")

    assert "“2026-13-01”不是日期" in html
    assert "月坛北街 1 号" in html


def test_the_workbook_holds_the_same_and_is_recorded(auditor: Client, family: Household) -> None:
    response = auditor.get(address(family) + "export/?kind=households")

    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["时间", "经办人", "来处"]
    assert ["住址", "—", "月坛北街 1 号"] in [row[6:9] for row in rows]
    assert FileRead.objects.filter(kind=ReadKind.EXPORT, household=family).count() == 1


@pytest.mark.parametrize("post", ["window_clerk", "finance_maker", "street_director"])
def test_others_are_told_whose_page_it_is(desk_of: Desk, family: Household, post: str) -> None:
    response = desk_of(post).get(address(family))

    assert response.status_code == 403
    assert "审计" in response.content.decode()


def test_the_way_in_finds_a_family_by_its_number(auditor: Client, family: Household) -> None:
    found = auditor.post("/desk/supervision/", {"number": family.number.lower()})
    missed = auditor.post("/desk/supervision/", {"number": "XC-000-000000"})

    assert found["Location"] == address(family)
    assert "没有户号为 XC-000-000000 的家庭" in missed.content.decode()


def test_the_way_in_lists_who_looked_of_late(auditor: Client, family: Household) -> None:
    page(auditor, family)

    html = auditor.get("/desk/supervision/").content.decode()

    assert "吴审计" in html
    assert family.number in html
    assert "没有" not in auditor.get("/desk/supervision/?kind=history").content.decode()


def test_a_longer_story_takes_no_more_queries(auditor: Client, family: Household) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page(auditor, family)
        return len(caught)

    queries()
    before = queries()
    for number in range(30):
        Household.objects.filter(pk=family.pk).update(address=f"月坛北街 {number} 号")

    assert queries() == before


def test_a_case_is_told_in_words_and_not_in_those_of_the_code(
    desk_of: Desk, district: rooms.District, service: Actor, tmp_path: Path, settings: Settings
) -> None:
    settings.DOCUMENT_ROOT, settings.EXCHANGE_ROOT = tmp_path / "documents", tmp_path / "exchange"
    load_calendar()
    walk = Walk(make_people(district), make_poor_family(district.community, by=service), service)
    walk.apply(rooms.ON)
    walk.bring(rooms.ON)
    walk.admit(rooms.ON)
    client = desk_of("auditor")
    client.post(f"/desk/families/{walk.household.number}/purpose/", WHY)

    html = "".join(page(client, walk.household, f"?page={number}") for number in (1, 2))

    told = html[html.index('class="trail-day"') :]
    assert walk.number in html
    assert "街道审核" in told
    assert set(re.findall(r"[a-z]+_[a-z_]+", re.sub(r"<[^>]*>", " ", told))) == set()


def test_no_code_stands_in_the_trail_of_a_family_with_an_award_of_each_kind(
    auditor: Client, family: Household, district: rooms.District, service: Actor
) -> None:
    load_calendar()
    Walk(make_people(district), family, service).apply(rooms.ON, circumstances=(Circumstance.URGENT,), proxy="梅邻居")
    granted_in, start = district.district, rooms.ON.replace(day=1)
    made: list[Award] = []
    for kind in ProgrammeKind:
        for form in HelpForm if kind is not ProgrammeKind.STATUS else ("",):
            key = "running" if kind not in ONCE_A_PERIOD else "2026-2027" if kind is ProgrammeKind.SEASON else "2026"
            made.append(
                Award.objects.create(
                    household=family, programme="subsistence_allowance", key=f"{key}{len(made) if made else ''}",
                    kind=kind.value, form=str(form),
                    pay_period=rooms.ON.replace(day=1) if kind in ONCE_A_PERIOD else None,
                )
            )  # fmt: skip
            AwardTerm.objects.create(
                award=made[-1], period=Range(start, None), amount=10_000 if form is HelpForm.MONEY else None,
                help="" if form in ("", HelpForm.MONEY) else "一袋米", granted_in=granted_in, known_on=rooms.ON,
                determination=determined(family, 10_000, on=rooms.ON), made_by_id=service.principal,
            )  # fmt: skip
    for key, outcome in (("running", "eligible"), ("2026", "failed"), ("2027", "absent"), ("occasion-7", "unknown")):
        Proposal.objects.create(
            household=family, programme="subsistence_allowance", key=key, kind=ProposalKind.LOOK, from_day=rooms.ON,
            outcome=outcome, reason="到日子", found_on=rooms.ON,
        )  # fmt: skip

    # The service of the tests, and the numbers of cases and families, bear letters.
    pages = [page(auditor, family, f"?kind={app}&page={n}") for app in ("awards", "cases") for n in (1, 2)]
    told = [said for html in pages for said in re.findall(r"<(?:dd|dt|ins|del|th|h4)[^>]*>([^<]*)</", html)]
    plain = [re.sub(r"[A-Z]+[0-9-]+|系统 · tests?", "", said) for said in told]
    assert [said for said in plain if re.search("[A-Za-z]", said)] == []
    assert {"每季", "身份", "救助金", "持续", "按事由", "规则没有结果"} <= set(told)


def test_the_work_of_the_service_is_said_in_words() -> None:
    assert Principal(kind="service", name="calendar").shown_name == "系统 · 每夜查看到期变动"
