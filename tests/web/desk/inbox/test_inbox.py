"""What waits for whom, most urgent first."""

import re
from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import rooms
from tests.cases.street import People, appoint, make_poor_family, say
from tests.cases.walk import Walk, complain, related, to_confirmation
from tests.web.desk.reading import rail, rows
from tests.web.desk.seats import MONDAY, Desks
from yihu.access.actor import Actor
from yihu.cases.enums import ObjectionSource
from yihu.households.enums import FactSource
from yihu.records_checks.models import SourceRequest


def see(desks: Desks, actor: Actor, **asked: str) -> str:
    answer = desks.of(actor).get(reverse("desk:inbox"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def pieces(row: str) -> int:
    """How many things stand in a row."""
    several = re.search(r"(\d+) 件", row)
    return int(several[1]) if several else 1


def test_what_waits_goes_from_desk_to_desk(walk: Walk, desks: Desks, people: People) -> None:
    assert [row.split()[1] for row in rows(see(desks, people.clerk))] == ["受理"]
    assert "没有待办" in see(desks, people.examiner)
    walk.begin(MONDAY)
    titles = [row for row in rows(see(desks, people.examiner)) if "送达" not in row]
    assert [re.sub(r"剩 \d+ 个工作日 ", "", row).split()[0] for row in titles] == ["信息核对", "入户调查"]
    assert any("入户调查" in row for row in rows(see(desks, people.worker)))
    assert "没有待办" in see(desks, people.director)


def test_the_most_urgent_stands_first_with_its_days(
    walk: Walk, desks: Desks, people: People, district: rooms.District, service: Actor
) -> None:
    late = Walk(people, make_poor_family(district.neighbour, by=service, names=("吴甲", "吴乙", "吴丙")), service)
    # Due on 27 February; the day after was a Saturday that is worked.
    late.begin(date(2026, 2, 24))
    walk.begin(MONDAY)
    desks.today = date(2026, 3, 5)
    found = [row for row in rows(see(desks, people.worker)) if "入户" in row]
    assert found == ["今天 入户调查 贾一 3 人 第一社区 最低生活保障 2026-03-02 打开"]
    found = [row for row in rows(see(desks, people.examiner)) if "入户" in row]
    assert [row.split(" 入户")[0] for row in found] == ["逾期 5 个工作日", "今天"]
    page = see(desks, people.examiner)
    assert "逾期 2" in page
    assert "今天到期 2" in page
    assert f'href="{reverse("desk:case", args=[late.number])}"' in page


def test_a_deadline_on_friday_is_missed_on_saturday(walk: Walk, desks: Desks, people: People) -> None:
    walk.begin(date(2026, 3, 3))
    # Due on Friday the 6th; on the day of rest after it no working day has gone by, and yet it is late.
    desks.today = date(2026, 3, 7)
    (row,) = [row for row in rows(see(desks, people.worker)) if "入户" in row]
    assert row.startswith("逾期 1 天")
    assert [row for row in rows(see(desks, people.worker, whose="late")) if "入户" in row] == [
        re.sub("入户调查", "入户调查 街道审核、社区社工", row)
    ]


def test_filters_stand_in_the_address(
    walk: Walk, desks: Desks, people: People, district: rooms.District, service: Actor
) -> None:
    other = Walk(people, make_poor_family(district.neighbour, by=service, names=("吴甲", "吴乙", "吴丙")), service)
    other.begin(MONDAY)
    page = see(desks, people.director, whose="area")
    assert len(rows(page)) == 3
    assert all(word in page for word in ("街道审核、社区社工", "窗口经办"))
    assert len(rows(see(desks, people.director, whose="area", task="受理"))) == 1
    assert len(rows(see(desks, people.director, whose="area", place=district.neighbour.path))) == 2
    assert "没有符合筛选的待办" in see(desks, people.director, whose="area", task="nothing")


def test_the_rail_counts_what_the_list_holds(admitted: Walk, desks: Desks, people: People) -> None:
    for actor in (people.clerk, people.examiner, people.worker, people.director):
        page = see(desks, actor)
        assert rail(page, "待办") == sum(pieces(row) for row in rows(page))
        assert rail(page, "受理") == 1


def test_differences_and_doubts_show_beside_their_case(
    walk: Walk, desks: Desks, people: People, service: Actor
) -> None:
    head = walk.household.people.order_by("id")[0]
    to_confirmation(walk)
    complain(walk, ObjectionSource.COMPLAINT, date(2026, 3, 12))
    say(walk.household, "wage", "2050", by=service, on=date(2026, 3, 12), source=FactSource.RECEIVED, person=head)
    desks.today = date(2026, 3, 12)
    found = rows(see(desks, people.officer))
    assert any("答复异议 投诉举报 1 处与申报不一致" in row for row in found)
    assert any("区级入户" in row for row in found)


def test_while_a_notice_hangs_nobody_has_to_do_anything(admitted: Walk, desks: Desks, people: People) -> None:
    walk = admitted
    walk.survey(MONDAY)
    walk.examine(MONDAY)
    walk.post(MONDAY)
    desks.today = date(2026, 3, 9)
    assert not any("公示" in row for row in rows(see(desks, people.worker)))
    desks.today = date(2026, 3, 10)
    assert any("公示 公示期满" in row for row in rows(see(desks, people.worker)))


def test_a_family_of_ones_own_is_counted_and_never_shown(walk: Walk, desks: Desks, people: People) -> None:
    related(walk, people.examiner)
    walk.begin(MONDAY)
    for asked in ({}, {"whose": "area"}, {"whose": "late"}):
        page = see(desks, people.examiner, **asked)
        assert "目前 1 户，由其他同事办理" in page
        assert "贾一" not in page
        assert walk.number not in page
    assert "目前没有" in see(desks, people.second)


def test_another_street_sees_nothing_of_it(admitted: Walk, desks: Desks, district: rooms.District) -> None:
    stranger = appoint("stranger", "吴审核", "street_examiner", district.far_street)
    assert rows(see(desks, stranger)) == rows(see(desks, stranger, whose="area")) == []


def test_who_pays_sees_no_cases(admitted: Walk, desks: Desks, district: rooms.District) -> None:
    maker = appoint("maker", "贾制单", "finance_maker", district.district)
    assert "贾一" not in see(desks, maker, whose="area")


def test_the_inbox_takes_as_many_queries_for_many_families(
    walk: Walk, desks: Desks, people: People, district: rooms.District, service: Actor
) -> None:
    taken = []
    for surname in "吴梅郝":
        names = (f"{surname}甲", f"{surname}乙", f"{surname}丙")
        Walk(people, make_poor_family(district.neighbour, by=service, names=names), service).begin(MONDAY)
        see(desks, people.examiner)
        with CaptureQueriesContext(connection) as caught:
            see(desks, people.examiner)
        taken.append(len(caught))
    assert taken[0] == taken[1] == taken[2]
    assert taken[0] <= 27


def test_all_of_one_kind_in_a_family_stands_in_one_row_and_each_is_reached(
    being_checked: Walk, desks: Desks, people: People
) -> None:
    walk = being_checked
    desks.today = date(2026, 3, 10)

    page = see(desks, people.officer)

    silent = SourceRequest.objects.filter(check_round__subject=walk.number)
    assert len(silent) > 1
    (row,) = [row for row in rows(page) if "部门未答复" in row]
    assert f"{len(silent)} 件" in row
    assert all(request.number in row for request in silent)
    assert "贾一 3 人" in row
    assert page.count(f'<li><a href="{reverse("desk:case", args=[walk.number])}">') == len(silent)
    assert rail(page, "待办") == sum(pieces(each) for each in rows(page))
    assert f"{rail(page, '待办')} 件　·" in page
