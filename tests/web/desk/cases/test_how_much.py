"""What whoever examines and decides says himself: how much below a ceiling and why, and since when things are so."""

import re
from datetime import date

from tests import rooms
from tests.cases.street import People
from tests.cases.test_emergencies import MONDAY, struck
from tests.cases.test_stretches import ASKED, DECIDED, came_on_file
from tests.cases.walk import Walk
from tests.web.desk.seats import Desks
from yihu.access.actor import Actor
from yihu.awards.models import AwardTerm
from yihu.cases.models import Confirmation, Examination
from yihu.policy.procedures import Circumstance

# Three at most three times 1,450.00 each.
CEILING = "13050"
LESS = "请写明为什么不给到限额"
SINCE = "情况从哪个月起一直如此"


def problems(page: str) -> str:
    """What a form that was not taken says."""
    return " ".join(re.findall(r'class="(?:problem|problems)".*?</', page, re.S))


def below_a_ceiling(walk: Walk, desks: Desks) -> Walk:
    """A case of which the rules only say the most, to be examined."""
    desks.today = MONDAY
    struck(walk, need=CEILING, circumstances=(Circumstance.URGENT,)).admit(MONDAY)
    return walk


def test_less_than_the_ceiling_is_neither_proposed_nor_decided_without_a_reason(
    walk: Walk, desks: Desks, people: People
) -> None:
    case = below_a_ceiling(walk, desks).number
    typed = {"step": "examination", "opinion": "grant", "reason": "住院。", "amount": "9000"}
    for blank in ("", " 　"):
        assert LESS in problems(desks.do(people.examiner, case, "examine", why_less=blank, **typed))
    assert not Examination.objects.exists()
    desks.done(people.examiner, case, "examine", why_less="亲友帮了一部分。", **typed)
    assert [(each.amount, each.why_less) for each in Examination.objects.all()] == [(900_000, "亲友帮了一部分。")]

    page = desks.look(people.director, case)
    assert re.search(r'name="amount"[^>]* value="9,000.00"', page)
    assert "亲友帮了一部分。</textarea>" in page
    decision = {"step": "confirmation", "decision": "grant", "reason": "同意。"}
    assert LESS in problems(desks.do(people.director, case, "confirm", amount="8000", why_less="", **decision))
    assert not Confirmation.objects.exists()
    desks.done(people.director, case, "confirm", amount="8000", why_less="单位又垫了一笔。", **decision)

    decided = Confirmation.objects.get()
    assert (decided.amount, decided.why_less) == (800_000, "单位又垫了一笔。")
    assert "单位又垫了一笔。" in desks.look(people.director, case)
    told = "".join(walk.hand_over(MONDAY).content["paragraphs"])
    assert "定为这个数的理由：单位又垫了一笔。" in told
    assert "亲友帮了一部分" not in told


def test_what_was_proposed_is_decided_with_its_reason(walk: Walk, desks: Desks, people: People) -> None:
    case = below_a_ceiling(walk, desks).number
    typed = {"amount": "9000", "reason": "住院。"}
    desks.done(people.examiner, case, "examine", opinion="grant", step="examination", why_less="亲友帮了。", **typed)
    desks.done(people.director, case, "confirm", decision="grant", step="confirmation", why_less="", **typed)

    assert [(each.amount, each.why_less) for each in Confirmation.objects.all()] == [(900_000, "亲友帮了。")]


def test_at_the_ceiling_there_is_nothing_to_explain(walk: Walk, desks: Desks, people: People) -> None:
    case = below_a_ceiling(walk, desks).number
    typed = {"amount": "13050", "reason": "住院。", "why_less": "写错了地方"}
    desks.done(people.examiner, case, "examine", opinion="grant", step="examination", **typed)
    desks.done(people.director, case, "confirm", decision="grant", step="confirmation", **typed)

    assert [(each.amount, each.why_less) for each in Examination.objects.all()] == [(1_305_000, "")]
    assert [(each.amount, each.why_less) for each in Confirmation.objects.all()] == [(1_305_000, "")]
    assert "理由" not in "".join(walk.hand_over(MONDAY).content["paragraphs"])


def test_of_months_before_the_file_the_decider_says_since_when_it_is_so(
    district: rooms.District, service: Actor, people: People, desks: Desks
) -> None:
    desks.today = DECIDED
    born = date(1946, 2, 10)
    case = came_on_file(service, people, district.community, born, ASKED, DECIDED).number
    page = desks.look(people.officer, case)
    assert re.findall(r'name="since" value="([^"]+)"', page) == ["2026-02-01", "2026-03-01", "2026-04-01"]
    assert not re.search(r'name="since"[^>]* checked', page), "nobody said it yet"

    typed = {"step": "confirmation", "decision": "grant", "reason": "属实。"}
    for wrong in ({}, {"since": ""}, {"since": "2026-01-01"}, {"since": "2026-03-02"}, {"since": "以前"}):
        assert problems(desks.do(people.officer, case, "confirm", **wrong, **typed))
        assert not Confirmation.objects.exists()
    assert "待遇自 2026-03 起" in desks.done(people.officer, case, "confirm", since="2026-03-01", **typed)

    assert Confirmation.objects.get().since == date(2026, 3, 1)
    assert [term.period.lower for term in AwardTerm.objects.all()] == [date(2026, 3, 1)]
    record = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", desks.look(people.officer, case)))
    assert "此前情况一直如此，自 2026-03" in record


def test_of_months_that_nobody_is_owed_nothing_is_asked(
    district: rooms.District, service: Actor, people: People, desks: Desks
) -> None:
    """He could have asked six years ago."""
    desks.today = DECIDED
    born = date(1940, 2, 10)
    case = came_on_file(service, people, district.community, born, ASKED, DECIDED).number
    assert SINCE not in desks.look(people.officer, case)

    typed = {"step": "confirmation", "decision": "grant", "reason": "属实。"}
    assert "待遇自 2026-04 起" in desks.done(people.officer, case, "confirm", since="2026-02-01", **typed)
    assert Confirmation.objects.get().since is None
