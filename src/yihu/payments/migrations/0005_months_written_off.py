"""Months that nobody can be paid are written off in a run, and settled once it is approved."""

from django.db import migrations, models
from django.db.models import Q

CHANGES = [
    ("same", "不变"),
    ("new", "新增"),
    ("raised", "调增"),
    ("lowered", "调减"),
    ("arrears", "补发"),
    ("ended", "退出"),
    ("held", "暂缓"),
    ("dropped", "不再补发"),
    ("former", "上月补发"),
]


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_seal_version")]

    operations = [
        migrations.AddField(
            model_name="paymentline",
            name="written_off_because",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=200, verbose_name="不再补发的原因"
            ),
        ),
        migrations.AlterField(
            model_name="paymentline",
            name="change",
            field=models.CharField(choices=CHANGES, max_length=10, verbose_name="变化"),
        ),
        migrations.AddIndex(
            model_name="paymentline",
            index=models.Index(
                condition=~Q(written_off_because=""), fields=["award", "month"], name="line_written_off"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(
                condition=Q(written_off_because="") | Q(cancelled=True, left_out_because=""),
                name="line_written_off_is_not_paid",
            ),
        ),
    ]
