"""The page of a case, led by everybody in turn through the browser's own requests."""

import re
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import rooms
from tests.cases.street import People, appoint
from tests.cases.walk import Walk, answer_all, complain, deliver, related, to_confirmation
from tests.web.desk.cases.papers import pdf
from tests.web.desk.seats import MONDAY, Desks
from yihu.cases.enums import ObjectionSource
from yihu.cases.models import Case, Objection
from yihu.households.models import FileRead

PAGE_QUERIES = 52


def test_a_grant_is_led_through_every_step_by_those_whose_it_is(walk: Walk, desks: Desks, people: People) -> None:
    number = walk.number
    page = desks.look(people.clerk, number)
    assert "缺" in page
    for about in re.findall(r'name="about" value="([^"]+)"', page):
        desks.done(people.clerk, number, "paper", step="admission", about=about, file=pdf())
    assert "2026-03-30" in desks.done(people.clerk, number, "admit", step="admission")

    assert "现在由街道审核" in desks.look(people.clerk, number)
    desks.today = date(2026, 3, 4)
    sources = re.findall(r'name="sources" value="([^"]+)"', desks.look(people.examiner, number, "records_check"))
    assert len(sources) >= 3
    desks.done(people.examiner, number, "ask", step="records_check", sources=sources)
    page = desks.look(people.examiner, number, "records_check")
    assert "还有来源没有答复" in page
    refused = desks.do(people.examiner, number, "checked", step="records_check")
    assert "还有来源没有答复；" in refused
    for about in re.findall(r'name="about" value="(\d+)"', page):
        desks.done(people.examiner, number, "giveup", step="records_check", about=about, reason="系统维护，无法答复")
    desks.done(people.examiner, number, "checked", step="records_check")

    desks.today = date(2026, 3, 5)
    page = desks.look(people.worker, number)
    assert "梅社工" in page
    desks.done(
        people.worker,
        number,
        "visit",
        step="home_visit",
        visited_on="2026-03-05",
        visitors=[people.worker.staff, people.examiner.staff],
        findings="平房两间，无大件家电。",
        neighbours="邻居两户，无相反意见。",
        signed_by="贾一",
        sheet=pdf("调查表.pdf"),
        photos=[pdf("照片一.pdf"), pdf("照片二.pdf")],
    )
    page = desks.look(people.examiner, number)
    assert "平房两间" in page
    assert "照片二.pdf" in page

    desks.today = date(2026, 3, 6)
    assert "由规则算出，不能改写" in page
    reason = re.search(r'<textarea name="reason"[^>]*>\s*(经核对与入户调查[^<]+)</textarea>', page)
    assert reason, page
    desks.done(people.examiner, number, "examine", step="examination", opinion="grant", reason=reason[1])
    desks.done(people.examiner, number, "post", step="notice")
    assert "公示期满后的下一天办结" in desks.look(people.examiner, number)
    desks.today = date(2026, 3, 14)
    desks.done(people.worker, number, "unpost", step="notice")

    desks.today = date(2026, 3, 16)
    page = desks.look(people.director, number)
    assert reason[1] in page
    assert "2026-04" in desks.done(
        people.director, number, "confirm", step="confirmation", decision="grant", reason="同意"
    )
    desks.done(people.examiner, number, "publish", step="publication")
    desks.done(people.clerk, number, "letter", step="grant_letter")
    page = desks.look(people.clerk, number)
    assert "已结案" in page
    assert "确认通知书" in page
    assert Case.objects.get(number=number).state == "granted"


def test_reading_a_case_is_written_down(walk: Walk, desks: Desks, people: People) -> None:
    desks.look(people.clerk, walk.number)
    read = FileRead.objects.get()
    assert (read.kind, read.purpose, read.detail) == ("case", "case", walk.number)


def test_where_a_step_is_not_mine_the_page_says_whose_it_is_and_shows_no_form(
    walk: Walk, desks: Desks, people: People
) -> None:
    page = desks.look(people.examiner, walk.number)
    assert "现在由窗口经办办理" in page
    assert "admit-form" not in page
    # And what is sent all the same is refused in words.
    assert "“受理”由窗口经办办理" in desks.do(people.examiner, walk.number, "admit", step="admission")


