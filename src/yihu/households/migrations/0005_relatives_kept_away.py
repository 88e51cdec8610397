"""The family of a close relative does not exist for an officer who handles files."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("households", "0004_past_cases"), ("common", "0005_relatives_kept_away")]

    operations = [
        # A relative is one wherever he lives: whoever moved away has past cases here.
        migrations.RunSQL(
            """
            CREATE FUNCTION families_of(digests bytea[], day date) RETURNS TABLE (household_id bigint, number text)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                SELECT DISTINCT h.id, h.number
                FROM households_person p
                JOIN households_member m ON m.person_id = p.id AND m.period @> day
                JOIN households_household h ON h.id = m.household_id
                WHERE p.identity_digest = ANY (digests)
            $$;
            """,
            "DROP FUNCTION families_of(bytea[], date);",
        ),
        migrations.RunSQL(
            """
            CREATE POLICY not_of_a_relative ON households_household AS RESTRICTIVE
            USING (id <> ALL ((SELECT app_kept())::bigint[]));
            """,
            "DROP POLICY not_of_a_relative ON households_household;",
        ),
    ]
