"""单人户: one member of a family that earns a little too much. In Beijing a figure of it was never seen."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

import policy_packs
from policy_engine import load_pack
from tests import rooms
from tests.web.journeys import walking
from tests.web.journeys.families import NOTHING, Someone, on_file
from tests.web.journeys.prepared import deliver_letters, walk_of
from tests.web.journeys.seats import Office
from yihu.cases.enums import Opinion
from yihu.households.models import Household

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PROGRAMME, TITLE = "single_person_subsistence", "最低生活保障（单人户）"
HEAD = Someone("梅有余", "户主", 2, date(1980, 5, 1), 11, NOTHING | {"wage": "14000"})
OTHERS = [Someone(f"梅{name}", "其他", 97, date(1985, 6, 2), 20 + at) for at, name in enumerate("二三四五六")]
SON = Someone("梅大满", "儿子", 20, date(2000, 2, 1), 15, NOTHING | {"transfer_income": "200", "disabilities": "5:1"})
ACCOUNT = "6222 0000 0000 0000 012"
SUPPLEMENT = "单人户重病、重残的分类救助上浮比例"
PACK = "invented"
FIGURE = """\
title: 单人户重病、重残的分类救助上浮
unit: fen/month
overrides: beijing
values:
  2021-07-01:
    value: 77700
    source: {document: 虚构文件, clause: 虚构}
    confidence: seen
checked_on: 2026-11-21
"""


def surveyed() -> Household:
    """Seven people whose income a head lies between the line and one and a half of it, one severely disabled: asked
    for him, checked and visited by 3 March 2026.
    """
    household = on_file(HEAD, *OTHERS, SON, on=date(2025, 1, 2), account=ACCOUNT)
    with rooms.everywhere() as service:
        walk = walk_of(household, PROGRAMME, service)
        walk.apply(date(2026, 3, 2), person=household.people.get(name=SON.name))
        walk.begin(date(2026, 3, 2))
        walk.survey(date(2026, 3, 3))
        deliver_letters(walk, date(2026, 3, 3))
    return household


def test_of_an_amount_of_which_a_figure_is_missing_only_the_least_is_proposed(office: Office) -> None:
    surveyed()
    office.clock.today = date(2026, 3, 4)
    clerk, examiner = office["jingban"], office["shenhe"]
    walking.opened(clerk, HEAD.name)
    offered = clerk.offer(TITLE, of=SON.name)
    expect(offered).to_contain_text("至少 1,250.00 元")
    clerk.sees("单人户 申请中")

    examiner.take_up("审核意见", of=HEAD.name)
    examiner.sees(SUPPLEMENT)
    expect(examiner.page.locator("output")).to_contain_text("¥1,250.00")
    expect(examiner.page.locator("output")).to_contain_text("已知规定的最低数")
    examiner.press("提交，拟同意")
    examiner.told("审核意见已提交")
    examiner.sees("已知规定的最低数")


@pytest.fixture
def invented_figure(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The district follows a pack that knows the missing figure: 777.00 yuan, which nobody ever set."""
    folder = tmp_path / "packs"
    for name in policy_packs.names():
        shutil.copytree(policy_packs.ROOT / name, folder / name)
    own = folder / PACK / "parameters" / PROGRAMME
    own.mkdir(parents=True)
    (own / "single_person_supplement.yaml").write_text(FIGURE, encoding="utf-8")
    (folder / PACK / "pack.yaml").write_text(
        'name: invented\ntitle: 虚构区\njurisdiction: "110102"\nextends: xicheng\ncovers: {from: 2013-01-01}\n',
        encoding="utf-8",
    )
    pack, load = load_pack(PACK, folder), policy_packs.load
    monkeypatch.setattr(policy_packs, "load", lambda name: pack if name == PACK else load(name))
    settings.POLICY_PACK = PACK


@pytest.mark.usefixtures("invented_figure")
def test_with_the_figure_one_member_gets_it(office: Office, tmp_path: Path) -> None:
    household = surveyed()
    with rooms.everywhere() as service:
        walk = walk_of(household, PROGRAMME, service)
        walk.number = household.cases.get().number
        walk.examine(date(2026, 3, 4), Opinion.GRANT)
        walk.post(date(2026, 3, 4))
        walk.unpost(date(2026, 3, 12))
    office.clock.today = date(2026, 3, 12)
    clerk = office["jingban"]
    walking.confirmed(office["zhuren"], "确认", HEAD.name, "确认，次月起发放", "待遇自 2026-04 起", TITLE, "¥2,027.00")
    walking.told_the_family(
        clerk, "确认通知", "确认通知书", HEAD.name, f"{SON.name}符合{TITLE}条件", "自 2026-04 起按月发放 2,027.00 元"
    )
    worker = office["shegong"]
    worker.take_up("公布", of=HEAD.name)
    worker.press("公布")
    worker.told("已公布")

    office.clock.today = date(2026, 4, 1)
    walking.opened(clerk, HEAD.name)
    expect(clerk.offer(TITLE, of=SON.name)).to_contain_text("在享：2026-04-01 起，没有定到期日")
    [row] = walking.paid(office, "单人户 2026-04", "¥2,027.00", tmp_path, household.number, SON.name)
    assert (row["户名"], row["金额（元）"], row["户号"]) == (HEAD.name, "2027.00", household.number)
    office.all_rest()
