"""Families that are kept from whoever acts, since a member is his close relative."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("common", "0004_one_file_at_a_time")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION app_kept() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
                SELECT coalesce(nullif(current_setting('app.kept', true), ''), '{}')::bigint[]
            $$;
            """,
            "DROP FUNCTION app_kept();",
        ),
        # Every change that matters asks who acts; in a file that is only opened to read, nobody changes anything.
        migrations.RunSQL(
            """
            CREATE OR REPLACE FUNCTION app_actor() RETURNS text LANGUAGE plpgsql STABLE AS $$
            DECLARE found text := nullif(current_setting('app.actor', true), '');
            BEGIN
                IF found IS NULL THEN
                    RAISE EXCEPTION '每一次变更都要有经办人。' USING ERRCODE = 'insufficient_privilege';
                END IF;
                IF app_file() IS NOT NULL THEN
                    RAISE EXCEPTION '这一户已经迁出，过去的案件只能查看，不能改动。'
                        USING ERRCODE = 'insufficient_privilege';
                END IF;
                RETURN found;
            END $$;
            """,
            """
            CREATE OR REPLACE FUNCTION app_actor() RETURNS text LANGUAGE plpgsql STABLE AS $$
            DECLARE found text := nullif(current_setting('app.actor', true), '');
            BEGIN
                IF found IS NULL THEN
                    RAISE EXCEPTION '每一次变更都要有经办人。' USING ERRCODE = 'insufficient_privilege';
                END IF;
                RETURN found;
            END $$;
            """,
        ),
    ]
