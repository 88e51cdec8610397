"""Programmes of each kind and form that no code has heard of go all the way, by the files of a pack alone."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from psycopg.types.range import Range

from policy_engine import HelpForm, ProgrammeKind
from tests.programmes.conftest import MARCH, Lane
from yihu.access.scope import acting
from yihu.awards import actions as awards
from yihu.awards import queries
from yihu.awards.models import Award, AwardTerm
from yihu.common.refusals import Refused
from yihu.policy.labels import every_programme

APRIL, DECEMBER = date(2026, 4, 1), date(2026, 12, 7)
INVENTED = (
    *("lane_family", "craftsman", "rice_ration", "craft_stipend", "lantern_money", "coal_waiver", "roof_service"),
    *("summer_fans", "new_year_money", "fire_relief", "workshop_place", "theatre_voucher"),
)


def delivered(family: Lane, term: AwardTerm, on: date) -> tuple[int, int]:
    """How many were given out of a programme and how many arrived, once the help of a term did."""
    actor = family.people.clerk
    with acting(actor):
        sent = awards.deliver(term=term, quantity=1, by=actor, on=on)
    officer = family.people.officer
    with acting(officer):
        awards.receive(delivery=sent, received_by="贾一", receipt="签收单 1 号", by=officer, on=on)
        (found,) = (
            each
            for each in queries.delivered(actor, since=MARCH, until=date(2028, 1, 1))
            if each.programme == term.award.programme
        )
    return found.given_out, found.received


def test_every_kind_form_and_way_is_among_them(family: Lane) -> None:
    labels = [each for each in every_programme() if each.name in INVENTED]

    assert len(labels) == len(INVENTED)
    assert {(each.kind, each.of_member) for each in labels} == {
        (kind, of_member) for kind in ProgrammeKind for of_member in (False, True)
    }
    assert {each.form for each in labels} == {None, *HelpForm}
    assert {each.is_ceiling for each in labels if each.is_money} == {False, True}
    assert {each.limit.per for each in labels if each.limit} == {"year", "life"}
    assert {each.needs_application for each in labels} == {False, True}


def test_statuses_open_what_asks_for_them(family: Lane) -> None:
    with pytest.raises(Refused, match="不符合条件"):
        family.asked("lantern_money", MARCH).examine(MARCH)
    family.granted("lane_family", MARCH)
    lantern = family.granted("craftsman", MARCH, family.head)

    assert (lantern.award.award.kind, lantern.award.amount, lantern.award.award.person) == ("status", None, family.head)
    letter = lantern.household.letters.filter(kind="grant").latest("pk").content["paragraphs"]
    assert letter[0] == "胡同里的好消息：您得到匠人认定。"
    assert "认定为匠人后，可以领取匠人津贴等。" in letter
    # What one of them is granted is his alone.
    assert family.granted("craft_stipend", MARCH, family.head).award.amount == 30_000
    other = family.asked("craft_stipend", MARCH, family.other)
    with pytest.raises(Refused, match="不符合条件"):
        other.examine(MARCH)


def test_money_by_the_month_is_paid_from_the_month_of_the_application(settled: Lane) -> None:
    walk = settled.granted("craft_stipend", date(2026, 3, 20), settled.head)

    assert walk.letters == ["acceptance", "grant"]
    run = settled.pay(date(2026, 4, 1), "craft_stipend")
    assert [(line.period, line.amount) for line in run.lines.order_by("period")] == [
        (date(2026, 3, 1), 30_000), (APRIL, 30_000),
    ]  # fmt: skip
    (line,) = settled.bank_file(run)
    assert line.split(",")[1:5] == ["9550000000000001", "贾一", "某某银行西城支行", "600.00"]


def test_money_for_a_season_is_paid_once_a_winter(settled: Lane) -> None:
    walk = settled.granted("lantern_money", date(2026, 11, 16))

    assert (walk.award.award.key, walk.award.amount) == ("2026-2027", 90_000)
    assert walk.award.period == Range(date(2026, 11, 16), date(2027, 7, 1))
    run = settled.pay(date(2026, 11, 1), "lantern_money")
    assert settled.bank_file(run)[0].split(",")[4] == "900.00"
    with pytest.raises(Refused, match="2026-2027 的冬灯补助，这一户已经有了"):
        settled.asked("lantern_money", date(2027, 1, 11))
    assert settled.granted("lantern_money", date(2027, 11, 15)).award.award.key == "2027-2028"


def test_one_summer_is_one_season_though_july_is_in_it(settled: Lane) -> None:
    walk = settled.granted("summer_fans", date(2026, 6, 15))

    assert (walk.award.award.key, walk.award.amount) == ("2026", 30_000)
    assert walk.award.period == Range(date(2026, 6, 15), date(2027, 1, 1))
    with pytest.raises(Refused, match="2026 的夏扇补助，这一户已经有了"):
        settled.asked("summer_fans", date(2026, 7, 1))
    assert settled.granted("summer_fans", date(2027, 6, 15)).award.award.key == "2027"
    per = {each.name: each.per for each in every_programme()}
    assert (per["summer_fans"], per["lantern_money"]) == ("每夏", "每冬")


def test_money_for_a_year_is_paid_in_the_runs_of_two_years(settled: Lane) -> None:
    paid = []
    for found_on, accepted_on, month in (
        (DECEMBER, date(2026, 12, 20), date(2027, 1, 1)),
        (date(2027, 12, 6), date(2028, 1, 10), date(2028, 1, 1)),
    ):
        proposals = settled.looked(found_on)
        settled.accept(proposals["new_year_money", str(month.year)], accepted_on)
        run = settled.pay(month, "new_year_money")
        paid.append([(line.period.year, line.amount) for line in run.lines.all()])
        assert settled.bank_file(run)[0].split(",")[4] == "900.00"

    assert paid == [[(2027, 90_000)], [(2028, 90_000)]]
    assert settled.looked(date(2028, 1, 20)) == {}


def test_money_below_a_ceiling_is_given_as_often_as_the_year_allows(settled: Lane) -> None:
    settled.known("fire_loss", "9000", MARCH)
    first = settled.granted("fire_relief", MARCH, amount=100_000)
    second = settled.granted("fire_relief", APRIL, amount=150_000)

    assert [each.award.award.key for each in (first, second)] == ["2026-1", "2026-2"]
    letter = settled.household.letters.get(subject=first.number, kind="grant").content["paragraphs"]
    assert "限额 1,500.00 元，亲友帮了一部分。" in "".join(letter)
    run = settled.pay(APRIL, "fire_relief")
    assert sorted(line.split(",")[4] for line in settled.bank_file(run)) == ["1000.00", "1500.00"]
    with pytest.raises(Refused, match="火灾救助每年最多 2 次，这一户已经都享受过"):
        settled.asked("fire_relief", date(2026, 5, 6))
    for key in ("2026-2", "2026-3"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.create(
                household=settled.household,
                programme="fire_relief",
                key=key,
                kind="once",
                form="money",
                most=2,
                pay_period=APRIL,
            )
    assert settled.granted("fire_relief", date(2027, 1, 4), amount=1).award.award.key == "2027-1"


def test_goods_by_the_month_come_without_being_asked_for(settled: Lane) -> None:
    proposal = settled.looked(MARCH)["rice_ration", "running"]
    term = settled.accept(proposal, date(2026, 3, 5))

    assert (term.help, term.amount, term.award.person, term.period) == ("月米", None, None, Range(APRIL, None))
    assert delivered(settled, term, date(2026, 4, 3)) == (1, 1)
    with acting(settled.maker), pytest.raises(Refused, match="月米不发钱"):
        settled.pay(APRIL, "rice_ration")


def test_what_is_waived_for_a_season_is_worth_something(settled: Lane) -> None:
    term = settled.accept(settled.looked(date(2026, 10, 8))["coal_waiver", "2026-2027"], date(2026, 10, 20))

    assert (term.award.person, term.award.form, term.amount) == (settled.head, "waiver", 60_000)
    assert term.period == Range(date(2026, 11, 1), date(2027, 7, 1))
    assert delivered(settled, term, date(2026, 11, 15)) == (1, 1)


def test_a_service_is_granted_for_the_year_and_again_the_next(settled: Lane) -> None:
    first = settled.granted("roof_service", MARCH)

    assert (first.award.award.key, first.award.help, first.letters[-1]) == ("2026", "修缮服务", "grant")
    assert delivered(settled, first.award, date(2026, 8, 10)) == (1, 1)
    with pytest.raises(Refused, match="2026 的修缮服务，这一户已经有了"):
        settled.asked("roof_service", date(2026, 9, 1))
    assert settled.granted("roof_service", date(2027, 3, 1)).award.award.key == "2027"


def test_a_place_is_given_once_in_a_life(settled: Lane) -> None:
    walk = settled.granted("workshop_place", MARCH, settled.head)

    assert (walk.award.award.key, walk.award.award.form) == ("1", "place")
    assert delivered(settled, walk.award, date(2026, 3, 30)) == (1, 1), "it is there until it is taken up"
    with pytest.raises(Refused, match="工坊岗位一生最多 1 次，贾一已经都享受过"):
        settled.asked("workshop_place", date(2031, 3, 3), settled.head)
    for key in ("1", "2"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.create(
                household=settled.household, person=settled.head, programme="workshop_place", key=key, kind="once",
                form="place", most=1, pay_period=MARCH,
            )  # fmt: skip


def test_a_voucher_comes_once_a_year_without_being_asked_for(settled: Lane) -> None:
    term = settled.accept(settled.looked(MARCH)["theatre_voucher", "2026-1"], date(2026, 3, 9))

    assert delivered(settled, term, date(2026, 4, 20)) == (1, 1)
    assert ("theatre_voucher", "2026-2") not in settled.looked(date(2026, 5, 6))
    assert ("theatre_voucher", "2027-1") in settled.looked(DECEMBER)
