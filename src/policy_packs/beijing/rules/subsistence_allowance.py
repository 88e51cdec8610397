"""收入核减和分类救助：关于规范和统筹我市城乡居民最低生活保障分类救助制度的通知（2015-01 起）。

通知只见到一部分。不核减也低于标准的，肯定符合；三项全部核减也不低于标准的，肯定不符合；两者之间，
能肯定的核减已经够的符合，否则是“还不知道”。没有这几种情形的家庭不受影响。
"""

from policy_engine import Any, Count, condition, rule
from policy_packs.cn.codes import SchoolStage

NOTICE = "关于规范和统筹我市城乡居民最低生活保障分类救助制度的通知"

# 哪些家庭可能核减


@condition(label="重病或重残成员", clause=NOTICE, since="2015-01-01")
def belongs_and_is_serious_case(belongs_to_family: bool, severely_disabled_or_seriously_ill: bool) -> bool:
    """须既是共同生活的家庭成员，又有重病或重度残疾"""
    return belongs_to_family and severely_disabled_or_seriously_ill


@condition(label="家中有重病或重残成员", clause=NOTICE, since="2015-01-01")
def has_serious_case(belongs_and_is_serious_case: Any) -> bool:
    """家中须有重病或重度残疾的成员"""
    return belongs_and_is_serious_case


@condition(label="已成年", clause="民法典 第十七条", since="2015-01-01")
def is_adult(age: int) -> bool:
    """{age}，须年满 18 周岁"""
    return age >= 18


@condition(label="不在学", clause=NOTICE, since="2015-01-01")
def not_in_school(school_stage: int) -> bool:
    """须不是全日制在校学生"""
    return school_stage == SchoolStage.NONE


@condition(label="十六周岁以下", clause=NOTICE, since="2015-01-01")
def is_sixteen_or_younger(age: int) -> bool:
    """{age}，须不超过 16 周岁"""
    return age <= 16


@condition(label="可以抚养他人的成年人", clause=NOTICE, since="2015-01-01")
def can_be_carer(belongs_to_family: bool, is_adult: bool, not_in_school: bool) -> bool:
    """须为共同生活的家庭成员，已成年且不在学"""
    return belongs_to_family and is_adult and not_in_school


@condition(label="受抚养的子女", clause=NOTICE, since="2015-01-01")
def can_be_cared_for(belongs_to_family: bool, is_sixteen_or_younger: bool, not_in_school: bool) -> bool:
    """须为共同生活的家庭成员，不超过 16 周岁或者全日制在校"""
    return belongs_to_family and (is_sixteen_or_younger or not not_in_school)


@rule(label="可以抚养他人的成年人数", unit="person", clause=NOTICE, since="2015-01-01")
def carers(can_be_carer: Count) -> int:
    """家中不在学的成年人 {carers}"""
    return can_be_carer


@condition(label="只有一名成年人", clause=NOTICE, since="2015-01-01")
def exactly_one_carer(carers: int) -> bool:
    """家中不在学的成年人 {carers}，须只有一人"""
    return carers == 1


@condition(label="有受抚养的子女", clause=NOTICE, since="2015-01-01")
def has_dependant(can_be_cared_for: Any) -> bool:
    """家中须有不超过 16 周岁或者全日制在校的成员"""
    return can_be_cared_for


@condition(label="可能单独抚养子女", clause=NOTICE, since="2015-01-01")
def possibly_lone_carer(exactly_one_carer: bool, has_dependant: bool) -> bool:
    """家中须只有一名不在学的成年人，并有受其抚养的子女"""
    return exactly_one_carer and has_dependant


@condition(label="可能核减收入", clause=NOTICE, since="2015-01-01")
def reduction_possible(has_serious_case: bool, possibly_lone_carer: bool) -> bool:
    """家中须有重病、重残成员，或者可能由一人单独抚养子女"""
    return has_serious_case or possibly_lone_carer


# 核减以后的收入


@rule(label="最多核减后的人均收入", unit="fen/person/month", clause=NOTICE, since="2015-01-01")
def income_after_greatest_reduction(
    household_income_at_least: int,
    subsistence_standard: int,
    greatest_reduction_percent: int,
    household_size: int,
) -> int:
    """最多核减后的人均收入 {income_after_greatest_reduction} =（家庭月收入 {household_income_at_least} − 低保标准 {subsistence_standard} 的 {greatest_reduction_percent}）÷ {household_size}，不小于 0"""
    reduction = subsistence_standard * greatest_reduction_percent // 100
    return max(0, household_income_at_least - reduction) // max(1, household_size)


@condition(label="最多核减后低于标准", clause=NOTICE, since="2015-01-01")
def below_after_greatest_reduction(income_after_greatest_reduction: int, subsistence_standard: int) -> bool:
    """最多核减后的人均收入 {income_after_greatest_reduction}，须低于低保标准 {subsistence_standard}"""
    return income_after_greatest_reduction < subsistence_standard


@rule(
    label="重病重残核减后的人均收入",
    unit="fen/person/month",
    clause=NOTICE,
    since="2015-01-01",
    until="2021-06-30",
)
def income_after_serious_case_reduction(
    countable_household_income: int,
    subsistence_standard: int,
    serious_case_reduction_percent: int,
    household_size: int,
) -> int:
    """重病重残核减后的人均收入 {income_after_serious_case_reduction} =（家庭月收入 {countable_household_income} − 低保标准 {subsistence_standard} 的 {serious_case_reduction_percent}）÷ {household_size}，不小于 0"""
    reduction = subsistence_standard * serious_case_reduction_percent // 100
    return max(0, countable_household_income - reduction) // max(1, household_size)


