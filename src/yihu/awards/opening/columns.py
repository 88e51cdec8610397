"""The columns of an opening balance, and how each cell is read."""

import re
import unicodedata
from datetime import date
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policy_files.cells.written import EXACT, cell_text
from yihu.awards.models import LONGEST_MARK
from yihu.common.fen import parse_yuan
from yihu.common.refusals import Refused

MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")


class Column(Enum):
    """A column by its heading. Headings are part of the file's format and are not translated."""

    HOUSEHOLD = "户号"
    HEAD_NUMBER = "户主身份证号"
    HEAD_NAME = "户主姓名"
    PERSON_NUMBER = "领取人身份证号"
    PROGRAMME = "项目"
    AMOUNT = "月金额"
    MARK = "金额说明"
    START = "起始月份"
    DIVISION = "社区代码"
    ADDRESS = "住址"
    TELEPHONE = "电话"


COLUMNS = {
    Column.HOUSEHOLD: gettext_lazy("已建档的家庭填户号，或填户主身份证号，两样填一样即可。"),
    Column.HEAD_NUMBER: gettext_lazy("18 位，单元格要是文本格式。没有建档的家庭必填。"),
    Column.HEAD_NAME: gettext_lazy("填了就与档案核对；没有建档的家庭必填。"),
    Column.PERSON_NUMBER: gettext_lazy("发给个人的项目填；不填就是户主本人。发给全家的项目不填。"),
    Column.PROGRAMME: gettext_lazy("必填，项目的名称，见下面“可填的项目”。"),
    Column.AMOUNT: gettext_lazy("必填，每月多少元，最多两位小数。"),
    Column.MARK: gettext_lazy("可填，金额是怎么来的，例如 按2019年标准。凡显示金额的地方都会标出，最多 40 个字。"),
    Column.START: gettext_lazy("必填，从哪个月开始享受，例如 2019-03。不会补发载入以前的月份。"),
    Column.DIVISION: gettext_lazy("没有建档的家庭必填，12 位社区代码。建档时只登记户主，其他成员以后补登。"),
    Column.ADDRESS: gettext_lazy("没有建档的家庭必填。"),
    Column.TELEPHONE: gettext_lazy("没有建档的家庭可填。"),
}
REQUIRED = (Column.PROGRAMME, Column.AMOUNT, Column.START)


def text_of(value: Any) -> str:
    """A cell as text. Raises Refused for a long number that Excel keeps as a number: its last digits are lost."""
    if isinstance(value, float | int) and not isinstance(value, bool) and abs(value) >= EXACT:
        raise Refused(_("这个号码在 Excel 里存成了数字，末几位已经丢失。请把单元格设为文本，对照原件重新填写。"))
    return unicodedata.normalize("NFKC", cell_text(value)).strip()


def amount_of(value: Any) -> int:
    """Fen from a number or from what was written. Raises Refused."""
    value = cell_text(value)
    fen = parse_yuan(value)
    if fen <= 0:
        raise Refused(_("月金额要大于 0，现在是“{value}”。没有在发的不要列入。").format(value=value))
    return fen


def mark_of(value: Any) -> str:
    """What is said beside the amount, on one line. Raises Refused for more than fits there."""
    text = " ".join(text_of(value).split())
    if len(text) > LONGEST_MARK:
        raise Refused(_("金额说明最多 {most} 个字，现在有 {n} 个。").format(most=LONGEST_MARK, n=len(text)))
    return text


def month_of(value: Any, *, on: date) -> date:
    """The first of a month from a date, ``2019-03``, ``2019年3月`` or ``201903``. Raises Refused."""
    if isinstance(value, date):
        month = date(value.year, value.month, 1)
    else:
        if isinstance(value, float) and value != int(value):
            # As a number October is written like January.
            raise Refused(
                _("单元格里是数字 {value!r}，分不清是 1 月还是 10 月。请把单元格设为文本，写成 2019-10 这样。").format(
                    value=value
                )
            )
        text = text_of(value)
        found = MONTH.fullmatch(text) or re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.]\d{1,2}", text)
        if not found or not 1 <= int(found[2]) <= 12 or not 1950 <= int(found[1]) <= 2100:
            raise Refused(_("“{text}”不是月份。请写成 2019-03 这样。").format(text=text))
        month = date(int(found[1]), int(found[2]), 1)
    if month > on:
        raise Refused(_("起始月份 {month:%Y-%m} 还没有到，不是在册待遇。请走申请，或核对月份。").format(month=month))
    return month
