"""待遇 at the desk, and the determinations that awards rest on."""

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import Range
from python_calamine import CalamineWorkbook

from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, determined
from tests.due import due_of
from tests.payments.conftest import award, families, opening
from tests.policy import register
from tests.web.desk.conftest import Desk
from yihu.access.actor import Actor
from yihu.awards import actions
from yihu.awards.models import Award, AwardTerm
from yihu.awards.periods import period_from
from yihu.households.enums import ReadKind
from yihu.households.models import FileRead, Household
from yihu.organisations.models import Division
from yihu.policy.actions import determine
from yihu.policy.labels import programme_of
from yihu.policy.models import Determination

MARCH = date(2026, 3, 1)


@pytest.fixture
def clerk(desk_of: Desk) -> Client:
    return desk_of("window_clerk")


@pytest.fixture
def some(service: Actor) -> Sequence[Household]:
    """Two families of one street, and one of another street with an award of its head's."""
    near = families(2, members=3)
    [far] = families(1, community="11/0102/018/001/")
    award(near, [161_600, 100_000], start=MARCH)
    books = opening(MARCH)
    award([far], 20_000, start=MARCH, programme=MEMBER_PROGRAMME, person=True, opening=books, mark="按2019年标准")
    return [*near, far]


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_what_runs_with_its_sums(clerk: Client, some: Sequence[Household]) -> None:
    html = shown(clerk, "/desk/awards/")

    assert "2026 年 3 月在享待遇" in html
    assert some[0].number in html
    assert "¥1,616.00" in html
    assert "合计 2 户 6 人" in html
    assert "¥2,616.00" in html
    assert "2026-03 起" in html
    assert (
        f'href="/desk/awards/determinations/{AwardTerm.objects.get(award__household=some[0]).determination_id}/"'
        in html
    )


def test_sums_are_of_what_is_paid_as_often_and_of_money_alone(desk_of: Desk, some: Sequence[Household]) -> None:
    award(some[:1], None, start=MARCH, programme="low_income")
    award(some[1:2], 80_000, start=MARCH, programme="heating_assistance")
    officer = desk_of("district_officer")

    assert "¥" not in foot(shown(officer, "/desk/awards/?programme=low_income"))
    whole = foot(shown(officer, "/desk/awards/"))
    assert "每月 ¥2,816.00" in whole
    assert "每采暖季 ¥800.00" in whole


def foot(html: str) -> str:
    """The totals under the table."""
    return re.sub(r"<[^>]+>|\s+", " ", html[html.index("<tfoot>") : html.index("</tfoot>")])


def test_another_street_is_not_in_it(clerk: Client, some: Sequence[Household]) -> None:
    assert some[2].number not in shown(clerk, "/desk/awards/")


def test_the_district_sees_all_and_narrows_it(desk_of: Desk, some: Sequence[Household]) -> None:
    district = desk_of("district_officer")

    assert "合计 3 户 7 人" in shown(district, "/desk/awards/")
    for query in (f"programme={MEMBER_PROGRAMME}", "street=11/0102/018/", "basis=opening", f"number={some[2].number}"):
        html = shown(district, f"/desk/awards/?{query}")
        assert "合计 1 户 1 人" in html, query
        assert '<span class="chip plain">在册期初</span> <span class="chip info">按2019年标准</span>' in " ".join(
            html.split()
        )


def test_a_status_without_an_end_is_said_to_last(desk_of: Desk, some: Sequence[Household], service: Actor) -> None:
    found = determined(some[2], None, programme="low_income")
    actions.grant(
        household=some[2], person=None, programme="low_income", key="running", period=Range(MARCH, None), amount=None,
        determination=found, by=service, on=MARCH,
    )  # fmt: skip
    html = shown(desk_of("district_officer"), "/desk/awards/")
    assert html.count("，长期") == 1


def test_a_month_before_has_nothing_and_what_is_no_month_is_named(clerk: Client, some: Sequence[Household]) -> None:
    assert "这个月没有符合条件的待遇" in shown(clerk, "/desk/awards/?month=2026-02")
    html = shown(clerk, "/desk/awards/?month=2026-13")
    assert "“2026-13”不是月份" in html
    assert some[0].number in html


