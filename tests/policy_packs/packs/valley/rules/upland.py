"""An invented county helps those who live high up."""

from policy_engine import condition, rule


@condition(label="住在高山", clause="山谷县办法 第一条", since="2020-01-01")
def lives_high_up(altitude: int) -> bool:
    """海拔 {altitude} 米，须在 1500 米以上"""
    return altitude >= 1500


@condition(label="高山户", clause="山谷县办法 第二条", since="2020-01-01")
def is_upland_family(has_upland_family: bool, upland_family_eligible: bool) -> bool:
    """须为高山户：已经认定的，或者达到条件的"""
    return has_upland_family or upland_family_eligible


@rule(label="冬季燃料补助", unit="fen/冬", clause="山谷县办法 第三条", since="2020-01-01")
def winter_fuel_amount(fuel_rate: int, household_size: int) -> int:
    """每人 {fuel_rate}，全家 {household_size} 共 {winter_fuel_amount}"""
    return fuel_rate * household_size


@condition(label="读高山寄宿班", clause="山谷县办法 第四条", since="2020-01-01")
def boards_on_the_mountain(school_stage: int) -> bool:
    """须在高山寄宿班就读"""
    return school_stage == 20
