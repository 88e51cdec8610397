"""Whatever can be wrong with a pack: how to spoil the small pack, and the file, line and words that say so."""

from __future__ import annotations

from collections.abc import Callable

from tests.policy_engine.conftest import PackFolder

RULES = "county/rules/aid.py"


STANDARD = "county/parameters/aid/standard.yaml"


PROGRAMME = "county/programmes/aid.yaml"


INPUTS = "county/inputs.yaml"


def rule(name: str, body: str, *, arguments: str = "total: int", tag: str = "") -> str:
    """The text of one more rule."""
    return (
        f'\n\n@rule(label="甲", unit="fen", clause="一", since="2013-01-01"{tag})\n'
        f'def {name}({arguments}) -> int:\n    """句子"""\n{body}\n'
    )


def wire(name: str) -> Callable[[PackFolder], None]:
    """Make the programme show a value, so that it is in use."""
    return lambda folder: folder.add(PROGRAMME, f"shows: [{name}]\n")


def version(since: str, until: str | None) -> str:
    """One of several versions of a rule."""
    ends = f', until="{until}"' if until else ""
    return (
        f'\n\n@rule(name="dated", label="甲", unit="fen", clause="一", since="{since}"{ends})\n'
        f'def dated_{since[:4]}(total: int) -> int:\n    """句子"""\n    return total\n'
    )


