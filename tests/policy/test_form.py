"""The form asks only what counts, and shows what the engine says."""

import random
from datetime import date
from typing import Any

import pytest

import policy_packs
from policy_engine import Outcome, assess
from tests.web.conftest import usual_answer
from yihu.policy import Answer, Answers, HouseholdForm, Question

NOVEMBER_2026 = date(2026, 11, 21)


def outcomes(form: HouseholdForm, answers: Answers, day: date) -> list[tuple[Any, ...]]:
    """What the engine says of every programme."""
    determination = assess(form.pack.plan(day), form._family(answers, day)[0])
    return [(each.programme.name, each.member, each.outcome, each.amount) for each in determination.results]


def everything(answer: Answer) -> str:
    return repr(answer)


def random_answer(question: Question, dice: random.Random) -> str:
    """Some answer that a resident could give."""
    if question.kind == "date":
        return f"{dice.randint(1930, 2019)}-{dice.randint(1, 12)}-{dice.randint(1, 28)}"
    if question.kind in ("money", "count", "area"):
        return dice.choice(["0", "0", "1", "2", "900", "3000"]) if question.kind == "money" else dice.choice("012")
    if question.kind == "grades":
        return dice.choice(["", "", f"{dice.choice(question.choices).value}:{dice.choice(question.grades).value}"])
    if question.kind == "set":
        return dice.choice(["", *(choice.value for choice in question.choices)])
    return dice.choice(question.choices).value


def test_three_adults_get_what_the_engine_says(form: HouseholdForm, three_adults: Answers, august_2020: date) -> None:
    answer = form.answer(three_adults, august_2020)
    (allowance,) = [card for card in answer.eligible if "低保" in card.short]
    assert allowance.amount == "1,616.00 元"
    assert allowance.per == "/月"
    assert answer.monthly == "1,616.00 元"
    paid = {
        (programme, amount)
        for programme, _member, outcome, amount in outcomes(form, three_adults, august_2020)
        if outcome is Outcome.ELIGIBLE
    }
    assert ("subsistence_allowance", 161600) in paid
    assert len(paid) == len(answer.eligible)


def test_reasons_are_sentences_with_their_clauses(
    form: HouseholdForm, three_adults: Answers, august_2020: date
) -> None:
    (allowance,) = [card for card in form.answer(three_adults, august_2020).eligible if "低保" in card.short]
    said = repr(allowance.why)
    assert "家庭月人均收入 631.33 元 = 家庭月可计算收入 1,894.00 元 ÷ 3 人" in said
    assert "低保标准 1,170.00 元" in said
    assert "民发〔2012〕220号" in said
    assert {sentence.verdict for sentence in allowance.why} <= {"yes", ""}


def test_a_programme_of_members_that_nobody_gets_stands_there_once(
    form: HouseholdForm, three_adults: Answers, august_2020: date
) -> None:
    refused = form.answer(three_adults, august_2020).refused
    titles = [card.title for card in refused]
    assert len(titles) == len(set(titles))
    assert all(card.reasons for card in refused)


def test_only_students_are_asked_for_their_tuition(form: HouseholdForm, three_adults: Answers) -> None:
    assert not three_adults.has(form.questions["tuition"])
    three_adults.members[2]["school_stage"] = "5"
    three_adults.members[2]["new_student"] = "是"
    assert form.still_to_ask(three_adults, date(2020, 8, 1)).get("tuition") == [2]


def test_nothing_that_was_left_out_could_change_a_result(form: HouseholdForm) -> None:
    for seed in range(12):
        dice = random.Random(seed)
        day = dice.choice([date(2020, 8, 1), NOVEMBER_2026])
        answers = Answers(members=[{"relation": "2"}, {"relation": "30"}])
        while wanted := form.still_to_ask(answers, day):
            name, subjects = next(iter(wanted.items()))
            for subject in subjects:
                answers.of(subject)[name] = random_answer(form.questions[name], dice)
        before = outcomes(form, answers, day)
        for question in form.questions.values():
            for subject in answers.subjects(question):
                if not question.for_staff:
                    answers.of(subject).setdefault(question.name, random_answer(question, dice))
        after = outcomes(form, answers, day)
        settled = [pair for pair in zip(before, after, strict=True) if pair[0][2] is not Outcome.UNKNOWN]
        assert all(one == other or one[3] is None for one, other in settled), seed


