"""Plays the steps of the stories' cases through the actions of the rooms, as the people at their posts would."""

from collections.abc import Callable, Mapping
from datetime import date

from demo import departments
from demo.cases import Step
from demo.loading.papers import sheet
from demo.loading.register import Filed
from demo.loading.staff import Officer, Offices
from demo.story import FAMILY_PROGRAMME, Event
from yihu.access.scope import acting
from yihu.cases import actions
from yihu.cases.enums import Channel, ObjectionSource, OccasionKind, Opinion
from yihu.cases.models import Case, Objection
from yihu.cases.occasions import tell_occasion
from yihu.cases.papers import paper_subject, papers_of
from yihu.cases.procedures import Standing
from yihu.cases.steps import (
    admission,
    community_appraisal,
    confirmation,
    examination,
    home_visit,
    letter,
    notice,
    publication,
    records_check,
)
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.households import actions as households
from yihu.households import queries as household_queries
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import ADULT_AGE, Person
from yihu.letters import actions as letters
from yihu.letters.enums import Delivery
from yihu.letters.models import Letter
from yihu.organisations import actions as organisations
from yihu.organisations.enums import Kinship
from yihu.organisations.models import StaffMember
from yihu.organisations.queries import own_offices
from yihu.policy.labels import fact_is_of_member, parse_fact, programme_of
from yihu.policy.procedures import ClosingReason, StepKind

FINDINGS = "住房一处，陈设简单，无贵重物品；吃穿用俭省，与申报相符。（示范记录）"
AGAINST = "入户时家中陈设与申报不符，成员说法前后不一。（示范记录）"
NEIGHBOURS = "走访邻居两户，所述与申报无出入。（示范记录）"
MINUTES = "到会人员听取介绍并评议，一致认为调查结果属实。（示范记录）"


