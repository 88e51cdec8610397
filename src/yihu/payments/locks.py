"""Accounts are seen with their family, lines by where the family lived; an approved run never changes."""

from yihu.common.locking.declarations import (
    Frozen,
    History,
    NotRemembered,
    Policy,
    Trigger,
    by_area,
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
        using="EXISTS (SELECT FROM unnest(nullif(current_setting('app.areas', true), '')::text[]) area"
        " WHERE area ^@ division_id)",
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
    History(table="payments_paymentrun"),
    # A line is made for a community; its run belongs to the district.
    by_area("payments_paymentline"),
    # Of an inserted row there is no old one, of a deleted row no new one. A line does not move into such a run either.
    Trigger(
        table="payments_paymentline",
        name="keep_line_of_approved_run",
        when="BEFORE INSERT OR UPDATE OR DELETE",
        body=f"""
        BEGIN
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
