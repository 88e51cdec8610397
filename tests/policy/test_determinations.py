"""A determination is what the rules said, frozen with its reasons."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.policy.register import CLERK, EVERYWHERE, NOTHING_ELSE, Someone, held, make_family, state, three_adults
from yihu.access.posts import actor_at
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.households.models import Household
from yihu.policy.actions import determine
from yihu.policy.explanations import Explanation
from yihu.policy.models import Determination

DAY = date(2020, 8, 1)
pytestmark = pytest.mark.usefixtures("register")


def found(household: Household, programme: str = "subsistence_allowance", **options: Any) -> Determination:
    """A determination, as it is read back from the database."""
    values = {"on": DAY, "known_on": DAY, "held": {}, "by": EVERYWHERE, "person": None, **options}
    return Determination.objects.get(pk=determine(household=household, programme=programme, **values).pk)


def told(determination: Determination) -> Explanation:
    return Explanation.read(determination.explanation)


def everything(explanation: Explanation) -> str:
    return json.dumps(explanation.written(), ensure_ascii=False)


def test_it_holds_outcome_amount_people_and_record() -> None:
    household, people = three_adults()

    made = found(household)

    assert (made.outcome, made.amount, made.confidence) == ("eligible", 161600, "seen")
    assert made.people == [person.pk for person in people]
    assert made.record["hash"] == made.hash
    assert made.record["members"][0]["wage"] == 189400
    assert str(made.made_by) == "tests"


def test_it_explains_itself_without_the_rules() -> None:
    household, (head, *_others) = three_adults()
    state("wage", "1894", person=head, source=FactSource.VERIFIED, known_on=date(2020, 7, 1))

    explanation = told(found(household))

    assert (explanation.title, explanation.amount, explanation.per) == ("最低生活保障", "1,616.00 元", "/月")
    assert "1,616.00 元" in explanation.lead
    assert "家庭月可计算收入 1,894.00 元" in everything(explanation)
    assert "民发〔2012〕220号" in everything(explanation)
    stated = {(fact.who, fact.label): (fact.said, fact.source) for fact in explanation.facts}
    assert stated["贾一", "工资性收入（月）"] == ("1,894.00 元", "核实")
    assert stated["甄二", "户籍所在区县"] == ("西城区", "申报")
    assert stated["", "非居住用房套数"] == ("0 套", "申报")
    assert explanation.missing == ()


def test_a_refusal_says_by_how_much() -> None:
    household, _people = three_adults(cars="1")

    made = found(household)

    assert (made.outcome, made.amount) == ("not_eligible", 0)
    assert "机动车辆" in told(made).reason


def test_what_is_missing_is_named_with_whose_it_is() -> None:
    household, _people = make_family(
        Someone("贾一", facts=NOTHING_ELSE),
        Someone("甄二", 12, facts={**NOTHING_ELSE, "wage": "?"}),
        monetary_assets="0",
        non_residential="0",
        cars="0",
    )

    with pytest.raises(Refused) as refused:
        found(household)

    assert "最低生活保障还不能认定，缺：住房套数、甄二 工资性收入（月）。" in refused.value.message
    assert not Determination.objects.exists()


def test_what_is_not_known_can_be_written_down_where_nothing_is_granted() -> None:
    household, (head,) = make_family(
        Someone("贾一", facts={**NOTHING_ELSE, "wage": "?"}), homes="1", non_residential="0", cars="0"
    )

    made = found(household, even_if_unknown=True)

    assert (made.outcome, made.amount, made.confidence) == ("unknown", None, "")
    assert [(each.label, each.person) for each in told(made).missing] == [
        ("货币财产", None),
        ("工资性收入（月）", head.pk),
    ]


def test_an_amount_that_is_not_known_cannot_be_granted() -> None:
    household, (_head, wife) = make_family(
        Someone("贾一", facts=NOTHING_ELSE),
        Someone("甄二", 12, facts=NOTHING_ELSE),
        monetary_assets="0",
        homes="1",
        non_residential="0",
        cars="0",
    )
    state("disabilities", "?", person=wife, known_on=date(2020, 7, 1))

    with pytest.raises(Refused, match="甄二 残疾类别和等级"):
        found(household)


def test_one_person_of_a_family() -> None:
    household, (old, young) = make_family(
        Someone("贾老", 2, born=date(1935, 1, 1), facts={"hukou": "110102"}),
        Someone("甄小", 20, facts={"hukou": "110102"}),
    )

    assert found(household, "old_age_allowance", person=old).outcome == "eligible"
    assert found(household, "old_age_allowance", person=young).outcome == "not_eligible"
    assert told(found(household, "old_age_allowance", person=old)).who == "贾老"


@pytest.mark.parametrize(
    ("programme", "options", "message"),
    [
        ("old_age_allowance", {}, "按人认定"),
        ("rainbow_allowance", {}, "没有“rainbow_allowance”这个项目"),
        ("old_age_allowance", {"on": date(2018, 1, 1)}, "没有施行"),
    ],
)
def test_what_makes_no_sense_is_refused(programme: str, options: dict[str, Any], message: str) -> None:
    household, _people = three_adults()

    with pytest.raises(Refused, match=message):
        found(household, programme, **options)


def test_a_programme_of_families_takes_no_person_and_one_of_members_no_stranger() -> None:
    household, (head, *_others) = three_adults()
    _other, (stranger,) = make_family(Someone("梅外"))

    with pytest.raises(Refused, match="按户认定"):
        found(household, person=head)
    with pytest.raises(Refused, match="梅外在 2020-08-01 不是这一户的成员"):
        found(household, "old_age_allowance", person=stranger)


def test_held_awards_open_doors() -> None:
    household, _people = three_adults(monetary_assets="9000000")

    assert found(household, "heating_assistance").outcome == "not_eligible"
    assert found(household, "heating_assistance", held=held("subsistence_allowance")).outcome == "eligible"


def test_a_family_of_another_street_is_out_of_reach() -> None:
    household, _people = three_adults()
    stranger = actor_at(9_002, "吴名", CLERK.post, ("11/0102/009/",))

    with pytest.raises(Refused, match="不在您负责的区域内"):
        found(household, by=stranger)


def test_it_never_changes() -> None:
    household, _people = three_adults()
    made = found(household)

    with pytest.raises(DatabaseError, match="认定一经作出不能改动"), transaction.atomic():
        Determination.objects.filter(pk=made.pk).update(amount=1)
