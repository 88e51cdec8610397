"""A line does not move into a run that was approved either."""

from django.db import migrations

LOCK = """
CREATE OR REPLACE FUNCTION keep_line_of_approved_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_paymentrun p WHERE p.id IN ({runs}) AND p.state = 'approved') THEN
        RAISE EXCEPTION '批次已经复核，明细不能改动。' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_locks")]

    operations = [
        migrations.RunSQL(
            # Of an inserted row there is no old one, of a deleted row no new one.
            LOCK.format(runs="OLD.run_id, NEW.run_id"),
            LOCK.format(runs="CASE WHEN TG_OP = 'INSERT' THEN NEW.run_id ELSE OLD.run_id END"),
        ),
    ]
