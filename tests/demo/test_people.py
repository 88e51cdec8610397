"""Nobody in the demonstration is anybody."""

import re
from datetime import date

import pytest
from stdnum import luhn

from demo import people
from demo.people import IdentityNumbers, Person, Sex
from demo.story import Story
from tests.demo.conftest import DAY
from yihu.common import identity_numbers, telephone

# One process makes up the twenty thousand families.
pytestmark = pytest.mark.xdist_group("the invented district")

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)


def everyone(told: list[Story]) -> list[Person]:
    """All people, those born meanwhile too."""
    members = [member.person for story in told for member in story.family.members]
    return members + [event.person for story in told for event in story.events if event.person]


def test_identity_numbers_are_well_formed_and_come_once(large: list[Story]) -> None:
    numbers = [person.identity_number for person in everyone(large)]

    assert len(set(numbers)) == len(numbers)
    for person in everyone(large):
        number = person.identity_number
        digits = [10 if digit == "X" else int(digit) for digit in number]
        assert number.startswith("000000")
        assert number[6:14] == f"{person.born:%Y%m%d}"
        assert int(number[16]) % 2 == (person.sex is Sex.MALE)
        assert sum(digit * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11 == 1


def test_a_day_runs_out_of_numbers_before_one_comes_twice() -> None:
    numbers, born = IdentityNumbers(), date(1950, 1, 1)
    issued = {numbers.issue(born, sex) for sex in Sex for _ in range(499)}

    assert len(issued) == 998
    with pytest.raises(OverflowError, match="1950-01-01"):
        numbers.issue(born, Sex.MALE)


def test_accounts_belong_to_no_bank_and_come_once(district: list[Story]) -> None:
    accounts = [person.account for person in everyone(district) if person.account]

    assert len(set(accounts)) == len(accounts)
    assert all(account.startswith("000000") and len(account) == 19 and luhn.is_valid(account) for account in accounts)


def test_telephones_are_of_the_one_form_that_may_stand_here(district: list[Story]) -> None:
    assert all(re.fullmatch(r"1[3-9]\d0{8}", person.telephone) for person in everyone(district) if person.telephone)


def test_names_say_that_they_are_made_up_and_differ(district: list[Story]) -> None:
    names = [person.name for person in everyone(district)]

    assert all(name[0] in people.SURNAMES and set(name[1:]) & set(people.MARKS) for name in names)
    assert len(set(names)) > len(names) / 2


def test_the_house_takes_what_is_invented(district: list[Story]) -> None:
    for person in everyone(district):
        assert identity_numbers.check(person.identity_number, on=DAY) == person.identity_number
        assert identity_numbers.sex_of(person.identity_number).label == person.sex.value
        assert person.telephone is None or telephone.check(person.telephone) == person.telephone
