"""Consents, papers, who looked, the timeline; and that what identifies a person stands nowhere in plain text."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import Settings

from tests import rooms
from tests.rooms import DAUGHTER, HEAD, ON, NewMember, identity_number
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.common.models import Change
from yihu.common.refusals import Refused
from yihu.documents.actions import keep
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.households import actions, queries
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource, ReadKind, ReadPurpose
from yihu.households.models import FileRead, Household, Paper, Person
from yihu.organisations.models import Division

DAY = timedelta(days=1)
LATER = date(2026, 6, 1)
MOBILE = "13900000000"
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> None:
    settings.DOCUMENT_ROOT = tmp_path


def paper(division: Division, by: Actor, kind: DocumentKind = DocumentKind.CONSENT) -> Document:
    return keep(kind=kind, name="授权书.pdf", content=PDF, division=division, by=by, on=ON)


def names(people: list[Person]) -> list[str]:
    return [person.name for person in people]


# ---- consents


def test_every_adult_signs_and_nobody_else(family: Household, service: Actor) -> None:
    head, spouse, child = (member.person for member in queries.members_on(family, ON))
    assert names(queries.adults_without_consent(family, ON)) == ["贾一鸣", "甄如玉"]

    actions.sign_consent(person=head, document=None, by=service, on=ON)
    assert names(queries.adults_without_consent(family, ON)) == ["甄如玉"]
    assert names(queries.adults_without_consent(family, ON - DAY)) == []
    with pytest.raises(Refused, match="未满 18 周岁"):
        actions.sign_consent(person=child, document=None, by=service, on=ON)
    with pytest.raises(Refused, match="晚于"):
        actions.sign_consent(person=spouse, document=None, by=service, on=ON, signed_on=ON + DAY)
    # 2015-09-01 is grown up on 2033-09-01 and not a day before.
    with pytest.raises(Refused, match="未满 18 周岁"):
        actions.sign_consent(person=child, document=None, by=service, on=date(2033, 8, 31))
    assert names(queries.adults_without_consent(family, date(2033, 9, 1))) == ["甄如玉", "贾小样"]


def test_who_was_born_on_29_february_is_grown_up_on_1_march() -> None:
    person = Person(birth_date=date(2008, 2, 29))

    assert [person.age_on(date(2026, 2, 28)), person.age_on(date(2026, 3, 1))] == [17, 18]
    assert [person.age_on(date(2028, 2, 28)), person.age_on(date(2028, 2, 29))] == [19, 20]


def test_a_consent_is_withdrawn_from_a_day_on(family: Household, service: Actor) -> None:
    head = queries.members_on(family, ON)[0].person
    with pytest.raises(Refused, match="没有可以撤回"):
        actions.withdraw_consent(person=head, reason="不愿意", by=service, on=LATER)
    actions.sign_consent(person=head, document=None, by=service, on=ON)

    actions.withdraw_consent(person=head, reason="不愿意", by=service, on=LATER)

    assert names(queries.adults_without_consent(family, LATER - DAY)) == ["甄如玉"]
    assert names(queries.adults_without_consent(family, LATER)) == ["贾一鸣", "甄如玉"]
    assert Change.objects.get(table="households_consent", operation="update").reason == "不愿意"


def test_a_signed_paper_lies_in_the_file(family: Household, district: rooms.District, service: Actor) -> None:
    head = queries.members_on(family, ON)[0].person
    with pytest.raises(Refused, match="不是核对授权书"):
        actions.sign_consent(
            person=head, document=paper(district.community, service, DocumentKind.PROOF), by=service, on=ON
        )

    # It came in at the window of the street and lies with the family from then on.
    actions.sign_consent(person=head, document=paper(district.street, service), by=service, on=ON)

    (laid,) = queries.papers_of(family)
    assert (laid.person, laid.document.division_id) == (head, family.division_id)


# ---- papers


def test_a_paper_lies_in_one_file_and_goes_with_it(family: Household, district: rooms.District, service: Actor) -> None:
    spouse = queries.members_on(family, ON)[1].person
    of_all, of_spouse = paper(district.community, service), paper(district.community, service)
    actions.keep_paper(household=family, document=of_all, by=service, subject="月坛救2026-0001")
    actions.keep_paper(household=family, document=of_all, by=service)
    actions.keep_paper(household=family, document=of_spouse, by=service, person=spouse)
    assert Paper.objects.count() == 2

    own = rooms.move_out(
        household=family,
        leaving={spouse.pk: HEAD},
        division=district.far_community,
        address="远路 1 号",
        left_on=LATER,
        by=service,
        on=LATER,
    )
    assert [each.document for each in queries.papers_of(own)] == [of_spouse]
    assert [each.document for each in queries.papers_of(family)] == [of_all]
    of_spouse.refresh_from_db()
    assert of_spouse.division_id == own.division_id
    with pytest.raises(Refused, match="已在另一户的档案里"):
        actions.keep_paper(household=own, document=of_all, by=service)

    actions.move_household(household=family, division=district.neighbour, address="新路", by=service, on=LATER)
    of_all.refresh_from_db()
    assert of_all.division_id == district.neighbour.path


# ---- who looked


def test_every_look_is_recorded_with_its_purpose(family: Household, district: rooms.District) -> None:
    clerk = rooms.actor("window_clerk", district.street)
    with acting(clerk):
        actions.record_read(household=family, kind=ReadKind.FILE, purpose=ReadPurpose.VISITOR, by=clerk, detail="来访")
        for purpose in ("", "curiosity"):
            with pytest.raises(Refused, match="选择查看的目的"):
                actions.record_read(household=family, kind=ReadKind.FILE, purpose=purpose, by=clerk)

        (read,) = family.reads.order_by("-id")
        assert (read.actor_id, read.kind, read.purpose, read.detail) == (clerk.principal, "file", "visitor", "来访")
    far = rooms.actor("window_clerk", district.far_street)
    with acting(far):
        with pytest.raises(Refused, match="不在您负责的区域"):
            actions.record_read(household=family, kind=ReadKind.FILE, purpose=ReadPurpose.VISITOR, by=far)
        assert not FileRead.objects.exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE households_fileread SET purpose = 'x'", "DELETE FROM households_fileread"]
)
def test_a_look_cannot_be_taken_back(statement: str, family: Household, service: Actor) -> None:
    actions.record_read(household=family, kind=ReadKind.FILE, purpose=ReadPurpose.AUDIT, by=service)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_numbers_are_shown_to_whom_they_serve_and_it_is_recorded(district: rooms.District, service: Actor) -> None:
    family = rooms.make_family(district.community, by=service, telephone=MOBILE)
    head = queries.members_on(family, ON)[0].person
    clerk = rooms.actor("window_clerk", district.street)
    worker = rooms.actor("community_worker", district.community)
    maker = rooms.actor("finance_maker", district.district)

    with acting(clerk):
        shown = actions.reveal_identity_number(person=head, purpose=ReadPurpose.CASE, by=clerk)
        assert shown == identity_number(date(1980, 5, 1), 1)
        with pytest.raises(Refused, match="选择查看的目的"):
            actions.reveal_identity_number(person=head, purpose="", by=clerk)
    with acting(worker):
        assert actions.reveal_telephone(household=family, purpose=ReadPurpose.CHANGE, by=worker) == MOBILE
        with pytest.raises(Refused, match="岗位不能查看完整的身份证号码"):
            actions.reveal_identity_number(person=head, purpose=ReadPurpose.CASE, by=worker)
    with acting(maker), pytest.raises(Refused, match="岗位不能查看完整的电话号码"):
        actions.reveal_telephone(household=family, purpose=ReadPurpose.PAYMENT, by=maker)
    with acting(maker), pytest.raises(Refused, match="岗位不能查看完整的身份证号码"):
        actions.reveal_identity_number(person=head, purpose=ReadPurpose.PAYMENT, by=maker)

    assert [(read.kind, read.detail) for read in family.reads.order_by("-id")] == [
        (ReadKind.TELEPHONE, ""),
        (ReadKind.IDENTITY_NUMBER, "贾一鸣"),
    ]
    assert queries.masked_telephone(family) == "139****0000"


def test_what_is_not_there_cannot_be_shown(district: rooms.District, service: Actor) -> None:
    family = rooms.make_family(
        district.community, by=service, members=[NewMember("吴名", HEAD, birth_date=date(1950, 1, 1), sex="male")]
    )
    clerk = rooms.actor("window_clerk", district.street)
    with acting(clerk):
        with pytest.raises(Refused, match="没有登记电话"):
            actions.reveal_telephone(household=family, purpose=ReadPurpose.CASE, by=clerk)
        with pytest.raises(Refused, match="没有登记身份证号码"):
            actions.reveal_identity_number(
                person=queries.members_on(family, ON)[0].person, purpose=ReadPurpose.CASE, by=clerk
            )
    assert queries.masked_telephone(family) == queries.masked_identity_number(Person.objects.get()) == ""


# ---- privacy


def test_numbers_stand_nowhere_in_plain_text(district: rooms.District, service: Actor) -> None:
    family = rooms.make_family(district.community, by=service, telephone=MOBILE)
    head = queries.members_on(family, ON)[0].person
    number = identity_number(head.birth_date, 1)
    actions.correct_person(
        person=head, name="贾一名", identity_number=number, birth_date=None, sex="", reason="抄错", by=service, on=ON
    )
    actions.change_contact(household=family, address="某路", telephone="010-80000000", by=service)
    secrets = (number, number[6:], MOBILE, "01080000000", "010-80000000")
    hidden = [form for secret in secrets for form in (secret, secret.encode().hex())]

    with connection.cursor() as cursor:
        for table in ("common_change", "households_person", "households_household", "households_member"):
            cursor.execute(f"SELECT r::text FROM {table} r")
            text = "\n".join(row for (row,) in cursor.fetchall())
            assert text
            assert not [form for form in hidden if form in text], table


# ---- the timeline


def test_a_family_tells_what_happened_to_it(family: Household, district: rooms.District, service: Actor) -> None:
    head, spouse, child = (member.person for member in queries.members_on(family, ON))
    actions.sign_consent(person=head, document=None, by=service, on=ON)
    actions.record_facts(
        household=family,
        facts=[NewFact("wage", {"wage": 1}, head), NewFact("cars", {"cars": 0})],
        source=FactSource.DECLARED,
        by=service,
        on=ON,
    )
    baby = NewMember("贾新", 20, birth_date=date(2026, 4, 1), sex="male", since=date(2026, 4, 1))
    actions.add_member(household=family, member=baby, by=service, on=date(2026, 4, 3))
    actions.record_facts(
        household=family,
        facts=[NewFact("wage", {"wage": 2}, head)],
        source=FactSource.RECEIVED,
        department="社保",
        by=service,
        on=date(2026, 4, 20),
    )
    actions.record_death(
        person=head,
        died_on=date(2026, 5, 1),
        by=service,
        on=date(2026, 5, 4),
        relations={
            spouse.pk: HEAD,
            child.pk: DAUGHTER,
            Person.objects.get(name="贾新").pk: 20,
        },
    )
    actions.close_household(household=family, closed_on=LATER, reason="出国", by=service, on=LATER)

    assert [(event.on, event.title) for event in queries.events_of(Household.objects.get())] == [
        (ON, "建档"),
        (ON, "贾一鸣签署核对授权"),
        (ON, "登记事实 2 项（申报）"),
        (date(2026, 4, 1), "贾新出生"),
        (date(2026, 4, 20), "登记事实 1 项（社保）"),
        (date(2026, 5, 1), "贾一鸣去世"),
        (date(2026, 5, 2), "甄如玉成为户主"),
        (LATER, "销档"),
    ]


def test_moves_are_told_from_the_history(family: Household, district: rooms.District, service: Actor) -> None:
    for division in (district.neighbour, district.far_community):
        actions.move_household(household=family, division=division, address="新路", by=service, on=LATER)
    actions.change_contact(household=Household.objects.get(), address="新路 2 号", telephone="", by=service)

    moves = [(event.title, event.detail) for event in queries.events_of(Household.objects.get()) if event.order == 40]

    assert moves == [("迁往远社区", "原在第二社区，新路"), ("迁往第二社区", "原在第一社区，月坛北街 1 号")]


def test_a_family_out_of_reach_tells_nothing_of_its_rows(family: Household, district: rooms.District) -> None:
    with acting(rooms.actor("auditor", district.far_street)):
        assert [event.title for event in queries.events_of(family)] == ["建档"]


# ---- two windows at once


@pytest.mark.django_db(transaction=True)
def test_of_two_windows_that_register_one_person_the_second_is_told() -> None:
    district = rooms.make_district()
    person = [NewMember("贾一鸣", HEAD, identity_number(date(1980, 5, 1), 1))]
    told: list[str] = []
    with rooms.everywhere():
        pass  # It is on file before two ask for it at once.

    def second() -> None:
        try:
            with rooms.everywhere() as service:
                rooms.make_family(district.far_community, by=service, members=person)
        except Refused as refused:
            told.append(refused.message)
        finally:
            connection.close()

    window = threading.Thread(target=second)
    with rooms.everywhere() as service:
        rooms.make_family(district.community, by=service, members=person)
        window.start()
        # The second has looked, found nobody, and waits for the first at the digest.
        window.join(1)
        assert window.is_alive()
    window.join(20)

    assert told == ["刚才有人登记了同一个身份证号码。请刷新后查看他在哪一户。"]
    with rooms.everywhere():
        assert Household.objects.count() == Person.objects.count() == 1
