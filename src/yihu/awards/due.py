"""What is due, worked out in one place: the text of the database function.

Of a money programme by the month each month has a due. Whichever term covers its first day last, of those known by the
day asked for, decides: what it gives is due, and where it stops nothing is. What came in as an opening balance is due
from the day on from which it is paid here.

Of one by the season or the year, and of help that is given once, there is one due, on the day that the claim keeps as
its pay period. The last term known decides, whatever days it covers. Who renounces it, or turns out not to qualify,
is not due it whatever day that happens; who died or moved away after that day had a claim to it, and it stays due.

What an award that was stopped would owe a person for months that began after his death is not due; as long as it runs
on paper it is, and stands in the way of the run, so that somebody stops it.

Whoever knows that nothing before a day matters to him says so, award by award: no month before it is worked out.
"""

ARGUMENTS = "awards bigint[], since date[], until date, known date"

FOUND = "TABLE (award_id bigint, period date, term_id bigint, amount bigint)"

# ``since`` stands for the award at the same place, which is there once; of one without, all is worked out. Where a
# later term without end begins, no earlier one says anything any more, and one that stops for good gives nothing.
FUNCTION = """
    WITH terms AS (
        SELECT a.id AS award_id, a.kind, a.person_id, a.pays_from, a.pay_period, asked.since, t.id, t.period, t.stops,
            t.reason, t.amount, min(lower(t.period)) FILTER (WHERE upper_inf(t.period)) OVER (
                PARTITION BY a.id ORDER BY t.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS replaced_from
        FROM unnest(awards, since) AS asked (award, since)
        JOIN awards_award a ON a.id = asked.award
        JOIN awards_awardterm t ON t.award_id = a.id AND t.known_on <= known
        JOIN households_household h ON h.id = a.household_id
        WHERE a.form = 'money'
    ),
    decided AS (
        SELECT DISTINCT ON (t.award_id, day.period) t.award_id, t.person_id, day.period, t.id, t.stops, t.amount
        FROM terms t
        CROSS JOIN LATERAL (
            SELECT month::date AS period
            FROM generate_series(
                greatest(
                    lower(t.period), t.pays_from, (date_trunc('month', t.since - 1) + interval '1 month')::date
                )::timestamp,
                least(until, upper(t.period) - 1, t.replaced_from - 1)::timestamp,
                '1 month'
            ) AS month
            WHERE t.kind = 'month' AND NOT (t.stops AND upper_inf(t.period))
            UNION ALL
            SELECT t.pay_period
            WHERE t.kind <> 'month' AND t.pay_period <= until AND (t.since IS NULL OR t.pay_period >= t.since)
                AND (NOT t.stops OR t.reason IN ('renounced', 'not_eligible') OR t.period @> t.pay_period)
                AND (t.pays_from IS NULL OR t.pay_period >= t.pays_from)
        ) AS day
        ORDER BY t.award_id, day.period, t.id DESC
    )
    SELECT d.award_id, d.period, d.id, d.amount
    FROM decided d LEFT JOIN (
        SELECT id, died_on FROM households_person WHERE died_on IS NOT NULL
    ) p ON p.id = d.person_id
    WHERE NOT d.stops
        AND (p.died_on IS NULL OR d.period <= p.died_on OR coalesce((
            SELECT NOT t.stops FROM terms t
            WHERE t.award_id = d.award_id AND upper_inf(t.period) ORDER BY t.id DESC LIMIT 1
        ), false))
"""
