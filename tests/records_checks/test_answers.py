"""What departments answer, and what it becomes."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests import rooms
from tests.records_checks.conftest import (
    BALANCE,
    CARS,
    ON,
    PENSION,
    WAGE,
    Setting,
    collect,
    declare,
    drop,
    received,
    request_of,
    seen,
    workbook,
)
from yihu.access.scope import acting
from yihu.documents.models import Document
from yihu.households import actions as households
from yihu.households import queries as families
from yihu.households.actions import NewMember
from yihu.households.enums import FactSource
from yihu.organisations.models import FormerCode
from yihu.records_checks import actions
from yihu.records_checks.enums import CheckState, RequestState, SetAside
from yihu.records_checks.models import RecordsCheck, RefusedFile, SourceAnswer

NEXT_DAY = ON + timedelta(days=1)


def test_an_answer_becomes_facts_with_its_source_its_evidence_and_its_day(family: Setting, folders: Path) -> None:
    check = family.ask("social_insurance")
    rows = family.rows(
        request_of(check, "social_insurance"),
        {WAGE: 1894.1, "在职参保": "是"},
        {PENSION: "2,300.00", "月工资（元）": 0},
        None,
        on=date(2026, 2, 20),
    )
    content = workbook(rows)
    drop(folders, "social_insurance", content)

    found = collect(ON)

    assert found == actions.Collected(("答复.xlsx",), (), ())
    facts = received()
    assert [(fact.name, fact.value, fact.person) for fact in facts] == [
        ("employed", {"employed": 1}, family.people[0]),
        ("wage", {"wage": 189410}, family.people[0]),
        ("wage", {"wage": 0}, family.people[1]),
        ("pension", {"pension": 230000}, family.people[1]),
    ]
    assert {fact.department for fact in facts} == {"人力社保"}
    assert {fact.known_on for fact in facts} == {ON}
    assert [fact.period.lower for fact in facts] == [date(2026, 2, 20), *[date(2026, 2, 1)] * 3]
    request = request_of(check, "social_insurance")
    assert (request.state, request.answered_on, request.data_as_of) == ("answered", ON, date(2026, 2, 20))
    assert {fact.evidence_id for fact in facts} == {request.answered_in_id}
    with seen():
        assert RecordsCheck.objects.get().state == CheckState.DONE
        assert list(SourceAnswer.objects.values_list("found", flat=True).order_by("pk")) == [True, True, False]
    assert not list((folders / "social_insurance" / "answers").iterdir())
    (taken,) = (folders / "social_insurance" / "taken").iterdir()
    assert (taken.read_bytes(), taken.stat().st_mode & 0o777) == (content, 0o600)


def test_balances_are_added_up_and_outrank_a_smaller_declaration(family: Setting, folders: Path) -> None:
    declare(family, monetary_assets=1_000_00)
    check = family.ask("banks")
    rows = family.rows(request_of(check, "banks"), {BALANCE: 1200.5}, {BALANCE: "300"}, None)
    drop(folders, "banks", workbook(rows))

    collect()

    assert [fact.value for fact in received()] == [{"monetary_assets": 1500_50}]
    with seen():
        (chosen,) = families.facts_on([family.household.pk], on=ON, known_on=ON)
        assert chosen.source == FactSource.RECEIVED
        assert [each.name for each in families.discrepancies(family.household, on=ON)] == ["monetary_assets"]


def test_a_higher_declaration_stands_where_a_source_sees_only_a_part(family: Setting, folders: Path) -> None:
    declare(family, monetary_assets=90_000_00, cars=1)
    check = family.ask("banks", "vehicles")
    drop(folders, "banks", workbook(family.rows(request_of(check, "banks"), {BALANCE: 1}, {BALANCE: 2}, {BALANCE: 3})))
    drop(folders, "vehicles", workbook(family.rows(request_of(check, "vehicles"), None, None, None)))

    assert len(collect().taken) == 2

    assert received() == []
    with seen():
        assert SourceAnswer.objects.count() == 6


def test_not_found_is_zero_only_where_the_source_says_so(family: Setting, folders: Path) -> None:
    check = family.ask()
    with seen():
        requests = list(check.requests.all())
    for request in requests:
        drop(folders, request.source, workbook(family.rows(request, None, None, None)))

    assert len(collect().taken) == 6

    assert sorted((fact.name, fact.value[fact.name]) for fact in received()) == [("cars", 0), ("non_residential", 0)]


def test_a_later_answer_takes_the_place_of_an_earlier_one_of_the_same_source(family: Setting, folders: Path) -> None:
    declare(family, monetary_assets=1_000_00)
    for balance in (200_000, 500):
        rows = family.rows(request_of(family.ask("banks"), "banks"), {BALANCE: balance}, None, None)
        drop(folders, "banks", workbook(rows))
        collect()

    assert [fact.value for fact in received()] == [{"monetary_assets": 200_000_00}, {"monetary_assets": 500_00}]
    with seen():
        assert [each.other.value for each in families.discrepancies(family.household, on=ON)] == [
            {"monetary_assets": 500_00}
        ]


def test_disabilities_are_the_grades_on_the_certificate_and_no_others(family: Setting, folders: Path) -> None:
    check = family.ask("disability")
    drop(folders, "disability", workbook(family.rows(request_of(check, "disability"), {"肢体残疾等级": 2}, None, None)))

    collect()

    (fact,) = received()
    assert {name for name, grade in fact.value.items() if grade} == {"limb_grade"}
    assert len(fact.value) == 7


def test_homes_owned_and_rented_are_one_number(family: Setting, folders: Path) -> None:
    declare(family, homes=1)
    check = family.ask("real_estate")
    said = {"自有住房（套）": 1, "承租直管公房（套）": 1, "以上住房面积合计（平方米）": 80.25}
    drop(folders, "real_estate", workbook(family.rows(request_of(check, "real_estate"), said, None, None)))

    collect()

    assert {fact.name: fact.value for fact in received()}["homes"] == {"homes": 2}


def test_a_death_is_shown_and_never_recorded_by_itself(family: Setting, folders: Path) -> None:
    check = family.ask("household_register")
    said = {"户籍所在区县代码": "110102", "死亡注销日期": "2026-02-01"}
    drop(
        folders, "household_register", workbook(family.rows(request_of(check, "household_register"), said, None, None))
    )

    collect()

    assert [fact.name for fact in received()] == ["hukou"]
    with seen():
        assert SourceAnswer.objects.get(person=family.people[0]).said == {"hukou": 110102, "died_on": 20260201}
        family.people[0].refresh_from_db()
        assert family.people[0].died_on is None


def test_two_families_in_one_file_each_get_only_their_own_rows(family: Setting, folders: Path) -> None:
    with rooms.everywhere() as by:
        other = rooms.make_family(
            family.district.far_community,
            by=by,
            members=[NewMember("郝大海", 2, rooms.identity_number(date(1990, 1, 1), 1))],
        )
        person = other.people.get()
        households.sign_consent(person=person, document=None, by=by, on=ON)
    examiner = rooms.actor("street_examiner", family.district.far_street, 2)
    first = family.ask("vehicles")
    with acting(examiner):
        second = actions.ask(
            household=other, people=[person], subject="another", sources=["vehicles"], by=examiner, on=ON
        )
    rows = family.rows(request_of(first, "vehicles"), {CARS: 1}, None, None)
    number = rooms.identity_number(date(1990, 1, 1), 1)
    rows.append(
        {**rows[0], "请求号": request_of(second, "vehicles").number, "姓名": "郝大海", "身份证号": number, CARS: 2}
    )
    drop(folders, "vehicles", workbook(rows))

    collect()

    assert [fact.value for fact in received("cars")] == [{"cars": 1}, {"cars": 2}]
    with acting(examiner):
        assert [document.name for document in Document.objects.filter(name__endswith=".csv")] == [
            f"{request_of(second, 'vehicles').number} 车辆登记.csv"
        ]
        assert not Document.objects.filter(name="答复.xlsx").exists()
    assert [fact.evidence.division_id for fact in received("cars")] == ["11/0102/007/001/", "11/0102/018/001/"]


def test_whoever_left_the_family_or_took_the_consent_back_is_set_aside(family: Setting, folders: Path) -> None:
    check = family.ask("banks", "social_insurance")
    with rooms.everywhere() as by:
        households.withdraw_consent(person=family.people[1], reason="不愿意", by=by, on=ON)
    wages = family.rows(request_of(check, "social_insurance"), {WAGE: 100}, {WAGE: 200}, None)
    drop(folders, "social_insurance", workbook(wages))
    money = family.rows(request_of(check, "banks"), {BALANCE: 100}, {BALANCE: 200}, {BALANCE: 5})
    drop(folders, "banks", workbook(money))

    collect()

    # The family's sum would lack one of them, and nobody declared anything that it could be held against.
    assert [(fact.name, fact.person) for fact in received()] == [("wage", family.people[0])]
    with seen():
        aside = SourceAnswer.objects.exclude(set_aside="")
        assert {(answer.person_id, answer.set_aside) for answer in aside} == {
            (family.people[1].pk, SetAside.NO_CONSENT)
        }
        assert [answer.said for answer in aside] == [{}, {}]


def test_an_answer_about_someone_who_left_is_not_kept(family: Setting, folders: Path) -> None:
    declare(family, monetary_assets=0)
    check = family.ask("banks")
    with rooms.everywhere() as by:
        member = family.household.members.get(person=family.people[1])
        households.end_membership(member=member, left_on=NEXT_DAY, reason="离婚", by=by, on=NEXT_DAY)
    rows = family.rows(request_of(check, "banks"), {BALANCE: 100}, {BALANCE: 200}, {BALANCE: 5})
    drop(folders, "banks", workbook(rows))

    collect(NEXT_DAY)

    assert [fact.value for fact in received()] == [{"monetary_assets": 105_00}]
    with seen():
        assert SourceAnswer.objects.get(person=family.people[1]).set_aside == SetAside.LEFT


def test_a_late_answer_to_a_question_given_up_is_taken(family: Setting, folders: Path) -> None:
    check = family.ask("vehicles")
    with acting(family.examiner):
        actions.give_up(request=request_of(check, "vehicles"), reason="接口停用", by=family.examiner, on=ON)
    drop(folders, "vehicles", workbook(family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None)))

    assert collect(ON + timedelta(days=9)).taken

    request = request_of(check, "vehicles")
    assert (request.state, request.failure) == (RequestState.ANSWERED, "接口停用")
    with seen():
        assert RecordsCheck.objects.get().closed_on == ON


@pytest.mark.parametrize("given_up", [False, True])
def test_an_answer_after_the_question_was_taken_back_makes_no_facts(
    family: Setting, folders: Path, given_up: bool
) -> None:
    check = family.ask("banks")
    with acting(family.examiner):
        if given_up:
            actions.give_up(request=request_of(check, "banks"), reason="接口停用", by=family.examiner, on=ON)
        actions.cancel(check=check, reason="家庭撤回申请", by=family.examiner, on=ON)
    drop(folders, "banks", workbook(family.rows(request_of(check, "banks"), {BALANCE: 100}, None, None)))

    assert collect(NEXT_DAY).taken

    assert received() == []
    with seen():
        answers = SourceAnswer.objects.all()
        assert {(answer.set_aside, str(answer.said)) for answer in answers} == {(SetAside.TAKEN_BACK, "{}")}
        state = CheckState.DONE if given_up else CheckState.CANCELLED
        assert RecordsCheck.objects.get().state == state


@pytest.mark.parametrize("written", ["110103", "110101"])
def test_a_code_that_is_in_use_no_more_is_taken_for_what_it_became(
    family: Setting, folders: Path, written: str
) -> None:
    FormerCode.objects.create(
        code="110103", name="崇文区", now_code="110101", now_name="东城区", source="国函〔2010〕55号",
        period=(None, date(2010, 6, 28)),
    )  # fmt: skip
    check = family.ask("household_register")
    rows = family.rows(request_of(check, "household_register"), {"户籍所在区县代码": written}, None, None)
    drop(folders, "household_register", workbook(rows))

    assert not collect().refused
    assert [fact.value for fact in received()] == [{"hukou": 110101}]


def test_a_code_that_there_never_was_is_refused_with_whom_to_ask(family: Setting, folders: Path) -> None:
    check = family.ask("household_register")
    rows = family.rows(request_of(check, "household_register"), {"户籍所在区县代码": "110150"}, None, None)
    drop(folders, "household_register", workbook(rows))

    assert collect().refused
    with seen():
        [fault] = RefusedFile.objects.get().faults
    assert fault.endswith(
        "第 2 行“户籍所在区县代码”：没有代码为“110150”的区县，现在没有，以前也没有。请向公安户籍核实，改正后再交。"
    )
    assert fault.startswith("工作表“")
    assert received() == []