@condition(
    label="重病重残核减后低于标准",
    clause=NOTICE,
    since="2015-01-01",
    until="2021-06-30",
)
def below_after_serious_case_reduction(income_after_serious_case_reduction: int, subsistence_standard: int) -> bool:
    """重病重残核减后的人均收入 {income_after_serious_case_reduction}，须低于低保标准 {subsistence_standard}"""
    return income_after_serious_case_reduction < subsistence_standard


@rule(label="全部核减后的人均收入", unit="fen/person/month", clause=NOTICE, since="2015-01-01")
def income_after_actual_reduction(
    countable_household_income: int,
    subsistence_standard: int,
    actual_reduction_percent: int,
    household_size: int,
) -> int:
    """依全部规定核减后的人均收入 {income_after_actual_reduction} =（家庭月收入 {countable_household_income} − 低保标准 {subsistence_standard} 的 {actual_reduction_percent}）÷ {household_size}，不小于 0"""
    reduction = subsistence_standard * actual_reduction_percent // 100
    return max(0, countable_household_income - reduction) // max(1, household_size)


@condition(label="全部核减后低于标准", clause=NOTICE, since="2015-01-01")
def below_after_actual_reduction(income_after_actual_reduction: int, subsistence_standard: int) -> bool:
    """依全部规定核减后的人均收入 {income_after_actual_reduction}，须低于低保标准 {subsistence_standard}"""
    return income_after_actual_reduction < subsistence_standard


@condition(
    label="核减足以低于标准",
    clause=NOTICE,
    since="2015-01-01",
    until="2021-06-30",
)
def certainly_reduced_below(has_serious_case: bool, below_after_serious_case_reduction: bool) -> bool:
    """家中须有重病、重残成员，且仅此一项核减后就低于标准"""
    return has_serious_case and below_after_serious_case_reduction


@condition(
    name="reduced_income_test_met",
    label="核减后收入低于标准",
    clause=NOTICE,
    since="2015-01-01",
    until="2021-06-30",
)
def reduced_income_test_met_2015(
    reduction_possible: bool,
    below_after_greatest_reduction: bool,
    certainly_reduced_below: bool,
    below_after_actual_reduction: bool,
) -> bool:
    """家庭须属于可以核减收入的情形，且核减后的人均收入低于标准"""
    return (
        reduction_possible
        and below_after_greatest_reduction
        and (certainly_reduced_below or below_after_actual_reduction)
    )


@condition(
    name="reduced_income_test_met",
    label="核减后收入低于标准",
    clause=f"民发〔2021〕57号 第十三条；{NOTICE}",
    since="2021-07-01",
)
def reduced_income_test_met_2021(
    reduction_possible: bool,
    below_after_greatest_reduction: bool,
    below_after_actual_reduction: bool,
) -> bool:
    """家庭须属于可以核减收入的情形，且核减后的人均收入低于标准"""
    return reduction_possible and below_after_greatest_reduction and below_after_actual_reduction


@condition(
    name="income_test_met",
    label="收入低于低保标准",
    clause="民发〔2012〕220号 第四条",
    since="2013-01-01",
    until="2014-12-31",
    overrides="cn",
)
def income_test_met_2013(income_below_standard: bool) -> bool:
    """家庭月人均收入须低于低保标准"""
    return income_below_standard


@condition(
    name="income_test_met",
    label="收入低于低保标准",
    clause=f"民发〔2012〕220号 第四条；民发〔2021〕57号 第四条、第十三条；{NOTICE}",
    since="2015-01-01",
    until="2025-12-31",
    overrides="cn",
)
def income_test_met_2015(income_below_standard: bool, reduced_income_test_met: bool) -> bool:
    """家庭月人均收入须低于低保标准，或者依规定核减以后低于低保标准"""
    return income_below_standard or reduced_income_test_met


@condition(
    name="income_test_met",
    label="收入低于低保标准",
    clause=f"民发〔2021〕57号 第四条、第十三条；社会救助法 第十八条；{NOTICE}",
    since="2026-01-01",
    overrides="cn",
)
def income_test_met_2026(
    income_at_most_below_standard: bool,
    income_below_standard: bool,
    income_at_least_below_standard: bool,
    reduced_income_test_met: bool,
) -> bool:
    """家庭月人均收入须低于低保标准，或者依规定核减以后低于低保标准；基础养老金计入与否结论相同的，不待规定"""
    return (
        income_at_most_below_standard
        or (income_below_standard and income_at_least_below_standard)
        or reduced_income_test_met
    )


# 金额


@rule(
    name="subsistence_amount",
    label="低保金",
    unit="fen/month",
    clause="民发〔2012〕220号 第二十七条",
    since="2013-01-01",
    until="2014-12-31",
    overrides="cn",
)
def subsistence_amount_2013(subsistence_standard: int, household_size: int, countable_household_income: int) -> int:
    """低保金 {subsistence_amount} = 低保标准 {subsistence_standard} × {household_size} − 家庭月可计算收入 {countable_household_income}"""
    return max(0, subsistence_standard * household_size - countable_household_income)


@rule(
    name="subsistence_amount",
    label="低保金",
    unit="fen/month",
    clause=f"民发〔2012〕220号 第二十七条、第二十八条；民发〔2021〕57号 第二十三条、第二十七条；{NOTICE}",
    since="2015-01-01",
    overrides="cn",
)
def subsistence_amount_2015(
    subsistence_standard: int,
    household_size: int,
    countable_household_income: int,
    category_supplement: int,
) -> int:
    """低保金 {subsistence_amount} = 低保标准 {subsistence_standard} × {household_size} − 家庭月可计算收入 {countable_household_income} + 核减和上浮 {category_supplement}"""
    # Sum first: the standard times heads less the family's income, never per head times heads.
    return max(0, subsistence_standard * household_size - countable_household_income) + category_supplement
