"""A determination works out the same years later, or what differs is named."""

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

import policy_packs
from config import cli
from tests.policy.register import (
    CLERK,
    EVERYWHERE,
    Someone,
    changed_pack,
    make_divisions,
    make_family,
    state,
    three_adults,
)
from yihu.access.scope import acting
from yihu.households.models import Person
from yihu.policy.actions import determine
from yihu.policy.models import Determination
from yihu.policy.replays import replayed

DAY = date(2020, 8, 1)
STANDARD = "beijing/parameters/subsistence_allowance/subsistence_standard.yaml"


@pytest.fixture
def made(register: None) -> Determination:
    """A determination of three adults: 1,616.00 yuan a month."""
    household, _people = three_adults()
    made = determine(
        household=household, programme="subsistence_allowance", on=DAY, known_on=DAY, held={}, by=EVERYWHERE
    )
    return Determination.objects.get(pk=made.pk)


def altered(made: Determination, **columns: Any) -> Determination:
    """The same row as someone would leave it who got past the database's lock."""
    values = {field.attname: getattr(made, field.attname) for field in made._meta.concrete_fields}
    values = {name: value for name, value in values.items() if name not in ("id", "made_at")}
    return Determination.objects.create(**{**values, **columns})


def record_with(made: Determination, **parts: Any) -> dict[str, Any]:
    """A copy of a record with some of its parts put in place of the old."""
    return {**json.loads(json.dumps(made.record)), **parts}


def test_under_the_same_policy_it_agrees_to_the_fen(made: Determination) -> None:
    again = replayed(made)

    assert again.agrees
    assert again.changed == ()
    assert again.register == ()


def test_one_of_a_person_agrees_too(register: None) -> None:
    household, (_young, old) = make_family(
        Someone("甄小", facts={"hukou": "110102"}),
        Someone("贾老", 51, born=date(1935, 1, 1), facts={"hukou": "110102"}),
    )
    made = determine(
        household=household, programme="old_age_allowance", person=old, on=DAY, known_on=DAY, held={}, by=EVERYWHERE
    )

    assert replayed(made).agrees


def test_a_changed_figure_is_named_with_what_it_changes(
    made: Determination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = changed_pack(tmp_path, STANDARD, "value: 117000", "value: 117001")
    monkeypatch.setattr(policy_packs, "load", lambda name: pack)

    again = replayed(made)

    assert again.changed == ("最低生活保障标准（subsistence_standard）",)
    assert again.faults == ("最低生活保障：当时符合 1,616.00 元，现在符合 1,616.03 元",)


def test_a_changed_figure_that_changes_nothing_is_only_a_note(
    made: Determination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = "xicheng/rules/temporary_assistance.py"
    pack = changed_pack(tmp_path, file, "return household_size >= 1", "return household_size > 0")
    monkeypatch.setattr(policy_packs, "load", lambda name: pack)

    again = replayed(made)

    assert again.agrees
    assert again.changed == ("有共同生活的家庭成员（family_has_members）",)


def test_a_tampered_fact_is_named(made: Determination) -> None:
    members = record_with(made)["members"]
    members[0]["wage"] = 0

    again = replayed(altered(made, record=record_with(made, members=members)))

    assert again.faults[0] == "记录被改动过：校验码不符"
    assert "最低生活保障：当时符合 1,616.00 元，现在符合 3,510.00 元" in again.faults
    assert "贾一 的工资性收入（月）：当时 0.00 元，登记簿现在 1,894.00 元" in again.register


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"amount": 999900}, "认定所写的金额与记录不符：999900 / 161600"),
        ({"outcome": "not_eligible"}, "认定所写的结果与记录不符：not_eligible / eligible"),
        ({"on": date(2020, 9, 1)}, "认定所写的认定日与记录不符：2020-09-01 / 2020-08-01"),
        ({"people": []}, "认定所写的成员数与记录不符：0 / 3"),
    ],
)
def test_a_row_that_says_something_else_than_its_record_is_named(
    made: Determination, columns: dict[str, Any], fault: str
) -> None:
    assert fault in replayed(altered(made, **columns)).faults


@pytest.mark.parametrize("record", [{}, {"pack": "xicheng"}, {"pack": "atlantis"}, []])
def test_a_record_of_which_little_is_left_is_a_fault(made: Determination, record: Any) -> None:
    (fault,) = replayed(altered(made, record=record)).faults

    assert fault.startswith(("记录残缺，无法复算", "政策包不能用"))


def test_what_the_register_says_differently_now_is_told_but_no_fault(made: Determination) -> None:
    person = Person.objects.get(pk=made.people[0])
    state("wage", "100", person=person, known_on=DAY)
    state("pension", "100", person=person, known_on=date(2020, 8, 2))
    Person.objects.filter(pk=person.pk).update(birth_date=date(1981, 1, 1))

    again = replayed(made)

    assert again.agrees
    assert again.register == (
        "贾一 的出生日期：当时 1980-05-31，登记簿现在 1981-01-01",
        "贾一 的工资性收入（月）：当时 1,894.00 元，登记簿现在 100.00 元",
    )


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("replay", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_tells_of_one(made: Determination) -> None:
    assert "最低生活保障　2020-08-01　符合 1,616.00 元" in said(str(made.pk))
    assert "一致到分" in said(str(made.pk))


def test_the_command_tells_of_all_and_fails_where_one_differs(
    made: Determination, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "复算 1 份：1 份一致到分，0 份不一致" in said("--all")
    wrong = altered(made, amount=999900)
    out = io.StringIO()

    with pytest.raises(SystemExit) as exited:
        call_command("replay", "--all", stdout=out)

    assert exited.value.code == 1
    assert f"认定 {wrong.pk}　户 {made.household}" in out.getvalue()
    assert "✗ 认定所写的金额与记录不符" in out.getvalue()
    assert "复算 2 份：1 份一致到分，1 份不一致" in out.getvalue()


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["0"], ["x"]])
def test_the_command_says_what_it_cannot_do(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=r"只能要一样|没有编号为"):
        said(*arguments)


@pytest.mark.django_db(transaction=True)
def test_yihu_replay_finds_the_database() -> None:
    with acting(EVERYWHERE):
        make_divisions()
        household, _people = three_adults()
        determine(household=household, programme="subsistence_allowance", on=DAY, known_on=DAY, held={}, by=CLERK)
    parts = connection.settings_dict
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    address = make_conninfo(**{key: str(parts[name]) for key, name in named.items() if parts[name]})
    environment = {**os.environ, "DATABASE_URL": address, "SECRET_KEY": "only for tests", "FIELD_KEYS": "7e57" * 16}

    done = subprocess.run(
        [sys.executable, "-m", "config.cli", "replay", "--all"],
        capture_output=True, text=True, env=environment, cwd=Path(cli.MANAGE).parent, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "复算 1 份：1 份一致到分，0 份不一致" in done.stdout


def test_yihu_answers_without_django() -> None:
    script = """
import sys
from config import cli
cli.main(["policy", "check", "xicheng"])
print("django" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "False"


def test_yihu_lists_all_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])

    listed = capsys.readouterr().out
    assert all(command in listed for command in ("assess", "policy", "replay"))


def test_the_command_that_is_installed_is_this_one() -> None:
    project = (Path(cli.MANAGE).parent / "pyproject.toml").read_text(encoding="utf-8")

    assert 'yihu = "config.cli:main"' in project
