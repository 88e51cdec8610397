"""A refused file that names the family of a close relative does not exist for an officer who handles files."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records_checks", "0004_families_of_refused_files"),
        ("common", "0005_relatives_kept_away"),
    ]

    operations = [
        migrations.RunSQL(
            """
            CREATE POLICY not_of_a_relative ON records_checks_refusedfile AS RESTRICTIVE
            USING (NOT (households && (SELECT app_kept())::bigint[]));
            """,
            "DROP POLICY not_of_a_relative ON records_checks_refusedfile;",
        ),
    ]
