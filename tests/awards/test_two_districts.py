"""Two districts with packs of their own: one programme of one name, each with its own limit and ceiling."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from psycopg.types.range import Range
from pytest_django import Settings

import policy_packs
from policy_engine import load_pack
from tests import many
from tests.awards.conftest import determined
from tests.places import divisions
from yihu.access.actor import Actor
from yihu.awards import actions, queries
from yihu.awards.models import AwardTerm
from yihu.common.refusals import Refused
from yihu.households.models import Household

ONCE = "temporary_assistance"
ON = date(2026, 8, 20)
THERE = "11/0109/"


@pytest.fixture
def neighbour(
    actor: Actor, family: Household, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Household:
    """A family of a district in which that help is given once a year."""
    for each in ("cn", "beijing", "xicheng"):
        shutil.copytree(policy_packs.ROOT / each, tmp_path / each)
    shutil.copytree(policy_packs.ROOT / "xicheng", tmp_path / "hill")
    of_pack, programme = tmp_path / "hill/pack.yaml", tmp_path / f"hill/programmes/{ONCE}.yaml"
    of_pack.write_text(of_pack.read_text("utf-8").replace("name: xicheng", "name: hill"), "utf-8")
    text = programme.read_text("utf-8")
    programme.write_text(text.replace("per: occasion", "per: year"), "utf-8")
    hill, load = load_pack("hill", tmp_path), policy_packs.load
    monkeypatch.setattr(policy_packs, "load", lambda name: hill if name == "hill" else load(name))
    settings.POLICY_PACKS = f"{THERE}=hill"
    divisions({f"{THERE}001/001/": "某社区"})
    with many.at_work_in("11/"):
        return many.make_family(community=f"{THERE}001/001/")


def given(family: Household, amount: int, key: str, by: Actor, *, is_ceiling: bool = False) -> AwardTerm:
    return actions.grant(
        household=family, person=None, programme=ONCE, key=key, period=Range(ON, date(2026, 8, 21)), amount=amount,
        determination=determined(family, 500_000, programme=ONCE, is_ceiling=is_ceiling), by=by, on=ON,
    )  # fmt: skip


def test_the_limit_is_that_of_the_familys_own_district_and_the_ceiling_that_of_the_determination(
    actor: Actor, family: Household, neighbour: Household
) -> None:
    here = queries.keys_left(family, ONCE, on=ON, occasion="火灾")
    assert here == ("火灾",)
    assert given(family, 10_000, here[0], actor, is_ceiling=True).amount == 10_000

    with many.at_work_in("11/") as everywhere:
        [key] = queries.keys_left(neighbour, ONCE, on=ON, occasion="火灾")
        assert key == "2026-1"
        with pytest.raises(Refused, match=r"按认定的 5,000\.00 元发"):
            given(neighbour, 10_000, key, everywhere)
        given(neighbour, 500_000, key, everywhere)
        assert queries.keys_left(neighbour, ONCE, on=ON, occasion="水灾") == ()
