"""Awards are seen with their family; what one pays and rests on never changes."""

from django.db import migrations

from yihu.common.database import Frozen, History, RowSecurity, seen_with_household


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_awards"), ("households", "0002_locks")]

    operations = [
        seen_with_household("awards_award"),
        RowSecurity("awards_openingimport", "app_reaches(division_id)"),
        Frozen(
            "awards_award",
            but=["period", "ended_by_id", "end_reason"],
            message="待遇的金额和依据不能改动，请重新认定。",
        ),
        # Its start never moves, and what has ended does not run on: that takes a new award.
        migrations.RunSQL(
            """
            CREATE FUNCTION keep_award_start() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF lower(NEW.period) IS DISTINCT FROM lower(OLD.period) OR NOT NEW.period <@ OLD.period THEN
                    RAISE EXCEPTION '待遇的起始月份不能改动，停发的待遇不能接着发，请重新认定。'
                    USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER keep_award_start BEFORE UPDATE OF period ON awards_award
            FOR EACH ROW EXECUTE FUNCTION keep_award_start();
            """,
            "DROP TRIGGER keep_award_start ON awards_award; DROP FUNCTION keep_award_start();",
        ),
        Frozen("awards_openingimport", message="期初名单一经载入不能改动。"),
        History("awards_award", "r.household_id"),
        History("awards_openingimport"),
    ]
