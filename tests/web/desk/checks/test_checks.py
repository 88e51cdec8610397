"""核对: what waits at which department, and the files that were not taken."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import rooms
from tests.cases.street import People, appoint, make_poor_family
from tests.cases.walk import Walk, related
from tests.web.desk.reading import rail, rows
from tests.web.desk.seats import MONDAY, Desks
from yihu.access.actor import Actor, service
from yihu.common import secrets
from yihu.households.models import FileRead, Person
from yihu.records_checks import actions as records_checks
from yihu.records_checks.actions import EXCHANGES
from yihu.records_checks.actions.refusing import keep_refused
from yihu.records_checks.exchange import Dropped
from yihu.records_checks.models import RefusedFile, SourceRequest
from yihu.records_checks.sources import source_of

FRIDAY, NEXT_MONDAY = date(2026, 3, 6), date(2026, 3, 9)
LIST_QUERIES = 31
COLLECTOR = service("exchange", "11/0102/", may=EXCHANGES)


@pytest.fixture
def other(being_checked: Walk, people: People, district: rooms.District, service: Actor) -> Walk:
    """Another in the next community, asked on Friday; one source was given up."""
    family = make_poor_family(district.neighbour, by=service, names=("吴甲", "吴乙", "吴丙"))
    found = Walk(people, family, service)
    found.begin(FRIDAY)
    found.ask_records(FRIDAY)
    with found.by(people.examiner) as actor:
        request = request_of(found, "banks")
        records_checks.give_up(request=request, reason="接口停用", by=actor, on=FRIDAY)
    return found


def request_of(walk: Walk, source: str) -> SourceRequest:
    return SourceRequest.objects.get(check_round__subject=walk.number, source=source)


def refuse(walk: Walk, *, folder: str = "banks") -> RefusedFile:
    """What the collector does with a file about the family's accounts that it cannot take."""
    content = f"请求号\n{request_of(walk, 'banks').number}\n".encode()
    keep_refused(
        source=source_of(folder),
        file=Dropped(Path("答复.csv"), content),
        name="答复.csv",
        faults=["第 2 行“账户数”：“一个”不是整数。"],
        by=COLLECTOR,
        on=MONDAY,
    )
    return RefusedFile.objects.latest("id")


def see(client: Client, name: str = "checks", *args: object, **asked: str) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def lists(page: str) -> tuple[list[str], list[str]]:
    """The lines of the sources, and of the questions."""
    sources, _end, questions = page.partition("</tbody>")
    return rows(sources + "</tbody>"), rows(questions)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_sources_and_the_questions_are_listed_with_their_days(other: Walk, desks: Desks, people: People) -> None:
    desks.today = NEXT_MONDAY
    sources, questions = lists(see(desks.of(people.officer)))

    assert sources[0] == "公安户籍 2 2026-03-02 5 个工作日 1 — —"
    assert sources[2] == "银行存款 1 2026-03-02 5 个工作日 1 — —"
    assert len(questions) == 11
    assert questions[0].split() == [
        *("2026-03-02", "公安户籍", "贾一", "第一社区", "XC2026-007-0001", "待发出", "已等", "5", "个工作日", "甄审核"),
    ]
    assert "2026-03-06 公安户籍 吴甲" in questions[-5]


def test_filters_stand_in_the_address_and_the_totals_below(
    other: Walk, desks: Desks, people: People, district: rooms.District
) -> None:
    desks.today = NEXT_MONDAY
    client = desks.of(people.officer)

    def found(**asked: str) -> int:
        return len(lists(see(client, **asked))[1])

    assert found(state="all") == 12
    assert found(state="failed") == 1
    assert found(state="answered") == 0
    assert found(late="1") == 6
    assert found(source="banks") == 1
    assert found(source="banks", state="all") == 2
    assert found(place=district.neighbour.path) == 5
    assert found(place="11/0102/018/") == 0
    assert found(state="nonsense") == 11
    page = see(client)
    assert "共 11 个请求，2 户　·　超过 3 个工作日 6" in page
    assert "等待答复 11" in page
    assert "接口停用" in see(client, state="failed")


