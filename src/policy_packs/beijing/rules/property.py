"""家庭财产：北京市社会救助家庭经济状况认定指导意见（试行）四（二）。

2012-06-01 起的规定用到 2017-12-31，现行版自 2018-01-01 起用（现行版的施行日期未见，见 docs/decisions）。
"""

from policy_engine import condition, rule

# 车辆


@condition(
    name="vehicles_test_met",
    label="没有机动车辆",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）（2012-06-01 起）",
    since="2013-01-01",
    until="2017-12-31",
    overrides="cn",
)
def vehicles_test_met_2012(cars: int) -> bool:
    """名下汽车、摩托车 {cars}，须没有（残疾人专用代步车不计）"""
    return cars <= 0


@condition(
    name="vehicles_test_met",
    label="没有机动车辆",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2018-01-01",
    overrides="cn",
)
def vehicles_test_met_2018(cars: int) -> bool:
    """名下机动车辆、大型农机具 {cars}，须没有（残疾人功能性补偿代步机动车辆不计）"""
    return cars <= 0


# 住房


@condition(
    label="住房不超过一套",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2013-01-01",
)
def at_most_one_home(homes: int) -> bool:
    """自有和承租公有住房 {homes}，须不超过一套"""
    return homes <= 1


@rule(
    label="人均住房面积",
    unit="0.01m2/person",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2013-01-01",
)
def floor_area_per_head(floor_area_m2: int, household_size: int) -> int:
    """人均住房面积 {floor_area_per_head} = 住房面积 {floor_area_m2} ÷ {household_size}"""
    return floor_area_m2 // max(1, household_size)


@condition(
    label="住房总面积很小",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）（2012-06-01 起）",
    since="2013-01-01",
    until="2017-12-31",
)
def total_area_is_small(floor_area_m2: int, small_home_total_area: int) -> bool:
    """住房总面积 {floor_area_m2}，须小于 {small_home_total_area}"""
    return floor_area_m2 < small_home_total_area


@condition(
    label="人均使用面积很小",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）（2012-06-01 起）",
    since="2013-01-01",
    until="2017-12-31",
)
def area_per_head_is_small(floor_area_per_head: int, small_home_area_per_head: int) -> bool:
    """人均使用面积 {floor_area_per_head}，须小于 {small_home_area_per_head}"""
    return floor_area_per_head < small_home_area_per_head


@condition(
    label="人均住房面积低于本市平均",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2018-01-01",
)
def area_below_city_average(floor_area_per_head: int, city_average_floor_area: int) -> bool:
    """人均住房面积 {floor_area_per_head}，须低于本市人均住房面积 {city_average_floor_area}"""
    return floor_area_per_head < city_average_floor_area


@condition(
    name="homes_test_met",
    label="住房符合规定",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）（2012-06-01 起）",
    since="2013-01-01",
    until="2017-12-31",
)
def homes_test_met_2012(at_most_one_home: bool, total_area_is_small: bool, area_per_head_is_small: bool) -> bool:
    """住房须不超过一套；两套以上的，总面积须小于 50 平方米，或者人均使用面积须小于 10 平方米"""
    return at_most_one_home or total_area_is_small or area_per_head_is_small


@condition(
    name="homes_test_met",
    label="住房符合规定",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2018-01-01",
)
def homes_test_met_2018(at_most_one_home: bool, area_below_city_average: bool) -> bool:
    """住房须不超过一套；两套以上的，人均住房面积须低于本市平均"""
    return at_most_one_home or area_below_city_average


# 非居住用房


@condition(
    label="没有非居住用房",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2018-01-01",
)
def no_non_residential(non_residential: int) -> bool:
    """非居住用房 {non_residential}，须没有"""
    return non_residential <= 0


@condition(
    label="没有住房",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2018-01-01",
)
def no_home(homes: int) -> bool:
    """住房 {homes}，须没有"""
    return homes <= 0


@condition(
    label="非居住用房不超过一套",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2018-01-01",
)
def at_most_one_non_residential(non_residential: int) -> bool:
    """非居住用房 {non_residential}，须不超过一套"""
    return non_residential <= 1


@condition(
    label="非居住用房是唯一住处",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2018-01-01",
)
def non_residential_is_only_dwelling(no_home: bool, at_most_one_non_residential: bool) -> bool:
    """非居住用房须为家庭唯一住处：没有住房，且只有这一套"""
    return no_home and at_most_one_non_residential


@condition(
    label="非居住用房符合规定",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2018-01-01",
)
def non_residential_test_met(no_non_residential: bool, non_residential_is_only_dwelling: bool) -> bool:
    """须没有非居住用房，唯一住处除外"""
    return no_non_residential or non_residential_is_only_dwelling


@condition(
    name="housing_test_met",
    label="住房符合规定",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）（2012-06-01 起）",
    since="2013-01-01",
    until="2017-12-31",
    overrides="cn",
)
def housing_test_met_2012(homes_test_met: bool) -> bool:
    """住房套数和面积须符合规定"""
    return homes_test_met


@condition(
    name="housing_test_met",
    label="房屋符合规定",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2018-01-01",
    overrides="cn",
)
def housing_test_met_2018(homes_test_met: bool, non_residential_test_met: bool) -> bool:
    """住房和非居住用房须都符合规定"""
    return homes_test_met and non_residential_test_met


# 货币财产


@rule(
    label="货币财产限额",
    unit="fen",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2013-01-01",
    overrides="cn",
)
def monetary_asset_limit(monetary_asset_limit_per_head: int, household_size: int, monetary_asset_factor: int) -> int:
    """货币财产限额 {monetary_asset_limit} = 人均限额 {monetary_asset_limit_per_head} × {household_size} × {monetary_asset_factor}"""
    # Whole yuan times tenths: the division leaves no remainder.
    return monetary_asset_limit_per_head * household_size * monetary_asset_factor // 10


@condition(
    label="没有货币财产",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2013-01-01",
    until="2019-12-31",
)
def no_monetary_assets(monetary_assets: int) -> bool:
    """货币财产 {monetary_assets}，须没有"""
    return monetary_assets <= 0


@condition(
    label="货币财产不超过人均消费支出",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2013-01-01",
    until="2019-12-31",
)
def monetary_assets_within_consumption(monetary_assets: int, monetary_asset_limit: int) -> bool:
    """货币财产 {monetary_assets}，须不超过限额 {monetary_asset_limit}"""
    return monetary_assets <= monetary_asset_limit


@condition(
    name="monetary_assets_within_limit",
    label="货币财产不超过限额",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2013-01-01",
    until="2019-12-31",
    overrides="cn",
)
def monetary_assets_within_limit_2013(no_monetary_assets: bool, monetary_assets_within_consumption: bool) -> bool:
    """货币财产须不超过限额；没有货币财产的，不论限额多少都符合"""
    return no_monetary_assets or monetary_assets_within_consumption


@condition(
    name="monetary_assets_within_limit",
    label="货币财产不超过限额",
    clause="北京市社会救助家庭经济状况认定指导意见（试行）四（二）",
    since="2020-01-01",
    overrides="cn",
)
def monetary_assets_within_limit_2020(monetary_assets: int, monetary_asset_limit: int) -> bool:
    """货币财产 {monetary_assets}，须不超过限额 {monetary_asset_limit}"""
    return monetary_assets <= monetary_asset_limit
