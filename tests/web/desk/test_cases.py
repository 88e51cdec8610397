"""The page of a case, led by everybody in turn through the browser's own requests."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import rooms
from tests.cases.walk import (
    SHEET,
    People,
    Walk,
    answer_all,
    appoint,
    complain,
    deliver,
    make_poor_family,
    related,
    say,
    to_confirmation,
)
from tests.web.desk.seats import MONDAY, Desks
from yihu.access.actor import Actor
from yihu.cases.enums import ObjectionSource
from yihu.cases.models import Case, Objection
from yihu.households.enums import FactSource
from yihu.households.models import Fact, FileRead
from yihu.letters.models import Letter
from yihu.organisations.models import Appointment, Post

LIST_QUERIES = 20
PAGE_QUERIES = 52


def pdf(name: str = "纸.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, SHEET, content_type="application/pdf")


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


def test_what_was_typed_stays_beside_what_is_wrong_with_it(walk: Walk, desks: Desks, people: People) -> None:
    walk.bring(MONDAY)
    walk.admit(MONDAY)
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


def test_differences_are_settled_beside_the_opinion(walk: Walk, desks: Desks, people: People, service: Actor) -> None:
    walk.bring(MONDAY)
    walk.admit(MONDAY)
    walk.survey(MONDAY)
    head = walk.household.people.order_by("id")[0]
    for name, text, person in (("wage", "2050", head), ("monetary_assets", "12384.20", None)):
        say(walk.household, name, text, by=service, on=MONDAY, source=FactSource.RECEIVED, person=person)
    page = desks.look(people.examiner, walk.number)
    assert "2 处不一致" in page
    assert re.search(r'form="examine-form" disabled', page)
    wage = Fact.objects.get(name="wage", source=FactSource.RECEIVED)
    about = f"wage/{head.pk}"
    page = desks.do(people.examiner, walk.number, "settle", step="examination", about=about, side=wage.pk, reason="")
    assert "理由" in page
    desks.done(
        people.examiner, walk.number, "settle", step="examination", about=about, side=wage.pk, reason="近三月实发"
    )
    page = desks.do(
        *(people.examiner, walk.number, "settle"),
        step="examination",
        about="monetary_assets/",
        side="found",
        found="一万",
        reason="存折",
    )
    assert "货币财产：" in page
    desks.done(
        *(people.examiner, walk.number, "settle"),
        step="examination",
        about="monetary_assets/",
        side="found",
        found="12000",
        reason="存折",
    )
    page = desks.look(people.examiner, walk.number)
    assert "没有待采信的不一致" in page
    assert "理由：近三月实发" in page
    # The opinion is computed with what was adopted: 1,450 × 3 − 2,050.
    assert "¥2,300.00" in page


def test_nobody_grants_what_the_rules_refuse(walk: Walk, desks: Desks, people: People, service: Actor) -> None:
    head = walk.household.people.get(name="贾一")
    say(walk.household, "wage", "9000", by=service, on=MONDAY, source=FactSource.DECLARED, person=head)
    walk.bring(MONDAY)
    walk.admit(MONDAY)
    walk.survey(MONDAY)
    page = desks.do(people.examiner, walk.number, "examine", step="examination", opinion="grant", reason="想给")
    assert "不符合条件，不能提出同意" in page


def test_a_refusal_against_the_rules_takes_two(walk: Walk, desks: Desks, people: People) -> None:
    walk.bring(MONDAY)
    walk.admit(MONDAY)
    walk.survey(MONDAY)
    desks.done(people.examiner, walk.number, "propose_refusal", step="examination", reason="实际住在外地")
    walk.post(MONDAY)
    walk.unpost(date(2026, 3, 10))
    desks.today = date(2026, 3, 10)
    page = desks.look(people.director, walk.number)
    assert "审核提出的，规则算出的是符合条件" in page
    page = desks.do(people.director, walk.number, "confirm", step="confirmation", decision="grant", reason="给")
    assert "甄审核的意见是不同意" in page
    desks.done(people.director, walk.number, "confirm", step="confirmation", decision="refuse", reason="实际住在外地")
    walk.hand_over(date(2026, 3, 10))
    letter = Letter.objects.get(kind="refusal")
    assert letter.content["reasons"] == []
    assert "实际住在外地" in "".join(letter.content["paragraphs"])
    assert walk.award is None


def test_the_decider_alone_refuses_nobody(walk: Walk, desks: Desks, people: People) -> None:
    to_confirmation(walk)
    desks.today = date(2026, 3, 13)
    page = desks.do(people.director, walk.number, "confirm", step="confirmation", decision="refuse", reason="不想给")
    assert "甄审核的意见是同意" in page


def test_sending_back_asks_where_to_and_why(walk: Walk, desks: Desks, people: People) -> None:
    to_confirmation(walk)
    desks.today = date(2026, 3, 13)
    page = desks.look(people.director, walk.number)
    assert re.findall(r'name="to" value="([^"]+)"', page) == ["examination", "home_visit", "records_check"]
    desks.done(people.director, walk.number, "back", step="confirmation", to="home_visit", reason="没有看后院")
    page = desks.look(people.examiner, walk.number)
    assert "退回“入户调查”：没有看后院" in page
    assert "已退回重办" in page


def test_a_form_that_nobody_was_offered_is_refused(walk: Walk, desks: Desks, people: People) -> None:
    to_confirmation(walk)
    walk.confirm(date(2026, 3, 13))
    desks.today = date(2026, 3, 13)
    back = {"step": "grant_letter", "to": "examination", "reason": "再看"}
    for actor in (people.clerk, people.examiner):
        assert "这件事您现在不能办" in desks.do(actor, walk.number, "back", **back)
    assert "这件事您现在不能办" in desks.do(people.clerk, walk.number, "extend", because="忙")
    assert walk.open == ["grant_letter", "publication"]


def test_a_doubt_is_written_down_and_answered_on_the_page(walk: Walk, desks: Desks, people: People) -> None:
    to_confirmation(walk)
    desks.today = date(2026, 3, 13)
    desks.done(people.clerk, walk.number, "object", source="complaint", content="听说有车", raised_by="")
    doubt = Objection.objects.get()
    assert "区级入户" in desks.look(people.director, walk.number)
    about = {"about": str(doubt.pk)}
    assert "必填" in desks.do(people.officer, walk.number, "answer", **about, upheld="no", answer="")
    desks.done(people.officer, walk.number, "answer", **about, upheld="no", answer="查过，没有车")
    assert "查过，没有车" in desks.look(people.director, walk.number)


def test_more_time_and_an_end_are_offered_to_those_who_may(walk: Walk, desks: Desks, people: People) -> None:
    to_confirmation(walk)
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
    walk: Walk, desks: Desks, people: People
) -> None:
    walk.bring(MONDAY)
    walk.admit(MONDAY)
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


def test_the_page_of_a_case_takes_few_queries(walk: Walk, desks: Desks, people: People) -> None:
    to_confirmation(walk)
    complain(walk, ObjectionSource.COMPLAINT, date(2026, 3, 12))
    answer_all(walk, date(2026, 3, 12))
    desks.today = date(2026, 3, 13)
    desks.look(people.officer, walk.number)
    with CaptureQueriesContext(connection) as caught:
        desks.look(people.officer, walk.number)
    assert len(caught) <= PAGE_QUERIES


def test_who_admitted_is_told_why_he_may_not_examine(
    walk: Walk, desks: Desks, people: People, district: rooms.District
) -> None:
    walk.bring(MONDAY)
    walk.admit(MONDAY)
    walk.survey(MONDAY)
    post, _made = Post.objects.get_or_create(kind="street_examiner", division=district.street)
    Appointment.objects.create(post=post, staff_id=people.clerk.person, period=(date(2020, 1, 1), None))
    client = desks.of(people.clerk)
    client.post(reverse("switch_post"), {"post": post.pk})
    page = desks.look(people.clerk, walk.number)
    assert "您已经办过这件案子的“受理”，“初审意见”须由另一个人办理" in page
    assert "examine-form" not in page


def test_what_the_rules_cannot_say_yet_is_named(walk: Walk, desks: Desks, people: People, service: Actor) -> None:
    walk.bring(MONDAY)
    walk.admit(MONDAY)
    walk.survey(MONDAY)
    head = walk.household.people.order_by("id")[0]
    say(walk.household, "wage", "?", by=service, on=MONDAY, source=FactSource.VERIFIED, person=head)
    page = desks.look(people.examiner, walk.number)
    assert re.search("按现有事实还不能得出意见，缺：贾一 工资性收入", page)
    assert 'name="reason"' not in page[page.index('id="examine-form"') : page.index("退回补查")]
