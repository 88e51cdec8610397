"""西城区自己的代码。编号一经使用不再改变含义。"""

from policy_engine import Code


class HeatingStatus(Code):
    """采暖救助按哪一类家庭发放"""

    NONE = 0, "不属于"
    SUBSISTENCE = 1, "低保家庭"
    LOW_INCOME = 2, "低收入家庭"
    EXTREME_HARDSHIP = 3, "分散供养特困家庭"
