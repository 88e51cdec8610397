import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_documents"),
        ("households", "0001_households"),
        ("organisations", "0001_divisions_offices_and_people"),
        ("policy", "0001_determinations"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("imported_on", models.DateField(verbose_name="载入日期")),
                ("imported_by", models.CharField(max_length=60, verbose_name="经办人")),
                ("awards_count", models.PositiveIntegerField(verbose_name="笔数")),
                ("total", models.BigIntegerField(verbose_name="月金额合计（分）")),
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
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="名单",
                    ),
                ),
            ],
            options={
                "verbose_name": "在册期初",
                "verbose_name_plural": "在册期初",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("programme", models.CharField(max_length=60, verbose_name="项目")),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="期间")),
                ("amount", models.BigIntegerField(verbose_name="月金额（分）")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("changed", "重新认定，金额变化"),
                            ("not_eligible", "不再符合条件"),
                            ("died", "去世"),
                            ("left", "迁出"),
                            ("renounced", "本人放弃"),
                        ],
                        max_length=20,
                        verbose_name="终止原因",
                    ),
                ),
                (
                    "determination",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="policy.determination",
                        verbose_name="认定",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.determination",
                        verbose_name="终止依据",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="households.person",
                        verbose_name="个人",
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="awards.openingimport",
                        verbose_name="期初",
                    ),
                ),
            ],
            options={
                "verbose_name": "待遇",
                "verbose_name_plural": "待遇",
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["household", "programme"], name="award_of_household"),
                    models.Index(fields=["programme", "household"], name="award_of_programme"),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=(
                            ("household", "="),
                            ("programme", "="),
                            (django.db.models.functions.comparison.Coalesce(models.F("person"), models.Value(0)), "="),
                            ("period", "&&"),
                        ),
                        name="award_one_of_a_programme_at_a_time",
                        violation_error_message="这一户在这段时间已经有这个项目的待遇。",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=(("person", "="), ("programme", "="), ("period", "&&")),
                        name="award_one_of_a_programme_a_person",
                        violation_error_message="此人在这段时间已经有这个项目的待遇。",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="award_pays_something"),
                    models.CheckConstraint(
                        condition=models.Q(("period__isempty", False)), name="award_period_is_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("determination__isnull", False), ("opening__isnull", True)),
                            models.Q(("determination__isnull", True), ("opening__isnull", False)),
                            _connector="OR",
                        ),
                        name="award_rests_on_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("period__upper_inf", True)),
                            models.Q(("period__upper_inf", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="award_ends_for_a_reason",
                    ),
                ],
            },
        ),
    ]
