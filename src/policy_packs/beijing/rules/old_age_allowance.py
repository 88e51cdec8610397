"""高龄老年人津贴：京民养老发〔2019〕160号。"""

from policy_engine import condition, rule


@rule(label="户籍所在省级代码", unit="division", clause="GB/T 2260", since="2019-10-01")
def hukou_province(hukou: int) -> int:
    """户籍所在区县 {hukou}，省级代码 {hukou_province}"""
    return hukou // 10000


@condition(label="本市户籍", clause="京民养老发〔2019〕160号 二", since="2019-10-01")
def city_hukou(hukou_province: int) -> bool:
    """户籍须在北京市（区划代码以 11 开头）"""
    return hukou_province == 11


@condition(label="户籍不在本市别的区", clause="京民养老发〔2019〕160号 四（三）、五、八", since="2019-10-01")
def hukou_of_no_other_district(city_hukou: bool, district_hukou: bool) -> bool:
    """本市户籍的须在本区；户籍在别的区的，由户籍所在的街道（乡镇）受理、户籍所在的区审定和发放，请向那里申请"""
    return district_hukou or not city_hukou


@condition(label="年满八十周岁", clause="京民养老发〔2019〕160号 二（三）", since="2019-10-01")
def reached_eighty(age: int) -> bool:
    """{age}，须年满 80 周岁"""
    return age >= 80


@rule(
    label="高龄津贴金额",
    unit="fen/month",
    clause="京民养老发〔2019〕160号 二（三）",
    since="2019-10-01",
)
def old_age_amount(age: int, old_age_rate: int) -> int:
    """{age}，每月 {old_age_amount}"""
    return old_age_rate
