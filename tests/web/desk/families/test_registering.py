"""A family is registered on one page, and what changes in it on a page each; what was typed stays when it is wrong."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import rooms
from tests.web.desk.conftest import Desk
from yihu.access.actor import Actor
from yihu.households.enums import HEAD
from yihu.households.models import Fact, FileRead, Household, Member

NUMBER = rooms.identity_number(date(1970, 1, 1), 3)
WRONG = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
ROWS = {"m-TOTAL_FORMS": "3", "m-INITIAL_FORMS": "0", "m-0-relation": "2", "do": "save"}
HOME = {"division": "11/0102/007/001/", "address": "真武庙 2 号", "telephone": ""}
ONE = {"m-0-name": "贾大田", "m-0-identity_number": NUMBER, "m-0-hukou": "110102"}


@pytest.fixture
def family(district: rooms.District, service: Actor) -> Household:
    """The family as it has lived there since the new year."""
    return rooms.make_family(district.community, by=service, on=date(2026, 1, 5))


@pytest.fixture
def clerk(desk_of: Desk, family: Household) -> Client:
    """A clerk who has said why he has this family's file open."""
    client = desk_of()
    client.post(f"/desk/families/{family.number}/purpose/", {"purpose": "change"})
    return client


def record(client: Client, household: Household, page: str, **typed: Any) -> str:
    """Send a form of a family; what the clerk sees then."""
    answer = client.post(f"/desk/families/{household.number}/{page}/", typed, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


# ---- a new family


def test_a_family_is_registered_on_one_page(desk_of: Desk) -> None:
    wife = {"m-1-name": "甄小月", "m-1-relation": "12", "m-1-birth_date": "19710203", "m-1-sex": "female"}

    answer = desk_of().post("/desk/families/register/", {**ROWS, **HOME, **ONE, **wife})

    household = Household.objects.get()
    assert answer.url == f"/desk/families/{household.number}/"
    assert household.division_id == "11/0102/007/001/"
    head, spouse = Member.objects.on(rooms.ON).select_related("person")
    assert (head.person.name, head.relation, head.person.birth_date) == ("贾大田", HEAD, date(1970, 1, 1))
    assert (spouse.person.name, spouse.relation, spouse.person.birth_date) == ("甄小月", 12, date(1971, 2, 3))
    (fact,) = Fact.objects.all()
    assert (fact.name, fact.value, fact.person, fact.source) == ("hukou", {"hukou": 110102}, head.person, "declared")


def test_what_is_wrong_stands_at_its_row_and_everything_typed_stays(desk_of: Desk) -> None:
    typed = {**ROWS, **HOME, **ONE, "m-0-identity_number": WRONG}

    html = desk_of().post("/desk/families/register/", typed).content.decode()

    assert not Household.objects.exists()
    assert 'id="id_m-0-identity_number_error"' in html
    assert "校验位对不上" in html
    assert f'value="{WRONG}"' in html
    assert 'value="真武庙 2 号"' in html


def test_someone_on_file_elsewhere_is_refused_at_his_row(desk_of: Desk, family: Household) -> None:
    taken = rooms.identity_number(date(1980, 5, 1), 1)
    typed = {**ROWS, **HOME, **ONE, "m-0-name": "贾一鸣", "m-0-identity_number": taken}

    html = desk_of().post("/desk/families/register/", typed).content.decode()

    assert Household.objects.count() == 1
    assert 'id="id_m-0-identity_number_error"' in html
    assert family.number in html


def test_that_somebody_was_looked_for_stands_in_the_file_in_which_he_was_found(
    desk_of: Desk, district: rooms.District, family: Household
) -> None:
    taken = rooms.identity_number(date(1980, 5, 1), 1)
    typed = {**ROWS, **HOME, **ONE, "m-0-name": "贾一鸣", "m-0-identity_number": taken}
    far = desk_of("community_worker", district.far_community, name="吴远社")

    html = far.post("/desk/families/register/", {**typed, "division": district.far_community.path}).content.decode()

    assert "月坛街道户 XC-007-000001 建档" in html
    (read,) = FileRead.objects.all()
    assert (read.household, read.kind, read.detail) == (family, "comparison", "贾一鸣")
    assert read.actor.name == "吴远社"


def test_a_family_without_anybody_is_refused(desk_of: Desk) -> None:
    html = desk_of().post("/desk/families/register/", {**ROWS, **HOME}).content.decode()

    assert "请至少登记一位成员" in html


def test_one_more_row_keeps_what_was_typed_and_judges_nothing(desk_of: Desk) -> None:
    typed = {**ROWS, **HOME, **ONE, "m-0-identity_number": WRONG, "address": "", "do": "add"}

    html = desk_of().post("/desk/families/register/", typed).content.decode()

    assert 'name="m-3-name"' in html
    assert f'value="{WRONG}"' in html
    assert 'class="problem"' not in html


def test_only_communities_within_reach_can_be_chosen(desk_of: Desk, district: rooms.District) -> None:
    clerk = desk_of()
    worker = desk_of("community_worker").get("/desk/families/register/").content.decode()

    assert district.far_community.path not in clerk.get("/desk/families/register/").content.decode()
    refused = clerk.post("/desk/families/register/", {**ROWS, **HOME, **ONE, "division": district.far_community.path})
    assert refused.status_code == 200
    assert not Household.objects.exists()
    # An only one is chosen already.
    assert f'<option value="{district.community.path}">' in worker
    assert "第二社区" not in worker


def test_a_number_is_judged_while_it_is_typed(desk_of: Desk) -> None:
    clerk = desk_of()

    def told(number: str) -> str:
        return str(clerk.post("/desk/families/check-number/", {"m-1-identity_number": number}).content.decode())

    assert "男，1970-01-01 出生，56 岁" in told(NUMBER)
    assert "校验位对不上" in told(WRONG)
    assert told("  ") == ""


# ---- who lives in it


def test_a_child_is_born(clerk: Client, family: Household) -> None:
    typed = {"name": "贾小宝", "relation": "20", "birth_date": "2026-02-20", "sex": "male", "since": "2026-02-20"}

    html = record(clerk, family, "members/add", **typed)

    assert "贾小宝已登记为家庭成员" in html
    assert Member.objects.on(rooms.ON).filter(household=family).count() == 4


def test_a_second_head_is_no_choice(clerk: Client, family: Household) -> None:
    html = record(clerk, family, "members/add", name="贾小宝", relation="2", birth_date="2026-02-20", sex="male")

    assert Member.objects.filter(household=family).count() == 3
    assert 'id="id_relation_error"' in html


def test_someone_leaves(clerk: Client, family: Household) -> None:
    daughter = family.people.get(name="贾小样")

    html = record(clerk, family, "members/leave", person=daughter.pk, left_on="2026.3.1", reason="随外婆住")

    assert "贾小样已登记离开" in html
    assert Member.objects.get(person=daughter).period.upper == date(2026, 3, 1)


def test_the_head_dies_and_another_takes_his_place(clerk: Client, family: Household) -> None:
    head, wife, daughter = family.people.order_by("id")

    unfinished = record(clerk, family, "members/death", person=head.pk, died_on="2026-03-01")
    relations = {f"r{wife.pk}": "2", f"r{daughter.pk}": "30"}
    done = record(clerk, family, "members/death", person=head.pk, died_on="2026-03-01", **relations)

    assert "选出新户主" in unfinished
    assert "贾一鸣的死亡已登记" in done
    now = [(each.person.name, each.relation) for each in Member.objects.on(rooms.ON).select_related("person")]
    assert now == [("甄如玉", HEAD), ("贾小样", 30)]


def test_the_head_changes(clerk: Client, family: Household) -> None:
    head, wife, daughter = family.people.order_by("id")
    typed = {f"r{head.pk}": "11", f"r{wife.pk}": "2", f"r{daughter.pk}": "30", "changed_on": "2026-03-01"}

    two = record(clerk, family, "members/head", **{**typed, f"r{head.pk}": "2"})
    html = record(clerk, family, "members/head", **typed)

    assert "现在有 2 位" in two
    assert "户主和关系已登记" in html
    assert Member.objects.on(rooms.ON).get(relation=HEAD).person == wife


def test_a_name_is_corrected_and_the_number_stays(clerk: Client, family: Household) -> None:
    head = family.people.get(name="贾一鸣")
    before = bytes(head.identity_digest or b"")

    html = record(clerk, family, f"members/correct/{head.pk}", name="贾一鸿", reason="户口簿写的是鸿")

    assert "贾一鸿的身份信息已更正" in html
    head.refresh_from_db()
    assert (head.name, bytes(head.identity_digest or b"")) == ("贾一鸿", before)


# ---- where it lives


def test_the_telephone_stays_unless_it_is_changed_or_removed(
    desk_of: Desk, district: rooms.District, service: Actor
) -> None:
    household = rooms.make_family(district.community, by=service, telephone="13900000000")
    client = desk_of()
    client.post(f"/desk/families/{household.number}/purpose/", {"purpose": "change"})

    shown = client.get(f"/desk/families/{household.number}/contact/").content.decode()
    moved = record(client, household, "contact", address="月坛南街 5 号")
    wrong = record(client, household, "contact", address="月坛南街 5 号", telephone="1390000")
    removed = record(client, household, "contact", address="月坛南街 5 号", remove="on")

    assert "139****0000" in shown
    assert "13900000000" not in shown
    assert "139****0000" in moved
    assert "应为 11 位" in wrong
    assert 'value="1390000"' in wrong
    assert "没有登记" in removed


def test_a_family_moves_to_the_neighbours_but_not_to_another_street(
    clerk: Client, family: Household, district: rooms.District
) -> None:
    refused = record(clerk, family, "move", division=district.far_community.path, address="牛街 1 号")
    done = record(clerk, family, "move", division=district.neighbour.path, address="三里河 1 号")

    assert 'id="id_division_error"' in refused
    assert "由区级监督办理" in refused
    assert "已迁到第二社区" in done
    family.refresh_from_db()
    assert family.division_id == district.neighbour.path


def test_the_district_moves_a_family_to_another_street(
    desk_of: Desk, family: Household, district: rooms.District
) -> None:
    officer = desk_of("district_officer")
    officer.post(f"/desk/families/{family.number}/purpose/", {"purpose": "change"})

    record(officer, family, "move", division=district.far_community.path, address="牛街 1 号")

    family.refresh_from_db()
    assert family.division_id == district.far_community.path


def test_a_closed_family_offers_no_changes(clerk: Client, family: Household) -> None:
    html = record(clerk, family, "close", closed_on="2026-03-01", reason="全家出国")

    assert "已销档" in html
    assert "新申请" not in html
    assert "记录变化" not in html


def test_who_only_reads_changes_nothing(desk_of: Desk, family: Household) -> None:
    auditor = desk_of("auditor")

    for page in ("members/add", "members/death", "contact", "move", "close", "facts", "papers/add"):
        assert auditor.get(f"/desk/families/{family.number}/{page}/").status_code == 403, page
