"""The same facts give the same money, typed at the desk or written into a file."""

from datetime import date
from pathlib import Path

import pytest

from policy_engine import wording
from policy_files import cli
from tests.policy.register import EVERYWHERE, MODEST_HOME, NOTHING_ELSE, Someone, make_family
from tests.policy_files.files import read_results, write_csv
from yihu.policy.actions import determine
from yihu.policy.labels import every_programme

FAMILIES = {
    "三口之家": ({}, [{"wage": "1894"}, {}, {"school_stage": "5", "new_student": "是", "tuition": "6000"}]),
    "重残一人": ({"floor_area_m2": "45.5"}, [{"disabilities": "4:1", "pension": "900.55"}]),
    "老人": ({"monetary_assets": "12000"}, [{"pension": "4300"}, {"pension": "30.10", "care_grade": "1"}]),
    "有车": ({"cars": "1", "emergency_need": "5000", "emergency_confirmed": "是"}, [{}, {"serious_illness": "是"}]),
}
RELATIONS = (("户主", 2), ("配偶", 12), ("子", 20))
BORN = (date(1938, 3, 1), date(1940, 6, 15), date(2002, 9, 1))


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("day", [date(2020, 8, 1), date(2026, 11, 22)])
def test_a_determination_says_what_the_command_says(day: date, tmp_path: Path) -> None:
    households, members, stored = [], [], {}
    for number, (of_home, of_people) in FAMILIES.items():
        home = {"floor_area_m2": "", **MODEST_HOME, **of_home}
        households.append({"household": number, **home})
        people = []
        for place, own in enumerate(of_people):
            facts = {"disabilities": "", "care_grade": "0", "new_student": "否", **NOTHING_ELSE, **own}
            people.append(Someone(f"贾{place}", RELATIONS[place][1], BORN[place], facts))
            of_register = {"birth_date": BORN[place].isoformat(), "relation": RELATIONS[place][0]}
            members.append({"household": number, "person": f"{number}{place}", **of_register, **facts})
        stored[number] = make_family(*people, **home)
    folder, out = write_csv(tmp_path / "files", households, members), tmp_path / "results.csv"

    assert cli.main(["assess", str(folder), "--on", day.isoformat(), "--out", str(out)]) == 0

    said = {(row["household"], row["programme"], row["person"]): row for row in read_results(out)}
    compared = 0
    for number, (household, people) in stored.items():
        for programme in every_programme():
            if not programme.in_force(day):
                continue
            for place, person in enumerate(people) if programme.of_member else [(None, None)]:
                made = determine(
                    household=household, programme=programme.name, person=person,
                    on=day, known_on=day, held={}, by=EVERYWHERE, even_if_unknown=True,
                )  # fmt: skip
                row = said[number, programme.name, "" if place is None else f"{number}{place}"]
                assert made.outcome == row["outcome"]
                amount = "" if made.amount is None else f"{made.amount // 100}.{made.amount % 100:02d}"
                if "最低数" in made.mark:
                    # A file tells what is certain beside an amount that it leaves blank.
                    assert (row["amount"], f"至少 {wording.money(made.amount or 0)}" in row["reason"]) == ("", True)
                else:
                    assert amount == row["amount"]
                compared += 1
    assert compared == len(said)
    assert {row["outcome"] for row in said.values()} >= {"eligible", "not_eligible"}
