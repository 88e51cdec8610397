"""What the street and the community do for the family, a function for each hand that it passes through."""

from datetime import date

from playwright.sync_api import expect

from tests.web.journeys import departments
from tests.web.journeys.families import HUKOU
from tests.web.journeys.first_family.family import (
    ADULTS,
    ANSWERS,
    EVERYBODY,
    HEAD,
    OF_HOUSEHOLD,
    WAGE_FOUND,
    WIFE,
    cells,
)
from tests.web.journeys.seats import NAMES, Office, Seat, sheets
from tests.web.journeys.walking import delivered, last

ACCOUNT = "6222 0000 0000 0000 012"
BROTHER = NAMES["shegong2"]
APPLICATION, COMMITMENT, CONSENT = "书面申请", "信息真实完整承诺书", "家庭经济状况核对授权书"


def registered(office: Office) -> str:
    """The community worker opens the family's file and writes down all that it declares; its number."""
    worker = office["shegong"]
    worker.follow("家庭", on=worker.page.get_by_role("navigation", name="各室"))
    worker.follow("登记家庭")
    worker.fill({"住址": "虚构胡同 12 号", "联系电话": "138 0000 0000"})
    for place, each in enumerate(EVERYBODY, 1):
        row = worker.page.get_by_role("group", name=f"第 {place} 人")
        worker.fill({"姓名": each.name, "与户主关系": each.relation, "身份证号": each.number}, on=row)
        row.get_by_label("户籍").select_option(HUKOU)
    worker.press("建档")
    worker.told("已建档")
    expect(worker.heading(HEAD.name)).to_be_visible()
    number = last(worker, "families")

    worker.unfold("记录变化")
    worker.follow("收入、财产、健康、上学")
    worker.fill(cells(OF_HOUSEHOLD), exact=True)
    for each in EVERYBODY:
        worker.fill(cells(each.facts, each.name), exact=True)
    worker.press("登记")
    worker.told(f"登记了 {len(OF_HOUSEHOLD) + sum(len(each.facts) for each in EVERYBODY)} 项事实")
    return number


def applied_for(office: Office) -> str:
    """The family applies through its community, and has brought one paper along; the number of the case."""
    worker = office["shegong"]
    worker.follow("新申请")
    worker.page.get_by_label("最低生活保障", exact=True).check()
    worker.press("下一步")
    worker.page.get_by_label(HEAD.name, exact=True).check()
    worker.fill({"渠道": "社区代办"})
    worker.page.get_by_label(APPLICATION).set_input_files(sheets(APPLICATION))
    worker.press("接收申请")
    worker.told("已接收申请")
    worker.sees("近亲属单独登记备案", "现在由窗口经办办理")
    number = last(worker, "cases")
    office.passes(office["jingban"], by=worker, of=HEAD.name)
    return number


def admitted(office: Office) -> None:
    """The clerk names once what is missing, takes it in the next day, and admits."""
    clerk = office["jingban"]
    clerk.take_up("受理", of=HEAD.name)
    clerk.press("受理，开出通知书")
    clerk.refused(f"还缺：{COMMITMENT}、{CONSENT}")
    _bring(clerk, COMMITMENT)
    correction = clerk.unfold("一次性告知补正")
    expect(correction.get_by_label(CONSENT)).to_be_checked()
    clerk.fill({"还要说明的": "两位成年人各签一份。"}, on=correction)
    clerk.press("开出补正告知书", on=correction)
    clerk.told("补正告知书已开出")
    clerk.sees("不能再次要求补充")
    delivered(clerk, "补正告知书")

    office.clock.today = date(2026, 3, 3)
    clerk.take_up("受理　等待补正", of=HEAD.name)
    for adult in ADULTS:
        _bring(clerk, f"{CONSENT} {adult.name}")
    clerk.press("受理，开出通知书")
    clerk.told("已受理，全程期限 2026-03-31")
    delivered(clerk, "受理通知书")
    office.passes(office["shenhe"], office["shegong"], by=clerk, of=HEAD.name)


def checked(office: Office) -> None:
    """The examiner asks the departments, whose answers come in by themselves."""
    office.clock.today = date(2026, 3, 4)
    examiner = office["shenhe"]
    examiner.take_up("信息核对")
    examiner.press("提请核对")
    examiner.told("已提请核对")
    examiner.press("核对完成")
    examiner.refused("还有来源没有答复")
    assert departments.answer_everything(ANSWERS, on=office.clock.today, as_of=date(2026, 3, 3)) == 6
    examiner.take_up("信息核对")
    examiner.sees("6 源 6 答", f"月工资（元） {_money(WAGE_FOUND)} 元")
    examiner.press("核对完成")
    examiner.told("核对已办结")


