"""低收入家庭：北京市社会救助家庭经济状况认定指导意见（试行）四（一）；2017-12-31 以前为年度通知。"""

from policy_engine import condition

GUIDELINE = "北京市社会救助家庭经济状况认定指导意见（试行）四（一）"


@condition(label="人均收入低于低收入认定线", clause=GUIDELINE, since="2013-01-01")
def income_below_low_income_line(income_per_head: int, low_income_line: int) -> bool:
    """家庭月人均收入 {income_per_head}，须低于低收入认定线 {low_income_line}"""
    return income_per_head < low_income_line


@condition(label="基础养老金全部计入也低于低收入认定线", clause=GUIDELINE, since="2026-01-01")
def income_at_most_below_low_income_line(income_per_head_at_most: int, low_income_line: int) -> bool:
    """家庭月人均收入至多 {income_per_head_at_most}，须低于低收入认定线 {low_income_line}"""
    return income_per_head_at_most < low_income_line


@condition(label="基础养老金全不计入时低于低收入认定线", clause=GUIDELINE, since="2026-01-01")
def income_at_least_below_low_income_line(income_per_head_at_least: int, low_income_line: int) -> bool:
    """家庭月人均收入至少 {income_per_head_at_least}，须低于低收入认定线 {low_income_line}"""
    return income_per_head_at_least < low_income_line


@condition(
    name="low_income_test_met",
    label="收入低于低收入认定线",
    clause=GUIDELINE,
    since="2013-01-01",
    until="2025-12-31",
)
def low_income_test_met_2013(income_below_low_income_line: bool) -> bool:
    """家庭月人均收入须低于低收入认定线"""
    return income_below_low_income_line


@condition(
    name="low_income_test_met",
    label="收入低于低收入认定线",
    clause=GUIDELINE,
    since="2026-01-01",
)
def low_income_test_met_2026(
    income_at_most_below_low_income_line: bool,
    income_below_low_income_line: bool,
    income_at_least_below_low_income_line: bool,
) -> bool:
    """家庭月人均收入须低于低收入认定线；基础养老金计入与否结论相同的，不待规定"""
    return income_at_most_below_low_income_line or (
        income_below_low_income_line and income_at_least_below_low_income_line
    )


@condition(
    label="低保或低收入家庭",
    clause="京民社救发〔2011〕367号；社会救助法 第四十二条",
    since="2013-01-01",
)
def family_is_aided(has_subsistence_allowance: bool, has_low_income: bool) -> bool:
    """须已经认定为低保家庭或者低收入家庭"""
    return has_subsistence_allowance or has_low_income
