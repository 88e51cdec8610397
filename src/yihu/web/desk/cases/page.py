"""What the page of a case shows: its line of steps, the form of the step in hand, and what is known beside it."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from yihu.access.posts import labels_of
from yihu.cases.enums import CaseState, StepState
from yihu.cases.models import CaseStep, Confirmation, CorrectionRequest, Examination, HomeVisit, PublicNotice
from yihu.cases.papers import PaperState, papers_of
from yihu.cases.people import why_nobody_applies, why_unchecked
from yihu.cases.queries import LineStep, line_of
from yihu.cases.steps import home_visit
from yihu.cases.steps.examination import last_opinion
from yihu.common.calendar import working_days
from yihu.households import queries as families
from yihu.households.models import Paper
from yihu.letters import queries as letters
from yihu.policy.explanations import Explanation
from yihu.policy.labels import programme_title
from yihu.policy.procedures import StepKind
from yihu.records_checks.queries import SourceOverview
from yihu.web.desk.cases import applicant, asking, finding, judging, telling
from yihu.web.desk.cases.comparing import compared
from yihu.web.desk.cases.deed import Deed
from yihu.web.desk.cases.turn import Turn
from yihu.web.desk.clocks import Clock, clock_of
from yihu.web.parts import Chip, Event, Step

DEEDS: dict[str, type[Deed]] = {
    deed.name: deed
    for deed in (
        *(finding.Admit, finding.AskCorrection, finding.BringPaper, finding.RecordVisit, finding.RecordAppraisal),
        *(asking.AskRecords, asking.GiveUp, asking.EndCheck),
        *(judging.Settle, judging.Examine, judging.Confirm, judging.SendBack),
        *(telling.PostNotice, telling.EndNotice, telling.Submit, telling.HandOver, telling.Publish),
        *(telling.Raise, telling.Answer, telling.Extend, telling.Close, applicant.ChangeApplicant),
    )
}
Asked: TypeAlias = "tuple[asking.Round, list[tuple[SourceOverview, Deed | None]]]"
TONES = {CaseState.GRANTED: "good", CaseState.REFUSED: "bad", CaseState.OPEN: "info"}


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper with a form for bringing it, one for each who has not signed yet."""

    paper: PaperState
    forms: tuple[tuple[str, Deed], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """A home visit with the papers that were brought back."""

    visit: HomeVisit
    label: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why this amount: the sentences, and what they are of."""

    explanation: Explanation | None
    note: str
    problem: str = ""


class CasePage:
    """Everything that the template places; ``bound`` is the form that could not be done."""

    def __init__(self, turn: Turn, bound: Deed | None = None) -> None:
        self.turn = turn
        self.bound = bound
        self.calendar = working_days()
        self.rounds = asking.rounds_of(turn.case, on=turn.on)
        # Of what came after its end, the page of a case shows nothing.
        self.until = min(turn.on, turn.case.closed_on or turn.on)
        self.stuck = why_nobody_applies(turn.standing, on=turn.on) if turn.case.closed_on is None else ""

    def context(self) -> dict[str, Any]:
        """By the names of the template."""
        turn, case = self.turn, self.turn.case
        row = turn.row
        return {
            "case": case,
            "award": case.awards.first() if case.closed_on is not None else None,
            "application": case.application,
            "people": families.members_on(case.household, self.until),
            "is_here": turn.actor.reaches(case.household.division_id),
            "programme": programme_title(case.programme),
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
            "deed": {name: self._form(deed) if self._stands(deed) else None for name, deed in DEEDS.items()},
            **(self._of_step(row) if row and self.may else {}),
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
        if planned.notice_days is not None:
            return _("{n} 天").format(n=planned.notice_days)
        return whose or _("次月起")

    # ---- the step in hand

    def _stands(self, deed: type[Deed]) -> bool:
        """Whether a form of this kind stands on the page once; those for several things are made with their rows."""
        made_with_rows = (finding.BringPaper, asking.GiveUp, judging.Settle, telling.Answer)
        return deed not in made_with_rows and deed.offered(self.turn)

    def _form(self, deed: type[Deed], about: str = "") -> Deed:
        if type(self.bound) is deed and self.bound.prepared_for == about:
            return self.bound
        return deed(self.turn, about=about)

    def _of_step(self, row: CaseStep) -> dict[str, Any]:
        kind = StepKind(row.kind)
        if kind is StepKind.ADMISSION:
            return {
                "papers": self._paper_rows(),
                "correction": CorrectionRequest.objects.filter(case=self.turn.case).first(),
            }
        if kind is StepKind.RECORDS_CHECK:
            waiting = any(source.is_waiting for each in self.rounds for source in each.sources)
            return {"asked": self._asked(giving_up=True), "waiting": waiting}
        if kind is StepKind.EXAMINATION:
            rows = compared(self.turn.case.household, on=self.turn.on)
            open_ones = [each.difference for each in rows if each.difference]
            return {
                "compared": rows,
                "settling": {each.key: self._form(judging.Settle, each.key) for each in open_ones},
                "unsettled": len(open_ones),
                "unchecked": why_unchecked(self.turn.standing, on=self.turn.on),
                "seen": self.turn.preview,
            }
        if kind is StepKind.CONFIRMATION:
            return {
                "seen": self.turn.preview,
                "unchecked": why_unchecked(self.turn.standing, on=self.turn.on),
                "examined": last_opinion(self.turn.standing),
                "unanswered": self.turn.case.objections.filter(answered_on__isnull=True).count(),
                "unsettled": len(families.discrepancies(self.turn.case.household, on=self.turn.on)),
            }
        if kind is StepKind.NOTICE:
            notice = PublicNotice.objects.filter(step=row).first()
            return {"notice": notice, "hangs": bool(notice and notice.hangs(self.turn.on)), "shows": self._shows()}
        if kind is StepKind.PUBLICATION:
            return {"shows": self._shows()}
        return {}

    def _asked(self, *, giving_up: bool) -> list[Asked]:
        """Each round with its sources, and with a form for doing without one that has not answered."""
        return [
            (
                each,
                [
                    (
                        source,
                        self._form(asking.GiveUp, str(source.request.pk)) if giving_up and source.is_waiting else None,
                    )
                    for source in each.sources
                ],
            )
            for each in self.rounds
        ]

    def _paper_rows(self) -> list[PaperRow]:
        rows = []
        for paper in papers_of(self.turn.standing, on=self.turn.on):
            about = [(person.name, f"{paper.key}/{person.pk}") for person in paper.lacking] if paper.each_adult else []
            if not paper.each_adult:
                about = [("", paper.key)]
            rows.append(PaperRow(paper, tuple((who, self._form(finding.BringPaper, key)) for who, key in about)))
        return rows

    def _shows(self) -> list[str]:
        step = self.turn.step
        return [shown.label for shown in step.shows] if step else []

    # ---- beside it

    def _beside(self) -> dict[str, Any]:
        turn, case = self.turn, self.turn.case
        may_answer = telling.Answer.offered(turn)
        rows = {row.pk: row for row in turn.standing.rows}
        confirmations = _with_steps(Confirmation, rows, "decided_by", "determination")
        return {
            "why": self._why(confirmations),
            "visits": self._visits(rows),
            "rounds": self._asked(giving_up=False),
            "examinations": _with_steps(Examination, rows, "examined_by", "determination"),
            "confirmations": confirmations,
            "notices": _with_steps(PublicNotice, rows),
            "objections": [
                (each, self._form(telling.Answer, str(each.pk)) if may_answer and each.answered_on is None else None)
                for each in case.objections.select_related("taken_by").order_by("-id")
            ],
            "letters": list(letters.of_subject(case.number).order_by("-id")),
            "events": self._events(),
            "beside_papers": papers_of(turn.standing, on=self.until) if case.admitted_on else [],
        }

    def _visits(self, rows: dict[int, CaseStep]) -> list[Visit]:
        visits = list(HomeVisit.objects.filter(step__in=rows).order_by("-id"))
        if not visits:
            return []
        case = self.turn.case
        brought: dict[str, list[Paper]] = {}
        for paper in (
            Paper.objects.filter(subject__startswith=f"{case.number}/").select_related("document").order_by("id")
        ):
            brought.setdefault(paper.subject, []).append(paper)
        found = []
        for visit in visits:
            row = rows[visit.step_id]
            subject = home_visit.papers_subject(row)
            found.append(Visit(visit, row.label, tuple(brought.get(subject, ()))))
        return found

    def _why(self, confirmations: list[Confirmation]) -> Why | None:
        case = self.turn.case
        if confirmations and confirmations[0].step.state == StepState.DONE:
            decided = confirmations[0]
            note = _("{day} 的决定").format(day=decided.decided_on)
            return Why(Explanation.read(decided.determination.explanation), note)
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
        events = [Event(case.asked_on, case.get_kind_display(), detail=asked)]
        for row in sorted(self.turn.standing.rows, key=lambda row: (row.done_on or self.turn.on, row.pk)):
            chip = None
            if row.state in (StepState.REPEATED, StepState.CANCELLED):
                chip = Chip(row.get_state_display(), "warn" if row.state == StepState.REPEATED else "plain")
            elif row.round > 1:
                chip = Chip(_("第 {n} 轮").format(n=row.round), "info")
            who = row.done_by.name if row.done_by else ""
            detail = " · ".join(filter(None, (who, row.note)))
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


def _with_steps(model: Any, rows: dict[int, CaseStep], *related: str) -> list[Any]:
    """What was written down in these steps, latest first."""
    found = model.objects.filter(step__in=rows).select_related("step", *related).order_by("-id")
    # What a determination would be worked out again from is long, and nothing of it is shown.
    return list(found.defer("determination__record") if "determination" in related else found)