def test_someone_who_has_two_awards_is_counted_once(clerk: Client, some: Sequence[Household]) -> None:
    award(some[:1], 20_000, start=MARCH, programme=MEMBER_PROGRAMME, person=True)

    assert "合计 2 户 6 人" in shown(clerk, "/desk/awards/")


def test_the_workbook_is_what_is_seen_and_is_recorded(clerk: Client, some: Sequence[Household]) -> None:
    address = f"/desk/awards/export/?number={some[0].number}"
    assert "为什么要导出这 1 笔？" in shown(clerk, address)
    assert not FileRead.objects.exists()

    response = clerk.post(address, {"purpose": "review", "detail": "年度复核"})

    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["户号", some[0].number]
    assert rows[1][6] == 1616.0
    assert list(FileRead.objects.values_list("household", "kind", "purpose")) == [
        (some[0].pk, ReadKind.EXPORT, "review")
    ]


def test_what_is_said_of_an_amount_goes_wherever_it_goes(desk_of: Desk, some: Sequence[Household]) -> None:
    officer, number = desk_of("district_officer"), some[2].number
    officer.post(f"/desk/families/{number}/purpose/", {"purpose": "review", "detail": ""})
    ending = f"/desk/awards/{Award.objects.get(household=some[2]).pk}/end/"

    for address in (ending, f"/desk/families/{number}/", f"/desk/supervision/families/{number}/", "/desk/families/"):
        assert "按2019年标准" in shown(officer, address), address
    for address, column in (("awards/export/?basis=opening", 11), ("families/export/?award=any", 8)):
        content = officer.post(f"/desk/{address}", {"purpose": "review", "detail": "核对"}).content
        rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        assert [row[column] for row in rows if row[0] == number or row[0] == "户号"] == ["金额说明", "按2019年标准"]


def test_more_rows_take_no_more_queries(clerk: Client, some: Sequence[Household]) -> None:
    def queries() -> int:
        shown(clerk, "/desk/awards/")
        with CaptureQueriesContext(connection) as caught:
            shown(clerk, "/desk/awards/")
        return len(caught)

    before = queries()
    award(families(30, first=100), 1_000, start=MARCH)

    assert queries() == before


def test_an_award_ends_for_what_needs_no_determination(desk_of: Desk, some: Sequence[Household]) -> None:
    director = desk_of("street_director")
    director.post(f"/desk/families/{some[0].number}/purpose/", {"purpose": "change", "detail": ""})
    running = Award.objects.get(household=some[0])
    address = f"/desk/awards/{running.pk}/end/"
    assert f'href="{address}"' in shown(director, "/desk/awards/")

    refused = director.post(address, {"reason": "left", "from_day": "2026-02"}).content.decode()
    assert "最早可从 2026 年 3 月 起停发" in refused
    assert 'value="2026-02"' in refused
    response = director.post(address, {"reason": "left", "from_day": "2026-04"}, follow=True)

    term = running.terms.worth_telling().get()
    assert "从 2026 年 4 月 起停发" in response.content.decode()
    assert (term.until, term.end_reason) == (date(2026, 4, 1), "left")


def test_an_award_that_never_began_stands_in_no_list_and_its_family_opens(
    desk_of: Desk, some: Sequence[Household]
) -> None:
    director = desk_of("street_director")
    director.post(f"/desk/families/{some[0].number}/purpose/", {"purpose": "change", "detail": ""})
    running = Award.objects.get(household=some[0])

    director.post(f"/desk/awards/{running.pk}/end/", {"reason": "left", "from_day": "2026-03"})

    assert running.terms.worth_telling().get().shown.isempty
    assert f"/desk/awards/{running.pk}/end/" not in shown(director, "/desk/awards/")
    assert "低保 在享" not in shown(director, f"/desk/families/{some[0].number}/")


