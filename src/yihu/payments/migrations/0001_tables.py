import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("awards", "0001_tables"),
        ("documents", "0001_tables"),
        ("households", "0001_tables"),
        ("organisations", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Settlement",
            fields=[
                (
                    "award",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="settlement",
                        serialize=False,
                        to="awards.award",
                        verbose_name="待遇",
                    ),
                ),
                ("owed_from", models.DateField(verbose_name="从哪天起可能有应发未发")),
                ("overpaid_from", models.DateField(verbose_name="从哪天起可能有多发")),
                ("known_term", models.BigIntegerField(verbose_name="算到哪一段")),
            ],
            options={
                "verbose_name": "结清",
                "verbose_name_plural": "结清",
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank", models.CharField(max_length=60, verbose_name="开户银行")),
                ("number", models.BinaryField(verbose_name="账号（加密）")),
                ("number_digest", models.BinaryField(db_index=True, max_length=32, verbose_name="账号摘要")),
                ("tail", models.CharField(max_length=4, verbose_name="账号后四位")),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="期间")),
                ("shared_because", models.CharField(blank=True, max_length=200, verbose_name="几户共用的原因")),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.person",
                        verbose_name="户名",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
            ],
            options={
                "verbose_name": "账户",
                "verbose_name_plural": "账户",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="PaymentRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="批次号")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("monthly", "按月统发"), ("urgent", "即时发放")],
                        default="monthly",
                        max_length=10,
                        verbose_name="用途",
                    ),
                ),
                (
                    "programmes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None, verbose_name="项目"
                    ),
                ),
                ("month", models.DateField(verbose_name="所属月份")),
                ("pay_on", models.DateField(verbose_name="应到账日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "制单中"),
                            ("submitted", "待复核"),
                            ("approved", "已复核"),
                            ("cancelled", "已作废"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("made_on", models.DateField(verbose_name="制单日期")),
                ("approved_on", models.DateField(blank=True, null=True, verbose_name="复核日期")),
                ("returned_because", models.TextField(blank=True, verbose_name="退回或作废的原因")),
                ("households_count", models.PositiveIntegerField(default=0, verbose_name="户数")),
                ("people_count", models.PositiveIntegerField(default=0, verbose_name="人数")),
                ("total", models.BigIntegerField(default=0, verbose_name="金额（分）")),
                ("hash", models.CharField(blank=True, max_length=64, verbose_name="校验码")),
                ("seal_version", models.PositiveSmallIntegerField(default=1, verbose_name="封存版本")),
                (
                    "checker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="复核",
                    ),
                ),
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
                    "maker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="制单",
                    ),
                ),
            ],
            options={
                "verbose_name": "发放批次",
                "verbose_name_plural": "发放批次",
                "ordering": ("-month", "programmes", "-id"),
            },
        ),
        migrations.CreateModel(
            name="PaymentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.DateField(verbose_name="所属期")),
                ("name", models.CharField(max_length=60, verbose_name="领取人")),
                ("members", models.PositiveSmallIntegerField(verbose_name="人数")),
                ("amount", models.BigIntegerField(verbose_name="金额（分）")),
                ("before", models.BigIntegerField(blank=True, null=True, verbose_name="上次金额（分）")),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("same", "不变"),
                            ("new", "新增"),
                            ("raised", "调增"),
                            ("lowered", "调减"),
                            ("arrears", "补发"),
                            ("once", "不按月的"),
                            ("ended", "退出"),
                            ("held", "暂缓"),
                            ("dropped", "不再补发"),
                            ("former", "上次补发"),
                            ("former1", "上次不按月的"),
                        ],
                        max_length=10,
                        verbose_name="变化",
                    ),
                ),
                ("holder", models.CharField(blank=True, max_length=60, verbose_name="户名")),
                ("cancelled", models.BooleanField(default=False, verbose_name="已作废")),
                (
                    "left_out_because",
                    models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="暂缓的原因"),
                ),
                (
                    "written_off_because",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="不再补发的原因"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.account",
                        verbose_name="账户",
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="awards.award",
                        verbose_name="待遇",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.division",
                        verbose_name="社区",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="awards.awardterm",
                        verbose_name="依据",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.paymentrun",
                        verbose_name="批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "发放明细",
                "verbose_name_plural": "发放明细",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("profile", models.CharField(max_length=40, verbose_name="格式")),
                ("lines_count", models.PositiveIntegerField(verbose_name="笔数")),
                ("total", models.BigIntegerField(verbose_name="金额（分）")),
                ("made_on", models.DateField(verbose_name="生成日期")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤回日期")),
                (
                    "withdrawn_because",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="撤回的原因"),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="文件",
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_files",
                        to="payments.paymentrun",
                        verbose_name="批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "银行文件",
                "verbose_name_plural": "银行文件",
                "ordering": ("id",),
            },
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=(("household", "="), ("period", "&&")),
                name="account_one_of_a_household_at_a_time",
                violation_error_message="这一户在这段时间已经有账户。",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentrun",
            index=models.Index(fields=["division", "month"], name="run_of_division"),
        ),
        migrations.AddConstraint(
            model_name="paymentrun",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="run_month_is_a_first"),
        ),
        migrations.AddConstraint(
            model_name="paymentrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("programmes__len__gt", 0)), name="run_pays_some_programme"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checker__isnull", True), models.Q(("checker", models.F("maker")), _negated=True), _connector="OR"
                ),
                name="run_maker_is_not_checker",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(
                        ("approved_on__isnull", False),
                        ("checker__isnull", False),
                        models.Q(("hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="run_approved_with_checker_and_hash",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentline",
            index=models.Index(fields=["household", "period"], name="line_of_household"),
        ),
        migrations.AddIndex(
            model_name="paymentline",
            index=models.Index(fields=["award", "period"], name="line_of_award"),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.UniqueConstraint(
                fields=("run", "award", "period"),
                name="line_once_a_run_and_period",
                violation_error_message="这笔待遇的这一期已经在这个批次里。",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="line_pays_something"),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_out_because", ""), ("cancelled", True), _connector="OR"),
                name="line_left_out_is_not_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("written_off_because", ""),
                    models.Q(("cancelled", True), ("left_out_because", "")),
                    _connector="OR",
                ),
                name="line_written_off_is_not_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_on__isnull", True)),
                fields=("run",),
                name="bank_file_one_of_a_run_stands",
                violation_error_message="这个批次已有一份银行文件。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_because", ""), ("withdrawn_on__isnull", True)),
                    models.Q(("withdrawn_on__isnull", False), models.Q(("withdrawn_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="bank_file_withdrawn_for_a_reason",
            ),
        ),
    ]
