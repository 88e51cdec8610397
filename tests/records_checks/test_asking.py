"""Asking other departments, lawfully."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests import rooms
from tests.records_checks.conftest import CASE, COLLECTOR, ON, Setting, make_setting, request_of, seen
from yihu.access.scope import acting
from yihu.common.refusals import Refused
from yihu.documents import storage
from yihu.households import actions as households
from yihu.households.actions import NewMember
from yihu.households.enums import ReadKind
from yihu.households.models import FileRead
from yihu.records_checks import actions
from yihu.records_checks.enums import CheckState, RequestState
from yihu.records_checks.models import RecordsCheck, SourceRequest
from yihu.records_checks.sources import SOURCES


def asking(family: Setting, **changes: object) -> RecordsCheck:
    values = {"household": family.household, "people": family.people, "subject": CASE, "by": family.examiner, "on": ON}
    values |= changes
    with acting(values["by"]):
        return actions.ask(**values)


def test_every_source_is_asked_with_the_names_and_numbers_and_nothing_else(family: Setting, folders: Path) -> None:
    check = family.ask()

    with seen():
        requests = list(check.requests.select_related("asked_in"))
        assert [request.source for request in requests] == [source.name for source in SOURCES]
        assert {request.state for request in requests} == {RequestState.SENT}
        for request in requests:
            path = folders / request.source / "questions" / f"{request.number}.xlsx"
            assert path.stat().st_mode & 0o777 == 0o600
            assert path.read_bytes() == storage.open(request.asked_in)
            assert request.asked_in.division_id == family.household.division_id
            table = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()
            assert [row[:3] for row in table[1:]] == [
                [request.number, person.name, number]
                for person, number in zip(family.people, family.numbers, strict=True)
            ]
            assert not any(any(row[3:]) for row in table[1:])
        assert (folders / "banks").stat().st_mode & 0o777 == 0o700


def test_each_export_of_numbers_is_recorded_as_a_read(family: Setting) -> None:
    family.ask("banks", "vehicles")

    with seen():
        reads = FileRead.objects.filter(household=family.household, kind=ReadKind.EXPORT)
        assert [(read.actor_id, read.detail) for read in reads] == [
            (family.examiner.principal, "向银行存款提请核对：贾一鸣、甄如玉、贾小样"),
            (family.examiner.principal, "向车辆登记提请核对：贾一鸣、甄如玉、贾小样"),
        ]


def test_nothing_lies_in_the_folder_before_the_transaction_ended(family: Setting, folders: Path) -> None:
    check = asking(family, sources=["banks"])

    assert not list(folders.rglob("*.xlsx"))
    assert actions.send_questions(by=COLLECTOR, on=ON + timedelta(days=1)) == 1
    assert actions.send_questions(by=COLLECTOR, on=ON + timedelta(days=1)) == 0
    assert request_of(check, "banks").sent_on == ON + timedelta(days=1)


def test_a_kill_between_writing_and_commit_lays_the_same_question_out_again(family: Setting, folders: Path) -> None:
    check = asking(family, sources=["banks"])
    request = request_of(check, "banks")
    lying = folders / "banks" / "questions" / f"{request.number}.xlsx"
    lying.parent.mkdir(parents=True)
    with seen():
        lying.write_bytes(storage.open(request.asked_in))

    actions.send_questions(by=COLLECTOR, on=ON)

    assert [path.name for path in lying.parent.iterdir()] == [lying.name]
    assert request_of(check, "banks").state == RequestState.SENT


def test_without_the_consent_of_an_adult_nobody_is_asked_about(district: rooms.District) -> None:
    family = make_setting(district, consents=False)

    with pytest.raises(Refused, match="贾一鸣、甄如玉没有有效的核对授权"):
        asking(family)
    with seen():
        assert not RecordsCheck.objects.exists()


def test_a_consent_taken_back_counts_no_more(family: Setting) -> None:
    with rooms.everywhere() as by:
        households.withdraw_consent(person=family.people[1], reason="不愿意", by=by, on=ON)

    with pytest.raises(Refused, match=r"^甄如玉没有有效的核对授权"):
        asking(family)
    assert asking(family, people=[family.people[0]]).people == [family.people[0].pk]


def test_a_stranger_to_the_family_cannot_be_asked_about(family: Setting) -> None:
    with rooms.everywhere() as by:
        other = rooms.make_family(
            family.district.community,
            by=by,
            members=[NewMember("郝大海", 2, rooms.identity_number(date(1990, 1, 1), 1))],
        )
        strangers = list(other.people.all())
    with pytest.raises(Refused, match="郝大海现在不是户 XC-007-000001 的成员"):
        asking(family, people=[*family.people, *strangers])


def test_a_child_without_a_number_is_left_out_and_an_adult_named(family: Setting) -> None:
    with rooms.everywhere() as by:
        for name, born in (("贾小小", date(2025, 1, 1)), ("贾老", date(1950, 1, 1))):
            member = NewMember(name, 20, birth_date=born, sex="male")
            households.add_member(household=family.household, member=member, by=by, on=ON)
        people = list(family.household.people.order_by("pk"))
        households.sign_consent(person=people[-1], document=None, by=by, on=ON)

    with pytest.raises(Refused, match=r"^贾老没有登记身份证号码"):
        asking(family, people=people)
    assert len(asking(family, people=people[:-1]).people) == 3


@pytest.mark.parametrize(
    ("post", "area"),
    [
        ("window_clerk", "street"),
        ("community_worker", "community"),
        ("finance_maker", "district"),
        ("street_examiner", "far_street"),
    ],
)
def test_only_the_examiner_of_the_street_and_the_district_ask(family: Setting, post: str, area: str) -> None:
    with pytest.raises(Refused):
        asking(family, by=rooms.actor(post, getattr(family.district, area)))


def test_unknown_sources_and_nobody_at_all_are_refused(family: Setting) -> None:
    with pytest.raises(Refused, match="没有“moon”这个核对来源"):
        asking(family, sources=["moon"])
    with pytest.raises(Refused, match="请至少选择一位"):
        asking(family, people=[])


def test_a_round_is_done_once_every_source_is_given_up_with_a_reason(family: Setting, folders: Path) -> None:
    check = family.ask("banks", "vehicles")
    by = family.examiner

    with acting(by):
        with pytest.raises(Refused, match="请写明银行存款为什么不能答复"):
            actions.give_up(request=request_of(check, "banks"), reason=" ", by=by, on=ON)
        actions.give_up(request=request_of(check, "banks"), reason="接口停用", by=by, on=ON)
        check.refresh_from_db()
        assert check.state == CheckState.OPEN
        with pytest.raises(Refused, match="银行存款的请求未能答复"):
            actions.give_up(request=request_of(check, "banks"), reason="再来", by=by, on=ON)
        actions.give_up(request=request_of(check, "vehicles"), reason="接口停用", by=by, on=ON)
        check.refresh_from_db()
    assert (check.state, check.closed_on) == (CheckState.DONE, ON)

    actions.send_questions(by=COLLECTOR, on=ON)
    assert not list(folders.rglob("questions/*"))


def test_another_street_can_neither_give_up_nor_take_back(family: Setting) -> None:
    check = family.ask("banks")
    request = request_of(check, "banks")
    stranger = rooms.actor("street_examiner", family.district.far_street)

    with acting(stranger):
        with pytest.raises(Refused, match="不在您负责的区域内"):
            actions.give_up(request=request, reason="不想等", by=stranger, on=ON)
        with pytest.raises(Refused, match="不在您负责的区域内"):
            actions.cancel(check=check, reason="不想等", by=stranger, on=ON)


def test_a_round_taken_back_takes_its_questions_out_of_the_folders(family: Setting, folders: Path) -> None:
    check = family.ask("banks")

    with acting(family.examiner):
        actions.cancel(check=check, reason="家庭撤回申请", by=family.examiner, on=ON)
        with pytest.raises(Refused, match="这次核对已撤回"):
            actions.cancel(check=check, reason="再撤", by=family.examiner, on=ON)
        assert SourceRequest.objects.get(check_round=check).state == RequestState.CANCELLED

    actions.send_questions(by=COLLECTOR, on=ON)
    assert not list(folders.rglob("questions/*"))
