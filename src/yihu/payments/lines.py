"""The lines of a run: written anew, left out, written off, added up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from yihu.payments import owed
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.payments.planning import many_rows


@dataclass(frozen=True, slots=True)
class SetAside:
    """What a run does not pay though it is owed, and why: left out by award, written off by award and period."""

    left_out: dict[int, str]
    written_off: dict[tuple[int, date], str]


def fill(run: PaymentRun, *, on: date, set_aside: SetAside) -> None:
    """Write the lines of a run anew, and its sums, with people, accounts and areas as of ``on``."""
    PaymentLine.objects.filter(run=run).delete()
    owed.write_lines(run, on=on)
    leave_out(run, set_aside.left_out)
    if set_aside.written_off:
        write_off(run, set_aside.written_off)


def leave_out(run: PaymentRun, left_out: Mapping[int, str]) -> None:
    """Leave out all lines of some awards, each with its reason, and add up what is paid."""
    if left_out:
        chosen = list(PaymentLine.objects.filter(run=run, award__in=list(left_out), cancelled=False))
        for line in chosen:
            line.cancelled, line.left_out_because = True, left_out[line.award_id]
        PaymentLine.objects.bulk_update(chosen, ["cancelled", "left_out_because"], batch_size=1_000)
    add_up(run)


def write_off(run: PaymentRun, written_off: Mapping[tuple[int, date], str]) -> None:
    """Write off some periods of some awards, each with its reason, and add up what is paid."""
    of_awards = PaymentLine.objects.filter(run=run, award__in={award for award, _period in written_off})
    chosen = [line for line in of_awards if (line.award_id, line.period) in written_off]
    for line in chosen:
        line.cancelled, line.left_out_because = True, ""
        line.written_off_because = written_off[line.award_id, line.period]
    PaymentLine.objects.bulk_update(chosen, ["cancelled", "left_out_because", "written_off_because"], batch_size=1_000)
    add_up(run)


def set_aside_in(run: PaymentRun | None) -> SetAside:
    """What is left out of a run and written off in it."""
    lines = PaymentLine.objects.filter(run=run)
    written_off = lines.exclude(written_off_because="").values_list("award", "period", "written_off_because")
    return SetAside(
        dict(lines.exclude(left_out_because="").values_list("award", "left_out_because")),
        {(award, period): reason for award, period, reason in written_off},
    )


# Where a person lives is said by the account that he is paid into.
SUMS = """
WITH line AS MATERIALIZED (
    SELECT l.household_id, a.person_id, coalesce(account.household_id, l.household_id) AS home, l.members, l.amount
    FROM payments_paymentline l JOIN awards_award a ON a.id = l.award_id
    LEFT JOIN payments_account account ON account.id = l.account_id
    WHERE l.run_id = %(run)s AND NOT l.cancelled
),
family AS (
    SELECT household_id, max(members) AS people FROM line WHERE person_id IS NULL GROUP BY household_id
)
SELECT count(DISTINCT line.household_id), coalesce(sum(line.amount), 0)::bigint,
    (SELECT coalesce(sum(people), 0)::bigint FROM family)
        + count(DISTINCT line.person_id) FILTER (WHERE line.home NOT IN (SELECT household_id FROM family))
FROM line
"""


@many_rows()
def sums(run: PaymentRun) -> dict[str, int]:
    """Households, people and fen by the lines themselves; whoever is paid beside his family is one of its people."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"run": run.pk})
        households, total, people = cursor.fetchone()
    return {"households_count": households, "people_count": people, "total": total}


def add_up(run: PaymentRun) -> None:
    """Write the sums of the lines into the run."""
    for name, value in sums(run).items():
        setattr(run, name, value)
    run.save(update_fields=["households_count", "people_count", "total"])
