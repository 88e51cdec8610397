"""告知: the letter with the decision."""

from datetime import date

from django.db import transaction

from yihu.access.actor import Actor
from yihu.cases import letters
from yihu.cases.case import Case
from yihu.cases.kinds import KindOfStep
from yihu.cases.permissions import require_step
from yihu.cases.progress import finish, locked
from yihu.cases.stretches import granted_by
from yihu.letters.enums import LetterKind
from yihu.letters.models import Letter
from yihu.policy.procedures import StepKind


class LetterStep(KindOfStep):
    """告知. The letters of a case are told by the room of letters."""

    kind = StepKind.LETTER


@transaction.atomic
def hand_over(*, case: Case, step: str, by: Actor, on: date) -> Letter:
    """Issue the letter of the decision, with its reasons and the family's rights."""
    standing = locked(case)
    row = require_step(standing, step, StepKind.LETTER, by, on=on)
    assert standing.decision is not None, "a letter of a decision opens after it"
    decision = standing.decision.confirmation
    if LetterKind.GRANT in standing.procedure.steps[step].letters:
        letter = letters.grant(
            standing,
            decision.determination,
            granted_by(standing.case, decision.decided_on, decision.determination_id),
            why_less=decision.why_less,
            due_on=row.due_on,
            by=by,
            on=on,
        )
    else:
        letter = letters.refusal(standing, decision.determination, decision.reason, due_on=row.due_on, by=by, on=on)
    finish(row, by=by, on=on, note=letter.number)
    return letter
