"""The lines of a run in which something stands in the way, kind by kind, all found in one look at them.

A family is paid for the people of the determination that its award rests on: that of its last term which does not stop
it. Whoever of them died before the month that is paid stands in the way of the run, and whoever no longer lived in the
family on its first day is told of, until a term that counts the family without him is in force. It does not matter when
he died: of a death of before the determination which became known only after it, the determination knew nothing.

Who left is told of and does not stand in the way: what was decided holds until it is decided anew, and a family whose
child goes to live elsewhere is not to wait for its money until then. Whoever makes the run may leave it out all the
same.

Whoever is counted by two awards of one month that nobody gets both of (`yihu.policy.exclusions`) stands in the way of
both, until one of them is stopped or left out.

An opening balance names no people. For it days decide: what happened after it came in is what it did not know.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from yihu.common.months import end_of_month
from yihu.payments.enums import ProblemKind
from yihu.payments.models import PaymentRun
from yihu.policy.exclusions import never_together

# ``home`` is the family into whose account a line is to be paid. Of people and accounts that cannot be seen nothing is
# known, and a line is told of rather than passed over.
STANDING_IN_THE_WAY = """
WITH person AS MATERIALIZED (
    SELECT id, name, died_on FROM households_person
),
member AS MATERIALIZED (
    SELECT household_id, person_id, period FROM households_member
),
award AS MATERIALIZED (
    SELECT id, programme, kind, person_id FROM awards_award
),
term AS MATERIALIZED (
    SELECT id, award_id, stops, determination_id, opening_id FROM awards_awardterm
),
line AS MATERIALIZED (
    SELECT l.id, l.award_id, l.household_id, l.account_id, l.period, l.members, l.holder, a.programme, a.person_id,
        p.died_on,
        CASE WHEN a.person_id IS NULL THEN l.household_id ELSE lives.household_id END AS home
    FROM payments_paymentline l JOIN award a ON a.id = l.award_id
    LEFT JOIN person p ON p.id = a.person_id
    LEFT JOIN member lives ON lives.person_id = a.person_id AND lives.period @> least(%(pay_on)s::date, p.died_on)
    WHERE l.run_id = %(run)s AND NOT l.cancelled
),
numbered AS MATERIALIZED (
    -- Of so many families that share a number, all but one must say why.
    SELECT id, household_id, holder_id, shared_because = '' AND count(*) FILTER (
            WHERE shared_because = '' AND period @> %(pay_on)s::date
        ) OVER (PARTITION BY number_digest) > 1 AS is_shared,
        period @> %(pay_on)s::date AS is_in_use
    FROM payments_account
),
account AS MATERIALIZED (
    SELECT a.id, a.household_id, a.is_in_use, a.is_shared, p.name,
        coalesce(p.died_on <= %(pay_on)s, false) AS is_dead, member.household_id AS lives_in
    FROM numbered a LEFT JOIN person p ON p.id = a.holder_id
    LEFT JOIN member ON member.person_id = a.holder_id AND member.period @> %(pay_on)s::date
    WHERE a.id IN (SELECT account_id FROM line)
),
gone AS MATERIALIZED (
    SELECT line.id, line.award_id, line.period, m.person_id, m.period AS membership, p.died_on,
        coalesce(p.died_on < line.period, false) AS is_dead
    FROM line JOIN member m ON m.household_id = line.household_id LEFT JOIN person p ON p.id = m.person_id
    LEFT JOIN member back
        ON back.household_id = m.household_id AND back.person_id = m.person_id AND back.period @> line.period
    WHERE line.person_id IS NULL
        AND (p.died_on < line.period OR upper(m.period) <= line.period AND back.person_id IS NULL)
),
rests_on AS (
    SELECT DISTINCT ON (t.award_id) t.award_id, d.people, o.imported_on
    FROM term t LEFT JOIN policy_determination d ON d.id = t.determination_id
    LEFT JOIN awards_openingimport o ON o.id = t.opening_id
    WHERE NOT t.stops AND t.award_id IN (SELECT award_id FROM gone)
    ORDER BY t.award_id, t.id DESC
),
missed AS (
    SELECT gone.id, bool_or(gone.is_dead) AS died, bool_or(NOT gone.is_dead) AS moved
    FROM gone JOIN rests_on USING (award_id)
    WHERE gone.person_id = ANY (rests_on.people) OR CASE
        WHEN gone.is_dead THEN gone.died_on > rests_on.imported_on AND gone.membership @> gone.died_on
        ELSE upper(gone.membership) > rests_on.imported_on
    END
    GROUP BY gone.id
),
pair AS (
    SELECT * FROM unnest(%(ones)s::varchar[], %(others)s::varchar[]) AS pair (one, other)
),
counting AS MATERIALIZED (
    -- Whoever is paid by another run that stands is paid as well. No run pays a month that comes after its own.
    SELECT l.id, l.run_id, l.award_id, l.household_id, l.period, a.programme, a.person_id, t.determination_id,
        t.opening_id
    FROM payments_paymentline l JOIN award a ON a.id = l.award_id JOIN term t ON t.id = l.term_id
    WHERE NOT l.cancelled AND a.kind = 'month' AND l.period IN (SELECT period FROM line)
        AND l.run_id = ANY (ARRAY(
            SELECT id FROM payments_paymentrun
            WHERE month >= (SELECT date_trunc('month', min(period)) FROM line) AND state <> 'cancelled'
        ))
        AND a.programme IN (SELECT one FROM pair UNION SELECT other FROM pair)
),
counted AS MATERIALIZED (
    SELECT c.*, c.person_id AS person, 0 AS nth FROM counting c WHERE c.person_id IS NOT NULL
    UNION ALL
    SELECT c.*, people.person, people.nth FROM counting c JOIN policy_determination d ON d.id = c.determination_id
    CROSS JOIN LATERAL unnest(d.people) WITH ORDINALITY AS people (person, nth) WHERE c.person_id IS NULL
    UNION ALL
    SELECT c.*, m.person_id, 0 FROM counting c JOIN awards_openingimport o ON o.id = c.opening_id
    JOIN member m ON m.household_id = c.household_id AND m.period @> o.imported_on WHERE c.person_id IS NULL
),
beside AS MATERIALIZED (
    -- Few are: what their determinations say of them is looked up for them alone.
    SELECT here.id, here.person, here.nth, CASE WHEN here.person_id IS NULL THEN here.determination_id END AS rests_on,
        there.household_id, there.nth AS nth_there,
        CASE WHEN there.person_id IS NULL THEN there.determination_id END AS rests_on_there
    FROM counted here JOIN counted there
        ON there.person = here.person AND there.period = here.period AND there.award_id <> here.award_id
    JOIN pair ON pair.one = here.programme AND pair.other = there.programme
    WHERE here.run_id = %(run)s
),
said AS MATERIALIZED (
    SELECT id, record->'members' AS members FROM policy_determination
    WHERE id IN (SELECT rests_on FROM beside UNION SELECT rests_on_there FROM beside)
),
twice AS (
    -- Of those who live there, a determination may count some and not others.
    SELECT DISTINCT ON (b.id) b.id, b.household_id AS beside, b.person
    FROM beside b LEFT JOIN said ON said.id = b.rests_on LEFT JOIN said there ON there.id = b.rests_on_there
    WHERE coalesce(said.members->(b.nth::int - 1)->>'counted_member', '1') <> '0'
        AND coalesce(there.members->(b.nth_there::int - 1)->>'counted_member', '1') <> '0'
    ORDER BY b.id, b.household_id
),
asked AS MATERIALIZED (
    SELECT award_id, min(period) AS first FROM line GROUP BY award_id
),
due AS MATERIALIZED (
    SELECT * FROM awards_due(
        (SELECT array_agg(award_id ORDER BY award_id) FROM asked),
        (SELECT array_agg(first ORDER BY award_id) FROM asked), %(until)s::date, 'infinity'
    )
),
paid AS MATERIALIZED (
    SELECT award_id, period, paid AS amount
    FROM payments_settled(
        (SELECT array_agg(award_id ORDER BY award_id) FROM asked),
        (SELECT array_agg(first ORDER BY award_id) FROM asked), %(run)s::bigint
    )
),
seen AS (
    SELECT line.id, line.home, twice.beside, twice.person, ARRAY[
        CASE WHEN line.account_id IS NULL AND line.home = line.household_id THEN 'no_account' END,
        CASE WHEN line.account_id IS NULL AND line.home IS DISTINCT FROM line.household_id
            THEN 'no_account_where_he_lives' END,
        CASE WHEN line.account_id IS NOT NULL AND (
            account.household_id = line.home AND account.is_in_use AND account.name = line.holder
        ) IS NOT TRUE THEN 'account_changed' END,
        CASE WHEN account.is_shared THEN 'account_shared' END,
        CASE WHEN account.is_dead THEN 'holder_dead' END,
        CASE WHEN line.account_id IS NOT NULL AND account.is_dead IS NOT TRUE
            AND (account.lives_in = line.home) IS NOT TRUE THEN 'holder_not_member' END,
        CASE WHEN line.died_on < line.period THEN 'recipient_dead' END,
        CASE WHEN missed.died THEN 'member_died' END,
        CASE WHEN missed.moved THEN 'member_left' END,
        CASE WHEN twice.id IS NOT NULL THEN 'counted_twice' END,
        CASE WHEN line.members = 0 THEN 'no_member' END,
        CASE WHEN paid.amount > coalesce(due.amount, 0) THEN 'not_in_force' END
    ]::text[] AS kinds
    FROM line LEFT JOIN account ON account.id = line.account_id LEFT JOIN missed ON missed.id = line.id
    LEFT JOIN twice ON twice.id = line.id
    LEFT JOIN paid ON paid.award_id = line.award_id AND paid.period = line.period
    LEFT JOIN due ON due.award_id = line.award_id AND due.period = line.period
        AND line.programme = ANY (%(programmes)s::varchar[])
)
SELECT kind, seen.id, seen.home, seen.beside, seen.person
FROM seen CROSS JOIN unnest(seen.kinds) AS kind WHERE kind IS NOT NULL
"""

# What another district pays cannot be seen from here; the database says whom it counts.
COUNTED_ELSEWHERE = """
SELECT 'counted_twice', l.id, l.household_id, NULL, e.whom
FROM payments_counted_elsewhere(%(run)s, %(ones)s::varchar[], %(others)s::varchar[]) e
JOIN payments_paymentline l ON l.id = e.counting
"""


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A line with what is wrong with it; ``home`` is the family to whose account it is to be paid, None if nowhere.

    ``person`` is whoever is paid for the same month as well, by the award of the family ``beside``, None where that
    is another district's.
    """

    kind: ProblemKind
    line: int
    home: int | None
    beside: int | None
    person: int | None


def lines_in_the_way(run: PaymentRun) -> list[InTheWay]:
    """The lines of a run that something is wrong with, in the order of kinds and of lines."""
    pairs = [(one, other) for one in run.programmes for other in never_together(one, run.division_id, on=run.month)]
    values: dict[str, Any] = {
        "ones": [one for one, _other in pairs],
        "others": [other for _one, other in pairs],
        "run": run.pk,
        "pay_on": run.pay_on,
        "programmes": run.programmes,
        "until": end_of_month(run.month),
    }
    with connection.cursor() as cursor:
        cursor.execute(STANDING_IN_THE_WAY, values)
        found = [InTheWay(ProblemKind(kind), *more) for kind, *more in cursor.fetchall()]
        cursor.execute(COUNTED_ELSEWHERE, values)
        twice = {each.line for each in found if each.kind is ProblemKind.COUNTED_TWICE}
        others = [InTheWay(ProblemKind(kind), *more) for kind, *more in cursor.fetchall()]
        found += [each for each in others if each.line not in twice]
    order = list(ProblemKind)
    return sorted(found, key=lambda each: (order.index(each.kind), each.line))