def test_a_fact_that_nobody_knows_is_named_as_missing(
    form: HouseholdForm, three_adults: Answers, august_2020: date
) -> None:
    three_adults.household["monetary_assets"] = "?"
    answer = form.answer(three_adults, august_2020)
    assert "缺：" in everything(answer)
    assert any("货币财产" in reason.text for card in answer.unknown for reason in card.reasons)
    assert "还不知道能不能得到" in "".join(answer.besides)
    assert not form.still_to_ask(three_adults, august_2020)


def test_what_staff_fill_in_is_never_asked(form: HouseholdForm) -> None:
    staff = {question.name for question in form.questions.values() if question.for_staff}
    assert staff
    assert not staff & set(form.still_to_ask(Answers(), NOVEMBER_2026))


def test_a_carried_forward_standard_is_marked(form: HouseholdForm, three_adults: Answers) -> None:
    for member in three_adults.members:
        member["resident_basic_pension"] = "0"
    answer = form.answer(three_adults, NOVEMBER_2026)
    assert [card.mark for card in answer.eligible if "低保" in card.short] == ["按最近所见标准"]


def test_people_are_called_by_relation(form: HouseholdForm) -> None:
    assert form.names(Answers()) == ["您"]
    answers = Answers(members=[{"relation": each} for each in ("2", "12", "20", "20", "子", "?")])
    assert form.names(answers) == ["户主", "妻子", "儿子1", "儿子2", "儿子3", "家人"]


def test_a_day_to_come_is_no_birthday(form: HouseholdForm, three_adults: Answers, august_2020: date) -> None:
    three_adults.members[1]["birth_date"] = "2021-1-1"
    (problem,) = form.problems(three_adults, august_2020)
    assert (problem.name, problem.subject) == ("birth_date", 1)
    assert "2020-08-01 之后" in problem.message


def test_every_question_is_put_without_notations(form: HouseholdForm) -> None:
    for question in form.questions.values():
        assert "4:2" not in question.help
        assert "填 0" not in question.help
        assert question.kind == "date" or question.name == "relation" or question.common, question.name


def test_kinds_of_disability_have_names(form: HouseholdForm) -> None:
    labels = [choice.label for choice in form.questions["disabilities"].choices]
    assert labels == ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"]


def test_carried_answers_come_back_as_they_were(form: HouseholdForm, three_adults: Answers) -> None:
    assert form.read(three_adults.written()) == three_adults


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"household":{},"members":[],"trail":[]}',
        '{"household":{"wage":"1"},"members":[{}],"trail":[]}',
        '{"household":{"cars":1},"members":[{}],"trail":[]}',
        '{"household":{"nothing":"1"},"members":[{}],"trail":[]}',
        '{"household":{},"members":[{"wage":"' + "1" * 201 + '"}],"trail":[]}',
        '{"household":{},"members":[' + ",".join(["{}"] * 100) + '],"trail":[]}',
        '{"household":{},"members":["a"],"trail":[]}',
        '{"household":{},"members":[{}],"trail":3}',
    ],
)
def test_what_no_page_wrote_is_not_read(form: HouseholdForm, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what is wrong with it is for nobody to read
        form.read(text)


def test_every_pack_has_a_form() -> None:
    for name in policy_packs.names():
        assert HouseholdForm(policy_packs.load(name)).questions


def test_usual_answers_leave_nothing_open(form: HouseholdForm, three_adults: Answers, august_2020: date) -> None:
    assert not form.problems(three_adults, august_2020)
    assert usual_answer(form.questions["wage"], 0) == "1894"
    assert not form.answer(three_adults, august_2020).unknown
