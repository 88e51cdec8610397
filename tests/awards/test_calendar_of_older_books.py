"""What older books brought is looked at like everything else: no award runs past its end or an age in silence."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from psycopg.types.range import Range
from pytest_django import Settings

import policy_packs
from policy_engine import load_pack
from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME
from tests.awards.test_calendar import BORN, ON, job, looked
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.awards import actions
from yihu.awards.enums import ProposalKind
from yihu.awards.models import Award, AwardTerm, CalendarLook, Proposal
from yihu.awards.opening.loading import import_opening
from yihu.households.models import Household, Person
from yihu.organisations.models import Division

__all__ = ["job"]

LOADED_ON, NOVEMBER = date(2026, 8, 20), date(2026, 11, 1)


@pytest.fixture
def until_ninety(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The allowance of a district that gives it until somebody is 90."""
    for each in ("cn", "beijing", "xicheng"):
        shutil.copytree(policy_packs.ROOT / each, tmp_path / each)
    shutil.copytree(policy_packs.ROOT / "xicheng", tmp_path / "hill")
    of_pack, rules = tmp_path / "hill/pack.yaml", tmp_path / f"beijing/rules/{MEMBER_PROGRAMME}.py"
    of_pack.write_text(of_pack.read_text("utf-8").replace("name: xicheng", "name: hill"), "utf-8")
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("return age >= 80", "return age < 90"), "utf-8")
    hill, load = load_pack("hill", tmp_path), policy_packs.load
    monkeypatch.setattr(policy_packs, "load", lambda name: hill if name == "hill" else load(name))
    settings.POLICY_PACKS = f"{many.DISTRICT}=hill"


@pytest.fixture
def taken_over(actor: Actor) -> AwardTerm:
    """Her allowance as older books had it: no fact of her is on file."""
    family = many.make_family(first=7)
    Person.objects.filter(household=family).update(birth_date=BORN)
    content = f"项目,月金额,起始月份,户号\n高龄津贴,500,2019-03,{family.number}\n".encode()
    place = Division.objects.get(pk=many.DISTRICT)
    import_opening(content=content, name="在册.csv", division=place, by=actor, on=LOADED_ON)
    return AwardTerm.objects.get()


def test_an_age_that_ends_it_needs_a_look_though_nothing_else_is_known(
    until_ninety: None, taken_over: AwardTerm, job: Actor
) -> None:
    assert looked(job, date(2026, 9, 5)) == 0
    assert CalendarLook.objects.get().unknown == 1
    assert [looked(job, day) for day in (ON, date(2026, 10, 6), date(2026, 11, 6))] == [1, 0, 0]

    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.outcome, proposal.from_day) == (ProposalKind.LOOK, "not_eligible", NOVEMBER)
    assert proposal.reason == "在册 500.00 元，从 2026-11-01 起规则说不符合；之前缺事实算不出来，请核实。"
    officer = many.make_actor("district_officer")
    with acting(officer):
        term = actions.accept_proposal(proposal=proposal, by=officer, on=ON, reason="已满 90 周岁")
    assert (term.stops, term.period.lower) == (True, NOVEMBER)


def test_a_term_that_runs_out_needs_a_look(taken_over: AwardTerm, job: Actor, actor: Actor) -> None:
    claim = Award.objects.create(
        household=many.make_family(first=2), programme=FAMILY_PROGRAMME, key="running", kind="month", form="money"
    )
    AwardTerm.objects.create(
        award=claim, period=Range(date(2019, 3, 1), NOVEMBER), amount=50_000, opening=taken_over.opening,
        granted_in_id=many.DISTRICT, known_on=LOADED_ON, made_by_id=actor.principal,
    )  # fmt: skip

    assert [looked(job, day) for day in (date(2026, 9, 5), ON, date(2026, 10, 6))] == [0, 1, 0]
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.from_day, proposal.household) == (ProposalKind.LOOK, NOVEMBER, claim.household)
    assert proposal.reason.startswith("2026-11-01 到期")


@pytest.mark.parametrize(("kind", "form"), [("season", "money"), ("year", "waiver"), ("status", "")])
def test_older_books_bring_help_by_the_month_alone(
    taken_over: AwardTerm, family: Household, actor: Actor, kind: str, form: str
) -> None:
    claim = Award.objects.create(
        household=family, programme="some", key="2026", kind=kind, form=form,
        pay_period=None if kind == "status" else date(2026, 1, 1),
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="只载入按月发的钱"), transaction.atomic():
        AwardTerm.objects.create(
            award=claim, period=Range(date(2026, 1, 1), date(2027, 1, 1)), amount=1 if form == "money" else None,
            help="" if form in ("money", "") else "减免", opening=taken_over.opening, granted_in_id=many.DISTRICT,
            known_on=LOADED_ON, made_by_id=actor.principal,
        )  # fmt: skip
