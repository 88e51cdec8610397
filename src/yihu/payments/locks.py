"""Accounts are seen with their family, lines by where the family lived and with it; an approved run never changes."""

from yihu.common.locking.declarations import (
    WEB,
    Frozen,
    Function,
    History,
    NotRemembered,
    Policy,
    TableGrant,
    Trigger,
    by_area,
    reaches,
    refuse,
    with_household,
    with_row,
)

LOCKS = (
    with_household("payments_account"),
    Frozen(table="payments_account", but=("period",), message="账户不能改动，请登记新账户。"),
    History(table="payments_account", household="r.household_id"),
    by_area("payments_paymentrun"),
    # A run holds sums of its district; a street sees it, so that it can tell a family in which run it was paid.
    Policy(
        table="payments_paymentrun",
        name="seen_from_below",
        verb="SELECT",
        using="EXISTS (SELECT FROM unnest((SELECT app_areas())) area WHERE area ^@ division_id)",
    ),
    # The one way back from approved would be a way to pay something else than what was checked.
    Trigger(
        table="payments_paymentrun",
        name="keep_approved_run",
        when="BEFORE UPDATE OR DELETE",
        body=f"""
        BEGIN
            IF OLD.state = 'approved' THEN
                {refuse("批次已经复核，不能改动；如有差错，请在下一批次更正。")}
            END IF;
            IF TG_OP = 'DELETE' THEN
                {refuse("批次不能删除，只能作废。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    # Both look at everything, whoever acts: what is kept from him counts as well. Both let the second of two wait for
    # the first, so that each sees what the other did.
    Trigger(
        table="payments_paymentrun",
        name="hold_one_run_a_month",
        when="AFTER INSERT OR UPDATE OF programmes, division_id, month, purpose, state",
        condition="NEW.state <> 'cancelled'",
        definer=True,
        body="""
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('payments_paymentrun ' || NEW.division_id));
            IF EXISTS (
                SELECT FROM payments_paymentrun r
                WHERE r.id <> NEW.id AND r.state <> 'cancelled' AND r.division_id = NEW.division_id
                    AND r.month = NEW.month AND r.purpose = NEW.purpose AND r.programmes && NEW.programmes
                    AND (NEW.purpose = 'monthly' OR 'approved' NOT IN (r.state, NEW.state))
            ) THEN
                RAISE EXCEPTION '这个月的这个项目已有一个批次。' USING ERRCODE = 'unique_violation';
            END IF;
            RETURN NULL;
        END
        """,
    ),
    Trigger(
        table="payments_paymentrun",
        name="hold_run_to_what_is_due",
        when="AFTER INSERT OR UPDATE",
        condition="NEW.state = 'approved'",
        deferred=True,
        definer=True,
        # As everywhere where a run looks at thousands of rows (`yihu.payments.planning`), whoever approves it.
        settings=("enable_nestloop = off",),
        body="""
        DECLARE
            month_end date := (NEW.month + interval '1 month')::date - 1;
            first record;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('payments_paymentrun ' || NEW.division_id));
            IF EXISTS (
                SELECT FROM payments_paymentline l
                JOIN awards_award a ON a.id = l.award_id JOIN awards_awardterm t ON t.id = l.term_id
                WHERE l.run_id = NEW.id AND NOT l.cancelled
                    AND (t.award_id <> l.award_id OR a.programme <> ALL (NEW.programmes))
            ) THEN
                RAISE EXCEPTION '批次里有不属于它的明细。' USING ERRCODE = 'check_violation';
            END IF;
            WITH line AS MATERIALIZED (
                SELECT l.award_id, l.period, l.cancelled FROM payments_paymentline l WHERE l.run_id = NEW.id
            ),
            mine AS MATERIALIZED (
                SELECT award_id, min(period) AS first FROM line GROUP BY award_id
            ),
            asked AS MATERIALIZED (
                SELECT mine.award_id, least(o.owed_from, mine.first) AS since
                FROM mine JOIN payments_open_from((SELECT array_agg(award_id) FROM mine), NEW.approved_on) o
                    ON o.award_id = mine.award_id
            ),
            both_sides AS MATERIALIZED (
                SELECT award_id, period, coalesce(due.amount, 0) AS due, coalesce(paid.paid, 0) AS paid,
                    coalesce(paid.written_off, 0) AS written_off
                FROM awards_due(
                    (SELECT array_agg(award_id ORDER BY award_id) FROM asked),
                    (SELECT array_agg(since ORDER BY award_id) FROM asked), month_end, NEW.approved_on
                ) due
                FULL JOIN payments_settled(
                    (SELECT array_agg(award_id ORDER BY award_id) FROM asked),
                    (SELECT array_agg(since ORDER BY award_id) FROM asked), NEW.id
                ) paid USING (award_id, period)
            ),
            still_open AS (
                SELECT award_id, min(period) FILTER (WHERE due > paid + written_off) AS owed,
                    min(period) FILTER (WHERE paid > due) AS overpaid
                FROM both_sides GROUP BY award_id
            ),
            known AS (
                SELECT t.award_id, coalesce(
                    min(t.id) FILTER (WHERE t.known_on > NEW.approved_on) - 1, max(t.id)
                ) AS term
                FROM awards_awardterm t WHERE t.award_id IN (SELECT award_id FROM mine) GROUP BY t.award_id
            ),
            settled AS (
                -- What was not due since somebody had died may be due after all, if he had not.
                INSERT INTO payments_settlement AS s (award_id, owed_from, overpaid_from, known_term)
                SELECT asked.award_id, least(coalesce(o.owed, month_end + 1), p.died_on + 1),
                    CASE WHEN former.overpaid_from < asked.since THEN former.overpaid_from
                        ELSE coalesce(o.overpaid, month_end + 1) END,
                    known.term
                FROM asked JOIN known ON known.award_id = asked.award_id
                JOIN awards_award a ON a.id = asked.award_id LEFT JOIN households_person p ON p.id = a.person_id
                LEFT JOIN payments_settlement former ON former.award_id = asked.award_id
                LEFT JOIN still_open o ON o.award_id = asked.award_id
                ON CONFLICT (award_id) DO UPDATE SET owed_from = excluded.owed_from,
                    overpaid_from = excluded.overpaid_from, known_term = excluded.known_term
            )
            SELECT b.award_id, b.period, b.paid + b.written_off AS amount, b.due INTO first
            FROM both_sides b JOIN line ON line.award_id = b.award_id AND line.period = b.period
            WHERE NOT line.cancelled AND b.paid + b.written_off > b.due
            ORDER BY b.award_id, b.period LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION '待遇 % 的 % 期一共发 % 分，应发只有 % 分，批次不能复核。',
                    first.award_id, first.period, first.amount, first.due USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END
        """,
    ),
    History(table="payments_paymentrun"),
    # A line is made for a community; its run belongs to the district. After a move whoever has the family's file sees
    # what it was paid before: of the families that he sees the database makes one list for the whole statement, and
    # only where a line lies outside his areas.
    by_area("payments_paymentline"),
    Policy(
        table="payments_paymentline",
        name="with_family",
        verb="SELECT",
        using=f"{reaches('division_id')} OR household_id IN (SELECT h.id FROM households_household h)",
    ),
    # What was paid of an award counts wherever it was paid: else a family that moved to another district would be owed
    # all of it again. It tells sums of awards that one can name, and no more. ``since`` stands for the award at the
    # same place: the lines of each are found by the index, so that those of former years are not read.
    Function(
        name="payments_settled",
        callers=WEB,
        arguments="awards bigint[], since date[], of_run bigint",
        returns="TABLE (award_id bigint, period date, settled bigint, paid bigint, written_off bigint)",
        language="sql",
        volatility="STABLE",
        definer=True,
        settings=("enable_hashjoin = off", "enable_mergejoin = off", "enable_seqscan = off"),
        body="""
        WITH approved AS MATERIALIZED (
            SELECT r.id FROM payments_paymentrun r WHERE r.state = 'approved' OR r.id = of_run
        )
        SELECT l.award_id, l.period,
            coalesce(sum(l.amount) FILTER (WHERE NOT l.cancelled OR l.run_id IN (SELECT id FROM approved)), 0)::bigint,
            coalesce(sum(l.amount) FILTER (
                WHERE NOT l.cancelled AND l.run_id IN (SELECT id FROM approved)
            ), 0)::bigint,
            coalesce(sum(l.amount) FILTER (WHERE l.cancelled AND l.run_id IN (SELECT id FROM approved)), 0)::bigint
        FROM unnest(awards, since) AS asked (award, since)
        JOIN payments_paymentline l ON l.award_id = asked.award AND l.period >= asked.since
        WHERE (NOT l.cancelled OR l.written_off_because <> '') AND NOT app_is_outside()
        GROUP BY l.award_id, l.period
        """,
    ),
    # From which day on something may be owed of an award, and from which too much may have been paid, by what is known
    # on a day: from where it was settled, or earlier if a term reaches back that was not there then, or is not known
    # yet. A death makes too much of what was paid for the time after it. All is open of what was never settled.
    Function(
        name="payments_open_from",
        callers=WEB,
        arguments="awards bigint[], known date",
        returns="TABLE (award_id bigint, owed_from date, overpaid_from date)",
        language="sql",
        volatility="STABLE",
        definer=True,
        settings=("enable_nestloop = off",),
        body="""
        WITH settled AS MATERIALIZED (
            SELECT s.*, a.kind, p.died_on
            FROM payments_settlement s JOIN awards_award a ON a.id = s.award_id
            LEFT JOIN households_person p ON p.id = a.person_id
            WHERE s.award_id IN (SELECT unnest(awards))
        ),
        touched AS (
            SELECT s.award_id, min(CASE s.kind WHEN 'month' THEN lower(t.period) ELSE '-infinity' END) AS day
            FROM settled s JOIN awards_awardterm t ON t.award_id = s.award_id
            WHERE t.id > s.known_term OR t.known_on > known
            GROUP BY s.award_id
        )
        SELECT asked.award, coalesce(least(s.owed_from, touched.day), '-infinity'),
            coalesce(least(s.overpaid_from, touched.day, s.died_on + 1), '-infinity')
        FROM unnest(awards) AS asked (award)
        LEFT JOIN settled s ON s.award_id = asked.award LEFT JOIN touched ON touched.award_id = asked.award
        WHERE NOT app_is_outside()
        """,
    ),
    # Whoever paid too much has to know, wherever the family lives by now and whoever else pays of the award since: of
    # what was paid of one period, in the order of the lines, all beyond what is due was too much. It tells no more than
    # sums of what was paid within the areas of who acts. Of whatever was paid there is a settlement.
    Function(
        name="payments_overpaid",
        callers=WEB,
        arguments="area text, of_household bigint, known date",
        returns="TABLE (award_id bigint, period date, due bigint, paid bigint, beyond bigint)",
        language="sql",
        volatility="STABLE",
        definer=True,
        # Of each award only the lines that are open are read, by the index.
        settings=("enable_nestloop = on",),
        body=f"""
        WITH lines AS MATERIALIZED (
            SELECT l.id, l.award_id, l.period, l.amount, o.overpaid_from AS since,
                l.division_id ^@ area AND l.household_id <> ALL (app_kept())
                AND (of_household IS NULL OR l.household_id = of_household) AS is_here
            FROM payments_open_from(ARRAY(SELECT s.award_id FROM payments_settlement s), known) o
            CROSS JOIN LATERAL (
                SELECT * FROM payments_paymentline l WHERE l.award_id = o.award_id AND l.period >= o.overpaid_from
            ) l
            WHERE NOT l.cancelled AND l.run_id IN (SELECT r.id FROM payments_paymentrun r WHERE r.state = 'approved')
        ),
        asked AS MATERIALIZED (
            SELECT l.award_id, l.since, max(l.period) AS last FROM lines l
            WHERE {reaches("area")} GROUP BY l.award_id, l.since HAVING bool_or(l.is_here)
        ),
        due AS MATERIALIZED (
            SELECT * FROM awards_due(
                (SELECT array_agg(a.award_id ORDER BY a.award_id) FROM asked a),
                (SELECT array_agg(a.since ORDER BY a.award_id) FROM asked a), (SELECT max(a.last) FROM asked a), known
            )
        ),
        paid AS (
            SELECT l.*, sum(l.amount) OVER (PARTITION BY l.award_id, l.period ORDER BY l.id) AS so_far,
                sum(l.amount) OVER (PARTITION BY l.award_id, l.period) AS in_all
            FROM lines l JOIN asked a ON a.award_id = l.award_id
        )
        SELECT p.award_id, p.period, coalesce(d.amount, 0), p.in_all::bigint,
            sum(least(p.amount, p.so_far - coalesce(d.amount, 0)))::bigint
        FROM paid p LEFT JOIN due d ON d.award_id = p.award_id AND d.period = p.period
        WHERE p.is_here AND p.so_far > coalesce(d.amount, 0)
        GROUP BY p.award_id, p.period, d.amount, p.in_all
        """,
    ),
    with_row("payments_settlement", "award_id", "awards_award"),
    TableGrant(table="payments_settlement", verbs=("SELECT",)),
    NotRemembered(
        table="payments_settlement", why="worked out anew, at each approval, from terms and lines that never change"
    ),
    # Nobody sees the runs of another district, and yet nobody is to be paid by both for the same month: the lines of a
    # run by which somebody is counted whom a standing run elsewhere counts too, and who that is, but not where. Where
    # no other district pays, nothing is looked for.
    Function(
        name="payments_counted_elsewhere",
        callers=WEB,
        arguments="of_run bigint, ones varchar[], others varchar[]",
        returns="TABLE (counting bigint, whom bigint)",
        volatility="STABLE",
        definer=True,
        body=f"""
        DECLARE mine payments_paymentrun;
        BEGIN
            SELECT r.* INTO mine FROM payments_paymentrun r WHERE r.id = of_run AND {reaches("r.division_id")};
            IF NOT FOUND OR NOT EXISTS (
                SELECT FROM payments_paymentrun r WHERE r.division_id <> mine.division_id AND r.state <> 'cancelled'
            ) THEN
                RETURN;
            END IF;
            RETURN QUERY
            WITH pair AS (
                SELECT * FROM unnest(ones, others) AS p (one, other)
            ),
            line AS MATERIALIZED (
                SELECT l.id, l.run_id, l.award_id, l.household_id, l.period, a.programme, a.person_id,
                    t.determination_id, t.opening_id
                FROM payments_paymentline l JOIN payments_paymentrun r ON r.id = l.run_id
                JOIN awards_award a ON a.id = l.award_id JOIN awards_awardterm t ON t.id = l.term_id
                WHERE NOT l.cancelled AND r.state <> 'cancelled' AND a.kind = 'month'
                    AND (r.id = of_run OR r.division_id <> mine.division_id)
                    AND l.period IN (SELECT o.period FROM payments_paymentline o WHERE o.run_id = of_run)
                    AND a.programme IN (SELECT p.one FROM pair p UNION SELECT p.other FROM pair p)
            ),
            counted AS MATERIALIZED (
                SELECT l.*, l.person_id AS person FROM line l WHERE l.person_id IS NOT NULL
                UNION ALL
                SELECT l.*, people.person FROM line l JOIN policy_determination d ON d.id = l.determination_id
                CROSS JOIN LATERAL unnest(d.people) WITH ORDINALITY AS people (person, nth)
                WHERE l.person_id IS NULL
                    AND coalesce(d.record->'members'->(people.nth::int - 1)->>'counted_member', '1') <> '0'
                UNION ALL
                SELECT l.*, m.person_id FROM line l JOIN awards_openingimport o ON o.id = l.opening_id
                JOIN households_member m ON m.household_id = l.household_id AND m.period @> o.imported_on
                WHERE l.person_id IS NULL
            )
            SELECT DISTINCT ON (here.id) here.id, here.person
            FROM counted here
            JOIN counted there
                ON there.person = here.person AND there.period = here.period AND there.award_id <> here.award_id
            JOIN pair p ON p.one = here.programme AND p.other = there.programme
            WHERE here.run_id = of_run AND there.run_id <> of_run
            ORDER BY here.id, here.person;
        END
        """,
    ),
    # Of an inserted row there is no old one, of a deleted row no new one. A line does not move into such a run either,
    # be it one that whoever acts does not see.
    Trigger(
        table="payments_paymentline",
        name="keep_line_of_approved_run",
        when="BEFORE INSERT OR UPDATE OR DELETE",
        definer=True,
        body=f"""
        BEGIN
            -- Whoever approves meanwhile waits until this is done, and counts it; whoever has approved goes first.
            IF (
                SELECT bool_or(run.state = 'approved') FROM (
                    SELECT p.state FROM payments_paymentrun p WHERE p.id IN (OLD.run_id, NEW.run_id)
                    ORDER BY p.id FOR SHARE
                ) run
            ) THEN
                {refuse("批次已经复核，明细不能改动。")}
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END
        """,
    ),
    NotRemembered(
        table="payments_paymentline",
        why="lines are many, belong to a run that is remembered, and freeze with it",
    ),
    with_row("payments_bankfile", "run_id", "payments_paymentrun"),
    Frozen(
        table="payments_bankfile",
        but=("withdrawn_on", "withdrawn_because"),
        message="银行文件一经生成不能改动。",
    ),
    History(table="payments_bankfile"),
)
