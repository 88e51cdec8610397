"""Codes of an invented county: one table of its own, one value more for a table of the whole country."""

from policy_engine import Code, adds_to


class Fuel(Code):
    """What a family burns in winter."""

    NONE = 0, "不取暖"
    WOOD = 1, "木柴"
    COAL = 2, "煤"


@adds_to("cn")
class SchoolStage(Code):
    """A kind of school that only this county has."""

    MOUNTAIN_SCHOOL = 20, "高山寄宿班"
