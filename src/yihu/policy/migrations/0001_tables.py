import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("households", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Determination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("programme", models.CharField(max_length=60, verbose_name="项目")),
                ("on", models.DateField(verbose_name="认定日")),
                ("known_on", models.DateField(verbose_name="所知截止")),
                ("outcome", models.CharField(max_length=20, verbose_name="结果")),
                ("amount", models.BigIntegerField(blank=True, null=True, verbose_name="金额（分）")),
                ("is_ceiling", models.BooleanField(default=False, verbose_name="是限额")),
                ("confidence", models.CharField(blank=True, max_length=20, verbose_name="把握程度")),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="成员"
                    ),
                ),
                ("record", models.JSONField(verbose_name="记录")),
                ("explanation", models.JSONField(verbose_name="说明")),
                ("hash", models.CharField(max_length=64, verbose_name="校验码")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="determinations",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="经办人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.person",
                        verbose_name="个人",
                    ),
                ),
            ],
            options={
                "verbose_name": "认定",
                "verbose_name_plural": "认定",
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="determination_amount_is_not_negative",
                    )
                ],
            },
        ),
    ]
