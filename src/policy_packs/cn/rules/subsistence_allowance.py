"""最低生活保障：民发〔2012〕220号（至 2021-06-30）、民发〔2021〕57号（2021-07-01 起），按条文先后。

有的收入是否计入，条文只管到某一天。此后先按“至多”和“至少”两头算：两头结论相同的家庭照常得出结论，
只有结论会因此改变的家庭才是“还不知道”。
"""

from policy_engine import Sum, condition, rule

# 家庭收入：民发〔2012〕220号 第七条、第十六条；民发〔2021〕57号 第十三条


@rule(
    name="counted_income",
    label="成员月收入",
    unit="fen/month",
    clause="民发〔2012〕220号 第七条、第十六条",
    since="2013-01-01",
    until="2021-06-30",
)
def counted_income_2012(
    counted_member: bool,
    wage: int,
    business_income: int,
    property_income: int,
    pension: int,
    transfer_income: int,
) -> int:
    """本人月收入 {counted_income} = 工资 {wage} + 经营 {business_income}（亏损按 0）+ 财产 {property_income} + 养老金 {pension} + 转移 {transfer_income}；不计入家庭的成员为 0"""
    if counted_member:
        return wage + max(0, business_income) + property_income + pension + transfer_income
    return 0


@rule(
    name="counted_income",
    label="成员月收入",
    unit="fen/month",
    clause="民发〔2021〕57号 第十三条",
    since="2021-07-01",
)
def counted_income_2021(
    counted_member: bool,
    wage: int,
    business_income: int,
    property_income: int,
    pension: int,
    transfer_income: int,
) -> int:
    """本人月收入 {counted_income} = 工资性 {wage} + 经营净 {business_income}（亏损按 0）+ 财产净 {property_income} + 养老金 {pension} + 转移净 {transfer_income}；不计入家庭的成员为 0"""
    if counted_member:
        return wage + max(0, business_income) + property_income + pension + transfer_income
    return 0


@rule(
    label="收入中的中央基础养老金",
    unit="fen/month",
    clause="民发〔2021〕57号 第十三条",
    since="2021-07-01",
)
def basic_pension_in_income(counted_member: bool, pension: int, resident_basic_pension: int) -> int:
    """养老金 {pension} 中有中央确定的城乡居民基础养老金 {basic_pension_in_income}（填报 {resident_basic_pension}，以养老金为限）"""
    if counted_member:
        return min(pension, resident_basic_pension)
    return 0


@rule(
    label="领取中央基础养老金",
    unit="flag",
    clause="民发〔2021〕57号 第十三条",
    since="2026-01-01",
)
def has_basic_pension(basic_pension_in_income: int) -> bool:
    """收入中有中央基础养老金 {basic_pension_in_income}"""
    return basic_pension_in_income > 0


@rule(
    name="exempt_basic_pension",
    label="不计入的基础养老金",
    unit="fen/month",
    clause="民发〔2021〕57号 第十三条（三）",
    since="2021-07-01",
    until="2025-12-31",
)
def exempt_basic_pension_2021(basic_pension_in_income: int) -> int:
    """“十四五”期间，中央基础养老金 {basic_pension_in_income} 不计入家庭收入"""
    return basic_pension_in_income


@rule(
    name="exempt_basic_pension",
    label="不计入的基础养老金",
    unit="fen/month",
    clause="民发〔2021〕57号 第十三条（三）",
    since="2026-01-01",
)
def exempt_basic_pension_2026(basic_pension_in_income: int, basic_pension_exempt_percent: int) -> int:
    """中央基础养老金 {basic_pension_in_income} 中不计入家庭收入 {exempt_basic_pension}（比例 {basic_pension_exempt_percent}）"""
    return basic_pension_in_income * basic_pension_exempt_percent // 100


@rule(
    name="countable_income",
    label="成员可计算收入",
    unit="fen/month",
    clause="民发〔2012〕220号 第七条、第十六条",
    since="2013-01-01",
    until="2021-06-30",
)
def countable_income_2012(counted_income: int) -> int:
    """本人可计算收入 {countable_income} = 本人月收入 {counted_income}"""
    return counted_income


@rule(
    name="countable_income",
    label="成员可计算收入",
    unit="fen/month",
    clause="民发〔2021〕57号 第十三条",
    since="2021-07-01",
)
def countable_income_2021(counted_income: int, exempt_basic_pension: int) -> int:
    """本人可计算收入 {countable_income} = 本人月收入 {counted_income} − 不计入的基础养老金 {exempt_basic_pension}"""
    return max(0, counted_income - exempt_basic_pension)


@rule(
    label="家庭月可计算收入",
    unit="fen/month",
    clause="民发〔2012〕220号 第七条；民发〔2021〕57号 第十三条",
    since="2013-01-01",
)
def countable_household_income(countable_income: Sum) -> int:
    """家庭月可计算收入 {countable_household_income} = 全体共同生活成员可计算收入之和"""
    return countable_income


