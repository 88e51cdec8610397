"""高等教育新生入学救助：京民社救发〔2011〕367号。"""

from policy_engine import condition, rule
from policy_packs.cn.codes import SchoolStage


@condition(label="当年新生", clause="京民社救发〔2011〕367号", since="2013-01-01")
def is_new_student(new_student: bool) -> bool:
    """须为当年入学的新生"""
    return new_student


@condition(label="就读高等教育", clause="京民社救发〔2011〕367号", since="2013-01-01")
def in_higher_education(school_stage: int) -> bool:
    """须就读高等教育（专科、本科）"""
    return school_stage == SchoolStage.HIGHER


@condition(label="须缴学费", clause="京民社救发〔2011〕367号", since="2013-01-01")
def tuition_is_due(tuition: int) -> bool:
    """本学年学费 {tuition}，须大于 0"""
    return tuition > 0


@rule(label="入学救助金额", unit="fen", clause="京民社救发〔2011〕367号", since="2013-01-01")
def education_amount(tuition: int, new_student_ceiling: int) -> int:
    """救助 {education_amount}：学费 {tuition} 与最高额 {new_student_ceiling} 中较低的一个"""
    return min(tuition, new_student_ceiling)
