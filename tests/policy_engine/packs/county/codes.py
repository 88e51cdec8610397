from policy_engine import Code


class Stage(Code):
    NONE = 0, "不在校"
    HIGHER = 5, "大学"
