"""What is known of a family in the register is what the engine reads."""

from datetime import date
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

import policy_packs
from tests.policy.register import EVERYWHERE, LONG_AGO, Someone, changed_pack, held, make_family, state, three_adults
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.households.models import Household, Member
from yihu.policy.facts import Holdings, KnownFamily, assess_family, family_of

DAY = date(2020, 8, 1)
pytestmark = pytest.mark.usefixtures("register")


def known(
    household: Household, *, on: date = DAY, known_on: date | None = None, held: Holdings | None = None
) -> KnownFamily:
    return family_of(household, on=on, known_on=known_on or on, held=held or {})


def test_the_register_gives_birth_date_relation_and_awards() -> None:
    household, (head,) = make_family(Someone("贾一", born=date(1940, 3, 1)))

    found = known(household, held=held("low_income", "old_age_allowance"))

    assert found.people == (head.pk,)
    assert found.family.members[0]["birth_date"] == 19400301
    assert found.family.members[0]["relation"] == 2
    assert found.family.household["has_low_income"] == 1
    assert found.family.household["has_subsistence_allowance"] == 0


def test_a_fact_that_nobody_stated_is_unknown_unless_nothing_is_decided_by_it() -> None:
    household, _people = make_family(Someone("贾一"))

    found = known(household).family

    assert found.members[0]["care_grade"] == 0
    for name in ("cars", "non_residential"):
        assert name not in found.household
    for name in ("wage", "counted_member", "limb_grade", "new_student"):
        assert name not in found.members[0]


def test_what_was_stated_to_be_unknown_takes_no_default() -> None:
    household, (head,) = make_family(
        Someone("贾一", facts={"disabilities": "?", "care_grade": "?"}), non_residential="?"
    )

    found = known(household)

    assert "non_residential" not in found.family.household
    assert "limb_grade" not in found.family.members[0]
    assert "care_grade" not in found.family.members[0]
    assert found.sources[0, "disabilities"].person_id == head.pk


def test_grades_fill_all_their_values() -> None:
    household, _people = make_family(Someone("贾一", facts={"disabilities": "4:2;6:3"}))

    member = known(household).family.members[0]

    assert (member["limb_grade"], member["mental_grade"], member["vision_grade"]) == (2, 3, 0)


def test_a_verified_fact_outranks_a_later_declared_one() -> None:
    household, (head,) = make_family(Someone("贾一", facts={"wage": "100"}))
    verified = state("wage", "300", person=head, source=FactSource.VERIFIED, known_on=date(2020, 3, 1))
    state("wage", "200", person=head, known_on=date(2020, 5, 1))

    assert known(household).family.members[0]["wage"] == 30000
    assert known(household).sources[0, "wage"] == verified
    assert known(household, known_on=date(2020, 2, 1)).family.members[0]["wage"] == 10000


def test_what_became_known_later_does_not_count() -> None:
    household, _people = make_family(Someone("贾一"), known_on=date(2020, 8, 2), cars="1")

    assert "cars" not in known(household).family.household
    assert known(household, known_on=date(2020, 8, 2)).family.household["cars"] == 1


def test_only_those_who_live_there_on_the_day_count_and_the_head_stands_first() -> None:
    household, (left, head, new) = make_family(
        Someone("甄去", 12, until=DAY), Someone("贾户"), Someone("梅来", 20, since=DAY)
    )

    assert known(household).people == (head.pk, new.pk)
    assert known(household, on=date(2020, 7, 31)).people == (head.pk, left.pk)


def test_facts_follow_a_person_into_another_household() -> None:
    _former, (mover,) = make_family(Someone("贾一", until=DAY, facts={"wage": "900"}))
    household, _people = make_family(Someone("甄二"))
    Member.objects.create(household=household, person=mover, relation=20, period=DateRange(DAY, None))

    assert known(household).family.members[1]["wage"] == 90000


def test_facts_that_the_pack_does_not_know_are_left_alone() -> None:
    household, (head,) = make_family(Someone("贾一"))
    fact = state("wage", "1", person=head)
    type(fact).objects.create(
        person=head, name="shoe_size", value={"shoe_size": 40}, period=DateRange(LONG_AGO, None),
        source="declared", known_on=LONG_AGO, recorded_by_id=EVERYWHERE.principal,
    )  # fmt: skip

    assert "shoe_size" not in known(household).family.members[0]


def test_two_of_one_name_are_told_apart() -> None:
    household, _people = make_family(Someone("贾明"), Someone("贾明", 20), Someone("甄二", 12))

    assert list(known(household).family.names) == ["贾明1", "贾明2", "甄二"]


def test_the_rules_read_it() -> None:
    household, _people = three_adults()

    assert assess_family(known(household), on=DAY).result("subsistence_allowance").amount == 161600


def test_an_empty_house_is_refused() -> None:
    household, _people = make_family(Someone("贾一", until=date(2019, 1, 1)))

    with pytest.raises(Refused, match="没有成员"):
        assess_family(known(household), on=DAY)


def test_a_day_that_the_pack_does_not_cover_is_refused() -> None:
    household, _people = make_family(Someone("贾一"))

    with pytest.raises(Refused, match="无法认定"):
        assess_family(known(household, on=date(2001, 1, 1)), on=date(2001, 1, 1))


def test_a_stored_value_out_of_range_is_named_with_whose_it_is() -> None:
    household, (head,) = make_family(Someone("贾一"))
    fact = state("wage", "1", person=head)
    type(fact).objects.create(
        person=head, name="wage", value={"wage": -1}, period=DateRange(LONG_AGO, None),
        source="verified", known_on=DAY, recorded_by_id=EVERYWHERE.principal,
    )  # fmt: skip

    with pytest.raises(Refused, match="贾一 的工资性收入（月）超出范围"):
        assess_family(known(household), on=DAY)


def test_a_rule_that_fails_is_refused_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    household, _people = three_adults()
    amount = "return min(emergency_need, emergency_ceiling)"
    rules = "xicheng/rules/temporary_assistance.py"
    pack = changed_pack(tmp_path, rules, amount, f"{amount} // emergency_need")
    monkeypatch.setattr(policy_packs, "load", lambda name: pack)

    with pytest.raises(Refused, match="这一户算不出来：急难救助金额：除数是零"):
        assess_family(known(household), on=DAY)


def test_the_register_knows_of_the_awards_that_would_be_granted_here_and_of_no_others() -> None:
    household, _people = three_adults(current_awards="?")
    stated, _people = make_family(Someone("郝四"), current_awards="分散供养特困")
    silent, _people = make_family(Someone("甄五"))

    def statuses(of: Household, *has: str) -> dict[str, int | None]:
        facts = family_of(of, on=DAY, known_on=DAY, held=held(*has)).family.household
        return {name: value for name, value in facts.items() if name.startswith("has_") and name != "has_heating"}

    here = {"has_subsistence_allowance": 0, "has_low_income": 0}
    assert statuses(silent) == here
    assert statuses(silent, "low_income") == {**here, "has_low_income": 1}
    assert statuses(stated) == {**here, "has_extreme_hardship_support": 1}
    assert statuses(stated, "low_income") == {
        "has_subsistence_allowance": 0,
        "has_low_income": 1,
        "has_extreme_hardship_support": 1,
    }
    assert statuses(household) == {}, "who does not know is not taken at nothing"
    assert statuses(household, "subsistence_allowance") == {"has_subsistence_allowance": 1}
