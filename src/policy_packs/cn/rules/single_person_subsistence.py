"""单人户：民发〔2021〕57号 第八条，民发〔2022〕83号 一（一）（四）。按一人一户计算，不另立一户。"""

from policy_engine import condition, rule

# 本人收入：按一人一户，民发〔2021〕57号 第八条、第十三条


@condition(
    label="本人收入低于低保标准",
    clause="民发〔2021〕57号 第八条、第十三条",
    since="2021-07-01",
)
def own_income_below_standard(countable_income: int, subsistence_standard: int) -> bool:
    """按一人一户计算，本人可计算收入 {countable_income}，须低于低保标准 {subsistence_standard}"""
    return countable_income < subsistence_standard


@condition(
    label="本人基础养老金全部计入也低于标准",
    clause="民发〔2021〕57号 第八条、第十三条",
    since="2026-01-01",
)
def own_income_at_most_below_standard(greatest_countable_income: int, subsistence_standard: int) -> bool:
    """按一人一户计算，本人收入至多 {greatest_countable_income}，须低于低保标准 {subsistence_standard}"""
    return greatest_countable_income < subsistence_standard


@condition(
    label="本人基础养老金全不计入时低于标准",
    clause="民发〔2021〕57号 第八条、第十三条",
    since="2026-01-01",
)
def own_income_at_least_below_standard(least_countable_income: int, subsistence_standard: int) -> bool:
    """按一人一户计算，本人收入至少 {least_countable_income}，须低于低保标准 {subsistence_standard}"""
    return least_countable_income < subsistence_standard


@condition(
    name="own_income_test_met",
    label="本人收入低于低保标准",
    clause="民发〔2021〕57号 第八条、第十三条",
    since="2021-07-01",
    until="2025-12-31",
)
def own_income_test_met_2021(own_income_below_standard: bool) -> bool:
    """按一人一户计算，本人月收入须低于低保标准"""
    return own_income_below_standard


@condition(
    name="own_income_test_met",
    label="本人收入低于低保标准",
    clause="民发〔2021〕57号 第八条、第十三条；社会救助法 第二十一条",
    since="2026-01-01",
)
def own_income_test_met_2026(
    own_income_at_most_below_standard: bool,
    own_income_below_standard: bool,
    own_income_at_least_below_standard: bool,
) -> bool:
    """按一人一户计算，本人月收入须低于低保标准；基础养老金计入与否结论相同的，不待规定"""
    return own_income_at_most_below_standard or (own_income_below_standard and own_income_at_least_below_standard)


# 低保边缘家庭：民发〔2021〕57号 第八条第二款


@rule(
    label="全国低保边缘线",
    unit="fen/person/month",
    clause="民发〔2021〕57号 第八条",
    since="2021-07-01",
)
def national_near_subsistence_line(subsistence_standard: int, near_subsistence_ratio: int) -> int:
    """低保边缘线 {national_near_subsistence_line} = 低保标准 {subsistence_standard} 的 {near_subsistence_ratio}"""
    return subsistence_standard * near_subsistence_ratio // 10


@condition(
    label="低于全国低保边缘线",
    clause="民发〔2021〕57号 第八条",
    since="2021-07-01",
)
def below_national_near_subsistence_line(income_per_head_at_most: int, national_near_subsistence_line: int) -> bool:
    """家庭月人均收入 {income_per_head_at_most}，须低于全国低保边缘线 {national_near_subsistence_line}"""
    return income_per_head_at_most < national_near_subsistence_line


@condition(
    label="低于当地低保边缘线",
    clause="民发〔2021〕57号 第八条；社会救助法 第二十一条",
    since="2021-07-01",
)
def below_local_near_subsistence_line(income_per_head_at_most: int, local_near_subsistence_line: int) -> bool:
    """家庭月人均收入 {income_per_head_at_most}，须低于当地低保边缘线 {local_near_subsistence_line}"""
    return income_per_head_at_most < local_near_subsistence_line


@condition(
    label="低保边缘家庭的收入",
    clause="民发〔2021〕57号 第八条；社会救助法 第二十一条",
    since="2021-07-01",
)
def family_near_subsistence(
    below_national_near_subsistence_line: bool, below_local_near_subsistence_line: bool
) -> bool:
    """家庭月人均收入须低于全国或者当地的低保边缘线"""
    return below_national_near_subsistence_line or below_local_near_subsistence_line


# 金额：民发〔2021〕57号 第二十三条


@rule(
    label="单人户差额（至少）",
    unit="fen/month",
    clause="民发〔2021〕57号 第二十三条",
    since="2021-07-01",
)
def single_person_gap(subsistence_standard: int, greatest_countable_income: int) -> int:
    """差额至少 {single_person_gap} = 低保标准 {subsistence_standard} − 本人可计算收入 {greatest_countable_income}"""
    return max(0, subsistence_standard - greatest_countable_income)


@rule(
    label="单人户低保金",
    unit="fen/month",
    clause="民发〔2021〕57号 第二十三条",
    since="2021-07-01",
)
def single_person_amount(subsistence_standard: int, countable_income: int) -> int:
    """低保金 {single_person_amount} = 低保标准 {subsistence_standard} − 本人可计算收入 {countable_income}"""
    return max(0, subsistence_standard - countable_income)