def test_a_relative_is_told_so_and_nothing_of_the_case(walk: Walk, desks: Desks, people: People) -> None:
    related(walk, people.clerk)
    for answer in (
        desks.of(people.clerk).get(reverse("desk:case", args=[walk.number])),
        desks.of(people.clerk).post(reverse("desk:case_deed", args=[walk.number, "admit"]), {"step": "admission"}),
    ):
        assert answer.status_code == 403
        page = answer.content.decode()
        assert "您须回避" in page
        assert "贾一" not in page
    assert not FileRead.objects.exists()
    assert walk.number not in desks.of(people.clerk).get(reverse("desk:cases")).content.decode()


def test_where_the_director_is_kept_away_the_district_decides_on_its_own_desk(
    walk: Walk, desks: Desks, people: People
) -> None:
    related(walk, people.director)
    to_confirmation(walk)
    walk.district_visit(date(2026, 3, 13))
    desks.today = date(2026, 3, 13)
    words = "街道主任都须回避，由区级办理"
    assert words in desks.of(people.officer).get(reverse("desk:inbox")).content.decode()
    page = desks.look(people.examiner, walk.number)
    assert words in page
    assert "现在由街道主任办理" not in page
    page = desks.look(people.officer, walk.number)
    assert words in page
    assert "confirm-form" in page
    desks.done(people.officer, walk.number, "confirm", step="confirmation", decision="grant", reason="同意")
    assert walk.award


def test_who_pays_has_no_business_in_a_case(walk: Walk, desks: Desks, district: rooms.District) -> None:
    maker = appoint("maker", "贾制单", "finance_maker", district.district)
    assert desks.of(maker).get(reverse("desk:case", args=[walk.number])).status_code == 403


def test_a_foreign_street_finds_no_such_case(walk: Walk, desks: Desks, district: rooms.District) -> None:
    stranger = appoint("stranger", "吴经办", "window_clerk", district.far_street)
    client = desks.of(stranger)
    assert client.get(reverse("desk:case", args=[walk.number])).status_code == 404
    assert client.post(reverse("desk:case_deed", args=[walk.number, "admit"])).status_code == 404
    assert walk.number not in client.get(reverse("desk:cases"), {"state": "all"}).content.decode()


def test_doing_a_step_twice_says_how_the_case_stands(walk: Walk, desks: Desks, people: People) -> None:
    walk.bring(MONDAY)
    desks.done(people.clerk, walk.number, "admit", step="admission")
    assert "这一步已经办过或者已经退回" in desks.do(people.clerk, walk.number, "admit", step="admission")
    assert walk.letters == ["acceptance"]


def test_what_was_typed_stays_beside_what_is_wrong_with_it(admitted: Walk, desks: Desks, people: People) -> None:
    walk = admitted
    page = desks.do(
        people.examiner,
        walk.number,
        "visit",
        step="home_visit",
        visited_on="2026-03-09",
        visitors=[people.examiner.staff, people.worker.staff],
        findings="平房两间",
        signed_by="贾一",
    )
    assert "入户日期须在 2026-03-02 到 2026-03-02 之间" in page
    assert "平房两间" in page
    # The other step that is open at the same time has nothing of it.
    assert "平房两间" not in desks.look(people.examiner, walk.number, "records_check")


def test_a_file_of_the_wrong_kind_is_refused_at_its_paper(walk: Walk, desks: Desks, people: People) -> None:
    file = SimpleUploadedFile("病毒.pdf", b"MZ\x90\x00\x03")
    page = desks.do(people.clerk, walk.number, "paper", step="admission", about="application", file=file)
    assert "不是能识别的文件" in page


def test_all_that_is_missing_is_ticked_and_named_once(walk: Walk, desks: Desks, people: People) -> None:
    page = desks.look(people.clerk, walk.number)
    ticked = re.findall(r'name="missing" value="([^"]+)"[^>]*checked', page)
    assert ticked == ["application", "commitment", "authorisation"]
    desks.done(people.clerk, walk.number, "correct", step="admission", missing=ticked, note="")
    page = desks.look(people.clerk, walk.number)
    assert "2026-03-02 已一次性告知补正" in page
    assert "开出补正告知书" not in page


