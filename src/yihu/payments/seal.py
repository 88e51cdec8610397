"""The seal of an approved run: SHA-256 over what was checked, so that anyone can tell whether it is still the same.

The text under the seal is one JSON array a line, in UTF-8, lines ended by a newline: first the run, then each line in
the order of its id. An account enters by the keyed digest of its number, which is not readable, and by its bank. What
stands under a seal is never changed: what is to stand under later seals gets a version of its own, kept with the run.
"""

import json
from collections.abc import Sequence
from hashlib import sha256

from yihu.payments.models import LATEST_SEAL, PaymentLine, PaymentRun
from yihu.payments.planning import many_rows

# Of the run and of each line, by version.
UNDER = {
    LATEST_SEAL: (
        ("seal_version", "number", "purpose", "programmes", "division_id", "month", "pay_on", "maker_id", "checker_id",
         "approved_on", "households_count", "people_count", "total"),
        ("id", "award_id", "award__programme", "award__kind", "award__key", "award__person_id", "term_id",
         "term__determination_id", "term__opening_id", "household_id", "household__number", "division_id", "period",
         "name", "members", "amount", "before", "change", "account_id", "account__number_digest", "account__bank",
         "holder", "cancelled", "left_out_because", "written_off_because"),
    ),
}  # fmt: skip


def _plain(value: object) -> str:
    """What JSON has no form for: a digest in hexadecimal digits, a day as it is written."""
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)


# Made once: it is asked for every line.
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def seal_of(run: PaymentRun, lines: bytes | None = None) -> str:
    """The seal of a run as it stands, 64 hexadecimal digits; ``lines`` what `lines_under` gave for it, if it was asked
    before.
    """
    of_run, _of_line = UNDER[run.seal_version]
    of_lines = lines_under(run) if lines is None else lines
    return sha256(_line([getattr(run, name) for name in of_run]).encode() + of_lines).hexdigest()


@many_rows()
def lines_under(run: PaymentRun) -> bytes:
    """The text of its lines under the seal of a run."""
    _of_run, of_line = UNDER[run.seal_version]
    lines = PaymentLine.objects.filter(run=run).order_by("id")
    return "".join(map(_line, lines.values_list(*of_line))).encode()


def _line(values: Sequence[object]) -> str:
    return _JSON.encode(values) + "\n"
