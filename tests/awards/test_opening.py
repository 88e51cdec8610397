"""The opening balance: awards that were running before come in from a workbook, all or none, and once."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from psycopg.types.range import Range
from python_calamine import CalamineWorkbook

from tests import many, rooms
from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, determined
from tests.places import divisions
from tests.policy_files import damage
from yihu.access.actor import Actor, service
from yihu.access.scope import acting
from yihu.awards import actions, queries
from yihu.awards.actions import BadRows, OpeningReport
from yihu.awards.models import Award, AwardTerm, OpeningImport
from yihu.awards.opening import loading
from yihu.awards.opening.sheets import template
from yihu.common import secrets
from yihu.common.refusals import Refused
from yihu.common.work import Event
from yihu.documents.models import Document
from yihu.households.models import Household, Person
from yihu.organisations.models import Division, FormerCode

ON = date(2026, 8, 20)
HEADINGS = [
    "户号",
    "户主身份证号",
    "户主姓名",
    "领取人身份证号",
    "项目",
    "月金额（元）",
    "金额说明",
    "起始月份",
    "社区代码",
    "住址",
    "电话",
]
LOW, OLD = "最低生活保障", "高龄津贴"
NUMBER = rooms.identity_number(date(1935, 5, 5), 777)


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, settings: Any) -> None:
    settings.DOCUMENT_ROOT = tmp_path


def workbook(*rows: list[Any], headings: list[str] = HEADINGS, above: int = 0) -> bytes:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        sheet = book.add_worksheet("在册名单")
        for at, row in enumerate([*[["某街道在册名单"]] * above, headings, *rows]):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(at, place, value, book.add_format({"num_format": "yyyy-mm"}))
                elif value != "":
                    sheet.write(at, place, value)
    return output.getvalue()


def load(actor: Actor, *rows: list[Any], content: bytes | None = None, **options: Any) -> OpeningReport:
    values = {
        "content": content or workbook(*rows), "name": "在册.xlsx", "on": ON, "by": actor,
        "division": Division.objects.get(path=many.DISTRICT), **options,
    }  # fmt: skip
    return actions.import_opening(**values)


def row(
    family: Household | str, programme: str = LOW, amount: Any = 1616, start: Any = "2019-03", **cells: str
) -> list[Any]:
    number = family if isinstance(family, str) else family.number
    values = {"户号": number, "项目": programme, "月金额（元）": amount, "起始月份": start, **cells}
    return [values.get(heading, "") for heading in HEADINGS]


def number_of(person: Person) -> str:
    assert person.identity_number
    return secrets.decrypt(secrets.Kind.IDENTITY, person.identity_number)


def test_awards_come_in_without_a_case_or_a_determination(actor: Actor, family: Household) -> None:
    head, _spouse, child = many.people_of(family)
    report = load(
        actor,
        row(family, amount=1616.1, start=date(2019, 3, 1)),
        row("", OLD, "100.00", "2020年11月", 户主身份证号=number_of(head), 户主姓名=head.name),
        row(family, OLD, 200, 202101, 领取人身份证号=number_of(child)),
    )

    assert (report.created, report.already, report.opened, report.total) == (3, 0, 0, 191_610)
    awards = AwardTerm.objects.order_by("pk").values_list(
        "award__programme", "award__person", "amount", "period__startswith"
    )
    assert list(awards) == [
        (FAMILY_PROGRAMME, None, 161_610, date(2019, 3, 1)),
        (MEMBER_PROGRAMME, head.pk, 10_000, date(2020, 11, 1)),
        (MEMBER_PROGRAMME, child.pk, 20_000, date(2021, 1, 1)),
    ]
    opening = OpeningImport.objects.get()
    assert (opening.awards_count, opening.total, opening.document.kind) == (3, 191_610, "opening")
    assert set(AwardTerm.objects.values_list("opening", "determination")) == {(opening.pk, None)}


def test_the_same_list_again_changes_nothing(actor: Actor, family: Household) -> None:
    content = workbook(row(family))
    load(actor, content=content)
    again = load(actor, content=content, on=date(2026, 9, 1))
    # Another file that says the same, and one thing more.
    more = workbook(row(family), row(family, OLD, 100))
    other = load(actor, content=more, on=date(2026, 9, 1))

    assert (again.created, again.already) == (0, 1)
    assert (other.created, other.already) == (1, 1)
    assert load(actor, content=more, on=ON).opening == other.opening
    assert load(actor, row(family), on=ON).created == 0
    assert (OpeningImport.objects.count(), Award.objects.count(), Document.objects.count()) == (2, 2, 2)


def test_what_the_list_says_of_an_amount_stays_with_the_award(actor: Actor, family: Household) -> None:
    other = many.make_family(first=2)
    load(actor, row(family, 金额说明=" 按2019年  标准 "), row(other))

    assert list(AwardTerm.objects.order_by("pk").values_list("mark", flat=True)) == ["按2019年 标准", ""]
    assert "每月 1,616.00 元，按2019年 标准，在册期初" in queries.events_of(family)[0].detail
    assert load(actor, row(family), row(other)).already == 2
    found = faults(actor, row(family, 金额说明="按2020年标准"), row(other, 金额说明="按2020年标准"))
    assert [(number, column) for number, column, _message in found] == [(2, "金额说明"), (3, "金额说明")]
    assert ["是“按2019年 标准”，不能再改" in found[0][2], "没有金额说明，不能再补" in found[1][2]] == [True, True]


def test_a_family_that_is_not_on_file_is_opened_with_its_head(actor: Actor) -> None:
    new = {
        "户主身份证号": NUMBER,
        "户主姓名": "吴名氏",
        "社区代码": "110102007002",
        "住址": "某胡同 9 号",
        "电话": "010-80000000",
    }
    report = load(actor, row("", OLD, 100, **new), row("", LOW, 1616, 户主身份证号=NUMBER, 户主姓名="吴名氏"))

    assert (report.created, report.opened) == (2, 1)
    household = Household.objects.get()
    assert (household.division_id, household.address, household.opened_on) == ("11/0102/007/002/", "某胡同 9 号", ON)
    assert [person.name for person in household.people.all()] == ["吴名氏"]
    assert load(actor, row("", OLD, 100, **new), row(household, LOW, 1616)).already == 2


def test_a_csv_from_excel_serves_as_well(actor: Actor, family: Household) -> None:
    text = ",".join(HEADINGS) + "\r\n" + f'{family.number},,,,{LOW},"1,616.00",,2019/3/1,,,\r\n'
    for encoding in ("gb18030", "utf-8-sig"):
        assert load(actor, content=text.encode(encoding), name="在册.csv").created + Award.objects.count() in (1, 2)
    assert AwardTerm.objects.get().amount == 161_600


def test_a_title_may_stand_above_the_table(actor: Actor, family: Household) -> None:
    assert load(actor, content=workbook(row(family), above=3)).created == 1


def faults(actor: Actor, *rows: list[Any], **options: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(BadRows) as refused:
        load(actor, *rows, **options)
    assert f"{len(refused.value.rows)} 处要改，没有载入任何一行" in refused.value.message
    return [(bad.row, bad.column, bad.message) for bad in refused.value.rows]


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"programme": "低保金"}, "项目", "没有“低保金”这个项目。可填：最低生活保障"),
        ({"programme": "临时救助（急难型）"}, "项目", "不是按月发放"),
        ({"programme": ""}, "项目", "没有填"),
        ({"amount": ""}, "月金额", "没有填"),
        ({"amount": "一千"}, "月金额", "不是金额"),
        ({"amount": 1616.005}, "月金额", "小数多于两位"),
        ({"amount": 0}, "月金额", "要大于 0"),
        ({"amount": -5}, "月金额", "要大于 0"),
        ({"金额说明": "按" + "旧" * 40}, "金额说明", "最多 40 个字，现在有 41 个"),
        ({"start": ""}, "起始月份", "没有填"),
        ({"start": "三月"}, "起始月份", "不是月份"),
        ({"start": "2019-13"}, "起始月份", "不是月份"),
        ({"start": "2026-09"}, "起始月份", "还没有到"),
        ({"户号": "XC-007-999999"}, "户号", "没有户号“XC-007-999999”"),
        ({"户号": ""}, "户号", "都没有填"),
        ({"户主身份证号": "000000197001010012"}, "户主身份证号", "校验位对不上"),
        ({"户主身份证号": 110000197001010010.0}, "户主身份证号", "末几位已经丢失"),
        ({"户主身份证号": NUMBER}, "户主身份证号", "不是户 XC-007-000001 的户主"),
        ({"户主姓名": "吴旁人"}, "户主姓名", "档案里户主是“甄小满”"),
        ({"领取人身份证号": NUMBER}, "领取人身份证号", "发给全家，不填领取人"),
        ({"programme": OLD, "领取人身份证号": NUMBER}, "领取人身份证号", "不是户 XC-007-000001 的成员"),
        ({"户号": "", "户主身份证号": NUMBER, "社区代码": "110102007002", "住址": "某处"}, "户主姓名", "还没有建档"),
        ({"户号": "", "户主身份证号": NUMBER, "户主姓名": "吴名氏", "社区代码": "110102007002"}, "住址", "还没有建档"),
        (
            {"户号": "", "户主身份证号": NUMBER, "户主姓名": "吴名氏", "社区代码": "110108001001", "住址": "某处"},
            "社区代码",
            "不是西城区的社区代码",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_place_and_nothing_is_loaded(
    actor: Actor, family: Household, cells: dict[str, Any], column: str, said: str
) -> None:
    other = many.make_family(first=2)
    changed = row(family, **{key: value for key, value in cells.items() if key.isascii()})
    for heading, value in cells.items():
        if not heading.isascii():
            changed[HEADINGS.index(heading)] = value

    [(number, where, message)] = faults(actor, row(other), changed)
    assert (number, where) == (3, column)
    assert said in message
    assert not Award.objects.exists()
    assert not Document.objects.exists()


def test_every_bad_row_is_named(actor: Actor, family: Household) -> None:
    found = faults(actor, row(family, amount=""), row(family, start=""), row("XC-000-000000", "低保金"))

    assert [(number, column) for number, column, _message in found] == [
        (2, "月金额"), (3, "起始月份"), (4, "项目"), (4, "户号"),
    ]  # fmt: skip


def test_what_contradicts_the_register_or_the_list_itself_is_bad(actor: Actor, family: Household) -> None:
    load(actor, row(family))
    person = many.people_of(family)[1]
    person.died_on = date(2026, 8, 1)
    person.save()

    [(_number, column, message)] = faults(actor, row(family, amount=1700))
    assert (column, "从 2019-03 起每月 1,616.00 元" in message) == ("项目", True)
    [(number, _column, message)] = faults(actor, row(family, OLD), row(family, OLD))
    assert (number, "第 2 行是同一户（人）的同一项目" in message) == (3, True)
    [(_number, _column, message)] = faults(actor, row(family, OLD, 领取人身份证号=number_of(person)))
    assert "已于 2026-08-01 去世" in message


def test_an_award_by_determination_is_not_an_opening(actor: Actor, family: Household) -> None:
    actions.grant(
        household=family, person=None, programme=FAMILY_PROGRAMME, key="running", amount=161_600, on=ON,
        period=Range(date(2019, 3, 1), None), determination=determined(family, 161_600), by=actor,
    )  # fmt: skip
    assert "已有这个项目" in faults(actor, row(family))[0][2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook(["x"], headings=["姓名"]), "没有找到表头"),
        (workbook(headings=HEADINGS), "表头下面没有内容"),
        (workbook(["x"], headings=[*HEADINGS, "备注"]), "列“备注”不认识"),
        (workbook(["x"], headings=[*HEADINGS, "项目"]), "有两列“项目”"),
        (b"\x89PNG\r\n\x1a\n", "不收|损坏"),
        (b"PK\x03\x04 cut off", "损坏"),
    ],
)
def test_what_is_no_such_list_is_refused(actor: Actor, content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        load(actor, content=content)
    assert not Document.objects.exists()


def test_only_the_district_takes_over_awards(actor: Actor, family: Household) -> None:
    with pytest.raises(Refused, match="岗位不能载入在册名单"):
        load(many.make_actor("finance_maker"), row(family))
    assert load(many.make_actor("district_officer"), row(family)).created == 1


def test_the_template_is_a_list_that_is_still_empty(actor: Actor) -> None:
    assert template() == template()
    book = CalamineWorkbook.from_filelike(io.BytesIO(template()))
    assert [str(cell) for cell in book.get_sheet_by_index(0).to_python()[0]] == [
        heading.removesuffix("（元）") for heading in HEADINGS
    ]
    assert LOW in book.get_sheet_by_index(1).to_python()[-1][1]
    with pytest.raises(Refused, match="表头下面没有内容"):
        load(actor, content=template())


def test_the_timeline_says_where_an_award_comes_from(actor: Actor, family: Household) -> None:
    load(actor, row(family))
    [event] = queries.events_of(family)
    assert isinstance(event, Event)
    assert "在册" in event.title + event.detail


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"户主姓名": "吴7号"}, "户主姓名", "它不是字"),
        ({"住址": "胡" * 201}, "住址", "住址最多 200 个字"),
        ({"电话": "12"}, "电话", "应为 11 位，现在是 2 位"),
        ({"户主身份证号": rooms.identity_number(date(1899, 5, 5), 5)}, "户主身份证号", "早于 1900 年"),
    ],
)
def test_a_family_that_cannot_be_opened_is_a_bad_row(
    actor: Actor, cells: dict[str, str], column: str, said: str
) -> None:
    new = {"户主身份证号": NUMBER, "户主姓名": "吴名氏", "社区代码": "110102007002", "住址": "某胡同 9 号"}
    good = {**new, "户主身份证号": rooms.identity_number(date(1935, 5, 5), 778)}

    [(number, where, message)] = faults(actor, row("", OLD, 100, **good), row("", OLD, 100, **{**new, **cells}))
    assert (number, where) == (3, column)
    assert said in message
    assert not Household.objects.exists()


def test_somebody_of_another_district_is_not_opened_again(actor: Actor) -> None:
    divisions({"11/0108/001/": "某街道", "11/0108/001/001/": "某社区"})
    with acting(service("tests", "11/0108/")):
        [number] = [number_of(each) for each in many.people_of(many.make_family(community="11/0108/001/001/"))]

    new = {"户主身份证号": number, "户主姓名": "甄小满", "社区代码": "110102007002", "住址": "某胡同 9 号"}
    [(_row, column, message)] = faults(actor, row("", OLD, 100, **new))
    assert (column, "已在某街道户 110108-001-000001 建档" in message) == ("户主身份证号", True)


def test_portions_know_of_each_other(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "AT_ONCE", 1)
    new = {"户主身份证号": NUMBER, "户主姓名": "吴名氏", "社区代码": "110102007002", "住址": "某胡同 9 号"}

    [(number, _column, message)] = faults(actor, row("", OLD, 100, **new), row("", OLD, 100, **new))
    assert (number, "第 2 行是同一户（人）的同一项目" in message) == (3, True)
    report = load(actor, row("", OLD, 100, **new), row("", LOW, 100, 户主身份证号=NUMBER))
    assert (report.created, report.opened, Household.objects.count()) == (2, 1, 1)


@pytest.mark.slow
def test_six_thousand_rows_at_once(actor: Actor) -> None:
    families = many.make_families(6_000)
    Person.objects.update(birth_date=date(1940, 1, 22))
    content = workbook(*(row(family, OLD, 100 + at) for at, family in enumerate(families)))

    assert load(actor, content=content).created == 6_000


def test_a_month_that_excel_keeps_as_a_number_is_not_guessed(actor: Actor, family: Household) -> None:
    typed = row(family)
    typed[HEADINGS.index("起始月份")] = 2019.1

    with pytest.raises(Refused, match="分不清是 1 月还是 10 月"):
        load(actor, typed)


@pytest.mark.parametrize("cell", [damage.NA, damage.NOT_WORKED_OUT])
def test_a_cell_without_a_value_never_pays_the_head_in_place_of_the_person(
    actor: Actor, family: Household, cell: damage.Raw
) -> None:
    typed = row(family, OLD, 100)
    typed[HEADINGS.index("领取人身份证号")] = cell

    with pytest.raises(Refused, match="工作表“在册”D2 是"):
        load(actor, content=damage.workbook({"在册": [HEADINGS, typed]}))
    assert not Award.objects.exists()


def test_a_sum_of_excel_is_what_excel_shows(actor: Actor, family: Household) -> None:
    load(actor, row(family, amount=1170.1 * 3))

    assert AwardTerm.objects.get().amount == 351030


def test_a_list_in_a_hidden_sheet_is_refused_and_named(actor: Actor, family: Household) -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        for name in ("本月", "上月"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADINGS)
            sheet.write_row(1, 0, [str(value) for value in row(family)])
        sheet.hide()

    with pytest.raises(Refused, match="工作表“上月”是隐藏的"):
        load(actor, content=output.getvalue())


def test_a_family_that_lives_elsewhere_by_now_is_a_bad_row(actor: Actor, family: Household) -> None:
    typed = row(family)
    typed[HEADINGS.index("社区代码")] = "110102018001"

    with pytest.raises(Refused, match="已经迁居的，请先在家庭档案登记"):
        load(actor, typed)


def test_a_quote_without_its_end_is_told_with_its_line(actor: Actor) -> None:
    content = (",".join(HEADINGS) + '\n"贾' + "一" * 200_000).encode()

    with pytest.raises(Refused, match="引号不成对"):
        load(actor, content=content, name="在册.csv")


@pytest.mark.parametrize(
    ("born", "start", "column", "said"),
    [
        (date(1984, 5, 5), "2019-03", "领取人身份证号", "1984-05-05 出生，按年龄不符合高龄老年人津贴"),
        (date(1946, 8, 21), "2019-03", "领取人身份证号", "按年龄不符合"),
        (date(1935, 5, 5), "1935-04", "起始月份", "不是月份|不能从"),
    ],
)
def test_a_recipient_who_cannot_have_it_by_his_age_is_refused(
    actor: Actor, family: Household, born: date, start: str, column: str, said: str
) -> None:
    Person.objects.filter(household=family).update(birth_date=born)
    [(_row, found, message)] = faults(actor, row(family, OLD, 100, start))

    assert found == column
    assert re.search(said, message)


def test_who_is_eighty_today_may_have_it(actor: Actor, family: Household) -> None:
    Person.objects.filter(household=family).update(birth_date=date(1946, 8, 20))

    assert load(actor, row(family, OLD, 100)).created == 1


def test_a_head_who_comes_with_the_list_is_held_to_his_age_too(actor: Actor) -> None:
    young = rooms.identity_number(date(1984, 5, 5), 778)
    cells = {"户主身份证号": young, "户主姓名": "吴名氏", "社区代码": "110102007002", "住址": "某胡同 9 号"}
    [(_row, _column, message)] = faults(actor, row("", OLD, 100, **cells))

    assert "按年龄不符合" in message


def test_a_community_is_known_by_a_code_that_it_bore_before(actor: Actor) -> None:
    community = Division.objects.get(code="110102007002")
    FormerCode.objects.create(
        code="110104007002", name="某旧社区", division=community, source="虚构文件", period=(None, date(2010, 6, 28))
    )
    new = {"户主身份证号": NUMBER, "户主姓名": "吴名氏", "社区代码": "110104007002", "住址": "某胡同 9 号"}

    assert load(actor, row("", **new)).opened == 1
    assert Household.objects.get().division == community