def test_an_application_whose_papers_never_come_is_ended_at_the_window(
    walk: Walk, desks: Desks, people: People
) -> None:
    ending = {"reason": "incomplete", "because": "两次联系都没有来"}
    assert "还没有一次性告知补正" in desks.do(people.clerk, walk.number, "close", **ending)
    desks.done(people.clerk, walk.number, "correct", step="admission", missing=["application"], note="")
    deliver(walk, "missing_papers", MONDAY)
    desks.today = date(2026, 3, 30)
    desks.done(people.clerk, walk.number, "close", **ending)
    page = desks.look(people.clerk, walk.number)
    assert "已终止" in page
    assert "材料未补齐终止办理告知书" in page


def test_a_form_that_nobody_was_offered_is_refused(at_confirmation: Walk, desks: Desks, people: People) -> None:
    walk = at_confirmation
    walk.confirm(date(2026, 3, 13))
    desks.today = date(2026, 3, 13)
    back = {"step": "grant_letter", "to": "examination", "reason": "再看"}
    for actor in (people.clerk, people.examiner):
        assert "这件事您现在不能办" in desks.do(actor, walk.number, "back", **back)
    assert "这件事您现在不能办" in desks.do(people.clerk, walk.number, "extend", because="忙")
    assert walk.open == ["grant_letter", "publication"]


def test_a_doubt_is_written_down_and_answered_on_the_page(at_confirmation: Walk, desks: Desks, people: People) -> None:
    walk = at_confirmation
    desks.today = date(2026, 3, 13)
    desks.done(people.clerk, walk.number, "object", source="complaint", content="听说有车", raised_by="")
    doubt = Objection.objects.get()
    assert "区级入户" in desks.look(people.director, walk.number)
    about = {"about": str(doubt.pk)}
    assert "必填" in desks.do(people.officer, walk.number, "answer", **about, upheld="no", answer="")
    desks.done(people.officer, walk.number, "answer", **about, upheld="no", answer="查过，没有车")
    assert "查过，没有车" in desks.look(people.director, walk.number)


def test_more_time_and_an_end_are_offered_to_those_who_may(at_confirmation: Walk, desks: Desks, people: People) -> None:
    walk = at_confirmation
    desks.today = date(2026, 3, 13)
    assert "延长期限" not in desks.look(people.clerk, walk.number)
    # Nobody objected.
    assert 'name="circumstances" value="objection"' not in desks.look(people.director, walk.number)
    said = desks.done(people.director, walk.number, "extend", circumstances=["hard_to_survey"], because="长期在外地")
    assert "2026-05-08" in said
    assert "延长期限" not in desks.look(people.director, walk.number)
    desks.done(people.clerk, walk.number, "close", reason="withdrawn", because="本人不办了")
    assert "已撤回" in desks.look(people.clerk, walk.number)


def test_the_sheet_for_the_board_shows_what_the_law_lets_neighbours_know(
    admitted: Walk, desks: Desks, people: People
) -> None:
    walk = admitted
    walk.survey(MONDAY)
    walk.examine(MONDAY)
    walk.post(MONDAY)
    notice = walk.standing.open["notice"].notice
    address = reverse("desk:case_notice", args=[walk.number, notice.pk])
    page = desks.of(people.worker).get(address).content.decode()
    shown = re.sub(r"<[^>]+>", " ", page[page.index('class="sheet"') :])
    assert "贾一" in shown
    assert "3 人" in shown
    assert "拟同意" in shown
    for hidden in ("甄二", "虚构胡同", "1894", walk.household.number, "身份证"):
        assert hidden not in shown


def test_the_page_of_a_case_takes_few_queries(at_confirmation: Walk, desks: Desks, people: People) -> None:
    walk = at_confirmation
    complain(walk, ObjectionSource.COMPLAINT, date(2026, 3, 12))
    answer_all(walk, date(2026, 3, 12))
    desks.today = date(2026, 3, 13)
    desks.look(people.officer, walk.number)
    with CaptureQueriesContext(connection) as caught:
        desks.look(people.officer, walk.number)
    assert len(caught) <= PAGE_QUERIES
