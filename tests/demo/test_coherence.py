"""What the stories say is what the rules say of the same facts on the same day."""

from demo.cases import Ending, Step
from demo.district import beginning
from demo.story import ELDER_PROGRAMME, FAMILY_PROGRAMME, Life, Part, Story
from policy_engine import InputError, Outcome
from tests.demo.conftest import DAY, PACK, of_an_elder, of_the_family


def test_every_fact_is_given_in_the_notation_of_files(district: list[Story]) -> None:
    by_scope = {
        scope: {name for name, spec in PACK.inputs.items() if spec.of == scope} for scope in ("household", "member")
    }
    for story in district:
        household, members = story.family.declared, [member.declared for member in story.family.members]
        assert set(household) == by_scope["household"] - {"emergency_confirmed"}
        for of in (household, *members):
            assert by_scope["member"] == set(of) or of is household
            for name, text in of.items():
                try:
                    PACK.inputs[name].parse(text)
                except InputError as error:
                    raise AssertionError(f"{name}: {text}") from error


def test_differences_are_between_what_was_declared_and_something_else(district: list[Story]) -> None:
    found = [(story.family, difference) for story in district for difference in story.family.differences]

    assert {difference.stands for _family, difference in found} == {True, False}
    for family, difference in found:
        of = family.declared if difference.member is None else family.members[difference.member].declared
        assert of[difference.name] == difference.declared != difference.received
        PACK.inputs[difference.name].parse(difference.received)


def test_families_on_the_books_are_eligible_from_beginning_to_end(district: list[Story]) -> None:
    families = [story for story in district if story.part is Part.ON_THE_BOOKS]

    assert len(families) > 100
    for story in families:
        for on in (beginning(DAY), DAY):
            result = of_the_family(story, on)
            assert result.outcome is Outcome.ELIGIBLE
            assert result.amount


def test_an_award_ended_by_income_is_due_no_more(district: list[Story]) -> None:
    changes = [(story, event) for story in district for event in story.events if event.what is Life.CHANGED]

    assert changes
    for story, change in changes:
        assert of_the_family(story, change.on, change).outcome is Outcome.NOT_ELIGIBLE
        assert change.on > DAY or story.day_of(Life.ENDED) is None or story.day_of(Life.ENDED) >= change.on


def test_applicants_are_what_they_are_meant_to_be(district: list[Story]) -> None:
    applicants = [story for story in district if story.meant]

    assert {story.meant for story in applicants} == {*Ending}
    for story in applicants:
        for on in (story.family.known_since, story.day_of(Step.CONFIRMED) or DAY):
            result = of_the_family(story, on)
            if story.meant is Ending.GRANTED:
                assert result.outcome is Outcome.ELIGIBLE
                assert result.amount
            if story.meant is Ending.REFUSED:
                assert result.outcome is Outcome.NOT_ELIGIBLE


def test_what_nobody_can_decide_yet_waits_for_the_examiner(district: list[Story]) -> None:
    unsure = [story for story in district if story.part is Part.WAITING and story.meant is None]

    assert len(unsure) == 2
    for story in unsure:
        assert of_the_family(story, DAY).outcome is Outcome.UNKNOWN
        assert story.day_of(Step.EXAMINED) is None


def test_elders_with_an_allowance_are_eligible_from_its_first_month(district: list[Story]) -> None:
    openings = [
        (story, event)
        for story in district
        for event in story.events
        if event.what is Life.TAKEN_OVER and event.programme == ELDER_PROGRAMME
    ]

    assert len(openings) > 1_000
    for story, opening in openings:
        assert opening.on.day == 1
        assert opening.member is not None
        assert of_an_elder(story, opening.member, opening.on).outcome is Outcome.ELIGIBLE


def test_whoever_is_eighty_has_the_allowance(district: list[Story]) -> None:
    for story in district:
        died = {event.member for event in story.events if event.what is Life.DIED}
        held = {member for programme, member in story.awards_on(DAY) if programme == ELDER_PROGRAMME}
        for place, member in enumerate(story.family.members):
            if place not in died and member.person.age(DAY.replace(day=1)) >= 80:
                assert place in held, story.family.index


def test_awards_end_with_the_death_they_hang_on(district: list[Story]) -> None:
    for story in district:
        died = {event.member for event in story.events if event.what is Life.DIED}
        for programme, member in story.awards_on(DAY.replace(year=DAY.year + 1)):
            assert member not in died
            assert programme != FAMILY_PROGRAMME or len(story.family.members) > len(died)
