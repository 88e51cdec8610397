"""A case as the people of a street lead it, a call for each step. Everybody is invented."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from tests.cases.street import LONG_AGO, People
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.awards.models import AwardTerm
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
    submission,
)
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.households import actions as households
from yihu.households.models import Household, Person
from yihu.letters import actions as letters
from yihu.letters.enums import Delivery
from yihu.letters.models import Letter
from yihu.organisations.enums import Kinship
from yihu.organisations.models import Relative, StaffMember
from yihu.policy.labels import programmes
from yihu.policy.procedures import StepKind
from yihu.records_checks import actions as records_checks
from yihu.records_checks.enums import WAITING
from yihu.records_checks.models import SourceRequest

PROGRAMME = "subsistence_allowance"
SHEET = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Walk:
    """One case, led from step to step. Each step is done by whoever the law gives it to, if nobody else is named."""

    people: People
    household: Household
    service: Actor
    number: str = ""
    programme: str = PROGRAMME

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return Case.objects.get(number=self.number)

    @property
    def award(self) -> AwardTerm | None:
        """By which term the case began an award, if it did."""
        return AwardTerm.objects.filter(award__cases=self.case, stops=False).first()

    @property
    def standing(self) -> Standing:
        """Where it stands now."""
        return Standing.of(self.case)

    @property
    def open(self) -> list[str]:
        """The steps that wait, in the order of the procedure."""
        standing = self.standing
        return [name for name in standing.procedure.steps if name in standing.open]

    @property
    def letters(self) -> list[str]:
        """The kinds of letters that went out, in order."""
        return list(Letter.objects.filter(subject=self.number).order_by("id").values_list("kind", flat=True))

    def step(self, kind: StepKind) -> str:
        """The open step of a kind."""
        standing = self.standing
        return next(
            name for name in standing.procedure.steps if name in standing.open and standing.open[name].kind == kind
        )

    @contextmanager
    def by(self, actor: Actor) -> Iterator[Actor]:
        """As someone, with no more in reach than he has."""
        with acting(actor):
            yield actor

    # ---- the steps

    def apply(self, on: date, by: Actor | None = None, **more: object) -> Case:
        """What is helped once for what happened is helped because of a fire, if nothing else is named."""
        known = programmes(self.household.division_id)
        asks = any(each.name == self.programme and each.is_for_an_occasion for each in known)
        with self.by(by or self.people.clerk) as actor:
            if asks and "occasion" not in more:
                more["occasion"] = tell_occasion(
                    self.household, kind=OccasionKind.EMERGENCY, happened_on=on, what="失火", on=on
                )
            case = actions.apply(
                household=self.household,
                programme=self.programme,
                applicant=self.household.people.order_by("id")[0],
                channel=Channel.WINDOW,
                by=actor,
                on=on,
                **more,  # type: ignore[arg-type]
            )
        self.number = case.number
        return case

    def document(self, kind: DocumentKind, actor: Actor, on: date, name: str = "材料.pdf") -> Document:
        return documents.keep(kind=kind, name=name, content=SHEET, division=self.household.division, by=actor, on=on)

    def bring(self, on: date, by: Actor | None = None, but: Sequence[str] = ()) -> None:
        """Every paper that is still missing, without those named."""
        with self.by(by or self.people.clerk) as actor:
            for paper in papers_of(self.standing, on=on):
                if paper.present or paper.key in but:
                    continue
                for person in paper.lacking:
                    consent = self.document(DocumentKind.CONSENT, actor, on)
                    households.sign_consent(person=person, document=consent, by=actor, on=on)
                if not paper.each_adult:
                    document = self.document(DocumentKind.PROOF, actor, on)
                    subject = paper_subject(self.case, paper.key)
                    households.keep_paper(household=self.household, document=document, subject=subject, by=actor)

    def admit(self, on: date, by: Actor | None = None) -> None:
        with self.by(by or self.people.clerk) as actor:
            admission.admit(case=self.case, step=self.step(StepKind.ADMISSION), by=actor, on=on)

    def ask_records(self, on: date, by: Actor | None = None) -> None:
        with self.by(by or self.people.examiner) as actor:
            records_check.ask_records(case=self.case, step=self.step(StepKind.RECORDS_CHECK), by=actor, on=on)

    def give_up_waiting(self, on: date, by: Actor | None = None) -> None:
        with self.by(by or self.people.examiner) as actor:
            asked = SourceRequest.objects.filter(check_round__subject=self.number, state__in=WAITING)
            for request in asked.order_by("id"):
                records_checks.give_up(request=request, reason="测试里没有部门答复", by=actor, on=on)

    def end_check(self, on: date, by: Actor | None = None) -> None:
        with self.by(by or self.people.examiner) as actor:
            records_check.end_check(case=self.case, step=self.step(StepKind.RECORDS_CHECK), by=actor, on=on)

    def check(self, on: date) -> None:
        """The records check from beginning to end in one day."""
        self.ask_records(on)
        self.give_up_waiting(on)
        self.end_check(on)

    def visit(
        self,
        on: date,
        *,
        by: Actor | None = None,
        also: Actor | None = None,
        went: Sequence[Actor] = (),
        visited_on: date | None = None,
        kind: StepKind = StepKind.HOME_VISIT,
    ) -> None:
        writer = by or self.people.examiner
        visitors = [each.person for each in went or (writer, also or self.people.worker)]
        with self.by(writer):
            home_visit.record_visit(
                case=self.case,
                step=self.step(kind),
                visited_on=visited_on or on,
                visitors=list(StaffMember.objects.filter(pk__in=visitors)),
                findings="住房一处，陈设简单。",
                signed_by="贾一",
                by=writer,
                on=on,
            )

    def district_visit(self, on: date) -> None:
        people = self.people
        self.visit(on, by=people.officer, also=people.deputy, kind=StepKind.DISTRICT_VISIT)

    def appraise(self, on: date, *, disputed: bool = False, by: Actor | None = None) -> None:
        with self.by(by or self.people.examiner) as actor:
            community_appraisal.record_appraisal(
                case=self.case,
                step=self.step(StepKind.COMMUNITY_APPRAISAL),
                held_on=on,
                participants=9,
                residents=6,
                found_true=True,
                disputed=disputed,
                minutes="到会人员认为属实。",
                by=actor,
                on=on,
            )

    def examine(
        self, on: date, opinion: Opinion = Opinion.GRANT, by: Actor | None = None, amount: int | None = None
    ) -> None:
        with self.by(by or self.people.examiner) as actor:
            examination.examine(
                case=self.case,
                step=self.step(StepKind.EXAMINATION),
                opinion=opinion,
                reason="经核对与入户调查。",
                amount=amount,
                why_less="亲友帮了一部分。",
                by=actor,
                on=on,
            )

    def post(self, on: date, by: Actor | None = None) -> None:
        with self.by(by or self.people.examiner) as actor:
            notice.post_notice(case=self.case, step=self.step(StepKind.NOTICE), by=actor, on=on)

    def unpost(self, on: date, by: Actor | None = None) -> None:
        with self.by(by or self.people.examiner) as actor:
            notice.end_notice(case=self.case, step=self.step(StepKind.NOTICE), by=actor, on=on)

    def submit(self, on: date) -> None:
        with self.by(self.people.examiner) as actor:
            submission.submit(case=self.case, step=self.step(StepKind.SUBMISSION), by=actor, on=on)

    def confirm(
        self, on: date, decision: Opinion = Opinion.GRANT, by: Actor | None = None, since: date | None = None
    ) -> None:
        with self.by(by or self.people.director) as actor:
            confirmation.confirm(
                case=self.case,
                step=self.step(StepKind.CONFIRMATION),
                decision=decision,
                reason="同意审核意见。",
                since=since,
                by=actor,
                on=on,
            )

    def hand_over(self, on: date, by: Actor | None = None) -> Letter:
        with self.by(by or self.people.clerk) as actor:
            return letter.hand_over(case=self.case, step=self.step(StepKind.LETTER), by=actor, on=on)

    def publish(self, on: date, by: Actor | None = None) -> None:
        with self.by(by or self.people.examiner) as actor:
            publication.publish(case=self.case, step=self.step(StepKind.PUBLICATION), by=actor, on=on)

    # ---- several at once

    def begin(self, on: date) -> None:
        """Applied with everything there, and admitted."""
        if not self.number:
            self.apply(on)
        self.bring(on)
        self.admit(on)

    def survey(self, on: date) -> None:
        """Checked and visited in one day."""
        self.check(on)
        self.visit(on)


# ---- what happens on the way


def to_confirmation(walk: Walk, opinion: Opinion = Opinion.GRANT) -> None:
    """From 2 to 12 March 2026, to where it can be decided."""
    walk.begin(date(2026, 3, 2))
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4), opinion)
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))


def to_approval_notice(walk: Walk) -> None:
    """Under the order of 2012, to the notice of the district, which hangs from 18 to 25 August 2020."""
    walk.begin(date(2020, 8, 3))
    walk.check(date(2020, 8, 4))
    walk.visit(date(2020, 8, 5))
    walk.appraise(date(2020, 8, 6))
    walk.examine(date(2020, 8, 7))
    walk.post(date(2020, 8, 7))
    walk.unpost(date(2020, 8, 15))
    walk.submit(date(2020, 8, 17))
    if walk.open == ["district_visit"]:
        walk.district_visit(date(2020, 8, 18))
    walk.examine(date(2020, 8, 18), by=walk.people.officer)
    walk.post(date(2020, 8, 18), by=walk.people.officer)


def related(walk: Walk, officer: Actor, person: Person | None = None) -> None:
    """The head of the family, or another member, is the brother of someone who works here."""
    brother = person or walk.household.people.order_by("id")[0]
    assert brother.identity_digest is not None
    Relative.objects.create(
        staff_id=officer.person,
        kinship=Kinship.SIBLING,
        name=brother.name,
        identity_digest=bytes(brother.identity_digest),
        declared_on=LONG_AGO,
    )


def complain(walk: Walk, source: ObjectionSource, on: date) -> Objection:
    """Somebody has a doubt, which the window writes down."""
    with walk.by(walk.people.clerk) as actor:
        return actions.raise_objection(case=walk.case, source=source, content="听说家里还有一辆车", by=actor, on=on)


def answer_all(walk: Walk, on: date, *, upheld: bool = False) -> None:
    """Every doubt gets its answer."""
    with walk.by(walk.people.examiner) as actor:
        for doubt in walk.case.objections.filter(answered_on__isnull=True):
            actions.answer_objection(objection=doubt, answer="已经查实。", upheld=upheld, by=actor, on=on)


def confirm_now(walk: Walk, on: date) -> None:
    """Try to decide, whatever is open."""
    with walk.by(walk.people.director) as actor:
        confirmation.confirm(
            case=walk.case, step="confirmation", decision=Opinion.GRANT, reason="同意", by=actor, on=on
        )


def deliver(walk: Walk, kind: str, on: date, by: Actor | None = None) -> None:
    """The last letter of a kind was handed to the family."""
    letter = Letter.objects.filter(subject=walk.number, kind=kind).latest("id")
    with walk.by(by or walk.people.clerk) as actor:
        letters.deliver(letter=letter, delivery=Delivery.IN_PERSON, received_by="贾一", by=actor, on=on)
