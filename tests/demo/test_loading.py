"""The invented district in the rooms: what the desk shows of it is what the rules say, and can be shown again."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from demo import accounts as demo_accounts
from demo.district import DESK_CASES, SEED
from demo.figures import PROGRAMMES
from demo.loading import district
from demo.story import (
    ELDER_PROGRAMME,
    EMERGENCY_PROGRAMME,
    SINGLE_PROGRAMME,
    STATUS_PROGRAMME,
    STUDENT_PROGRAMME,
    WINTER_PROGRAMME,
)
from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.posts import actor_at
from yihu.access.scope import acting
from yihu.awards import queries as awards
from yihu.awards.enums import ProposalState
from yihu.awards.models import AwardTerm, Proposal
from yihu.cases.enums import CaseState
from yihu.cases.models import Case
from yihu.cases.queries import open_work
from yihu.common.models import Change
from yihu.common.work import WorkItem
from yihu.households.models import Household
from yihu.organisations.models import Appointment
from yihu.payments import queries as payments
from yihu.payments.enums import RunState
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.policy.everyone import given_to
from yihu.policy.facts import family_of
from yihu.policy.packs import home_pack
from yihu.policy.replays import replay_all
from yihu.policy.snapshot import living_in, snapshot

# A Friday.
DAY = date(2026, 11, 20)
HOUSEHOLDS = 100
SEES = service("tests", "11/0102/")


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A small district, for all tests of this module; none of them writes."""
    root = tmp_path_factory.mktemp("district")
    folders = override_settings(DOCUMENT_ROOT=root / "documents", EXCHANGE_ROOT=root / "exchange")
    with folders, django_db_blocker.unblock(), transaction.atomic():
        call_command("load_calendar")
        call_command("load_organisations")
        loader = service("tests", demo_accounts.DISTRICT, may=[Capability.KEEP_STAFF, Capability.SEE_FORMER_STAFF])
        with acting(loader):
            demo_accounts.load(by=loader, on=DAY)
        district.load(households=HOUSEHOLDS, seed=SEED, day=DAY, street=demo_accounts.STREET, say=lambda line: None)
        with acting(SEES):
            yield
        transaction.set_rollback(True)


def seated(kind: str) -> list[Actor]:
    """The people of the demonstration at a post: of its street, or of the district."""
    held = Appointment.objects.filter(post__kind=kind).select_related("post", "staff").order_by("id")
    found = [
        actor_at(each.staff_id, each.staff.name, kind, (each.post.office.division_id,))
        for each in held
        if each.post.office.division_id.startswith(demo_accounts.STREET)
        or each.post.office.division_id == demo_accounts.DISTRICT
    ]
    assert found
    return found


