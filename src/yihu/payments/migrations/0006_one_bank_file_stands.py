"""Of a run one file for the bank stands; another format withdraws the former, with the reason.

Of a run that has files in several formats the last one stands, since whoever made it meant to use it.
"""

from django.db import migrations, models
from django.db.models import Q

WITHDRAW = """
ALTER TABLE payments_bankfile DISABLE TRIGGER USER;
UPDATE payments_bankfile f SET withdrawn_on = later.made_on, withdrawn_because = '后来又生成了另一种格式'
FROM payments_bankfile later
WHERE later.id = (SELECT max(id) FROM payments_bankfile l WHERE l.run_id = f.run_id) AND later.id <> f.id;
ALTER TABLE payments_bankfile ENABLE TRIGGER USER;
"""

KEEP = """
CREATE OR REPLACE FUNCTION keep_payments_bankfile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD){but} IS DISTINCT FROM to_jsonb(NEW){but} THEN
        RAISE EXCEPTION '银行文件一经生成不能改动。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_months_written_off")]

    operations = [
        migrations.AddField(
            model_name="bankfile",
            name="withdrawn_on",
            field=models.DateField(blank=True, null=True, verbose_name="撤回日期"),
        ),
        migrations.AddField(
            model_name="bankfile",
            name="withdrawn_because",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="撤回的原因"),
        ),
        migrations.RunSQL(WITHDRAW, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="bankfile", name="bank_file_once_a_profile"),
        migrations.AddConstraint(
            model_name="bankfile",
            constraint=models.UniqueConstraint(
                fields=["run"],
                condition=Q(withdrawn_on__isnull=True),
                name="bank_file_one_of_a_run_stands",
                violation_error_message="这个批次已有一份银行文件。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankfile",
            constraint=models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_because="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_because="")),
                name="bank_file_withdrawn_for_a_reason",
            ),
        ),
        migrations.RunSQL(KEEP.format(but=" - 'withdrawn_on' - 'withdrawn_because'"), KEEP.format(but="")),
    ]
