"""Letters on their sheet, and how they reached the family."""

import re
from datetime import date

from django.urls import reverse

from tests import rooms
from tests.cases.street import People, appoint
from tests.cases.walk import Walk, related
from tests.web.desk.seats import Desks
from yihu.households.models import FileRead
from yihu.letters.models import Letter


def letter_of(walk: Walk) -> Letter:
    """The letter of a case that was granted."""
    return Letter.objects.get(subject=walk.number, kind="grant")


def test_a_letter_tells_the_decision_its_reasons_and_the_rights(granted: Walk, desks: Desks, people: People) -> None:
    letter = letter_of(granted)
    desks.today = date(2026, 3, 16)
    answer = desks.of(people.clerk).get(reverse("desk:letter", args=[letter.pk]))
    page = re.sub(r"<[^>]+>", "", answer.content.decode())
    for words in (
        "确认通知书",
        "自 2026-04 起按月发放 2,456.00 元（人民币贰仟肆佰伍拾陆元整）",
        "低保标准 1,450.00 元 × 3 人 − 家庭月可计算收入 1,894.00 元",
        "行政复议",
        "有疑问或者不服的，可以先向月坛街道办事处提出（没有登记电话）。",
        "有不清楚的，可以问月坛街道办事处（没有登记电话）。",
        "2026年3月16日",
    ):
        assert words in page
    # A sheet or two, not everything that it was worked out from.
    assert len(letter.content["reasons"]) < 20
    read = FileRead.objects.get(kind="document")
    assert (read.purpose, read.detail) == ("case", f"{granted.number} · {letter.number}")


def test_delivery_is_noted_once_with_who_signed(granted: Walk, desks: Desks, people: People) -> None:
    address = reverse("desk:letter", args=[letter_of(granted).pk])
    desks.today = date(2026, 3, 17)
    client = desks.of(people.worker)
    page = client.post(address, {"delivery": "in_person", "received_by": ""}).content.decode()
    assert "请填写签收人的姓名" in page
    page = client.post(address, {"delivery": "in_person", "received_by": "贾一"}, follow=True).content.decode()
    assert "送达已登记" in page
    assert "2026-03-17" in page
    letter = Letter.objects.get(kind="grant")
    assert (letter.delivery, letter.received_by, letter.delivered_on) == ("in_person", "贾一", date(2026, 3, 17))
    page = client.post(address, {"delivery": "post", "received_by": ""}).content.decode()
    assert "已登记 2026-03-17 送达" in page
    assert "登记送达</button>" not in client.get(address).content.decode()


def test_a_delivery_is_noted_after_the_look_at_the_letter(granted: Walk, desks: Desks, people: People) -> None:
    letter = letter_of(granted)
    desks.today = date(2026, 3, 17)

    answer = desks.of(people.worker).post(
        reverse("desk:letter", args=[letter.pk]), {"delivery": "in_person", "received_by": "贾一"}
    )

    assert answer.status_code == 302
    assert Letter.objects.get(pk=letter.pk).delivered_on == date(2026, 3, 17)
    (read,) = FileRead.objects.filter(kind="document")
    assert (read.actor_id, read.purpose, read.detail) == (
        people.worker.principal,
        "case",
        f"{granted.number} · {letter.number}",
    )


def test_who_does_not_hand_letters_over_reads_them(granted: Walk, desks: Desks, people: People) -> None:
    address = reverse("desk:letter", args=[letter_of(granted).pk])
    desks.today = date(2026, 3, 17)
    page = desks.of(people.director).get(address).content.decode()
    assert "登记送达</button>" not in page
    page = desks.of(people.director).post(address, {"delivery": "post", "received_by": ""}).content.decode()
    assert "您现在的岗位不能登记送达" in page
    assert Letter.objects.get(kind="grant").delivered_on is None


def test_letters_are_kept_from_relatives_and_other_streets(
    granted: Walk, desks: Desks, people: People, district: rooms.District
) -> None:
    address = reverse("desk:letter", args=[letter_of(granted).pk])
    related(granted, people.clerk)
    answer = desks.of(people.clerk).get(address)
    assert answer.status_code == 404
    assert "贾一" not in answer.content.decode()
    stranger = appoint("stranger", "吴经办", "window_clerk", district.far_street)
    assert desks.of(stranger).get(address).status_code == 404
