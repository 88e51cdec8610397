"""Whoever is on file anywhere in the district is not registered twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("households", "0002_locks")]

    operations = [
        # It runs as the owner of the tables, past the areas, and tells a window no more than where someone is on file.
        migrations.RunSQL(
            """
            CREATE INDEX person_by_name ON households_person (name text_pattern_ops);
            CREATE FUNCTION people_on_file(digests bytea[], names text[], birth_dates date[])
            RETURNS TABLE (digest bytea, name text, birth_date date, street text, household_number text)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                WITH found AS (
                    SELECT p.* FROM households_person p WHERE p.identity_digest = ANY (digests)
                    UNION
                    SELECT p.* FROM unnest(names, birth_dates) AS asked (name, birth_date)
                    JOIN households_person p ON p.name = asked.name AND p.birth_date = asked.birth_date
                )
                SELECT p.identity_digest, p.name, p.birth_date, s.name, h.number
                FROM found p
                JOIN households_household h ON h.id = p.household_id
                JOIN organisations_division c ON c.code = h.division_id
                JOIN organisations_division s ON s.code = c.parent_id
                ORDER BY p.id
            $$;
            """,
            "DROP FUNCTION people_on_file(bytea[], text[], date[]); DROP INDEX person_by_name;",
        ),
    ]
