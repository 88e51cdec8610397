"""What stands under a seal has a version: the runs of until now keep theirs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_no_line_into_an_approved_run")]

    operations = [
        migrations.AddField(
            model_name="paymentrun",
            name="seal_version",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="封存版本"),
        ),
        migrations.AlterField(
            model_name="paymentrun",
            name="seal_version",
            field=models.PositiveSmallIntegerField(default=2, verbose_name="封存版本"),
        ),
    ]