@pytest.mark.parametrize(
    ("programme", "day", "told"),
    [
        ("heating_assistance", "2026-03-20", "从 2026 年 3 月 20 日 起停发"),
        ("temporary_assistance", "2026-03-02", "从 2026 年 3 月 2 日 起停发"),
    ],
)
def test_what_comes_once_a_period_ends_on_any_of_its_days(
    desk_of: Desk, some: Sequence[Household], programme: str, day: str, told: str
) -> None:
    director = desk_of("street_director")
    start = date(2026, 3, 2)
    until = period_from(programme_of(programme, some[1].division_id), start).upper
    [given] = award([some[1]], 80_000, start=start, until=until, programme=programme)
    address = f"/desk/awards/{given.pk}/end/"
    assert f'href="{address}"' in shown(director, "/desk/awards/")
    director.post(f"/desk/families/{some[1].number}/purpose/", {"purpose": "change", "detail": ""})

    page = shown(director, address)
    assert 'type="date"' in page
    assert f'value="{start}"' in page
    assert (
        "日期写成 2026-03-05 这样"
        in director.post(address, {"reason": "renounced", "from_day": "3月"}).content.decode()
    )
    assert told in director.post(address, {"reason": "renounced", "from_day": day}, follow=True).content.decode()
    assert due_of([given.pk], until=date(2027, 1, 1), known_on=date(2027, 1, 1)) == []


def test_an_end_that_is_set_may_come_earlier(desk_of: Desk, some: Sequence[Household]) -> None:
    director = desk_of("street_director")
    director.post(f"/desk/families/{some[0].number}/purpose/", {"purpose": "change", "detail": ""})
    running = Award.objects.get(household=some[0])
    address = f"/desk/awards/{running.pk}/end/"

    for month in ("2026-07", "2026-05"):
        assert f'href="{address}"' in shown(director, "/desk/awards/")
        director.post(address, {"reason": "left", "from_day": month})

    assert running.terms.worth_telling().get().until == date(2026, 5, 1)


def test_a_clerk_ends_no_award(clerk: Client, some: Sequence[Household]) -> None:
    running = Award.objects.get(household=some[0])

    assert clerk.get(f"/desk/awards/{running.pk}/end/").status_code == 403
    assert "/end/" not in shown(clerk, "/desk/awards/")


# ---- determinations


@pytest.fixture
def found(service: Actor) -> Determination:
    """What three adults were found to get in August 2020."""
    household, _people = register.three_adults()
    on = date(2020, 8, 20)
    return determine(household=household, programme=FAMILY_PROGRAMME, on=on, known_on=on, held={}, by=service)


@pytest.fixture
def reader(desk_of: Desk, found: Determination) -> Client:
    """An auditor who has said why."""
    client = desk_of("auditor")
    client.post(f"/desk/families/{found.household.number}/purpose/", {"purpose": "audit", "detail": ""})
    return client


def test_a_determination_explains_itself_from_what_was_frozen(reader: Client, found: Determination) -> None:
    html = shown(reader, f"/desk/awards/determinations/{found.pk}/")

    assert "最低生活保障" in html
    assert "¥1,616.00" in html
    assert "符合条件" in html
    assert "家庭月人均收入 631.33 元" in html
    assert "工资性收入（月）" in html
    assert "1,894.00 元" in html
    assert found.hash in html
    assert "系统 · tests" in html
    assert FileRead.objects.filter(household=found.household, kind=ReadKind.FILE).exists()


def test_worked_out_again_it_agrees(reader: Client, found: Determination) -> None:
    assert "复算一致" in shown(reader, f"/desk/awards/determinations/{found.pk}/?replay=1")


def test_one_that_was_altered_is_named(reader: Client, found: Determination) -> None:
    # The database refuses to alter one; a row that never was right shows the same.
    values = {field.name: getattr(found, field.name) for field in Determination._meta.concrete_fields}
    forged = Determination.objects.create(**{**values, "id": None, "amount": 200_000})

    html = shown(reader, f"/desk/awards/determinations/{forged.pk}/?replay=1")

    assert "复算不一致" in html
    assert "金额" in html


def test_what_the_register_says_otherwise_since_is_told(reader: Client, found: Determination) -> None:
    head = found.household.people.earliest("id")
    register.state("wage", "3000", person=head, known_on=date(2020, 8, 1))

    html = shown(reader, f"/desk/awards/determinations/{found.pk}/?replay=1")

    assert "复算一致" in html
    assert "登记簿现在 3,000.00 元" in html


def test_a_foreign_determination_does_not_exist(desk_of: Desk, found: Determination) -> None:
    far = desk_of("window_clerk", Division.objects.get(code="110102018"))

    assert far.get(f"/desk/awards/determinations/{found.pk}/").status_code == 404
