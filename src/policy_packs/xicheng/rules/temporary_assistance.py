"""急难型临时救助：西政办发〔2020〕7号 措施24、附件1-24（1）；京民社救发〔2020〕86号。"""

from policy_engine import Sum, condition, rule

ITEM = "西政办发〔2020〕7号 附件1-24（1）"


@condition(label="有急难必需支出", clause=ITEM, since="2020-05-19")
def has_emergency_need(emergency_need: int) -> bool:
    """急难必需支出 {emergency_need}，须大于 0"""
    return emergency_need > 0


@condition(label="有共同生活的家庭成员", clause=ITEM, since="2020-05-19")
def family_has_members(household_size: int) -> bool:
    """共同生活的家庭成员 {household_size}，须至少一人"""
    return household_size >= 1


@condition(label="急难情形已核实", clause=ITEM, since="2020-05-19")
def emergency_is_confirmed(emergency_confirmed: bool) -> bool:
    """急难情形须经街道核实"""
    return emergency_confirmed


@condition(label="本区户籍持证残疾人", clause=f"西政办发〔2020〕7号 措施24；{ITEM}", since="2020-05-19")
def is_district_card_holder(district_hukou: bool, holds_disability_card: bool) -> bool:
    """须为西城区户籍，且持有残疾人证"""
    return district_hukou and holds_disability_card


@rule(label="本人急难救助上限", unit="fen", clause=f"西政办发〔2020〕7号 措施24；{ITEM}", since="2020-05-19")
def emergency_ceiling_of_member(
    counted_member: bool, subsistence_standard: int, emergency_months: int, disability_factor: int
) -> int:
    """本人上限 {emergency_ceiling_of_member} = 低保标准 {subsistence_standard} × {emergency_months} × {disability_factor}；不计入家庭的成员为 0"""
    if counted_member:
        return subsistence_standard * emergency_months * disability_factor // 10
    return 0


@rule(label="急难救助上限", unit="fen", clause=ITEM, since="2020-05-19")
def emergency_ceiling(emergency_ceiling_of_member: Sum) -> int:
    """全家上限 {emergency_ceiling} = 各成员上限之和"""
    return emergency_ceiling_of_member


@condition(label="必需支出达到上限", clause=ITEM, since="2020-05-19")
def need_reaches_ceiling(emergency_need: int, emergency_ceiling: int) -> bool:
    """必需支出 {emergency_need}，达到上限 {emergency_ceiling} 的，在限额以内定；低于的，按实际发生金额"""
    return emergency_need >= emergency_ceiling


@rule(label="急难救助金额", unit="fen", clause=ITEM, since="2020-05-19")
def emergency_amount(emergency_need: int, emergency_ceiling: int) -> int:
    """救助 {emergency_amount}：必需支出 {emergency_need} 与全家上限 {emergency_ceiling} 中较低的一个"""
    return min(emergency_need, emergency_ceiling)
