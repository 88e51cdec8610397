"""An award that is ended in the month from which it was to run never runs: its period is empty, with the reason."""

from django.db import migrations

KEEP_START = """
CREATE OR REPLACE FUNCTION keep_award_start() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.period <@ OLD.period OR (lower(NEW.period) IS DISTINCT FROM lower(OLD.period) {unless}) THEN
        RAISE EXCEPTION '待遇的起始月份不能改动，停发的待遇不能接着发，请重新认定。'
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0005_first_month_paid_here")]

    operations = [
        migrations.RemoveConstraint(model_name="award", name="award_period_is_not_empty"),
        # What came in running has begun, and is never without its period.
        migrations.RunSQL(
            KEEP_START.format(unless="AND NOT (isempty(NEW.period) AND NEW.opening_id IS NULL)"),
            KEEP_START.format(unless=""),
        ),
    ]
