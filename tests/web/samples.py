"""Invented values for every part of a desk page, and the pages of tests/web/gallery that show them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from demo.accounts import DemoAccount
from yihu.policy import Sentence
from yihu.web.parts import (
    Chip,
    Choice,
    Event,
    Filter,
    Found,
    Link,
    Officer,
    Progress,
    RailItem,
    Step,
    Tile,
)
from yihu.web.pictures import Cause, Change

GALLERY = Path(__file__).parent / "gallery"
PAGES = ("family", "case", "inbox", "run", "confirm")

OFFICER = Officer("甄审核", "月坛街道", "审核", (("7", "月坛街道 · 救助窗口"), ("9", "西长安街街道 · 审核")))
ROOMS = {"待办": 12, "家庭": None, "受理": 5, "核对": 3, "待遇": None, "发放": None, "政策": None}
HERE = {"family": "家庭", "case": "受理", "inbox": "待办", "run": "发放", "confirm": "发放"}

EVENTS = (
    Event(date(2020, 9, 1), "申请 高等教育新生入学救助", chip=Chip("待街道审核 · 剩 4 个工作日", "warn"), is_open=True),
    Event(date(2020, 8, 28), "9 月低保 1,616.00 元 已发"),
    Event(date(2020, 8, 20), "低保确认，自 2020-09 起", link=Link("通知书 2020-0173", "/letters/173/")),
    Event(date(2020, 8, 12), "公示 7 天，无异议", until=date(2020, 8, 19)),
    Event(date(2020, 8, 11), "入户调查　贾、甄 二人", detail="一处与申报不一致，已采信核实"),
    Event(date(2020, 8, 6), "经济状况核对　9 个来源 · 8 答复"),
    Event(date(2020, 8, 3), "受理　首问 月坛街道窗口"),
)
STEPS = (
    Step("受理", "done", "08-18 贾经办"),
    Step("核对", "done", "08-24　9 源 9 答"),
    Step("入户调查", "done", "08-27 二人"),
    Step("审核", "now", "您 · 09-03 前"),
    Step("公示", "later", "7 天"),
    Step("确认", "later", "街道主任"),
    Step("公布", "later", "姓名 人数 金额"),
    Step("发放", "later", "次月起"),
)
TILES = (
    Tile("家庭", "3,184 户", "上月 3,162"),
    Tile("人数", "5,027 人", "上月 4,998"),
    Tile("金额", "¥4,871,206.00", "上月 ¥4,826,930.00"),
    Tile("需处理", "3 处", "不处理不能提交", is_bad=True, url="#todo"),
)
CHANGE = Change(
    "8 月",
    482693000,
    "9 月",
    487120600,
    (
        Cause("新增", 6142000, 31),
        Cause("退出", -1980400, 9),
        Cause("调减", -894000, 14),
        Cause("补发", 1160000, 6),
    ),
)
WHY = (
    Sentence(
        "差额 1,800.00 元 = 低保标准 1,170.00 元 × 4 人 − 家庭月可计算收入 2,880.00 元",
        "民发〔2012〕220号 第四条",
        "",
        (Sentence("工资 2,050.00 元 + 养老金 830.00 元 = 2,880.00 元", "", ""),),
    ),
    Sentence("人均 720.00 元，低于标准 450.00 元", "2020-07-01 起", "yes"),
    Sentence("货币财产 12,384.20 元 < 限额 213,748.00 元", "", "yes"),
    Sentence("名下没有机动车", "", "no"),
    Sentence("家中的学生在读阶段", "", "unknown"),
)
FILTERS = (
    Filter("whose", (Choice("", "我的", 12), Choice("street", "本街道", 57), Choice("late", "已逾期", 1))),
    Filter("task", (Choice("", "全部"), Choice("examine", "审核", 5), Choice("visit", "入户调查", 3)), "事项"),
    Filter("community", (Choice("", "全部"), Choice("1", "三里河一区社区", 2)), "社区"),
)
WORKS = (
    Progress("生成银行文件", 1200, 3184, "running", "/jobs/1/", "户", stop_url="/jobs/1/stop/"),
    Progress("试算调标", 3184, 3184, "done", "/jobs/2/", "户", result=Link("看结果", "/jobs/2/result/")),
    Progress("导入名册", 210, 900, "failed", "/jobs/3/", "行", "第 211 行：身份证号校验码不对，改好后重新导入"),
)
FOUND = (
    Found(
        "/desk/families/1/",
        "贾一鸣",
        "月坛街道 三里河一区社区 · 46 岁 · 户主",
        "XC-007-004217",
        Chip("低保 在享", "good"),
    ),
    Found("/desk/families/2/", "贾一民", "什刹海街道 · 71 岁 · 父", "XC-012-000934"),
    Found("/desk/cases/3/", "贾思齐 申请低保", "月坛街道 · 审核", "2020-YT-0311", Chip("剩 2 个工作日", "warn")),
)
ACCOUNTS = (
    DemoAccount("worker", "example", "贾走访", "三里河一区社区", "社区工作者"),
    DemoAccount("clerk", "example", "贾经办", "月坛街道", "救助窗口"),
    DemoAccount("examiner", "example", "甄审核", "月坛街道", "审核"),
    DemoAccount("maker", "example", "贾制单", "西城区民政局", "财务制单"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One programme as 能得到什么 shows it."""

    title: str
    outcome: str = "eligible"
    amount: str = ""
    per: str = ""
    who: str = ""
    lead: str = ""
    why: tuple[Sentence, ...] = ()
    key: str = ""
    mark: str = ""
    opens: str = ""
    reasons: tuple[Any, ...] = ()
    paid_directly: bool = False
    has_amount: bool = True
    form: str = ""
    is_ceiling: bool = False
    is_least: bool = False