def test_what_was_answered_says_how_long_it_took_and_how_old_it_is(
    being_checked: Walk, desks: Desks, people: People, service: Actor
) -> None:
    request = request_of(being_checked, "vehicles")
    people_of = being_checked.household.people.order_by("id")
    lines = ["请求号,身份证号,是否查到,数据截止日期,机动车辆数（残疾人代步车不计）"]
    lines += [f"{request.number},{number_of(each.pk)},否,2026-02-28," for each in people_of]
    records_checks.take_answer(
        source="vehicles", name="答复.csv", content="\n".join(lines).encode(), by=service, on=date(2026, 3, 4)
    )
    desks.today = NEXT_MONDAY
    sources, (question,) = lists(see(desks.of(people.officer), state="answered"))
    assert sources[4] == "车辆登记 — — — — 1 —"
    assert "已答复 用了 2 个工作日 2026-02-28" in question


def number_of(person: int) -> str:
    stored = Person.objects.get(pk=person).identity_number
    assert stored is not None
    return secrets.decrypt(secrets.Kind.IDENTITY, stored)


def test_the_workbook_holds_what_is_seen_and_is_written_into_each_file(
    other: Walk, desks: Desks, people: People
) -> None:
    desks.today = NEXT_MONDAY
    answer = desks.of(people.officer).get(reverse("desk:checks_export"), {"state": "failed"})
    (head, row) = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    line = dict(zip(head, row, strict=True))
    assert (line["来源"], line["申请人"], line["案号"], line["未能答复的原因"]) == (
        *("银行存款", "吴甲", other.number, "接口停用"),
    )
    reads = FileRead.objects.filter(kind="export", actor=people.officer.principal)
    assert [(read.household, read.detail) for read in reads] == [(other.household, "核对清单")]


def test_each_sees_his_own_area(other: Walk, desks: Desks, people: People, district: rooms.District) -> None:
    file = refuse(other)
    assert len(lists(see(desks.of(people.worker)))[1]) == 6
    stranger = desks.of(appoint("far", "吴远审", "street_examiner", district.far_street))
    page = see(stranger)
    assert lists(page)[1] == []
    assert "没有采用，里面" not in page
    assert "这里没有文件" in see(stranger, "refused_files", state="all")
    assert stranger.get(reverse("desk:refused_file", args=[file.pk])).status_code == 404


def test_a_relatives_family_is_left_out(other: Walk, desks: Desks, people: People) -> None:
    file = refuse(other)
    related(other, people.examiner)
    client = desks.of(people.examiner)
    page = see(client, state="all")
    assert len(lists(page)[1]) == 6
    assert "吴甲" not in page
    assert "没有采用，里面" not in page
    assert client.get(reverse("desk:refused_file", args=[file.pk])).status_code == 404
    answer = client.get(reverse("desk:checks_export"), {"state": "all"})
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()) == 7
    assert "吴甲" in see(desks.of(people.second))


def test_the_rail_counts_what_waits_too_long_and_what_was_not_taken(
    being_checked: Walk, desks: Desks, people: People
) -> None:
    refuse(being_checked)
    desks.today = date(2026, 3, 5)
    assert rail(see(desks.of(people.officer)), "核对") == 1
    desks.today = FRIDAY
    assert rail(see(desks.of(people.officer)), "核对") == 7
    assert rail(see(desks.of(people.examiner)), "核对") == 1
    assert rail(see(desks.of(people.clerk)), "核对") == 0


