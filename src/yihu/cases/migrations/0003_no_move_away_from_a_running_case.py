"""A family does not move to another street while a case of it is running: nobody there could go on with it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_locks")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION keep_family_with_its_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = public, pg_temp AS $$
            BEGIN
                IF left(OLD.division_id, 9) <> left(NEW.division_id, 9) AND EXISTS (
                    SELECT FROM cases_case c WHERE c.household_id = NEW.id AND c.state IN ('applied', 'open')
                ) THEN
                    RAISE EXCEPTION '这一户有案件正在办理，办结或者撤回以后才能迁往别的街道。'
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER keep_family_with_its_case BEFORE UPDATE OF division_id ON households_household
            FOR EACH ROW EXECUTE FUNCTION keep_family_with_its_case();
            """,
            "DROP TRIGGER keep_family_with_its_case ON households_household; DROP FUNCTION keep_family_with_its_case();",
        ),
    ]