CARDS = (
    Card("最低生活保障", amount="1,616.00 元", per="/月", lead="差额 1,616.00 元", why=WHY, key="a"),
    Card(
        "困难残疾人生活补贴", amount="320.00 元", per="/月", who="甄若水", lead="低保家庭，肢体三级", why=WHY, key="b"
    ),
    Card("就业奖励", who="贾一鸣", opens="符合条件；标准未见原文"),
    Card("冬季采暖救助", amount="1,800.00 元", per="/采暖季", paid_directly=True, mark="按最近所见标准 2024-07"),
    Card("高龄津贴", "not_eligible", opens="家中无 80 岁以上老人"),
    Card("急难型临时救助", "unknown", opens="还不知道：有没有突发必需支出"),
)


class OpinionForm(forms.Form):
    """A form with every kind of field."""

    opinion = forms.ChoiceField(label="意见", choices=[("1", "拟同意　低保 1,800.00 元/月　4 人"), ("2", "拟不同意")])
    reason = forms.CharField(
        label="理由", help_text="会写进通知书，请用申请人看得懂的话", widget=forms.Textarea(attrs={"rows": 3})
    )
    amount = forms.DecimalField(label="已先行救助", required=False)
    day = forms.DateField(label="下次复核", widget=forms.TextInput)
    relation = forms.ChoiceField(
        label="与当事人", choices=[("1", "无近亲属关系"), ("2", "有，须回避")], widget=forms.RadioSelect
    )
    read = forms.BooleanField(label="我已看过入户调查表和全部核对结果")
    paper = forms.FileField(
        label="集体研究记录",
        required=False,
        help_text="PDF 或照片，最大 20 MB",
        widget=forms.FileInput(attrs={"data-most": 20971520}),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox."""

    left: int | None
    task: str
    detail: str
    family: str
    community: str = "三里河一区社区"
    programme: str = "低保"
    due: date = date(2020, 9, 3)
    since: date = date(2020, 9, 1)
    provisional: bool = False


ROWS = (
    Row(-1, "答复异议", "公示期内 1 件", "贾大田　2 人", "汽北社区"),
    Row(0, "审核", "入户与核对一致", "甄有福　1 人"),
    Row(2, "审核", "2 处与申报不一致", "贾思齐　4 人", "南沙沟社区"),
    Row(2, "补交材料", "住院结算单", "甄小月　3 人", "复北社区", "临时救助 急难型 · 先行救助已付"),
    Row(4, "审核", "", "贾一鸣　3 人", programme="高等教育新生入学救助"),
    Row(6, "复核", "按季，12 户一批", "本季第 3 批", "铁二二社区"),
    Row(9, "听取意见", "拟调减", "甄大海　2 人", "社会路社区", "低保 渐退第 4 个月", provisional=True),
    Row(None, "走访", "上次 2020-06-30", "甄老伯　1 人"),
)


def context(page: str) -> dict[str, Any]:
    """Everything that the pages of the gallery ask for."""
    here = HERE.get(page, "")
    form = OpinionForm({"opinion": "1", "reason": "", "amount": "三百", "day": "2020-13-01", "relation": "1"})
    return {
        "officer": OFFICER,
        "rail": [RailItem(label, f"/desk/{label}/", count, label == here) for label, count in ROOMS.items()],
        "next_review": date(2020, 10, 31),
        "visited": date(2020, 8, 11),
        "events": EVENTS,
        "steps": STEPS,
        "tiles": TILES,
        "change": CHANGE,
        "why": WHY,
        "cards": CARDS,
        "filters": FILTERS,
        "works": WORKS,
        "form": form if page == "case" else None,
        "page": Paginator([*ROWS] * 7, len(ROWS)).page(2),
        "back_url": "/desk/",
        "found": FOUND,
        "typed": "贾一",
        "more": 4,
        "demo_accounts": ACCOUNTS,
        "redirect_field": "",
    }


def draw(page: str, address: str = "/desk/?whose=street&task=examine&page=2", **other: Any) -> str:
    """A page of the gallery, or of the site by its template's name, as HTML."""
    engine = engines["django"]
    template = engine.get_template(page) if "/" in page else engine.from_string((GALLERY / f"{page}.html").read_text())
    return template.render(context(page) | other, RequestFactory().get(address))
