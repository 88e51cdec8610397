"""单人户的金额：都是重病或重残人员，分类救助上浮未见全。"""

from policy_engine import rule


@rule(
    label="单人户低保金",
    unit="fen/month",
    clause="民发〔2021〕57号 第二十三条、第二十七条",
    since="2021-07-01",
    overrides="cn",
)
def single_person_amount(subsistence_standard: int, countable_income: int, single_person_supplement: int) -> int:
    """低保金 {single_person_amount} = 低保标准 {subsistence_standard} − 本人可计算收入 {countable_income} + 上浮 {single_person_supplement}"""
    return max(0, subsistence_standard - countable_income) + single_person_supplement
