from policy_engine import Count, Sum, condition, rule


@rule(label="人数", unit="person", clause="一", since="2013-01-01")
def size(counted: Count) -> int:
    """人数 {size}"""
    return counted


@rule(label="总收入", unit="fen/month", clause="一", since="2013-01-01")
def total(wage: Sum) -> int:
    """总收入 {total}"""
    return wage


@rule(label="人均收入", unit="fen/person/month", clause="一", since="2013-01-01")
def per_head(total: int, size: int) -> int:
    """人均 {per_head} = {total} ÷ {size}"""
    return total // size


@condition(label="收入", clause="一", since="2013-01-01")
def income_below(per_head: int, standard: int) -> bool:
    """人均 {per_head} 须低于 {standard}"""
    return per_head < standard


@rule(label="差额", unit="fen/month", clause="一", since="2013-01-01")
def gap(standard: int, size: int, total: int) -> int:
    """差额 {gap} = {standard} × {size} − {total}"""
    return max(0, standard * size - total)


@condition(label="面积", clause="二", since="2013-01-01")
def roomy(area: int) -> bool:
    """面积 {area} 须超过 100 平方米"""
    return area > 10000
