"""A list of the opening balance is checked and loaded in the background, and remembered on its way."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from yihu.common.database import History, RowSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0003_marks"),
        ("organisations", "0002_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="名单")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("handed_in_on", models.DateField(verbose_name="交来日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_check", "核对中"),
                            ("bad", "要改"),
                            ("ready", "可以载入"),
                            ("to_load", "载入中"),
                            ("loaded", "已载入"),
                            ("failed", "没有做成"),
                            ("dropped", "已放弃"),
                        ],
                        default="to_check",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="办过几次")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="行数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已核对行数")),
                ("found", models.JSONField(default=dict, verbose_name="核对结果")),
                ("bad_rows", models.CharField(blank=True, max_length=64, verbose_name="要改的行")),
                ("problem", models.TextField(blank=True, verbose_name="没有做成的原因")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.division",
                        verbose_name="区划",
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="awards.openingimport",
                        verbose_name="期初",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "待载入的名单",
                "verbose_name_plural": "待载入的名单",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("loaded", "dropped")), _negated=True),
                        fields=("division", "sha256"),
                        name="opening_list_on_its_way_once",
                        violation_error_message="这份名单已经在办。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["to_check", "bad", "ready", "to_load", "loaded", "failed", "dropped"])
                        ),
                        name="opening_list_state_is_known",
                    ),
                ],
            },
        ),
        RowSecurity("awards_openinglist", "app_reaches(division_id)"),
        History("awards_openinglist"),
    ]
