"""Beside the areas, one family's file may be opened to a page that shows a past case of it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("common", "0003_statistics")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION app_file() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
                SELECT nullif(current_setting('app.file', true), '')::bigint
            $$;
            """,
            "DROP FUNCTION app_file();",
        ),
    ]
