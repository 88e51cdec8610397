"""A file that was not taken says itself which families it names."""

import django.contrib.postgres.fields
from django.db import migrations, models

FILL = """
    SELECT set_config('app.actor', 'service:migrate', true);
    ALTER TABLE records_checks_refusedfile DISABLE TRIGGER keep_records_checks_refusedfile;
    UPDATE records_checks_refusedfile f SET households = coalesce(
        (SELECT array_agg(DISTINCT k.household_id ORDER BY k.household_id)
         FROM records_checks_sourcerequest q JOIN records_checks_recordscheck k ON k.id = q.check_round_id
         WHERE q.id = ANY(f.requests)), '{}');
    ALTER TABLE records_checks_refusedfile ENABLE TRIGGER keep_records_checks_refusedfile;
"""


class Migration(migrations.Migration):
    dependencies = [("records_checks", "0003_refused_files")]

    operations = [
        migrations.AddField(
            "refusedfile",
            "households",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name="所涉家庭"
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
