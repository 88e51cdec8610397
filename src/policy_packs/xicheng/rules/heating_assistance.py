"""冬季采暖救助：西政办发〔2020〕7号 措施26、附件1-26。"""

from policy_engine import condition, rule
from policy_packs.xicheng.codes import HeatingStatus

ITEM = "西政办发〔2020〕7号 附件1-26"


@condition(label="低保家庭", clause=f"{ITEM}；社会救助法 第四十二条", since="2020-05-19")
def is_subsistence_family(has_subsistence_allowance: bool) -> bool:
    """须为低保家庭：正在享受低保"""
    return has_subsistence_allowance


@condition(label="低收入家庭", clause=f"{ITEM}；社会救助法 第四十二条", since="2020-05-19")
def is_low_income_family(is_subsistence_family: bool, has_low_income: bool) -> bool:
    """须为低收入家庭：已经认定为低收入，且不是低保家庭"""
    return has_low_income and not is_subsistence_family


@condition(label="分散供养特困家庭", clause=f"{ITEM}（1）", since="2020-05-19")
def is_extreme_hardship_family(
    is_subsistence_family: bool, is_low_income_family: bool, has_extreme_hardship_support: bool
) -> bool:
    """须为分散供养特困家庭，且不是低保、低收入家庭"""
    return has_extreme_hardship_support and not is_subsistence_family and not is_low_income_family


@condition(label="低保、低收入或分散供养特困家庭", clause=f"{ITEM}（1）", since="2020-05-19")
def heating_status_met(
    has_subsistence_allowance: bool, has_low_income: bool, has_extreme_hardship_support: bool
) -> bool:
    """须已经认定为低保家庭、低收入家庭或者分散供养特困家庭"""
    return has_subsistence_allowance or has_low_income or has_extreme_hardship_support


@condition(label="自行承担采暖费", clause=f"{ITEM}（2）", since="2020-05-19")
def pays_for_heating(has_heating: bool) -> bool:
    """须自行向供暖单位缴纳采暖费用"""
    return has_heating


@rule(label="采暖救助类别", unit="code:HeatingStatus", clause=f"{ITEM}（2）", since="2020-05-19")
def heating_status(is_subsistence_family: bool, is_low_income_family: bool, is_extreme_hardship_family: bool) -> int:
    """采暖救助类别：低保家庭 {is_subsistence_family}，低收入家庭 {is_low_income_family}，分散供养特困家庭 {is_extreme_hardship_family}"""
    if is_subsistence_family:
        return HeatingStatus.SUBSISTENCE
    if is_low_income_family:
        return HeatingStatus.LOW_INCOME
    if is_extreme_hardship_family:
        return HeatingStatus.EXTREME_HARDSHIP
    return HeatingStatus.NONE


@rule(label="采暖救助金额", unit="fen/采暖季", clause=f"{ITEM}（2）", since="2020-05-19")
def heating_amount(heating_rate: int) -> int:
    """每户每采暖季 {heating_amount}"""
    return heating_rate
