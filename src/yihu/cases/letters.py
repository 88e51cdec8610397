"""The letters of a case: the texts of the packs, with what the case fills in, its reasons and its rights."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.cases.kinds import kind_of
from yihu.cases.papers import papers_of
from yihu.cases.procedures import Standing
from yihu.cases.stretches import Stretch, earlier_in_letter
from yihu.common.fen import capitals, yuan
from yihu.households import queries as households
from yihu.letters import actions
from yihu.letters.enums import LetterKind
from yihu.letters.models import Letter
from yihu.organisations import queries as organisations
from yihu.policy.explanations import Explanation
from yihu.policy.letter_texts import paragraphs_of
from yihu.policy.models import Determination
from yihu.policy.procedures import ClosingReason
from yihu.policy.words import Outcome


def missing_papers(standing: Standing, step: str, papers: Sequence[str], *, note: str, by: Actor, on: date) -> Letter:
    """All that is missing, once."""
    values = {"note": note, "closes": _flag(ClosingReason.INCOMPLETE in standing.procedure.closings)}
    return _issue(LetterKind.MISSING_PAPERS, standing, values, reasons=papers, by=by, on=on, article=step)


def acceptance(standing: Standing, step: str, *, by: Actor, on: date) -> Letter:
    """Admitted, and until when there will be a decision."""
    case, true = standing.case, standing.circumstances
    # Only what this case will come to, as its procedure calls it; a doubt or an objection may bring more.
    surveys = [
        each.label for each in standing.procedure.steps.values() if kind_of(each.kind).is_survey and each.applies(true)
    ]
    decision = standing.procedure.confirmation
    clock = decision.due(true) if decision else None
    deadline = standing.deadline(clock)
    values = {
        "due_on": f"{case.due_on}" if case.due_on else "",
        "days": f"{standing.procedure.total_days()}",
        "decided_by": f"{deadline.date}" if deadline else "",
        "term": _("受理当日") if clock and not clock.days else _("受理之日起 {clock}内").format(clock=clock),
        "surveys": "、".join(surveys),
        "later": "、".join(paper.label for paper in papers_of(standing, on=on) if not paper.present),
    }
    return _issue(LetterKind.ACCEPTANCE, standing, values, by=by, on=on, article=step)


def extension(standing: Standing, because: Sequence[str], *, by: Actor, on: date) -> Letter:
    """It takes longer, why, and until when."""
    values = {"due_on": f"{standing.case.due_on}"}
    return _issue(LetterKind.EXTENSION, standing, values, reasons=because, by=by, on=on)


def grant(
    standing: Standing,
    determination: Determination,
    granted: Sequence[Stretch],
    *,
    why_less: str,
    due_on: date | None,
    by: Actor,
    on: date,
) -> Letter:
    """What is granted, from when on, what the months before get, and how it came about; ``why_less`` it is less
    than the most that the rules allow.
    """
    decided = granted[-1]
    start, amount = decided.period.lower, decided.amount
    assert start is not None
    most = determination.amount if why_less else None
    values = {
        "ceiling": "" if most is None else yuan(most),
        "because": why_less.rstrip("。"),
        "start_month": start.strftime("%Y-%m"),
        "start_day": start.isoformat(),
        "amount": "" if amount is None else yuan(amount),
        "capitals": "" if amount is None else capitals(amount),
        "earlier": earlier_in_letter(granted),
        "mark": determination.mark,
    }
    return _decision(LetterKind.GRANT, standing, determination, values, due_on=due_on, by=by, on=on)


def refusal(
    standing: Standing, determination: Determination, reason: str, *, due_on: date | None, by: Actor, on: date
) -> Letter:
    """That it is refused, and every reason for it."""
    values = {"reason": reason, "mark": determination.mark}
    return _decision(LetterKind.REFUSAL, standing, determination, values, due_on=due_on, by=by, on=on)


def ending(
    standing: Standing,
    kind: LetterKind,
    reason: ClosingReason,
    because: str,
    *,
    lacking: Sequence[str],
    by: Actor,
    on: date,
) -> Letter:
    """That the case ended without a decision, and why; the family may apply again, where there is one.

    ``lacking`` are the papers for want of which it ended.
    """
    nobody_left, admission = reason is ClosingReason.NOBODY_LEFT, standing.procedure.admission
    values = {
        "reason": reason.label,
        "because": because,
        "lacking": _flag(bool(lacking)),
        "nobody_left": _flag(nobody_left),
    }
    if nobody_left and standing.case.person_name:
        values["you"] = standing.case.person_name
    return _issue(
        kind,
        standing,
        values,
        reasons=lacking,
        by=by,
        on=on,
        article=admission.name if lacking and admission else "",
        rights=kind is not LetterKind.WITHDRAWAL,
        addressee=_survivor(standing, on=on) if nobody_left else "",
    )


def _survivor(standing: Standing, *, on: date) -> str:
    """Who is told that nobody is left for whom it was asked: the applicant, where he lives there, or the relatives."""
    case = standing.case
    members = {member.person_id for member in households.members_on(case.household, on)}
    if case.application is not None and case.application.applicant_id in members:
        return case.applicant_name
    return _("{name}的家属").format(name=case.person_name or case.applicant_name)


def _decision(
    kind: LetterKind,
    standing: Standing,
    determination: Determination,
    values: Mapping[str, str],
    *,
    due_on: date | None,
    by: Actor,
    on: date,
) -> Letter:
    return _issue(
        kind,
        standing,
        {**values, "you": _you(standing, determination)},
        # Where two refused against the rules, what the rules say is no reason for it.
        reasons=sentences(determination) if _agrees(kind, determination) else [],
        by=by,
        on=on,
        due_on=due_on,
        is_decision=True,
    )


def _agrees(kind: LetterKind, determination: Determination) -> bool:
    return (kind is LetterKind.GRANT) is (determination.outcome == Outcome.ELIGIBLE)


def _you(standing: Standing, determination: Determination) -> str:
    """Whom a decision speaks of, to the applicant: the family, the applicant alone, or somebody else by name."""
    case = standing.case
    if case.person_id is not None:
        is_applicant = case.application is not None and case.person_id == case.application.applicant_id
        return _("您") if is_applicant else case.person_name
    return _("您家") if len(determination.people) > 1 else _("您")


def _flag(is_so: bool) -> str:
    """What asks about a circumstance is known where it is so."""
    return "1" if is_so else ""


def sentences(determination: Determination) -> list[str]:
    """Why, a sentence a line with its article: what decided it, not everything that this was worked out from.

    First the sums, or by how much a condition was missed, then the conditions. What neither was worked out nor was held
    against the family is a note of the programme, and true of every family.
    """
    explanation = Explanation.read(determination.explanation)
    sums = [line for line in explanation.why if not line.verdict and line.children]
    conditions = [line for line in explanation.why if line.verdict]
    told = [
        *((line.text, line.source) for line in sums),
        *((each.text, each.source) for each in explanation.shortfalls),
        *((line.text, line.source) for line in conditions),
    ]
    lead = [explanation.lead] if explanation.lead and not sums else []
    return list(dict.fromkeys([*lead, *(f"{text}（{source}）" if source else text for text, source in told)]))


def _issue(
    kind: LetterKind,
    standing: Standing,
    values: Mapping[str, str],
    *,
    by: Actor,
    on: date,
    article: str = "",
    reasons: Sequence[str] = (),
    rights: bool = False,
    due_on: date | None = None,
    is_decision: bool = False,
    addressee: str = "",
) -> Letter:
    """Set the text of the pack, its blanks filled, into a letter to the family."""
    case = standing.case
    common = {
        "number": case.number,
        "day": on.isoformat(),
        "applied_on": f"{case.asked_on}",
        "applicant": case.applicant_name,
        "you": _("您"),
        "occasion": f"{case.occasion}" if case.occasion else "",
    }
    told = [
        _("{right}（{source}）。").format(right=right.text, source=right.source)
        for right in standing.procedure.rights_on(on)
    ]
    text = paragraphs_of(kind, programme=case.programme, division=case.division_id, on=on, values={**common, **values})
    window = organisations.window_of(case.division_id)
    if window is not None:
        asked = _("有疑问或者不服的，可以先向{office}提出，电话 {telephone}。")
        if window.telephone is None:
            asked = _("有疑问或者不服的，可以先向{office}提出（没有登记电话）。")
        told.append(asked.format(office=window.name, telephone=window.telephone))
    clause = [_("依据：{clause}").format(clause=standing.procedure.steps[article].clause)] if article else []
    return actions.issue(
        kind=kind,
        household=case.household,
        subject=case.number,
        addressee=addressee or case.applicant_name,
        paragraphs=[*text, *clause],
        reasons=reasons,
        rights=told if rights or is_decision else [],
        entrusted=is_decision and standing.is_entrusted,
        due_on=due_on,
        by=by,
        on=on,
    )