CASES: list[tuple[str, Callable[[PackFolder], object], str, str, str]] = [
    (
        "a key twice",
        lambda f: f.add(STANDARD, "title: 又一个\n"),
        STANDARD,
        "title: 又一个",
        "duplicate",
    ),
    ("a misspelt key", lambda f: f.add(STANDARD, "carry_foward: true\n"), STANDARD, "carry_foward", "不认识的项"),
    (
        "a number without source",
        lambda f: f.change("parameters/aid/standard.yaml", "source: {document: 通知, clause: 二}, ", ""),
        STANDARD,
        "2020-07-01",
        "source",
    ),
    (
        "a number without confidence",
        lambda f: f.change("parameters/aid/standard.yaml", ", confidence: memory", ""),
        STANDARD,
        "2020-07-01",
        "confidence",
    ),
    (
        "money that is not whole fen",
        lambda f: f.change("parameters/aid/standard.yaml", "value: 117000", "value: 1170.00"),
        STANDARD,
        "1170.00",
        "不是整数",
    ),
    (
        "two figures in force on one day",
        lambda f: f.change("parameters/aid/standard.yaml", "{value: 58000,", "{value: 58000, until: 2020-07-01,"),
        STANDARD,
        "2020-07-01: ",
        "同时有效",
    ),
    (
        "figures out of order",
        lambda f: f.change("parameters/aid/standard.yaml", "  2013-01-01:", "  2021-01-01:"),
        STANDARD,
        "2020-07-01: ",
        "从早到晚",
    ),
    (
        "two versions in force on one day",
        lambda f: f.add(RULES, version("2013-01-01", "2020-01-01") + version("2020-01-01", None)),
        RULES,
        "def dated_2020",
        "同时有效",
    ),
    (
        "an undeclared gap",
        lambda f: f.add(RULES, version("2013-01-01", "2019-12-30") + version("2020-01-01", None)),
        RULES,
        "def dated_2020",
        "2019-12-31 到 2019-12-31 没有版本",
    ),
    (
        "a rule that ends while its programme goes on",
        lambda f: f.change(
            "rules/aid.py",
            'clause="办法 第四条", since="2013-01-01")',
            'clause="办法 第四条", since="2013-01-01", until="2024-03-31")',
        ),
        PROGRAMME,
        "amount: gap",
        "gap 在 2024-04-01 没有有效的版本",
    ),
    (
        "a gap that gives no reason",
        lambda f: f.add("county/pack.yaml", "gaps: [{name: dated, from: 2019-12-31}]\n"),
        "county/pack.yaml",
        "gaps:",
        "because",
    ),
    (
        "a rule with a code table that is not there",
        lambda f: (
            f.add(RULES, rule("x", "    return total").replace('unit="fen"', 'unit="code:Stages"')),
            wire("x")(f),
        ),
        RULES,
        "def x",
        "Stages",
    ),
    (
        "a cycle",
        lambda f: (
            f.add(RULES, rule("one", "    return two", arguments="two: int")),
            f.add(RULES, rule("two", "    return one", arguments="one: int")),
            wire("one")(f),
        ),
        RULES,
        "def two",
        "循环：one → two → one",
    ),
    (
        "an unknown name",
        lambda f: (
            f.change("rules/aid.py", "def limit(asset_limit: int,", "def limit(asset_limt: int,"),
            f.change("rules/aid.py", "{asset_limit} × {size}", "{asset_limt} × {size}"),
            f.change("rules/aid.py", "return asset_limit * size", "return asset_limt * size"),
        ),
        RULES,
        "def limit",
        "不认识的名字 asset_limt",
    ),
    (
        "no sentence",
        lambda f: f.change("rules/aid.py", '    """家庭收入 {total}"""\n', ""),
        RULES,
        "def total",
        "说明句",
    ),
    (
        "a sentence that names what it does not have",
        lambda f: f.change("rules/aid.py", '"""家庭收入 {total}"""', '"""家庭收入 {totl}"""'),
        RULES,
        "def total",
        "totl",
    ),
    (
        "a loop",
        lambda f: (f.add(RULES, rule("x", "    for i in (1, 2):\n        total += i\n    return total")), wire("x")(f)),
        RULES,
        "for i in",
        "语句",
    ),
    (
        "a division that rounds",
        lambda f: (f.add(RULES, rule("x", "    return total / 3")), wire("x")(f)),
        RULES,
        "total / 3",
        "//",
    ),
    (
        "a call",
        lambda f: (f.add(RULES, rule("x", "    return abs(total)")), wire("x")(f)),
        RULES,
        "abs(total)",
        "规则只能用",
    ),
    (
        "a path without an answer",
        lambda f: (f.add(RULES, rule("x", "    if total > 0:\n        return 1")), wire("x")(f)),
        RULES,
        "def x",
        "return",
    ),
    (
        "a value that could overflow",
        lambda f: (f.add(RULES, rule("x", "    return total * total * total")), wire("x")(f)),
        RULES,
        "total * total",
        "2^62",
    ),
    (
        "a condition that is two comparisons",
        lambda f: f.change("rules/aid.py", "return age >= 80", "return 200 >= age >= 80"),
        RULES,
        "200 >= age",
        "一个比较",
    ),
    (
        "a condition that calculates",
        lambda f: f.change(
            "rules/aid.py", "    return assets_low or severe", "    x = severe\n    return assets_low or x"
        ),
        RULES,
        "def assets_ok",
        "一句 return",
    ),
    (
        "a function that is no rule",
        lambda f: f.add(RULES, "\n\ndef helper(x: int) -> int:\n    return x\n"),
        RULES,
        "def helper",
        "@rule",
    ),
    (
        "one function name twice",
        lambda f: f.add(RULES, rule("gap", "    return total")),
        RULES,
        "def gap(total",
        "写了两次",
    ),
    (
        "an amount that may be negative",
        lambda f: f.change("rules/aid.py", "max(0, standard * size - total)", "standard * size - total"),
        PROGRAMME,
        "amount: gap",
        "负数",
    ),
    (
        "an amount that is not money",
        lambda f: f.change("programmes/aid.yaml", "amount: gap", "amount: size"),
        PROGRAMME,
        "amount: size",
        "不是钱",
    ),
    (
        "a kind that is none",
        lambda f: f.change("programmes/aid.yaml", "kind: month", "kind: weekly"),
        PROGRAMME,
        "kind:",
        "status、month、season、year、once",
    ),
    (
        "help by the season that does not say which",
        lambda f: f.change("programmes/aid.yaml", "kind: month", "kind: season"),
        PROGRAMME,
        "kind: season",
        "按季的项目须写明 season",
    ),
    (
        "a season of help by the month",
        lambda f: f.add(PROGRAMME, "season: {label: 夏, first_month: 6, note: 试}\n"),
        PROGRAMME,
        "season:",
        "只有按季的项目",
    ),
    (
        "a season that begins in no month",
        lambda f: f.change(
            "programmes/aid.yaml", "kind: month", "kind: season\nseason: {label: 夏, first_month: 13, note: 试}"
        ),
        PROGRAMME,
        "season:",
        "1 到 12",
    ),
    (
        "a season that rests on nothing",
        lambda f: f.change("programmes/aid.yaml", "kind: month", "kind: season\nseason: {label: 夏, first_month: 6}"),
        PROGRAMME,
        "season:",
        "凭什么",
    ),
    (
        "a season without a name",
        lambda f: f.change("programmes/aid.yaml", "kind: month", "kind: season\nseason: {first_month: 6, note: 试}"),
        PROGRAMME,
        "season:",
        "label",
    ),
    (
        "no kind",
        lambda f: f.change("programmes/aid.yaml", "kind: month\n", ""),
        PROGRAMME,
        "title:",
        "kind",
    ),
    (
        "a status with an amount",
        lambda f: f.change("programmes/aid.yaml", "kind: month", "kind: status"),
        PROGRAMME,
        "amount: gap",
        "身份",
    ),
    (
        "a status in a form",
        lambda f: (
            f.change("programmes/aid.yaml", "amount: gap\n", "form: goods\n"),
            f.change("programmes/aid.yaml", "kind: month", "kind: status"),
        ),
        PROGRAMME,
        "form: goods",
        "身份",
    ),
    (
        "money without an amount",
        lambda f: f.change("programmes/aid.yaml", "amount: gap\n", ""),
        PROGRAMME,
        "kind: month",
        "给钱的项目须有 amount",
    ),
    (
        "a form that is none",
        lambda f: f.add(PROGRAMME, "form: cash\n"),
        PROGRAMME,
        "form: cash",
        "money、waiver、goods、place、voucher、service",
    ),
    (
        "a ceiling where something that is no condition holds",
        lambda f: f.add(PROGRAMME, "amount_is: {ceiling_where: gap}\n"),
        PROGRAMME,
        "amount_is:",
        "gap 不是条件",
    ),
    (
        "a ceiling of no amount",
        lambda f: f.change("programmes/aid.yaml", "amount: gap\n", "form: service\namount_is: ceiling\n"),
        PROGRAMME,
        "amount_is:",
        "没有 amount",
    ),
    (
        "a limit of twice an occasion",
        lambda f: (
            f.change("programmes/aid.yaml", "kind: month", "kind: once"),
            f.add(PROGRAMME, "limit: {times: 2, per: occasion}\n"),
        ),
        PROGRAMME,
        "times: 2",
        "同一事由只能有一次",
    ),
    (
        "a limit of nothing",
        lambda f: (
            f.change("programmes/aid.yaml", "kind: month", "kind: once"),
            f.add(PROGRAMME, "limit: {times: 0, per: life}\n"),
        ),
        PROGRAMME,
        "limit:",
        "1 或更大",
    ),
    (
        "a limit in a span that is none",
        lambda f: (
            f.change("programmes/aid.yaml", "kind: month", "kind: once"),
            f.add(PROGRAMME, "limit: {times: 1, per: month}\n"),
        ),
        PROGRAMME,
        "limit:",
        "year、life",
    ),
    (
        "a limit of what runs by the month",
        lambda f: f.add(PROGRAMME, "limit: {times: 1, per: life}\n"),
        PROGRAMME,
        "limit:",
        "按月",
    ),
    (
        "a limit in a year of what comes each year",
        lambda f: (
            f.change("programmes/aid.yaml", "kind: month", "kind: year"),
            f.add(PROGRAMME, "limit: {times: 1, per: year}\n"),
        ),
        PROGRAMME,
        "limit:",
        "kind: once",
    ),
    (
        "a member's condition for a household",
        lambda f: f.change("programmes/aid.yaml", "[income_below, assets_ok]", "[income_below, severe]"),
        PROGRAMME,
        "conditions:",
        "成员",
    ),
    (
        "a condition that is none",
        lambda f: f.change("programmes/aid.yaml", "[income_below, assets_ok]", "[income_below, size]"),
        PROGRAMME,
        "conditions:",
        "不是条件",
    ),
    (
        "a programme that is not there",
        lambda f: f.change("programmes/old.yaml", "excluded_by: [aid]", "excluded_by: [ade]"),
        "county/programmes/old.yaml",
        "excluded_by",
        "没有项目 ade",
    ),
    (
        "a household's value gathered",
        lambda f: (f.add(RULES, rule("x", "    return assets", arguments="assets: Sum")), wire("x")(f)),
        RULES,
        "def x",
        "不能汇总",
    ),
    (
        "a range upside down",
        lambda f: f.change("inputs.yaml", "label: 面积, range: [0, 1000]", "label: 面积, range: [1000, 0]"),
        INPUTS,
        "area:",
        "最小值",
    ),
    (
        "a default that is not allowed",
        lambda f: f.change("inputs.yaml", "label: 计入, default: 是", "label: 计入, default: 也许"),
        INPUTS,
        "counted:",
        "也许",
    ),
    (
        "a code table that is not there",
        lambda f: f.change("inputs.yaml", "codes: Stage", "codes: Stages"),
        INPUTS,
        "stage:",
        "Stages",
    ),
    (
        "a table without a key",
        lambda f: f.change("parameters/aid/age_amount.yaml", "by: age\n", ""),
        "county/parameters/aid/age_amount.yaml",
        "2013-01-01",
        "by",
    ),
    (
        "a figure that begins after the programme",
        lambda f: f.change(
            "parameters/aid/asset_limit.yaml", "  2013-01-01: {missing: 没见到, source: {document: 意见}}\n", ""
        ),
        "county/parameters/aid/asset_limit.yaml",
        "title",
        "2020-01-01",
    ),
]
