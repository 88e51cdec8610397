"""Who is not granted a status yet keeps sight of what it opens, the same alone and among everybody."""

from datetime import date

import numpy as np
import pytest

import policy_packs
from policy_engine import Family, Outcome, assess
from policy_engine import batch as batches
from policy_engine.batch import assess_many
from policy_engine.batch_opening import sentences_of
from policy_engine.opening import openings
from policy_engine.population import Column, Population

DAY = date(2020, 11, 15)
XICHENG = policy_packs.load("xicheng")
MODEST = {
    "monetary_assets": 0, "homes": 1, "non_residential": 0, "cars": 0, "emergency_need": 0, "has_heating": 1,
    "has_subsistence_allowance": 0, "has_low_income": 0, "has_extreme_hardship_support": 0,
}  # fmt: skip
GROWN = {
    "birth_date": 19800615, "relation": 2, "hukou": 110102, "counted_member": 1, "wage": 0, "business_income": 0,
    "property_income": 0, "pension": 0, "resident_basic_pension": 0, "transfer_income": 0, "serious_illness": 0,
    "medical_self_paid": 0, "school_stage": 0, "new_student": 0, "tuition": 0, "care_grade": 0, "employed": 0,
    "vision_grade": 0, "hearing_grade": 0, "speech_grade": 0, "limb_grade": 0, "intellectual_grade": 0,
    "mental_grade": 0, "multiple_grade": 0,
}  # fmt: skip
STUDENT = {**GROWN, "birth_date": 20020301, "relation": 20, "school_stage": 5, "new_student": 1, "tuition": 550000}


def opened(household: dict[str, int | None], *members: dict[str, int | None]) -> dict[tuple[str, int | None], str]:
    found = openings(assess(XICHENG.plan(DAY), Family({**MODEST, **household}, members)))
    return {key: opening.sentence for key, opening in found.items()}


@pytest.mark.parametrize(
    ("wage", "told"),
    [
        (116999, "认定低保以后可以享受，每采暖季 1,800.00 元"),
        (117000, "认定低收入以后可以享受，每采暖季 800.00 元"),
        (219999, "认定低收入以后可以享受，每采暖季 800.00 元"),
        (220000, None),
    ],
)
def test_what_fails_for_want_of_a_status_is_told_with_the_status(wage: int, told: str | None) -> None:
    assert opened({}, {**GROWN, "wage": wage}).get(("heating_assistance", None)) == told


def test_a_member_is_told_what_is_his() -> None:
    found = opened({}, {**GROWN, "wage": 400000}, {**GROWN, "relation": 10}, STUDENT)

    assert found == {
        ("heating_assistance", None): "认定低收入以后可以享受，每采暖季 800.00 元",
        ("education_assistance", 2): "认定低收入以后可以享受，一次 5,500.00 元",
    }


def test_what_nobody_asked_yet_is_named() -> None:
    assert opened({"has_heating": None}, {**GROWN, "wage": 117000}) == {
        ("heating_assistance", None): "认定低收入以后也许可以享受，缺：冬季取暖"
    }


def test_what_was_granted_opens_itself_and_another_reason_keeps_it_shut() -> None:
    assert opened({"has_low_income": 1}, {**GROWN, "wage": 117000}) == {}
    assert opened({"has_heating": 0}, {**GROWN, "wage": 117000}) == {}


def families(size: int) -> Population:
    """Couples with a child who begins to study, or one who does not; what they earn and have lies around the limits."""
    dice = np.random.default_rng(3)
    household = {name: Column(np.full(size, value)) for name, value in MODEST.items()}
    household["has_low_income"] = Column(dice.integers(0, 2, size), dice.random(size) < 0.8)
    household["has_heating"] = Column(dice.integers(0, 2, size), dice.random(size) < 0.8)
    household["homes"] = Column(dice.integers(1, 4, size))
    three = [GROWN, {**GROWN, "relation": 10}, STUDENT]
    member = {name: Column(np.tile([each[name] for each in three], size)) for name in GROWN}
    member["wage"] = Column(dice.integers(40, 200, size * 3) * 1000)
    member["new_student"] = Column(dice.integers(0, 2, size * 3))
    member["tuition"] = Column(np.full(size * 3, 550000), dice.random(size * 3) < 0.5)
    return Population(np.arange(size + 1) * 3, household, member)


@pytest.mark.parametrize("size", [300, batches.SMALL + 1], ids=["interpreted", "compiled"])
def test_everybody_reads_what_each_would_read_alone(size: int) -> None:
    plan, population = XICHENG.plan(DAY), families(size)
    batch = assess_many(plan, population)

    told = sentences_of(batch)

    compared = set()
    for household in range(size):
        found = openings(assess(plan, population.family(household)))
        for columns in batch.programmes:
            name, of_member = columns.programme.name, columns.programme.of == "member"
            for place in range(3) if of_member else (None,):
                opening = found.get((name, place))
                row = household if place is None else household * 3 + place
                assert (told[name][row] if name in told else "") == (opening.sentence if opening else "")
                if opening:
                    compared.add((name, opening.granted.name, opening.result.outcome))
    assert compared == {
        (name, granted, outcome)
        for name in ("heating_assistance", "education_assistance")
        for granted in ("subsistence_allowance", "low_income")
        for outcome in (Outcome.ELIGIBLE, Outcome.UNKNOWN)
    }
