import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("common", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="日期")),
                ("is_working", models.BooleanField(verbose_name="上班")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("source", models.CharField(max_length=120, verbose_name="来源")),
            ],
            options={
                "verbose_name": "节假日和调休",
                "verbose_name_plural": "节假日和调休",
                "ordering": ("day",),
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="序列")),
                ("last", models.PositiveBigIntegerField(verbose_name="最后一个号")),
            ],
            options={
                "verbose_name": "编号序列",
                "verbose_name_plural": "编号序列",
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("transaction", models.BigIntegerField(verbose_name="事务")),
                ("reason", models.TextField(verbose_name="原因")),
                ("origin", models.CharField(max_length=120, verbose_name="来处")),
                ("table", models.CharField(max_length=63, verbose_name="表")),
                ("row_id", models.BigIntegerField(verbose_name="行")),
                ("operation", models.CharField(max_length=6, verbose_name="动作")),
                ("before", models.JSONField(null=True, verbose_name="之前")),
                ("written", models.BinaryField(max_length=32, null=True, verbose_name="写入内容摘要")),
                ("household", models.BigIntegerField(null=True, verbose_name="家庭")),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="access.principal",
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "变更",
                "verbose_name_plural": "变更",
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("household__gt", 0)), fields=["household", "id"], name="change_of_household"
                    ),
                    models.Index(fields=["table", "row_id", "id"], name="change_of_row"),
                ],
            },
        ),
    ]
