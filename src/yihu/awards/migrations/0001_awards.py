import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_documents"),
        ("households", "0001_households"),
        ("organisations", "0001_divisions_offices_and_people"),
        ("policy", "0001_determinations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                ("pays_from", models.DateField(verbose_name="起发月份")),
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
                ("mark", models.CharField(blank=True, default="", max_length=40, verbose_name="金额说明")),
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
            },
        ),
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
                ("pays_from", models.DateField(blank=True, null=True, verbose_name="起发月份")),
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
            },
        ),
        migrations.AddConstraint(
            model_name="openingimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("pays_from__day", 1)), name="opening_pays_from_a_first"
            ),
        ),
        migrations.AddIndex(
            model_name="award",
            index=models.Index(fields=["household", "programme"], name="award_of_household"),
        ),
        migrations.AddIndex(
            model_name="award",
            index=models.Index(fields=["programme", "household"], name="award_of_programme"),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=(
                    ("household", "="),
                    ("programme", "="),
                    (django.db.models.functions.comparison.Coalesce(models.F("person"), models.Value(0)), "="),
                    ("period", "&&"),
                ),
                name="award_one_of_a_programme_at_a_time",
                violation_error_message="这一户在这段时间已经有这个项目的待遇。",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=(("person", "="), ("programme", "="), ("period", "&&")),
                name="award_one_of_a_programme_a_person",
                violation_error_message="此人在这段时间已经有这个项目的待遇。",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="award_pays_something"),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("determination__isnull", False), ("opening__isnull", True)),
                    models.Q(("determination__isnull", True), ("opening__isnull", False)),
                    _connector="OR",
                ),
                name="award_rests_on_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("period__upper_inf", True)),
                    models.Q(("period__upper_inf", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="award_ends_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="openinglist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("loaded", "dropped")), _negated=True),
                fields=("division", "sha256"),
                name="opening_list_on_its_way_once",
                violation_error_message="这份名单已经在办。",
            ),
        ),
        migrations.AddConstraint(
            model_name="openinglist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["to_check", "bad", "ready", "to_load", "loaded", "failed", "dropped"])
                ),
                name="opening_list_state_is_known",
            ),
        ),
    ]
