"""共同生活的家庭成员和各项目共用的个人情况。"""

from policy_engine import Any, Count, condition, rule


@rule(label="周岁年龄", unit="year", clause="各项目按认定日的周岁计算", since="2013-01-01")
def age(on_date: int, birth_date: int) -> int:
    """{birth_date} 出生，到 {on_date} 年满 {age}"""
    return (on_date - birth_date) // 10000


@rule(
    label="家庭人数",
    unit="person",
    clause="民发〔2012〕220号 第五条；民发〔2021〕57号 第七条",
    since="2013-01-01",
)
def household_size(counted_member: Count) -> int:
    """共同生活的家庭成员 {household_size}"""
    return counted_member


@condition(
    label="计入家庭",
    clause="民发〔2012〕220号 第五条；民发〔2021〕57号 第七条",
    since="2013-01-01",
)
def belongs_to_family(counted_member: bool) -> bool:
    """须为共同生活的家庭成员"""
    return counted_member


@condition(
    label="本人户籍在本区县",
    clause="民发〔2012〕220号 第九条；民发〔2021〕57号 第四条",
    since="2013-01-01",
)
def district_hukou(hukou: int, district_division: int) -> bool:
    """户籍所在区县 {hukou}，须为办理区县 {district_division}"""
    return hukou == district_division


@condition(
    label="计入家庭且户籍在本区县",
    clause="民发〔2012〕220号 第九条；民发〔2021〕57号 第四条",
    since="2013-01-01",
)
def belongs_with_district_hukou(belongs_to_family: bool, district_hukou: bool) -> bool:
    """须既是共同生活的家庭成员，户籍又在本区县"""
    return belongs_to_family and district_hukou


@condition(
    label="家庭户籍",
    clause="民发〔2012〕220号 第九条、第十一条；民发〔2021〕57号 第四条、第五条",
    since="2013-01-01",
)
def local_hukou(belongs_with_district_hukou: Any) -> bool:
    """共同生活的家庭成员中，须至少有一人户籍在本区县"""
    return belongs_with_district_hukou


@rule(
    label="重度残疾",
    unit="flag",
    clause="民发〔2021〕57号 第八条（一）",
    since="2013-01-01",
)
def severely_disabled(
    vision_grade: int,
    hearing_grade: int,
    speech_grade: int,
    limb_grade: int,
    intellectual_grade: int,
    mental_grade: int,
    multiple_grade: int,
) -> bool:
    """重度残疾 {severely_disabled}：任一类别一级、二级，或者智力、精神三级"""
    return (
        vision_grade in (1, 2)
        or hearing_grade in (1, 2)
        or speech_grade in (1, 2)
        or limb_grade in (1, 2)
        or intellectual_grade in (1, 2, 3)
        or mental_grade in (1, 2, 3)
        or multiple_grade in (1, 2)
    )


@rule(
    label="持残疾人证",
    unit="flag",
    clause="GB/T 26341-2010",
    since="2013-01-01",
)
def holds_disability_card(
    vision_grade: int,
    hearing_grade: int,
    speech_grade: int,
    limb_grade: int,
    intellectual_grade: int,
    mental_grade: int,
    multiple_grade: int,
) -> bool:
    """持有残疾人证 {holds_disability_card}：登记有任一类别的残疾等级"""
    return (
        max(
            vision_grade,
            hearing_grade,
            speech_grade,
            limb_grade,
            intellectual_grade,
            mental_grade,
            multiple_grade,
        )
        > 0
    )


@condition(
    label="重度残疾或者重病",
    clause="民发〔2021〕57号 第八条（一）（二）",
    since="2013-01-01",
)
def severely_disabled_or_seriously_ill(severely_disabled: bool, serious_illness: bool) -> bool:
    """须为一级、二级残疾人或者三级智力、精神残疾人，或者患有重特大疾病"""
    return severely_disabled or serious_illness
