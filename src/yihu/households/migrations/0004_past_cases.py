"""A family that moved away stays readable where its past case is read, for that one page."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0003_search"),
        ("common", "0004_one_file_at_a_time"),
        ("documents", "0002_locks"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE POLICY opened_file ON households_household FOR SELECT USING (id = app_file());",
            "DROP POLICY opened_file ON households_household;",
        ),
        # The papers moved along with the family.
        migrations.RunSQL(
            """
            CREATE POLICY opened_file ON documents_document FOR SELECT USING (
                app_file() IS NOT NULL AND EXISTS (
                    SELECT FROM households_paper p
                    WHERE p.document_id = documents_document.id AND p.household_id = app_file()
                )
            );
            """,
            "DROP POLICY opened_file ON documents_document;",
        ),
    ]
