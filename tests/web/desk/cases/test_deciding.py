"""Opinion and decision on the page of a case: what they rest on, and who may say what."""

import re
from datetime import date

from django.urls import reverse

from tests import places, rooms
from tests.cases.street import People, say
from tests.cases.walk import Walk
from tests.web.desk.seats import MONDAY, Desks
from yihu.access.actor import Actor
from yihu.households.enums import FactSource
from yihu.households.models import Fact
from yihu.letters.models import Letter
from yihu.organisations.models import Appointment


def test_differences_are_settled_beside_the_opinion(
    admitted: Walk, desks: Desks, people: People, service: Actor
) -> None:
    walk = admitted
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


def test_a_refusal_against_the_rules_takes_two(admitted: Walk, desks: Desks, people: People) -> None:
    walk = admitted
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


def test_the_decider_alone_refuses_nobody(at_confirmation: Walk, desks: Desks, people: People) -> None:
    walk = at_confirmation
    desks.today = date(2026, 3, 13)
    page = desks.do(people.director, walk.number, "confirm", step="confirmation", decision="refuse", reason="不想给")
    assert "甄审核的意见是同意" in page


def test_sending_back_asks_where_to_and_why(at_confirmation: Walk, desks: Desks, people: People) -> None:
    walk = at_confirmation
    desks.today = date(2026, 3, 13)
    page = desks.look(people.director, walk.number)
    assert re.findall(r'name="to" value="([^"]+)"', page) == ["examination", "home_visit", "records_check"]
    desks.done(people.director, walk.number, "back", step="confirmation", to="home_visit", reason="没有看后院")
    page = desks.look(people.examiner, walk.number)
    assert "退回“入户调查”：没有看后院" in page
    assert "已退回重办" in page


def test_who_admitted_is_told_why_he_may_not_examine(
    admitted: Walk, desks: Desks, people: People, district: rooms.District
) -> None:
    walk = admitted
    walk.survey(MONDAY)
    post = places.post("street_examiner", district.street.path)
    Appointment.objects.create(post=post, staff_id=people.clerk.person, period=(date(2020, 1, 1), None))
    client = desks.of(people.clerk)
    client.post(reverse("switch_post"), {"post": post.pk})
    page = desks.look(people.clerk, walk.number)
    assert "您已经办过这件案子的“受理”，“审核意见”须由另一个人办理" in page
    assert "examine-form" not in page


def test_what_the_rules_cannot_say_yet_is_named(admitted: Walk, desks: Desks, people: People, service: Actor) -> None:
    walk = admitted
    walk.survey(MONDAY)
    head = walk.household.people.order_by("id")[0]
    say(walk.household, "wage", "?", by=service, on=MONDAY, source=FactSource.VERIFIED, person=head)
    page = desks.look(people.examiner, walk.number)
    assert re.search("按现有事实还不能得出意见，缺：贾一 工资性收入", page)
    assert 'name="reason"' not in page[page.index('id="examine-form"') : page.index("退回补查")]