def test_a_file_goes_from_the_inbox_to_settled(being_checked: Walk, desks: Desks, people: People) -> None:
    file = refuse(being_checked)
    client = desks.of(people.examiner)
    inbox = see(client, "inbox")
    address = reverse("desk:refused_file", args=[file.pk])
    assert f'href="{address}"' in inbox
    assert any("答复文件没有采用 银行存款 答复.csv" in row for row in rows(inbox))
    assert "有 1 份答复文件没有采用" in see(client)
    assert "第 2 行“账户数”" in see(client, "refused_files")

    page = client.get(address).content.decode()
    assert "第 2 行“账户数”：“一个”不是整数。" in page
    assert f"文件名带 {file.sha256[:8]}" in page
    assert "banks/answers" in page
    assert request_of(being_checked, "banks").number in page
    assert being_checked.number in page
    assert "必填" in client.post(address, {"reason": " "}).content.decode()

    done = client.post(address, {"reason": "已电话告知"}, follow=True).content.decode()
    assert "已注明怎样处理的" in done
    assert "已电话告知" in words(done)
    assert "甄审核" in words(done[done.index("已电话告知") :])
    assert "<textarea" not in done
    assert not any("没有采用" in row for row in rows(see(client, "inbox")))
    assert "这里没有文件" in see(client, "refused_files")
    assert "答复.csv" in see(client, "refused_files", state="settled")
    again = client.post(address, {"reason": "又好了"}, follow=True).content.decode()
    assert "已于 2026-03-02 处理" in again


def test_the_faults_of_a_file_are_a_look_into_the_families_that_it_names(
    being_checked: Walk, other: Walk, desks: Desks, people: People
) -> None:
    address = reverse("desk:refused_file", args=[refuse(being_checked).pk])

    desks.of(people.examiner).get(address)
    desks.of(people.officer).post(address, {"reason": " "})

    reads = FileRead.objects.filter(detail="没有采用的答复文件 答复.csv").order_by("id")
    assert [(read.household, read.kind, read.purpose, read.actor_id) for read in reads] == [
        (being_checked.household, "file", "case", people.examiner.principal),
        (being_checked.household, "file", "supervision", people.officer.principal),
    ]


def test_who_may_only_read_is_told_who_settles(being_checked: Walk, desks: Desks, people: People) -> None:
    file = refuse(being_checked)
    client = desks.of(people.clerk)
    address = reverse("desk:refused_file", args=[file.pk])
    page = client.get(address).content.decode()
    assert "由街道审核人员或者区级主管处理" in page
    assert "<textarea" not in page
    assert "不能处理" in client.post(address, {"reason": "好了"}, follow=True).content.decode()
    file.refresh_from_db()
    assert file.settled_on is None


def test_a_file_whose_requests_have_ended_says_so(being_checked: Walk, desks: Desks, people: People) -> None:
    file = refuse(being_checked)
    with being_checked.by(people.examiner) as actor:
        records_checks.give_up(request=request_of(being_checked, "banks"), reason="接口停用", by=actor, on=MONDAY)
    page = see(desks.of(people.examiner), "refused_file", file.pk)
    assert "不再等这份文件" in page
    assert "所涉请求都已有结果。</textarea>" in page


def test_a_file_in_the_wrong_folder_is_told_so(being_checked: Walk, desks: Desks, people: People) -> None:
    file = refuse(being_checked, folder="vehicles")
    page = see(desks.of(people.examiner), "refused_file", file.pk)
    assert "可能放错了文件夹" in page


def test_the_list_takes_as_many_queries_for_many_families(
    being_checked: Walk, desks: Desks, people: People, district: rooms.District, service: Actor
) -> None:
    client = desks.of(people.examiner)
    taken = []
    for surname in "吴梅郝":
        names = (f"{surname}甲", f"{surname}乙", f"{surname}丙")
        each = Walk(people, make_poor_family(district.neighbour, by=service, names=names), service)
        each.begin(MONDAY)
        each.ask_records(MONDAY)
        refuse(each)
        see(client)
        with CaptureQueriesContext(connection) as caught:
            see(client)
        taken.append(len(caught))
    assert taken[0] == taken[1] == taken[2] <= LIST_QUERIES
