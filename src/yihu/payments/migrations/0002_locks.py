"""Accounts are seen with their family, lines by where the family lived; an approved run never changes."""

from django.db import migrations

from yihu.common.database import Frozen, History, RowSecurity, seen_with_household


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_payments"), ("households", "0002_locks")]

    operations = [
        seen_with_household("payments_account"),
        RowSecurity("payments_paymentrun", "app_reaches(division_id)"),
        # A run holds sums of its district; a street sees it, so that it can tell a family in which run it was paid.
        migrations.RunSQL(
            """
            CREATE POLICY seen_from_below ON payments_paymentrun FOR SELECT USING (EXISTS (
                SELECT FROM unnest(nullif(current_setting('app.areas', true), '')::text[]) area
                WHERE area ^@ division_id
            ));
            """,
            "DROP POLICY seen_from_below ON payments_paymentrun;",
        ),
        # A line is made for a community; its run belongs to the district.
        RowSecurity("payments_paymentline", "app_reaches(division_id)"),
        RowSecurity(
            "payments_bankfile",
            "EXISTS (SELECT FROM payments_paymentrun p WHERE p.id = payments_bankfile.run_id)",
        ),
        Frozen("payments_account", but=["period"], message="账户不能改动，请登记新账户。"),
        Frozen("payments_bankfile", message="银行文件一经生成不能改动。"),
        # The one way back from approved would be a way to pay something else than what was checked.
        migrations.RunSQL(
            """
            CREATE FUNCTION keep_approved_run() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.state = 'approved' THEN
                    RAISE EXCEPTION '批次已经复核，不能改动；如有差错，请在下一批次更正。' USING ERRCODE = 'restrict_violation';
                END IF;
                IF TG_OP = 'DELETE' THEN
                    RAISE EXCEPTION '批次不能删除，只能作废。' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER keep_approved_run BEFORE UPDATE OR DELETE ON payments_paymentrun
            FOR EACH ROW EXECUTE FUNCTION keep_approved_run();
            CREATE FUNCTION keep_line_of_approved_run() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE run bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.run_id ELSE OLD.run_id END;
            BEGIN
                IF EXISTS (SELECT FROM payments_paymentrun p WHERE p.id = run AND p.state = 'approved') THEN
                    RAISE EXCEPTION '批次已经复核，明细不能改动。' USING ERRCODE = 'restrict_violation';
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER keep_line_of_approved_run BEFORE INSERT OR UPDATE OR DELETE ON payments_paymentline
            FOR EACH ROW EXECUTE FUNCTION keep_line_of_approved_run();
            """,
            """
            DROP TRIGGER keep_line_of_approved_run ON payments_paymentline; DROP FUNCTION keep_line_of_approved_run();
            DROP TRIGGER keep_approved_run ON payments_paymentrun; DROP FUNCTION keep_approved_run();
            """,
        ),
        History("payments_account", "r.household_id"),
        History("payments_paymentrun"),
        # Lines are many and bound to their run, which is remembered; they change no more once it is approved.
        History("payments_bankfile"),
    ]
