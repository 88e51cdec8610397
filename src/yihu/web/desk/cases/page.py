"""What the page of a case shows: its line of steps, the form of the step in hand, and what is known beside it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yihu.access.posts import labels_of
from yihu.awards.periods import in_words
from yihu.awards.queries import amount_text
from yihu.cases.enums import CaseState, StepState
from yihu.cases.kinds import Record, kind_of
from yihu.cases.models import CaseStep
from yihu.cases.papers import papers_of
from yihu.cases.people import why_nobody_applies
from yihu.cases.queries import LineStep, about, line_of, records_of
from yihu.common.calendar import working_days
from yihu.households import queries as families
from yihu.households.models import Paper
from yihu.letters import queries as letters
from yihu.policy.explanations import Explanation
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.applicant import ChangeApplicant
from yihu.web.desk.cases.deed import Deed
from yihu.web.desk.cases.ending import Close, Extend
from yihu.web.desk.cases.objecting import Answer, Raise
from yihu.web.desk.cases.sending_back import SendBack
from yihu.web.desk.cases.steps import STEPS
from yihu.web.desk.cases.steps.records_check import asked
from yihu.web.desk.cases.turn import Turn
from yihu.web.desk.clocks import Clock, clock_of
from yihu.web.parts import Chip, Event, Step

# What can be done at any time; what belongs to a step stands with its kind.
AT_ANY_TIME: tuple[type[Deed], ...] = (SendBack, Raise, Extend, Close, ChangeApplicant)
WITH_ROWS: tuple[type[Deed], ...] = (Answer, *(deed for step in STEPS.values() for deed in step.several))
DEEDS: dict[str, type[Deed]] = {
    deed.name: deed for deed in (*AT_ANY_TIME, *WITH_ROWS, *(deed for step in STEPS.values() for deed in step.deeds))
}
TONES = {CaseState.GRANTED: "good", CaseState.REFUSED: "bad", CaseState.OPEN: "info"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What one step wrote down, with the papers that were brought back."""

    record: Record
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why this amount: the sentences, and what they are of. ``given`` in fen and ``why_less``, where it was decided to
    give less than the most that the sentences come to.
    """

    explanation: Explanation | None
    note: str
    problem: str = ""
    given: int | None = None
    why_less: str = ""


class CasePage:
    """Everything that the template places; ``bound`` is the form that could not be done."""

    def __init__(self, turn: Turn, bound: Deed | None = None) -> None:
        self.turn = turn
        self.bound = bound
        self.calendar = working_days()
        self.records = records_of(turn.standing)
        # Of what came after its end, the page of a case shows nothing.
        self.until = min(turn.on, turn.case.closed_on or turn.on)
        self.stuck = why_nobody_applies(turn.standing, on=turn.on) if turn.case.closed_on is None else ""

    def context(self) -> dict[str, Any]:
        """By the names of the template."""
        turn, case = self.turn, self.turn.case
        row = turn.row
        return {
            "case": case,
            "awarded": self._awarded() if case.closed_on is not None else [],
            "application": case.application,
            "people": families.members_on(case.household, self.until),
            "is_here": turn.actor.reaches(case.household.division_id),
            "programme": about(case),
            "state": Chip(case.get_state_display(), TONES.get(CaseState(case.state), "plain")),  # type: ignore[arg-type]
            "circumstances": [word.label for word in sorted(turn.standing.circumstances)],
            "decider": labels_of(turn.standing.deciders),
            "days": turn.standing.procedure.total_days(extended=case.extended_on is not None),
            "used": self._used(),
            "total_clock": self._clock(case.due_on, provisional=case.due_is_provisional),
            "step_clock": self._clock(row.due_on, provisional=row.due_is_provisional) if row else Clock(),
            "line": self._line(),
            "open_rows": list(turn.standing.open.values()),
            "row": row,
            "step": turn.step,
            # That it is another post's turn is told by whose it is.
            "why_not": turn.why_not if row and turn.actor.post in row.posts else "",
            "holders": labels_of(row.posts) if row else "",
            "left_to_the_district": turn.standing.left_to_the_district(row, on=turn.on) if row else "",
            "stuck": self.stuck,
            "form_template": f"web/desk/cases/steps/{row.kind}.html" if row and self.may else "",
            "deed": {name: self.form(deed) if self._stands(deed) else None for name, deed in DEEDS.items()},
            **(self._in_hand(row) if row and self.may else {}),
            **self._beside(),
        }

    @property
    def may(self) -> bool:
        """Whether the step in hand can be done now: it is his, and somebody applies."""
        return self.turn.may and not self.stuck

    # ---- the head

    def _used(self) -> int | None:
        case = self.turn.case
        if case.admitted_on is None:
            return None
        return self.calendar.between(case.admitted_on, self.until)

    def _clock(self, due: Any, *, provisional: bool) -> Clock:
        if self.turn.case.closed_on is not None:
            return Clock()
        return clock_of(due, provisional=provisional, on=self.turn.on, calendar=self.calendar)

    def _line(self) -> list[Step]:
        shown = line_of(self.turn.standing, on=self.turn.on)
        return [Step(each.label, _drawn(each.state), self._detail(each)) for each in shown]

    def _detail(self, step: LineStep) -> str:
        row, procedure = step.row, self.turn.standing.procedure
        planned = procedure.steps[step.name]
        if row is not None and row.state == StepState.DONE:
            who = row.done_by.name if row.done_by else ""
            return f"{row.done_on:%m-%d} {who}".strip()
        whose = _("您") if row and row == self.turn.row and self.turn.may else labels_of(step.posts)
        if row is not None:
            return _("{who} · {day} 前").format(who=whose, day=f"{row.due_on:%m-%d}") if row.due_on else whose
        return kind_of(planned.kind).ahead(planned) or whose

    # ---- the step in hand

    def form(self, deed: type[Deed], about: str = "") -> Deed:
        """A form of this kind, the one that could not be done where it is that."""
        if type(self.bound) is deed and self.bound.prepared_for == about:
            return self.bound
        return deed(self.turn, about=about)

    def _stands(self, deed: type[Deed]) -> bool:
        """Whether a form of this kind stands on the page once; those for several things are made with their rows."""
        return deed not in WITH_ROWS and deed.offered(self.turn)

    def _in_hand(self, row: CaseStep) -> dict[str, Any]:
        return STEPS[StepKind(row.kind)].context(self, row)

    # ---- beside it

    def _beside(self) -> dict[str, Any]:
        turn, case = self.turn, self.turn.case
        may_answer = Answer.offered(turn)
        is_in_hand = turn.row is not None and kind_of(turn.row.kind).asks_departments and self.may
        return {
            "why": self._why(),
            "records": self._shown(),
            "rounds": [] if is_in_hand else asked(self, giving_up=False),
            "objections": [
                (each, self.form(Answer, str(each.pk)) if may_answer and each.answered_on is None else None)
                for each in case.objections.select_related("taken_by").order_by("-id")
            ],
            "letters": list(letters.of_subject(case.number).order_by("-id")),
            "events": self._events(),
            "beside_papers": papers_of(turn.standing, on=self.until) if case.admitted_on else [],
        }

    def _awarded(self) -> list[tuple[str, str]]:
        """What came of it, in words, with what is said beside the amount."""
        decided = self.turn.standing.decision
        if decided is None:
            return []
        found = []
        for award in self.turn.case.awards.order_by("id"):
            terms = list(award.terms.order_by("pk"))
            granted = [term for term in terms if term.determination_id == decided.confirmation.determination_id]
            term = next((each for each in granted if not each.stops), None)
            if term is None:
                continue
            never = any(each.stops and each.pk > term.pk and each.period.lower <= term.period.lower for each in terms)
            words = _("待遇自 {day} 起").format(day=in_words(award.kind, term.period.lower))
            told = "，".join(filter(None, (words, amount_text(term))))
            found.append((_("待遇没有开始，不发。"), "") if never else (told, term.mark))
        return found

    def _shown(self) -> list[tuple[Any, list[Shown]]]:
        """What was written down, kind by kind, with what was brought back."""
        brought: dict[str, list[Paper]] = {}
        if any(record.papers for _kind, records in self.records for record in records):
            kept = Paper.objects.filter(subject__startswith=f"{self.turn.case.number}/").select_related("document")
            for paper in kept.order_by("id"):
                brought.setdefault(paper.subject, []).append(paper)
        return [
            (kind.heading, [Shown(record, tuple(brought.get(record.papers, ()))) for record in records])
            for kind, records in self.records
        ]

    def _why(self) -> Why | None:
        case, decided = self.turn.case, self.turn.standing.decision
        if decided is not None:
            note = _("{day} 的决定").format(day=decided.done_on)
            made = decided.confirmation
            given = made.amount if made.why_less else None
            explanation = Explanation.read(made.determination.explanation)
            return Why(explanation, note, given=given, why_less=made.why_less)
        if case.closed_on is not None or case.admitted_on is None:
            return None
        seen = self.turn.preview
        return Why(seen.explanation, _("按今天所知试算，不存档"), seen.problem)

    def _events(self) -> list[Event]:
        """Everything that was done, latest first, with what was done over again."""
        case, first = self.turn.case, self.turn.case.application
        asked = (
            _("首问 {name} · {channel}").format(name=first.taken_by.name, channel=first.get_channel_display())
            if first
            else ""
        )
        said = {record.row.pk: record.said for _kind, records in self.records for record in records}
        events = [Event(case.asked_on, case.get_kind_display(), detail=asked)]
        for row in sorted(self.turn.standing.rows, key=lambda row: (row.done_on or self.turn.on, row.pk)):
            chip = None
            if row.state in (StepState.REPEATED, StepState.CANCELLED):
                chip = Chip(row.get_state_display(), "warn" if row.state == StepState.REPEATED else "plain")
            elif row.round > 1:
                chip = Chip(_("第 {n} 轮").format(n=row.round), "info")
            who = row.done_by.name if row.done_by else ""
            detail = " · ".join(filter(None, (who, said.get(row.pk), row.note)))
            if row.state == StepState.OPEN:
                detail = labels_of(row.posts)
            events.append(
                Event(
                    row.done_on or row.opened_on,
                    row.label,
                    detail=detail,
                    chip=chip,
                    is_open=row.state == StepState.OPEN,
                )
            )
        if case.extended_on is not None:
            events.append(Event(case.extended_on, _("延长办理期限"), detail=case.extended_because))
        if case.closed_on is not None:
            events.append(Event(case.closed_on, _("结案"), detail=case.closed_because or case.get_state_display()))
        events.sort(key=lambda event: (event.is_open, event.on))
        return events[::-1]


def _drawn(state: str) -> Any:
    return {"done": "done", "open": "now", "late": "now"}.get(state, "later")
