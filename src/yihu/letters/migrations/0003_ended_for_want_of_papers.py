from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0002_locks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("missing_papers", "一次性补正告知书"),
                    ("acceptance", "受理通知书"),
                    ("records_refusal", "核对结果告知书"),
                    ("extension", "延长办理期限告知书"),
                    ("grant", "确认通知书"),
                    ("refusal", "不予确认告知书"),
                    ("incomplete", "材料未补齐终止办理告知书"),
                    ("termination", "终止审核确认告知书"),
                    ("withdrawal", "撤回申请告知书"),
                ],
                max_length=20,
                verbose_name="类别",
            ),
        ),
    ]