class Casework:
    """One family's case after the other: `play` does one step of the story on its day."""

    def __init__(self, offices: Offices) -> None:
        self.offices = offices
        self.cases: dict[tuple[int, str | None, int | None], Case] = {}
        self._do: Mapping[Step, Callable[[Filed, Event], None]] = {
            Step.APPLIED: self._apply,
            Step.CORRECTION_ASKED: self._ask_correction,
            Step.CORRECTED: self._bring_papers,
            Step.ADMITTED: self._admit,
            Step.CHECK_ASKED: self._ask_records,
            Step.CHECK_ANSWERED: self._answer,
            Step.VISITED: self._visit,
            Step.SETTLED: self._settle,
            Step.EXAMINED: self._examine,
            Step.NOTICE_POSTED: self._post,
            Step.OBJECTED: self._object,
            Step.NOTICE_ENDED: self._end_notice,
            Step.APPRAISED: self._appraise,
            Step.OBJECTION_ANSWERED: self._answer_objection,
            Step.EXAMINED_AGAIN: self._examine,
            Step.DISTRICT_VISITED: self._district_visit,
            Step.CONFIRMED: self._confirm,
            Step.PUBLISHED: self._publish,
            Step.LETTER_DELIVERED: self._deliver,
            Step.WITHDRAWN: self._withdraw,
        }

    def play(self, filed: Filed, event: Event) -> None:
        """Do one step of a story's case."""
        assert isinstance(event.what, Step)
        self._do[event.what](filed, event)

    def _officer(self, filed: Filed, kind: str, nth: int = 0) -> Officer:
        return self.offices.at(kind, filed.story.family.community.path, nth)

    def _case(self, filed: Filed, event: Event) -> Case:
        return self.cases[_claim(filed, event)]

    def _open(self, filed: Filed, event: Event, kind: StepKind) -> str:
        """The name of the open step of a kind; the first where two are open, as after an objection."""
        standing = Standing.of(Case.objects.get(pk=self._case(filed, event).pk))
        return next(name for name, row in standing.open.items() if row.kind == kind)

    def _apply(self, filed: Filed, event: Event) -> None:
        clerk = self._officer(filed, "window_clerk")
        if filed.story.relatives:
            self._declare_relative(filed, event.on)
        self._record(filed, event, FactSource.DECLARED, clerk)
        programme, occasion = event.programme or FAMILY_PROGRAMME, None
        with acting(clerk.actor, origin="示范"):
            if programme_of(programme, filed.household.division_id).is_for_an_occasion:
                occasion = tell_occasion(
                    filed.household, kind=OccasionKind.EMERGENCY, happened_on=event.on, what="突发急病住院", on=event.on
                )
            self.cases[_claim(filed, event)] = actions.apply(
                household=filed.household,
                programme=programme,
                occasion=occasion,
                person=None if event.member is None else filed.people[event.member],
                applicant=_applicant(filed, event.on),
                channel=Channel.WINDOW,
                by=clerk.actor,
                on=event.on,
            )
        if not any(each.what is Step.CORRECTION_ASKED for each in filed.story.events):
            self._bring_papers(filed, event)

    def _record(self, filed: Filed, event: Event, source: FactSource, by: Officer) -> None:
        """What the family says, or an officer has found, on the way."""
        if event.facts is None:
            return
        whose = None if event.member is None else filed.people[event.member]
        facts = [
            NewFact(name=name, value=parse_fact(name, text), person=whose if fact_is_of_member(name) else None)
            for name, text in event.facts.items()
        ]
        with acting(by.actor, origin="示范"):
            households.record_facts(household=filed.household, facts=facts, source=source, by=by.actor, on=event.on)

    def _declare_relative(self, filed: Filed, on: date) -> None:
        """The head is a sibling of the street's second examiner, or of a member of a residents' committee."""
        officer = self._officer(filed, "district_officer")
        first, second = (self._officer(filed, "street_examiner", nth).staff for nth in (0, 1))
        with acting(officer.actor, origin="示范"):
            if first == second:
                second = self._committee_member(filed, officer, on)
            organisations.declare_relative(
                staff=second,
                kinship=Kinship.SIBLING,
                name=filed.people[0].name,
                identity_number=filed.story.family.members[0].person.identity_number,
                by=officer.actor,
                on=on,
            )

    def _committee_member(self, filed: Filed, officer: Officer, on: date) -> StaffMember:
        """A member of the residents' committee, who works here without logging in."""
        community = filed.household.division
        username = f"juwei-{community.code}"
        present = StaffMember.objects.filter(login__username=username).first()
        if present is not None:
            return present
        made = organisations.create_staff(username=username, name="贾居委", by=officer.actor, on=on)
        organisations.appoint(
            staff=made,
            post_kind="community_worker",
            office=own_offices().get(division=community),
            since=on,
            by=officer.actor,
            on=on,
        )
        return made

    def _ask_correction(self, filed: Filed, event: Event) -> None:
        clerk = self._officer(filed, "window_clerk")
        case = self._case(filed, event)
        with acting(clerk.actor, origin="示范"):
            missing = [paper.key for paper in papers_of(Standing.of(case), on=event.on) if not paper.present]
            admission.ask_correction(
                case=case,
                step=self._open(filed, event, StepKind.ADMISSION),
                missing=missing,
                by=clerk.actor,
                on=event.on,
            )

    def _bring_papers(self, filed: Filed, event: Event) -> None:
        clerk = self._officer(filed, "window_clerk")
        case = self._case(filed, event)
        division = filed.household.division
        with acting(clerk.actor, origin="示范"):
            standing = Standing.of(case)
            for paper in papers_of(standing, on=event.on):
                if paper.each_adult:
                    for person in paper.lacking:
                        consent = documents.keep(
                            kind=DocumentKind.CONSENT, name=f"{paper.label}.pdf", content=sheet(case.number, "consent"),
                            division=division, by=clerk.actor, on=event.on,
                        )  # fmt: skip
                        households.sign_consent(person=person, document=consent, by=clerk.actor, on=event.on)
                elif not paper.present:
                    document = documents.keep(
                        kind=DocumentKind.APPLICATION, name=f"{paper.label}.pdf", content=sheet(case.number, paper.key),
                        division=division, by=clerk.actor, on=event.on,
                    )  # fmt: skip
                    households.keep_paper(
                        household=filed.household,
                        document=document,
                        subject=paper_subject(case, paper.key),
                        by=clerk.actor,
                    )

    def _admit(self, filed: Filed, event: Event) -> None:
        clerk = self._officer(filed, "window_clerk")
        with acting(clerk.actor, origin="示范"):
            admission.admit(
                case=self._case(filed, event),
                step=self._open(filed, event, StepKind.ADMISSION),
                by=clerk.actor,
                on=event.on,
            )

    def _ask_records(self, filed: Filed, event: Event) -> None:
        examiner = self._officer(filed, "street_examiner")
        with acting(examiner.actor, origin="示范"):
            step = self._open(filed, event, StepKind.RECORDS_CHECK)
            records_check.ask_records(case=self._case(filed, event), step=step, by=examiner.actor, on=event.on)

    def _answer(self, filed: Filed, event: Event) -> None:
        examiner = self._officer(filed, "street_examiner")
        departments.answer(self._case(filed, event).number, filed.story.family.differences, filed.people, on=event.on)
        with acting(examiner.actor, origin="示范"):
            step = self._open(filed, event, StepKind.RECORDS_CHECK)
            records_check.end_check(case=self._case(filed, event), step=step, by=examiner.actor, on=event.on)

    def _visit(self, filed: Filed, event: Event) -> None:
        self._record_visit(filed, event, StepKind.HOME_VISIT, "street_examiner", "window_clerk")
        self._record(filed, event, FactSource.VERIFIED, self._officer(filed, "street_examiner"))

    def _district_visit(self, filed: Filed, event: Event) -> None:
        kind = "district_officer"
        self._record_visit(filed, event, StepKind.DISTRICT_VISIT, kind, kind)

    def _record_visit(self, filed: Filed, event: Event, step: StepKind, first: str, second: str) -> None:
        visitor, colleague = self.offices.two(first, second, filed.story.family.community.path)
        with acting(visitor.actor, origin="示范"):
            home_visit.record_visit(
                case=self._case(filed, event),
                step=self._open(filed, event, step),
                visited_on=event.on,
                visitors=[visitor.staff, colleague.staff],
                findings=AGAINST if filed.story.obstacle else FINDINGS,
                neighbours=NEIGHBOURS,
                signed_by=filed.people[0].name,
                by=visitor.actor,
                on=event.on,
            )

    def _settle(self, filed: Filed, event: Event) -> None:
        examiner = self._officer(filed, "street_examiner")
        stands = {(difference.member, difference.name): difference for difference in filed.story.family.differences}
        place = {person.pk: at for at, person in enumerate(filed.people)}
        with acting(examiner.actor, origin="示范"):
            for found in household_queries.discrepancies(filed.household, on=event.on):
                known = stands[place[found.person.pk] if found.person else None, found.name]
                households.settle(
                    adopted=found.other if known.stands else found.declared,
                    reason=known.explanation,
                    by=examiner.actor,
                    on=event.on,
                )

    def _examine(self, filed: Filed, event: Event) -> None:
        examiner = self._officer(filed, "street_examiner")
        opinion = Opinion.GRANT if event.grants else Opinion.REFUSE
        looked = "经审核" if event.programme else "经核对和入户调查"
        with acting(examiner.actor, origin="示范"):
            examination.examine(
                case=self._case(filed, event),
                step=self._open(filed, event, StepKind.EXAMINATION),
                opinion=opinion,
                reason=f"{looked}，{'' if event.grants else '不'}符合条件。",
                amount=event.amount,
                why_less="亲友和单位已帮了一部分，余下的用这个数能解决。",
                by=examiner.actor,
                on=event.on,
            )

    def _post(self, filed: Filed, event: Event) -> None:
        examiner = self._officer(filed, "street_examiner")
        with acting(examiner.actor, origin="示范"):
            step = self._open(filed, event, StepKind.NOTICE)
            notice.post_notice(case=self._case(filed, event), step=step, by=examiner.actor, on=event.on)

    def _object(self, filed: Filed, event: Event) -> None:
        clerk = self._officer(filed, "window_clerk")
        with acting(clerk.actor, origin="示范"):
            actions.raise_objection(
                case=self._case(filed, event),
                source=ObjectionSource.NOTICE,
                content=event.note,
                by=clerk.actor,
                on=event.on,
            )

    def _end_notice(self, filed: Filed, event: Event) -> None:
        examiner = self._officer(filed, "street_examiner")
        with acting(examiner.actor, origin="示范"):
            step = self._open(filed, event, StepKind.NOTICE)
            notice.end_notice(case=self._case(filed, event), step=step, by=examiner.actor, on=event.on)

    def _appraise(self, filed: Filed, event: Event) -> None:
        examiner = self._officer(filed, "street_examiner")
        with acting(examiner.actor, origin="示范"):
            community_appraisal.record_appraisal(
                case=self._case(filed, event),
                step=self._open(filed, event, StepKind.COMMUNITY_APPRAISAL),
                held_on=event.on,
                participants=9,
                residents=6,
                found_true=True,
                disputed=False,
                minutes=MINUTES,
                by=examiner.actor,
                on=event.on,
            )

    def _answer_objection(self, filed: Filed, event: Event) -> None:
        examiner = self._officer(filed, "street_examiner")
        with acting(examiner.actor, origin="示范"):
            for objection in Objection.objects.filter(case=self._case(filed, event), answered_on__isnull=True):
                actions.answer_objection(
                    objection=objection,
                    answer="经民主评议和核实，所反映的情况不属实。",
                    upheld=False,
                    by=examiner.actor,
                    on=event.on,
                )

    def _confirm(self, filed: Filed, event: Event) -> None:
        decider = self._officer(filed, Standing.of(self._case(filed, event)).deciders[0])
        decision = Opinion.GRANT if event.grants else Opinion.REFUSE
        with acting(decider.actor, origin="示范"):
            confirmation.confirm(
                case=self._case(filed, event),
                step=self._open(filed, event, StepKind.CONFIRMATION),
                decision=decision,
                reason="同意审核意见。",
                by=decider.actor,
                on=event.on,
            )

    def _publish(self, filed: Filed, event: Event) -> None:
        examiner = self._officer(filed, "street_examiner")
        if not Standing.of(self._case(filed, event)).procedure.of_kind(StepKind.PUBLICATION):
            # The text of the day did not ask for it.
            return
        with acting(examiner.actor, origin="示范"):
            step = self._open(filed, event, StepKind.PUBLICATION)
            publication.publish(case=self._case(filed, event), step=step, by=examiner.actor, on=event.on)

    def _deliver(self, filed: Filed, event: Event) -> None:
        clerk = self._officer(filed, "window_clerk")
        with acting(clerk.actor, origin="示范"):
            step = self._open(filed, event, StepKind.LETTER)
            letter.hand_over(case=self._case(filed, event), step=step, by=clerk.actor, on=event.on)
            for issued in Letter.objects.filter(subject=self._case(filed, event).number, delivered_on__isnull=True):
                letters.deliver(
                    letter=issued,
                    delivery=Delivery.IN_PERSON,
                    received_by=filed.people[0].name,
                    by=clerk.actor,
                    on=event.on,
                )

    def _withdraw(self, filed: Filed, event: Event) -> None:
        clerk = self._officer(filed, "window_clerk")
        with acting(clerk.actor, origin="示范"):
            actions.close(
                case=self._case(filed, event),
                reason=ClosingReason.WITHDRAWN,
                because=event.note,
                by=clerk.actor,
                on=event.on,
            )


def _applicant(filed: Filed, on: date) -> Person:
    """The head, or where he has died or moved away by that day the first adult who lives there."""
    living = {member.person_id for member in household_queries.members_on(filed.household, on)}
    return next(who for who in filed.people if who.pk in living and who.age_on(on) >= ADULT_AGE)


def _claim(filed: Filed, event: Event) -> tuple[int, str | None, int | None]:
    """Whose case an event belongs to: a family may have one of each programme, and of each member."""
    return filed.household.pk, event.programme, event.member
