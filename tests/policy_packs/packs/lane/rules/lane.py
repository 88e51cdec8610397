"""An invented lane helps in every way there is: each kind of programme, each form of help."""

from policy_engine import condition, rule

ARTICLES = "胡同办法"


@condition(label="久住胡同", clause=f"{ARTICLES} 第一条", since="2020-07-08")
def lived_long_in_the_lane(lane_years: int) -> bool:
    """在胡同居住 {lane_years}，须满 30"""
    return lane_years >= 30


@condition(label="从艺多年", clause=f"{ARTICLES} 第二条", since="2020-07-08")
def practised_long(craft_years: int) -> bool:
    """从艺 {craft_years}，须满 10"""
    return craft_years >= 10


@condition(label="已认定胡同户", clause=f"{ARTICLES} 第三条", since="2020-07-08")
def is_lane_family(has_lane_family: bool) -> bool:
    """须已经认定为胡同户"""
    return has_lane_family


@condition(label="本人已认定匠人", clause=f"{ARTICLES} 第四条", since="2020-07-08")
def is_craftsman(has_craftsman: bool) -> bool:
    """本人须已经认定为匠人"""
    return has_craftsman


@condition(label="遭了火灾", clause=f"{ARTICLES} 第五条", since="2020-07-08")
def lost_something(fire_loss: int) -> bool:
    """火灾损失 {fire_loss}，须大于 0"""
    return fire_loss > 0


@rule(label="匠人津贴金额", unit="fen/month", clause=f"{ARTICLES} 第四条", since="2020-07-08")
def stipend_amount(stipend_rate: int) -> int:
    """每月 {stipend_amount}"""
    return stipend_rate


@rule(label="冬灯补助金额", unit="fen/冬", clause=f"{ARTICLES} 第六条", since="2020-07-08")
def lantern_amount(stipend_rate: int, household_size: int) -> int:
    """每人 {stipend_rate}，{household_size} 共 {lantern_amount}"""
    return stipend_rate * household_size


@rule(label="夏扇补助金额", unit="fen/夏", clause=f"{ARTICLES} 第十一条", since="2020-07-08")
def fan_amount(stipend_rate: int) -> int:
    """每个夏天 {fan_amount}"""
    return stipend_rate


@rule(label="煤火减免金额", unit="fen/冬", clause=f"{ARTICLES} 第七条", since="2020-07-08")
def coal_worth(stipend_rate: int) -> int:
    """每季减免 {coal_worth}"""
    return stipend_rate * 2


@rule(label="年节补助金额", unit="fen/year", clause=f"{ARTICLES} 第八条", since="2020-07-08")
def new_year_amount(stipend_rate: int) -> int:
    """每年 {new_year_amount}"""
    return stipend_rate * 3


@rule(label="火灾救助上限", unit="fen", clause=f"{ARTICLES} 第五条", since="2020-07-08")
def fire_ceiling(fire_loss: int, stipend_rate: int) -> int:
    """最多 {fire_ceiling}：损失 {fire_loss} 与 {stipend_rate} 的五倍中较低的一个"""
    return min(fire_loss, stipend_rate * 5)
