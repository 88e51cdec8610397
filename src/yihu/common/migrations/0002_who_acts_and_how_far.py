"""Extensions, the functions behind row security and history, and the history's own protection."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("common", "0001_history_calendar_and_numbers")]

    operations = [
        # For constraints that refuse overlapping periods, and for search by parts of a name.
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(
            """
            CREATE FUNCTION app_actor() RETURNS text LANGUAGE plpgsql STABLE AS $$
            DECLARE found text := nullif(current_setting('app.actor', true), '');
            BEGIN
                IF found IS NULL THEN
                    RAISE EXCEPTION '每一次变更都要有经办人。' USING ERRCODE = 'insufficient_privilege';
                END IF;
                RETURN found;
            END $$;
            """,
            "DROP FUNCTION app_actor();",
        ),
        # An empty setting must reach nothing, and so must an empty area in it: everything begins with ''.
        migrations.RunSQL(
            """
            CREATE FUNCTION app_reaches(division text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
                SELECT division ^@ ANY (array_remove(nullif(current_setting('app.areas', true), '')::text[], ''))
            $$;
            """,
            "DROP FUNCTION app_reaches(text);",
        ),
        # Where the roles are told apart, the web's role may only read the history: the database writes it.
        migrations.RunSQL(
            """
            DO $$ BEGIN
                IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'yihu_web' AND rolname <> current_user) THEN
                    REVOKE INSERT, UPDATE, DELETE ON common_change FROM yihu_web;
                END IF;
            END $$;
            """,
            migrations.RunSQL.noop,
        ),
    ]
