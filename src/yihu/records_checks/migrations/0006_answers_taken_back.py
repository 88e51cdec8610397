from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records_checks", "0005_relatives_kept_away"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sourceanswer",
            name="set_aside",
            field=models.CharField(
                blank=True,
                choices=[("left", "已不是这一户的成员"), ("no_consent", "授权已撤回"), ("taken_back", "核对已撤回")],
                max_length=12,
                verbose_name="不采用的原因",
            ),
        ),
    ]
