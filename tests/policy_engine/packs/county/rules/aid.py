from policy_engine import Any, Count, Sum, condition, rule


@rule(label="人数", unit="person", clause="办法 第一条", since="2013-01-01")
def size(counted: Count) -> int:
    """共同生活 {size}"""
    return counted


@rule(label="本人收入", unit="fen/month", clause="办法 第二条", since="2013-01-01")
def income(wage: int, counted: bool) -> int:
    """收入 {income} = 工资 {wage}，不计入的成员为 0"""
    return wage if counted else 0


@rule(label="家庭收入", unit="fen/month", clause="办法 第二条", since="2013-01-01")
def total(income: Sum) -> int:
    """家庭收入 {total}"""
    return income


@rule(label="人均收入", unit="fen/person/month", clause="办法 第二条", since="2013-01-01")
def per_head(total: int, size: int) -> int:
    """人均 {per_head} = {total} ÷ {size}"""
    return total // size


@condition(label="收入", clause="办法 第二条", since="2013-01-01")
def income_below(per_head: int, standard: int) -> bool:
    """人均 {per_head} 须低于 {standard}"""
    return per_head < standard


@rule(label="财产限额", unit="fen", clause="办法 第三条", since="2013-01-01")
def limit(asset_limit: int, size: int) -> int:
    """限额 {limit} = {asset_limit} × {size}"""
    return asset_limit * size


@condition(label="财产", clause="办法 第三条", since="2013-01-01")
def assets_low(assets: int, limit: int) -> bool:
    """财产 {assets} 须不超过 {limit}"""
    return assets <= limit


@condition(label="有肢体残疾", clause="办法 第三条", since="2013-01-01")
def severe(limb_grade: int) -> bool:
    """肢体残疾 {limb_grade} 级，须有"""
    return limb_grade >= 1


@condition(label="财产或残疾", clause="办法 第三条", since="2013-01-01")
def assets_ok(assets_low: bool, severe: Any) -> bool:
    """财产须不超过限额，或者家中有残疾人"""
    return assets_low or severe


@rule(label="差额", unit="fen/month", clause="办法 第四条", since="2013-01-01")
def gap(standard: int, size: int, total: int) -> int:
    """差额 {gap} = {standard} × {size} − {total}"""
    return max(0, standard * size - total)


@rule(label="年龄", unit="year", clause="办法 第五条", since="2013-01-01")
def age(on_date: int, birth_date: int) -> int:
    """{birth_date} 出生，到 {on_date} 满 {age}"""
    return (on_date - birth_date) // 10000


@condition(label="满八十岁", clause="办法 第五条", since="2013-01-01")
def old_enough(age: int) -> bool:
    """年龄 {age}，须满 80"""
    return age >= 80
