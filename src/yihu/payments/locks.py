"""Accounts are seen with their family, lines by where the family lived and with it; an approved run never changes."""

from yihu.common.locking.declarations import (
    WEB,
    Frozen,
    Function,
    History,
    NotRemembered,
    Policy,
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
            mine bigint[];
            first record;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('payments_paymentrun ' || NEW.division_id));
            SELECT array_agg(DISTINCT l.award_id) INTO mine
            FROM payments_paymentline l WHERE l.run_id = NEW.id AND NOT l.cancelled;
            IF mine IS NULL THEN
                RETURN NULL;
            END IF;
            IF EXISTS (
                SELECT FROM payments_paymentline l
                JOIN awards_award a ON a.id = l.award_id JOIN awards_awardterm t ON t.id = l.term_id
                WHERE l.run_id = NEW.id AND NOT l.cancelled
                    AND (t.award_id <> l.award_id OR a.programme <> ALL (NEW.programmes))
            ) THEN
                RAISE EXCEPTION '批次里有不属于它的明细。' USING ERRCODE = 'check_violation';
            END IF;
            WITH paid AS (
                SELECT l.award_id, l.period, sum(l.amount) AS amount,
                    bool_or(l.run_id = NEW.id AND NOT l.cancelled) AS here
                FROM payments_paymentline l JOIN payments_paymentrun r ON r.id = l.run_id
                WHERE r.state = 'approved' AND (NOT l.cancelled OR l.written_off_because <> '')
                    AND l.award_id = ANY (mine)
                GROUP BY l.award_id, l.period
            ),
            due AS MATERIALIZED (
                SELECT * FROM awards_due(
                    NEW.programmes::text[], NULL, mine, (NEW.month + interval '1 month')::date - 1, NEW.approved_on
                )
            )
            SELECT paid.award_id, paid.period, paid.amount, coalesce(due.amount, 0) AS due INTO first
            FROM paid LEFT JOIN due USING (award_id, period)
            WHERE paid.here AND paid.amount > coalesce(due.amount, 0)
            ORDER BY paid.award_id, paid.period LIMIT 1;
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
    # all of it again. It tells sums of awards that one can name, and no more.
    Function(
        name="payments_settled",
        callers=WEB,
        arguments="awards bigint[], of_run bigint",
        returns="TABLE (award_id bigint, period date, settled bigint, paid bigint)",
        language="sql",
        volatility="STABLE",
        definer=True,
        settings=("enable_nestloop = off",),
        body="""
        SELECT l.award_id, l.period,
            coalesce(sum(l.amount) FILTER (
                WHERE NOT l.cancelled OR l.written_off_because <> '' AND (r.state = 'approved' OR r.id = of_run)
            ), 0)::bigint,
            coalesce(sum(l.amount) FILTER (
                WHERE NOT l.cancelled AND (r.state = 'approved' OR r.id = of_run)
            ), 0)::bigint
        FROM payments_paymentline l JOIN payments_paymentrun r ON r.id = l.run_id
        WHERE l.award_id = ANY (awards) AND (NOT l.cancelled OR l.written_off_because <> '') AND NOT app_is_outside()
        GROUP BY l.award_id, l.period
        """,
    ),
    # Whoever paid too much has to know, wherever the family lives by now and whoever else pays of the award since: of
    # what was paid of one period, in the order of the lines, all beyond what is due was too much. It tells no more than
    # sums of what was paid within the areas of who acts.
    Function(
        name="payments_overpaid",
        callers=WEB,
        arguments="area text, of_household bigint, known date",
        returns="TABLE (award_id bigint, period date, due bigint, paid bigint, beyond bigint)",
        language="sql",
        volatility="STABLE",
        definer=True,
        body=f"""
        WITH lines AS (
            SELECT l.id, l.award_id, l.period, l.amount, l.division_id ^@ area AND l.household_id <> ALL (app_kept())
                AND (of_household IS NULL OR l.household_id = of_household) AS is_here
            FROM payments_paymentline l JOIN payments_paymentrun r ON r.id = l.run_id
            WHERE NOT l.cancelled AND r.state = 'approved' AND l.award_id IN (
                SELECT o.award_id FROM payments_paymentline o WHERE o.division_id ^@ area AND NOT o.cancelled
                    AND (of_household IS NULL OR o.household_id = of_household)
            )
        ),
        asked AS MATERIALIZED (
            SELECT l.award_id, max(l.period) AS last FROM lines l
            WHERE {reaches("area")} GROUP BY l.award_id HAVING bool_or(l.is_here)
        ),
        due AS MATERIALIZED (
            SELECT * FROM awards_due(
                NULL, NULL, (SELECT array_agg(a.award_id) FROM asked a), (SELECT max(a.last) FROM asked a), known
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
    # Of an inserted row there is no old one, of a deleted row no new one. A line does not move into such a run either.
    Trigger(
        table="payments_paymentline",
        name="keep_line_of_approved_run",
        when="BEFORE INSERT OR UPDATE OR DELETE",
        body=f"""
        BEGIN
            -- Whoever approves meanwhile waits until this is done, and counts it; whoever has approved goes first.
            PERFORM FROM payments_paymentrun p WHERE p.id IN (OLD.run_id, NEW.run_id) ORDER BY p.id FOR SHARE;
            IF EXISTS (
                SELECT FROM payments_paymentrun p WHERE p.id IN (OLD.run_id, NEW.run_id) AND p.state = 'approved'
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
