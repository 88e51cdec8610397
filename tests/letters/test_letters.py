"""Letters: issued once, never altered, handed over and printed."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import rooms
from tests.rooms import ON
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.common.refusals import Refused
from yihu.households.models import Household
from yihu.letters import actions, queries
from yihu.letters.enums import Delivery, LetterKind
from yihu.letters.models import Letter
from yihu.letters.rendering import Block, sheet_of
from yihu.policy import procedures

CASE = "XC-007-2026-0001"


def issue(family: Household, by: Actor, kind: LetterKind = LetterKind.REFUSAL, **changes: object) -> Letter:
    values = {
        "kind": kind, "household": family, "subject": CASE, "addressee": "贾一鸣", "paragraphs": ["经审核，不予确认。"],
        "reasons": ["人均收入高于标准。", "名下有机动车。"], "rights": ["可以申请行政复议。"], "by": by, "on": ON,
    }  # fmt: skip
    return actions.issue(**values | changes)


def deliver(letter: Letter, by: Actor, **changes: object) -> Letter:
    values = {"letter": letter, "delivery": Delivery.IN_PERSON, "received_by": "贾一鸣", "by": by, "on": ON}
    return actions.deliver(**values | changes)


def test_the_kinds_are_those_that_procedures_name() -> None:
    assert set(LetterKind.values) == {letter.value for letter in procedures.Letter}


def test_letters_of_a_street_are_numbered_by_year(family: Household, clerk: Actor) -> None:
    numbers = [issue(family, clerk, on=day).number for day in (ON, ON, date(2027, 1, 4))]

    assert numbers == ["XCTZ2026-007-0001", "XCTZ2026-007-0002", "XCTZ2027-007-0001"]


def test_a_sheet_reads_from_title_to_signature(family: Household, clerk: Actor) -> None:
    sheet = sheet_of(issue(family, clerk, entrusted=True))

    assert (sheet.title, sheet.number, sheet.addressee) == ("不予确认告知书", "XCTZ2026-007-0001", "贾一鸣")
    assert sheet.blocks == (
        Block(("经审核，不予确认。",)),
        Block(("人均收入高于标准。", "名下有机动车。"), "不予确认的理由", is_list=True),
        Block(("可以申请行政复议。",), "您的权利"),
    )
    assert (sheet.office, sheet.entrusted, sheet.issued_on) == ("月坛街道办事处", "受西城区民政局委托", "2026年3月2日")


def test_blocks_without_lines_are_left_out_and_papers_are_called_papers(family: Household, clerk: Actor) -> None:
    letter = issue(family, clerk, LetterKind.MISSING_PAPERS, reasons=["身份证复印件"], rights=[])

    assert [block.heading for block in sheet_of(letter).blocks] == ["", "所缺材料"]
    assert sheet_of(letter).entrusted == ""


def test_a_letter_keeps_the_name_of_the_office_that_signed_it(
    family: Household, clerk: Actor, district: rooms.District
) -> None:
    letter = issue(family, clerk)
    with rooms.everywhere():
        district.street.name = "新月坛街道"
        district.street.save()

    letter.refresh_from_db()
    assert sheet_of(letter).office == "月坛街道办事处"


@pytest.mark.parametrize("changes", [{"addressee": " "}, {"paragraphs": []}, {"paragraphs": [" "]}])
def test_a_letter_to_nobody_or_about_nothing_is_refused(
    family: Household, clerk: Actor, changes: dict[str, object]
) -> None:
    with pytest.raises(Refused, match="没有收信人或者没有正文"):
        issue(family, clerk, **changes)


def test_another_street_neither_writes_nor_hands_over(
    family: Household, clerk: Actor, district: rooms.District
) -> None:
    letter = issue(family, clerk)
    stranger = rooms.actor("window_clerk", district.far_street, 2)
    with acting(stranger):
        with pytest.raises(Refused, match="不在您负责的区域内"):
            issue(family, stranger)
        with pytest.raises(Refused, match="不在您负责的区域内"):
            deliver(letter, stranger)
        assert queries.open_work(stranger, on=ON) == []
        assert list(queries.of_subject(CASE)) == []


def test_its_words_cannot_be_altered_nor_the_letter_removed(family: Household, clerk: Actor) -> None:
    letter = issue(family, clerk)

    with pytest.raises(IntegrityError, match="通知书一经发出不能改动"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(addressee="别人")
    with pytest.raises(IntegrityError, match="通知书一经发出不能改动"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).delete()


def test_a_letter_is_handed_over_once_on_or_after_its_day(family: Household, clerk: Actor) -> None:
    letter = issue(family, clerk)

    with pytest.raises(Refused, match="送达日期早于发出日期 2026-03-02"):
        deliver(letter, clerk, on=ON - timedelta(days=1))
    with pytest.raises(Refused, match="请填写签收人的姓名"):
        deliver(letter, clerk, received_by=" ")
    with pytest.raises(Refused, match="请选择怎样送达"):
        deliver(letter, clerk, delivery="pigeon")
    assert deliver(letter, clerk).delivered_on == ON
    with pytest.raises(Refused, match="已登记 2026-03-02 送达"):
        deliver(letter, clerk)


def test_a_letter_sent_by_post_needs_no_signature(family: Household, clerk: Actor) -> None:
    assert deliver(issue(family, clerk), clerk, delivery=Delivery.POST, received_by="").received_by == ""


def test_only_those_who_meet_families_hand_letters_over(
    family: Household, clerk: Actor, district: rooms.District
) -> None:
    letter = issue(family, clerk)
    payer = rooms.actor("finance_maker", district.district, 3)
    with acting(payer), pytest.raises(Refused, match="登记送达"):
        deliver(letter, payer)


def test_letters_wait_until_they_are_handed_over_the_most_urgent_first(family: Household, clerk: Actor) -> None:
    late = issue(family, clerk, LetterKind.ACCEPTANCE)
    soon = issue(family, clerk, due_on=date(2026, 3, 5))

    items = queries.open_work(clerk, on=ON)

    assert [(item.key, item.due_on, item.detail) for item in items] == [
        (str(soon.pk), date(2026, 3, 5), "不予确认告知书"),
        (str(late.pk), None, "受理通知书"),
    ]
    deliver(soon, clerk)
    assert [item.key for item in queries.open_work(clerk, on=ON)] == [str(late.pk)]
    assert queries.open_work(rooms.actor("auditor", family.division), on=ON) == []


def test_the_timeline_tells_when_a_letter_was_written_and_when_it_arrived(family: Household, clerk: Actor) -> None:
    letter = issue(family, clerk)
    deliver(letter, clerk, on=ON + timedelta(days=1))

    assert [(event.on, event.title, event.detail) for event in queries.events_of(family)] == [
        (ON, "不予确认告知书", "XCTZ2026-007-0001"),
        (ON + timedelta(days=1), "送达不予确认告知书", "当面送达，贾一鸣"),
    ]