@rule(
    label="家庭月人均收入",
    unit="fen/person/month",
    clause="民发〔2012〕220号 第四条；民发〔2021〕57号 第十三条",
    since="2013-01-01",
)
def income_per_head(countable_household_income: int, household_size: int) -> int:
    """家庭月人均收入 {income_per_head} = 家庭月可计算收入 {countable_household_income} ÷ {household_size}"""
    # Every line it is held against is a whole number of fen, and then "income // size < line" holds
    # exactly when "income < line * size" does: rounding down lets no family in and keeps none out.
    return countable_household_income // max(1, household_size)


# 未见规定之处的两头


@rule(
    name="greatest_countable_income",
    label="成员可计算收入至多",
    unit="fen/month",
    clause="民发〔2012〕220号 第十六条；民发〔2021〕57号 第十三条",
    since="2013-01-01",
    until="2025-12-31",
)
def greatest_countable_income_2013(countable_income: int) -> int:
    """本人可计算收入 {countable_income}，条文都有规定，没有存疑"""
    return countable_income


@rule(
    name="greatest_countable_income",
    label="成员可计算收入至多",
    unit="fen/month",
    clause="民发〔2021〕57号 第十三条",
    since="2026-01-01",
)
def greatest_countable_income_2026(counted_income: int) -> int:
    """中央基础养老金全部计入时，本人可计算收入至多 {greatest_countable_income}"""
    return counted_income


@rule(
    name="least_countable_income",
    label="成员可计算收入至少",
    unit="fen/month",
    clause="民发〔2012〕220号 第十六条；民发〔2021〕57号 第十三条",
    since="2013-01-01",
    until="2025-12-31",
)
def least_countable_income_2013(countable_income: int) -> int:
    """本人可计算收入 {countable_income}，条文都有规定，没有存疑"""
    return countable_income


@rule(
    name="least_countable_income",
    label="成员可计算收入至少",
    unit="fen/month",
    clause="民发〔2021〕57号 第十三条",
    since="2026-01-01",
)
def least_countable_income_2026(counted_income: int, basic_pension_in_income: int) -> int:
    """中央基础养老金 {basic_pension_in_income} 全部不计入时，本人可计算收入至少 {least_countable_income}"""
    return max(0, counted_income - basic_pension_in_income)


@rule(
    label="家庭月收入至多",
    unit="fen/month",
    clause="民发〔2012〕220号 第七条；民发〔2021〕57号 第十三条",
    since="2013-01-01",
)
def household_income_at_most(greatest_countable_income: Sum) -> int:
    """家庭月可计算收入至多 {household_income_at_most}"""
    return greatest_countable_income


@rule(
    label="家庭月收入至少",
    unit="fen/month",
    clause="民发〔2012〕220号 第七条；民发〔2021〕57号 第十三条",
    since="2013-01-01",
)
def household_income_at_least(least_countable_income: Sum) -> int:
    """家庭月可计算收入至少 {household_income_at_least}"""
    return least_countable_income


@rule(
    label="家庭月人均收入至多",
    unit="fen/person/month",
    clause="民发〔2012〕220号 第四条；民发〔2021〕57号 第十三条",
    since="2013-01-01",
)
def income_per_head_at_most(household_income_at_most: int, household_size: int) -> int:
    """家庭月人均收入至多 {income_per_head_at_most} = {household_income_at_most} ÷ {household_size}"""
    return household_income_at_most // max(1, household_size)


@rule(
    label="家庭月人均收入至少",
    unit="fen/person/month",
    clause="民发〔2012〕220号 第四条；民发〔2021〕57号 第十三条",
    since="2013-01-01",
)
def income_per_head_at_least(household_income_at_least: int, household_size: int) -> int:
    """家庭月人均收入至少 {income_per_head_at_least} = {household_income_at_least} ÷ {household_size}"""
    return household_income_at_least // max(1, household_size)


# 收入条件：民发〔2012〕220号 第四条；国务院令第649号 第九条；社会救助法 第十八条


@condition(
    label="人均收入低于低保标准",
    clause="民发〔2012〕220号 第四条；国务院令第649号 第九条；社会救助法 第十八条",
    since="2013-01-01",
)
def income_below_standard(income_per_head: int, subsistence_standard: int) -> bool:
    """家庭月人均收入 {income_per_head}，须低于低保标准 {subsistence_standard}"""
    return income_per_head < subsistence_standard


@condition(
    label="基础养老金全部计入也低于标准",
    clause="民发〔2021〕57号 第十三条；社会救助法 第十八条",
    since="2026-01-01",
)
def income_at_most_below_standard(income_per_head_at_most: int, subsistence_standard: int) -> bool:
    """家庭月人均收入至多 {income_per_head_at_most}，须低于低保标准 {subsistence_standard}"""
    return income_per_head_at_most < subsistence_standard