# One process loads it.
@pytest.mark.xdist_group("the loaded district")
@pytest.mark.usefixtures("loaded")
class TestLoaded:
    def test_everybody_is_on_file_and_every_change_has_someone_who_made_it(self) -> None:
        assert Household.objects.count() == HOUSEHOLDS
        assert not Household.objects.filter(members__isnull=True).exists()
        assert not Household.objects.exclude(number__regex=r"^XC-\d{3}-\d{6}$").exists()
        assert not Change.objects.filter(actor__name=None).exists()

    def test_cases_wait_for_every_post_of_the_street_and_the_district(self) -> None:
        for kind in (*("window_clerk", "street_examiner", "street_director", "district_officer"),):
            assert any(open_work(actor, on=DAY) for actor in seated(kind)), kind
        for kind in ("finance_maker", "finance_checker"):
            assert any(payments.open_work(actor, on=DAY) for actor in seated(kind)), kind

    def test_cases_end_in_every_way_and_some_are_overdue(self) -> None:
        states = Counter(Case.objects.values_list("state", flat=True))

        assert sum(states.values()) >= DESK_CASES
        assert states[CaseState.APPLIED]
        assert states[CaseState.OPEN]
        assert Case.objects.filter(closed_on__isnull=True, due_on__lt=DAY).exists()

    def test_every_determination_can_be_worked_out_again(self) -> None:
        replayed = list(replay_all())

        assert len(replayed) > DESK_CASES // 2
        assert [each.faults for each in replayed if not each.agrees] == []

    def test_columns_and_families_give_the_rules_the_same(self) -> None:
        ids = living_in(["11/0102/"], on=DAY)
        held = awards.held_by(ids, DAY)
        taken = snapshot(ids, pack=home_pack(), on=DAY, known_on=DAY, held=held)
        families = {household.pk: household for household in Household.objects.filter(pk__in=ids)}

        assert len(taken.population) == len(ids) > HOUSEHOLDS // 2
        for row, household in enumerate(taken.households.tolist()):
            alone = family_of(families[household], on=DAY, known_on=DAY, held=held[household]).family
            together = taken.population.family(row)
            assert _known(together.household) == _known(alone.household)
            assert [_known(member) for member in together.members] == [_known(member) for member in alone.members]

    def test_awards_rest_on_a_determination_or_on_the_older_books(self) -> None:
        running = list(AwardTerm.objects.in_force(DAY).select_related("determination"))

        assert any(term.opening_id for term in running)
        assert all(term.determination is None or term.determination.amount == term.amount for term in running)
        carried = {term.mark for term in running}
        # A mark is said of an amount; a status has none.
        paid = [term for term in running if term.determination and term.amount]
        assert all(term.determination.mark == term.mark for term in paid)
        assert carried == {"", "按最近所见标准"}
        for term in AwardTerm.objects.filter(opening__isnull=False).select_related("opening", "award"):
            ids, on = [term.award.household_id], term.opening.imported_on
            given = given_to(ids, programme=term.award.programme, on=on, known_on=on, held={})
            assert (term.amount, term.mark) in {(each.amount, each.mark) for each in given}

    def test_families_are_helped_through_the_winter_without_having_asked(self) -> None:
        winters = AwardTerm.objects.filter(award__programme=WINTER_PROGRAMME)
        begun = Proposal.objects.filter(programme=WINTER_PROGRAMME)

        assert set(winters.values_list("award__key", flat=True)) >= {"2024-2025", "2025-2026"}
        assert all(term.determination for term in winters.select_related("determination"))
        assert winters.count() == begun.filter(state=ProposalState.ACCEPTED).count()
        assert begun.filter(state=ProposalState.WAITING, key="2026-2027").exists(), "the street's own wait at the desk"
        paid = PaymentLine.objects.filter(award__programme=WINTER_PROGRAMME, cancelled=False, run__state="approved")
        assert {line.amount for line in paid} <= {term.amount for term in winters}
        assert all(len(line.run.programmes) > 1 for line in paid.select_related("run")), "with what else is due"

    def test_cases_of_other_programmes_go_their_own_way_to_an_award(self) -> None:
        for programme, days in ((EMERGENCY_PROGRAMME, 7), (ELDER_PROGRAMME, 14)):
            granted = Case.objects.filter(programme=programme, state=CaseState.GRANTED).select_related("application")
            assert granted.exists(), programme
            for case in granted:
                (term,) = AwardTerm.objects.filter(award__cases=case).select_related("award", "determination")
                assert (term.known_on - case.application.applied_on).days <= days
                assert term.award.person_id == case.person_id
                if programme == EMERGENCY_PROGRAMME:
                    found = term.determination
                    assert 0 < term.amount <= found.amount
                    assert (term.amount < found.amount) is found.is_ceiling, "below its ceiling, or what is needed"
                    assert PaymentLine.objects.filter(award=term.award, cancelled=False).count() == 1
                else:
                    birthday = term.award.person.birth_date
                    assert term.period.lower == date(birthday.year + 80, birthday.month, 1)

    def test_every_programme_that_is_asked_for_is_met_at_the_desk(self) -> None:
        states = {
            programme: set(Case.objects.filter(programme=programme).values_list("state", flat=True))
            for programme in PROGRAMMES.values()
        }

        assert states[STATUS_PROGRAMME] == {*(CaseState.APPLIED, CaseState.OPEN, CaseState.GRANTED, CaseState.REFUSED)}
        assert states[SINGLE_PROGRAMME] == {CaseState.OPEN}, "what no text gives keeps everybody from a decision"
        assert states[STUDENT_PROGRAMME] == {CaseState.GRANTED}
        assert CaseState.OPEN in states[EMERGENCY_PROGRAMME] & states[ELDER_PROGRAMME]
        assert PaymentLine.objects.filter(award__programme=STUDENT_PROGRAMME, cancelled=False).exists()
        winters = AwardTerm.objects.filter(award__programme=WINTER_PROGRAMME)
        assert {amount for term in winters for amount in (term.amount,)} == {80_000, 180_000}
        waits = {item.programme for kind in ("window_clerk", "street_examiner") for item in _work_of(kind)}
        assert waits >= {STATUS_PROGRAMME, SINGLE_PROGRAMME, EMERGENCY_PROGRAMME, ELDER_PROGRAMME}

    def test_every_month_was_paid_and_is_still_under_its_seal(self) -> None:
        runs = list(PaymentRun.objects.filter(state=RunState.APPROVED).order_by("month"))

        assert len({run.month for run in runs}) == 25
        assert all(payments.verify(run) for run in runs)
        assert all(run.maker_id != run.checker_id for run in runs)


def _work_of(kind: str) -> list[WorkItem]:
    return [item for actor in seated(kind) for item in open_work(actor, on=DAY)]


def _known(facts: object) -> dict[str, int]:
    assert isinstance(facts, dict)
    return {name: value for name, value in facts.items() if value is not None}