def visited(office: Office) -> None:
    """The examiner and the community worker were at the family's home; one alone is not enough."""
    office.clock.today = date(2026, 3, 5)
    examiner = office["shenhe"]
    examiner.take_up("入户调查")
    examiner.fill({"入户所见": "自有住房一处，陈设简单；妻子无业，靠娘家每月贴补。", "在场并签字的成员": WIFE.name})
    examiner.press("登记入户调查")
    examiner.refused("不得少于 2 人")
    examiner.page.get_by_label(office["shegong"].name).check()
    # The wife's brother does not go there.
    expect(examiner.page.get_by_label(BROTHER)).to_have_count(0)
    examiner.page.get_by_label("入户调查表").set_input_files(sheets("入户调查表"))
    examiner.press("登记入户调查")
    examiner.told("入户调查已登记")
    office.passes(examiner, by=office["shegong"], of=HEAD.name)


def examined(office: Office, amount: str) -> None:
    """The examiner settles what differs with his reason; the rules give the opinion, which is put up for seven days."""
    clerk, examiner = office["jingban"], office["shenhe"]
    examiner.take_up("审核意见")
    examiner.sees("1 处不一致")
    expect(examiner.page.get_by_role("button", name="提交，拟同意")).to_be_disabled()
    examiner.page.get_by_role("radio", name="人力社保").check()
    examiner.fill({"理由": "以社保缴费工资为准，本人承认上月起涨了工资。"}, on=examiner.panel("申报与查实"))
    examiner.press("采信")
    examiner.told("已采信")
    expect(examiner.page.locator("output")).to_contain_text(f"¥{amount}")

    case = examiner.page.url.removeprefix(examiner.home)
    clerk.go(case)
    clerk.sees("现在由街道审核办理。")
    expect(clerk.page.get_by_role("button", name="提交，拟同意")).to_have_count(0)

    examiner.press("提交，拟同意")
    examiner.told("审核意见已提交")
    examiner.press("开始公示")
    examiner.told("公示已开始，到 2026-03-12 为止")
    office.clock.today = date(2026, 3, 12)
    office.passes(by=examiner, of=HEAD.name)
    examiner.go(case)
    examiner.sees("公示期满后的下一天办结")

    office.clock.today = date(2026, 3, 13)
    examiner.take_up("公示　公示期满")
    examiner.fill({"说明": "公示期内没有人提出异议。"})
    examiner.press("公示期满，办结")
    examiner.told("公示已办结")
    office.passes(office["quji"], by=examiner, of=HEAD.name)


def confirmed(office: Office, amount: str) -> None:
    """The director decides what the rules say today."""
    office.clock.today = date(2026, 3, 17)
    director = office["zhuren"]
    director.take_up("确认", of=HEAD.name)
    expect(director.page.locator("output")).to_contain_text(f"¥{amount}")
    director.fill({"理由": "同意审核意见。"}, on=director.panel("确认"))
    director.press("确认，次月起发放")
    director.told("已确认，待遇自 2026-04 起")
    office.passes(office["jingban"], office["shenhe"], office["shegong"], by=director, of=HEAD.name)


def handed_over(office: Office, amount: str) -> None:
    """The clerk writes to the family, hands the letter over and takes down its account; the community is told."""
    office.clock.today = date(2026, 3, 18)
    clerk, worker = office["jingban"], office["shegong"]
    clerk.take_up("确认通知")
    clerk.press("开出通知书")
    clerk.told("已开出")
    delivered(clerk, "确认通知书", f"自 2026-04 起按月发放 {amount} 元")

    clerk.follow("家庭档案")
    clerk.follow("收款账户")
    clerk.fill({"户名": HEAD.name, "开户银行": "虚构银行月坛支行", "账号": ACCOUNT})
    clerk.press("登记，今天起使用")
    clerk.told("账户已登记")
    clerk.sees("**** 0012")

    worker.take_up("公布")
    worker.press("公布")
    worker.told("已公布")
    office.all_rest()


def _bring(clerk: Seat, paper: str) -> None:
    form = clerk.page.locator("form").filter(has=clerk.page.get_by_label(f"文件 {paper}"))
    form.get_by_label("文件").set_input_files(sheets(paper))
    clerk.press("收下", on=form)
    clerk.told("已收入档案" if paper == COMMITMENT else "已登记")


def _money(text: str) -> str:
    return f"{float(text):,.2f}"
