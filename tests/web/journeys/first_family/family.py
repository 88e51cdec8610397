"""The one family: as it is typed at the desks, and as ``yihu assess`` is told of it. Everybody is invented."""

import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tests.policy_files.files import read_results, write_csv
from tests.web.journeys.departments import Known
from tests.web.journeys.families import HUKOU, NOTHING, Someone
from yihu.common.fen import parse_yuan
from yihu.policy.labels import fact_label

PROGRAMME = "subsistence_allowance"
YIHU = Path(".venv/bin/yihu")


HEAD = Someone("梅有余", "户主", 2, date(1980, 5, 1), 11, NOTHING | {"wage": "1894.00"})
WIFE = Someone("贾乐平", "妻子", 12, date(1982, 6, 2), 12, NOTHING | {"transfer_income": "120.50"})
CHILD = Someone("梅小满", "女儿", 30, date(2015, 9, 1), 14, NOTHING | {"school_stage": "小学", "tuition": "300"})
EVERYBODY = (HEAD, WIFE, CHILD)
ADULTS = (HEAD, WIFE)

OF_HOUSEHOLD = {
    "monetary_assets": "3200.00",
    "homes": "1",
    "non_residential": "0",
    "cars": "0",
    "has_heating": "是",
    "emergency_need": "0",
}
# What the social insurance knows better than the family said.
WAGE_FOUND = "2394.37"
ANSWERS: Known = {
    "household_register": {"": {"户籍所在区县代码": HUKOU}},
    "social_insurance": {HEAD.name: {"在职参保": "是", "月工资（元）": WAGE_FOUND}},
    "real_estate": {HEAD.name: {"自有住房（套）": "1"}},
}


def cells(facts: Mapping[str, str], whose: str = "") -> dict[str, str]:
    """What is typed into the cells of the page of facts, by their labels."""
    return {f"{whose} {fact_label(name)}".strip(): value for name, value in facts.items()}


def assessed(folder: Path, on: date) -> int:
    """What the command finds for the same facts on a day, in fen: run as people run it, on a file of its own."""
    households = [{"household": "A", **OF_HOUSEHOLD}]
    members = [
        {
            "household": "A",
            "person": each.name,
            "relation": each.code,
            "birth_date": each.born.isoformat(),
            "hukou": HUKOU,
            **each.facts,
            **({"wage": WAGE_FOUND} if each is HEAD else {}),
        }
        for each in EVERYBODY
    ]
    source, results = write_csv(folder / "assess", households, members), folder / "assessed.csv"
    command = [str(YIHU), "assess", str(source), "--on", on.isoformat(), "--out", str(results)]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert said.returncode == 0, said.stderr
    (row,) = (row for row in read_results(results) if row["programme"] == PROGRAMME)
    assert row["outcome"] == "eligible"
    return parse_yuan(row["amount"])
