"""The letters of a case: what each tells the family, in sentences, with its reasons and its rights."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.cases.procedures import Standing
from yihu.common.fen import capitals, yuan
from yihu.letters import actions
from yihu.letters.enums import LetterKind
from yihu.letters.models import Letter
from yihu.policy.explanations import Explanation
from yihu.policy.labels import programme_title
from yihu.policy.models import Determination
from yihu.policy.procedures import ClosingReason, StepKind


def missing_papers(standing: Standing, step: str, papers: Sequence[str], *, note: str, by: Actor, on: date) -> Letter:
    """All that is missing, once."""
    paragraphs = [
        _("您于 {day} 提出的{programme}申请收悉。经审查，还缺下面列出的材料，请一次补齐后交到原窗口。").format(
            day=standing.case.asked_on, programme=programme_title(standing.case.programme)
        )
    ]
    if note:
        paragraphs.append(note)
    if ClosingReason.INCOMPLETE in standing.procedure.closings:
        paragraphs.append(_("一直没有补齐的，申请会终止办理；备齐以后可以重新申请。"))
    return _issue(LetterKind.MISSING_PAPERS, standing, paragraphs, reasons=papers, by=by, on=on, article=step)


def acceptance(standing: Standing, step: str, *, by: Actor, on: date) -> Letter:
    """Admitted, and until when there will be a decision."""
    case = standing.case
    paragraphs = [
        _("您于 {day} 提出的{programme}申请材料齐全，已予受理，案号 {number}。").format(
            day=case.asked_on, programme=programme_title(case.programme), number=case.number
        )
    ]
    if case.due_on is not None:
        paragraphs.append(
            _("办理期限为受理之日起 {days} 个工作日，至 {due} 止。").format(
                days=standing.procedure.total_days(), due=case.due_on
            )
        )
    paragraphs.append(_("请配合家庭经济状况核对和入户调查；家庭人口、收入、财产如有变化，请及时告知。"))
    return _issue(LetterKind.ACCEPTANCE, standing, paragraphs, by=by, on=on, article=step)


def extension(standing: Standing, because: Sequence[str], *, by: Actor, on: date) -> Letter:
    """It takes longer, why, and until when."""
    paragraphs = [
        _("您的{programme}申请（{number}）不能在原定期限内办结，办理期限延长至 {due}。").format(
            programme=programme_title(standing.case.programme), number=standing.case.number, due=standing.case.due_on
        )
    ]
    return _issue(LetterKind.EXTENSION, standing, paragraphs, reasons=because, by=by, on=on, article="")


def grant(
    standing: Standing, determination: Determination, start: date, *, due_on: date | None, by: Actor, on: date
) -> Letter:
    """What is granted, from when on, and how the amount came about."""
    assert determination.amount is not None
    paragraphs = [
        _("经审核，您家符合{programme}条件，予以确认。").format(programme=programme_title(standing.case.programme)),
        _("自 {start} 起按月发放 {amount} 元（人民币{capitals}）。").format(
            start=start.strftime("%Y-%m"), amount=yuan(determination.amount), capitals=capitals(determination.amount)
        ),
        _("家庭人口、收入、财产发生变化的，请及时告知街道。"),
    ]
    if determination.mark:
        paragraphs.insert(2, _("这个金额{mark}计算，新标准公布后按规定调整。").format(mark=determination.mark))
    return _issue(
        LetterKind.GRANT,
        standing,
        paragraphs,
        reasons=sentences(determination),
        by=by,
        on=on,
        article="",
        due_on=due_on,
        is_decision=True,
    )


def refusal(
    standing: Standing, determination: Determination, reason: str, *, due_on: date | None, by: Actor, on: date
) -> Letter:
    """That it is refused, and every reason for it."""
    paragraphs = [
        _("经审核，您家不符合{programme}条件，不予确认。").format(programme=programme_title(standing.case.programme)),
        reason,
    ]
    if determination.mark:
        paragraphs.append(_("这个决定{mark}作出，新标准公布后可以重新申请。").format(mark=determination.mark))
    return _issue(
        LetterKind.REFUSAL,
        standing,
        paragraphs,
        reasons=sentences(determination),
        by=by,
        on=on,
        article="",
        due_on=due_on,
        is_decision=True,
    )


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
    case, programme = standing.case, programme_title(standing.case.programme)
    if reason is ClosingReason.NOBODY_LEFT:
        told = _("{name}一家的{programme}申请（{number}）已于 {day} 结束办理：{reason}，不再作出决定。").format(
            name=case.applicant_name, programme=programme, number=case.number, day=on, reason=reason.label
        )
        to = _("{name}的家属").format(name=case.applicant_name)
        return _issue(kind, standing, [told, because], by=by, on=on, article="", rights=True, addressee=to)
    paragraphs = [
        _("您的{programme}申请（{number}）已于 {day} 结束办理：{reason}。").format(
            programme=programme, number=case.number, day=on, reason=reason.label
        ),
        because,
        _("下面列出的材料经一次性告知后没有补齐，备齐以后可以重新申请。") if lacking else _("情况变化后可以重新申请。"),
    ]
    return _issue(
        kind,
        standing,
        paragraphs,
        reasons=lacking,
        by=by,
        on=on,
        article=standing.procedure.of_kind(StepKind.ADMISSION)[0].name if lacking else "",
        rights=kind is not LetterKind.WITHDRAWAL,
    )


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
    paragraphs: Sequence[str],
    *,
    by: Actor,
    on: date,
    article: str,
    reasons: Sequence[str] = (),
    rights: bool = False,
    due_on: date | None = None,
    is_decision: bool = False,
    addressee: str = "",
) -> Letter:
    case = standing.case
    told = [
        _("{right}（{source}）。").format(right=right.text, source=right.source)
        for right in standing.procedure.rights_on(on)
    ]
    clause = [_("依据：{clause}").format(clause=standing.procedure.steps[article].clause)] if article else []
    return actions.issue(
        kind=kind,
        household=case.household,
        subject=case.number,
        addressee=addressee or case.applicant_name,
        paragraphs=[*paragraphs, *clause],
        reasons=reasons,
        rights=told if rights or is_decision else [],
        entrusted=is_decision and standing.is_entrusted,
        due_on=due_on,
        by=by,
        on=on,
    )
