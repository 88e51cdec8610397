"""报送: the file goes up to the district, and the share of cases that it visits is drawn."""

from datetime import date
from hashlib import sha256

from django.db import transaction

from yihu.access.actor import Actor
from yihu.cases.case import Case
from yihu.cases.kinds import KindOfStep
from yihu.cases.permissions import require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import finish, locked
from yihu.policy.procedures import Circumstance, StepKind


class SubmissionStep(KindOfStep):
    """报送."""

    kind = StepKind.SUBMISSION


@transaction.atomic
def submit(*, case: Case, step: str, note: str = "", by: Actor, on: date) -> Standing:
    """Hand the file up to the district. Where a share of cases is visited by it, the draw is made now."""
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.SUBMISSION, by, on=on)
    percents = [each.sample_percent or 0 for each in standing.procedure.of_kind(StepKind.DISTRICT_VISIT)]
    drawn = _drawn(standing.case.number) < max(percents, default=0)
    return finish(row, by=by, on=on, note=note, raises={Circumstance.SAMPLED} if drawn else set())


def _drawn(number: str) -> int:
    """A number from 0 to 99 that nobody can choose and anybody can work out again from the case's number."""
    return int.from_bytes(sha256(number.encode()).digest()[:8]) % 100