@condition(
    label="基础养老金全不计入时低于标准",
    clause="民发〔2021〕57号 第十三条；社会救助法 第十八条",
    since="2026-01-01",
)
def income_at_least_below_standard(income_per_head_at_least: int, subsistence_standard: int) -> bool:
    """家庭月人均收入至少 {income_per_head_at_least}，须低于低保标准 {subsistence_standard}"""
    return income_per_head_at_least < subsistence_standard


@condition(
    name="income_test_met",
    label="收入低于低保标准",
    clause="民发〔2012〕220号 第四条；民发〔2021〕57号 第四条、第十三条",
    since="2013-01-01",
    until="2025-12-31",
)
def income_test_met_2013(income_below_standard: bool) -> bool:
    """家庭月人均收入须低于低保标准"""
    return income_below_standard


@condition(
    name="income_test_met",
    label="收入低于低保标准",
    clause="民发〔2021〕57号 第四条、第十三条；社会救助法 第十八条",
    since="2026-01-01",
)
def income_test_met_2026(
    income_at_most_below_standard: bool,
    income_below_standard: bool,
    income_at_least_below_standard: bool,
) -> bool:
    """家庭月人均收入须低于低保标准；基础养老金计入与否结论相同的，不待规定"""
    return income_at_most_below_standard or (income_below_standard and income_at_least_below_standard)


# 家庭财产：民发〔2012〕220号 第四条、第八条、第十七条；民发〔2021〕57号 第十四条。限额由地方规定


@condition(
    label="车辆符合规定",
    clause="民发〔2012〕220号 第十七条（二）；民发〔2021〕57号 第十四条",
    since="2013-01-01",
)
def vehicles_test_met(cars: int, vehicle_limit: int) -> bool:
    """机动车辆 {cars}，须不超过 {vehicle_limit}"""
    return cars <= vehicle_limit


@condition(
    label="房屋符合规定",
    clause="民发〔2012〕220号 第十七条（三）；民发〔2021〕57号 第十四条",
    since="2013-01-01",
)
def housing_test_met(homes: int, home_limit: int) -> bool:
    """住房 {homes}，须不超过 {home_limit}"""
    return homes <= home_limit


@rule(
    label="货币财产限额",
    unit="fen",
    clause="民发〔2012〕220号 第四条；民发〔2021〕57号 第十四条",
    since="2013-01-01",
)
def monetary_asset_limit(monetary_asset_limit_per_head: int, household_size: int) -> int:
    """货币财产限额 {monetary_asset_limit} = 人均限额 {monetary_asset_limit_per_head} × {household_size}"""
    return monetary_asset_limit_per_head * household_size


@condition(
    label="货币财产不超过限额",
    clause="民发〔2012〕220号 第十七条（一）；民发〔2021〕57号 第十四条",
    since="2013-01-01",
)
def monetary_assets_within_limit(monetary_assets: int, monetary_asset_limit: int) -> bool:
    """货币财产 {monetary_assets}，须不超过限额 {monetary_asset_limit}"""
    return monetary_assets <= monetary_asset_limit


@condition(
    label="家庭财产符合规定",
    clause="民发〔2012〕220号 第四条；国务院令第649号 第九条；社会救助法 第十八条",
    since="2013-01-01",
)
def property_test_met(vehicles_test_met: bool, housing_test_met: bool, monetary_assets_within_limit: bool) -> bool:
    """车辆、房屋、货币财产须都符合当地规定"""
    return vehicles_test_met and housing_test_met and monetary_assets_within_limit


# 保障金额：民发〔2012〕220号 第二十七条；民发〔2021〕57号 第二十三条


@rule(
    label="低保差额（至少）",
    unit="fen/month",
    clause="民发〔2012〕220号 第二十七条；民发〔2021〕57号 第二十三条",
    since="2013-01-01",
)
def subsistence_gap(subsistence_standard: int, household_size: int, household_income_at_most: int) -> int:
    """差额 {subsistence_gap} = 低保标准 {subsistence_standard} × {household_size} − 家庭月可计算收入 {household_income_at_most}"""
    return max(0, subsistence_standard * household_size - household_income_at_most)


@rule(
    label="低保金",
    unit="fen/month",
    clause="民发〔2012〕220号 第二十七条；民发〔2021〕57号 第二十三条",
    since="2013-01-01",
)
def subsistence_amount(subsistence_standard: int, household_size: int, countable_household_income: int) -> int:
    """低保金 {subsistence_amount} = 低保标准 {subsistence_standard} × {household_size} − 家庭月可计算收入 {countable_household_income}"""
    # Sum first: the standard times heads less the family's income, never per head times heads.
    return max(0, subsistence_standard * household_size - countable_household_income)
