"""The one family: as it is typed at the desks, and as ``yihu assess`` is told of it. Everybody is invented."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.policy_files.files import read_results, write_csv
from tests.rooms import identity_number
from yihu.common.fen import parse_yuan
from yihu.policy.labels import fact_label

PROGRAMME = "subsistence_allowance"
YIHU = Path(".venv/bin/yihu")


@dataclass(frozen=True)
class Someone:
    """A member, with what is declared of him, by the names of the facts. ``code`` is that of the relation."""

    name: str
    relation: str
    code: int
    born: date
    sequence: int
    facts: Mapping[str, str]

    @property
    def number(self) -> str:
        """The number of his identity card."""
        return identity_number(self.born, self.sequence)


NOTHING = {
    "wage": "0",
    "business_income": "0",
    "property_income": "0",
    "pension": "0",
    "transfer_income": "0",
    "serious_illness": "否",
    "medical_self_paid": "0",
    "school_stage": "不在学",
    "tuition": "0",
}
HEAD = Someone("梅有余", "户主", 2, date(1980, 5, 1), 11, NOTHING | {"wage": "1894.00"})
WIFE = Someone("贾乐平", "妻子", 12, date(1982, 6, 2), 12, NOTHING | {"transfer_income": "120.50"})
CHILD = Someone("梅小满", "女儿", 30, date(2015, 9, 1), 14, NOTHING | {"school_stage": "小学", "tuition": "300"})
EVERYBODY = (HEAD, WIFE, CHILD)
ADULTS = (HEAD, WIFE)

OF_HOUSEHOLD = {
    "monetary_assets": "3200.00",
    "homes": "1",
    "cars": "0",
    "has_heating": "是",
    "emergency_need": "0",
}
HUKOU = "110102"
# What the social insurance knows better than the family said.
WAGE_FOUND = "2394.37"


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
