"""After a mass of rows the planner has to look at the tables again, which only their owner may ask for."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("common", "0002_who_acts_and_how_far")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION app_look_again() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = public, pg_temp AS $$
            DECLARE named text;
            BEGIN
                FOR named IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user
                LOOP
                    EXECUTE format('ANALYZE %I', named);
                END LOOP;
            END $$;
            """,
            "DROP FUNCTION app_look_again();",
        ),
    ]
