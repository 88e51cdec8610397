import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("awards", "0001_tables"),
        ("documents", "0001_tables"),
        ("households", "0002_partitions"),
        ("organisations", "0001_tables"),
        ("policy", "0001_tables"),
        ("records_checks", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("programme", models.CharField(max_length=60, verbose_name="项目")),
                ("proxy", models.CharField(blank=True, max_length=60, verbose_name="代办人")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("window", "窗口"),
                            ("community", "社区代办"),
                            ("online", "网上"),
                            ("hotline", "热线"),
                            ("department", "部门转来"),
                            ("discovery", "主动发现"),
                        ],
                        max_length=20,
                        verbose_name="渠道",
                    ),
                ),
                ("applied_on", models.DateField(verbose_name="申请日期")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.person",
                        verbose_name="申请人",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="首问",
                    ),
                ),
            ],
            options={
                "verbose_name": "申请",
                "verbose_name_plural": "申请",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="案号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("application", "申请"),
                            ("change", "变更"),
                            ("review", "复核"),
                            ("hearing", "听证"),
                            ("appeal", "申诉"),
                            ("recovery", "追回"),
                            ("referral", "转介"),
                        ],
                        default="application",
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("household_number", models.CharField(max_length=20, verbose_name="户号")),
                ("applicant_name", models.CharField(max_length=60, verbose_name="申请人")),
                ("person_name", models.CharField(blank=True, max_length=60, verbose_name="个人姓名")),
                ("programme", models.CharField(max_length=60, verbose_name="项目")),
                ("procedure", models.CharField(max_length=120, verbose_name="程序")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "待受理"),
                            ("open", "办理中"),
                            ("granted", "已确认"),
                            ("refused", "不予确认"),
                            ("withdrawn", "已撤回"),
                            ("terminated", "已终止"),
                        ],
                        default="applied",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="立案日期")),
                ("admitted_on", models.DateField(blank=True, null=True, verbose_name="受理日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="全程期限")),
                ("due_is_provisional", models.BooleanField(default=False, verbose_name="期限暂定")),
                ("extended_on", models.DateField(blank=True, null=True, verbose_name="延长日期")),
                ("extended_because", models.TextField(blank=True, verbose_name="延长原因")),
                (
                    "circumstances",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="情形",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="结案日期")),
                ("closed_because", models.TextField(blank=True, verbose_name="结案原因")),
                (
                    "application",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case",
                        to="cases.application",
                        verbose_name="申请",
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
                        related_name="cases",
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
                        related_name="cases",
                        to="households.person",
                        verbose_name="个人",
                    ),
                ),
            ],
            options={
                "verbose_name": "案件",
                "verbose_name_plural": "案件",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="CaseAward",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="awards.award",
                        verbose_name="待遇",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                        verbose_name="案件",
                    ),
                ),
            ],
            options={
                "verbose_name": "案件涉及的待遇",
                "verbose_name_plural": "案件涉及的待遇",
                "ordering": ("id",),
            },
        ),
        migrations.AddField(
            model_name="case",
            name="awards",
            field=models.ManyToManyField(
                related_name="cases", through="cases.CaseAward", to="awards.award", verbose_name="待遇"
            ),
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="步骤")),
                ("kind", models.CharField(max_length=40, verbose_name="类别")),
                ("label", models.CharField(max_length=40, verbose_name="名称")),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
                (
                    "posts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="岗位"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "办理中"),
                            ("done", "已办"),
                            ("repeated", "已退回重办"),
                            ("cancelled", "不再办理"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="到手日期")),
                ("begun_on", models.DateField(blank=True, null=True, verbose_name="启动日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("due_is_provisional", models.BooleanField(default=False, verbose_name="期限暂定")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
                (
                    "took_part",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="同去的人",
                    ),
                ),
                ("runs_until", models.DateField(blank=True, null=True, verbose_name="自行到期日")),
                (
                    "raises",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="带来的情形",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="cases.case",
                        verbose_name="案件",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "步骤",
                "verbose_name_plural": "步骤",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="CaseCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="cases.case",
                        verbose_name="案件",
                    ),
                ),
                (
                    "records_check",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_check",
                        to="records_checks.recordscheck",
                        verbose_name="核对",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="cases.casestep",
                        verbose_name="步骤",
                    ),
                ),
            ],
            options={
                "verbose_name": "案件核对",
                "verbose_name_plural": "案件核对",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="CommunityAppraisal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField(verbose_name="评议日期")),
                ("participants", models.PositiveSmallIntegerField(verbose_name="参加人数")),
                ("residents", models.PositiveSmallIntegerField(verbose_name="其中居民代表")),
                ("found_true", models.BooleanField(verbose_name="结果真实有效")),
                ("disputed", models.BooleanField(default=False, verbose_name="争议较大")),
                ("minutes", models.TextField(verbose_name="评议记录")),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisal",
                        to="cases.casestep",
                        verbose_name="步骤",
                    ),
                ),
            ],
            options={
                "verbose_name": "民主评议",
                "verbose_name_plural": "民主评议",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(
                        choices=[("grant", "同意"), ("refuse", "不同意")], max_length=10, verbose_name="决定"
                    ),
                ),
                ("amount", models.BigIntegerField(blank=True, null=True, verbose_name="金额（分）")),
                ("why_less", models.TextField(blank=True, verbose_name="为什么不给到限额")),
                ("since", models.DateField(blank=True, null=True, verbose_name="此前情况一直如此，自")),
                ("reason", models.TextField(verbose_name="理由")),
                ("decided_on", models.DateField(verbose_name="决定日期")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="决定人",
                    ),
                ),
                (
                    "determination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.determination",
                        verbose_name="认定",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmation",
                        to="cases.casestep",
                        verbose_name="步骤",
                    ),
                ),
            ],
            options={
                "verbose_name": "确认",
                "verbose_name_plural": "确认",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="CorrectionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("missing", models.JSONField(verbose_name="缺少的材料")),
                ("asked_on", models.DateField(verbose_name="告知日期")),
                ("met_on", models.DateField(blank=True, null=True, verbose_name="补齐日期")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="经办人",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="cases.case",
                        verbose_name="案件",
                    ),
                ),
            ],
            options={
                "verbose_name": "补正",
                "verbose_name_plural": "补正",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Examination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "opinion",
                    models.CharField(
                        choices=[("grant", "同意"), ("refuse", "不同意")], max_length=10, verbose_name="意见"
                    ),
                ),
                ("amount", models.BigIntegerField(blank=True, null=True, verbose_name="金额（分）")),
                ("why_less", models.TextField(blank=True, verbose_name="为什么不给到限额")),
                ("reason", models.TextField(verbose_name="理由")),
                ("examined_on", models.DateField(verbose_name="审核日期")),
                (
                    "determination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.determination",
                        verbose_name="认定",
                    ),
                ),
                (
                    "examined_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="审核人",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="examination",
                        to="cases.casestep",
                        verbose_name="步骤",
                    ),
                ),
            ],
            options={
                "verbose_name": "审核",
                "verbose_name_plural": "审核",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="HomeVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "by",
                    models.CharField(
                        choices=[("street", "街道"), ("district", "区级")], max_length=10, verbose_name="谁去"
                    ),
                ),
                ("visited_on", models.DateField(verbose_name="入户日期")),
                (
                    "visitors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="调查人"
                    ),
                ),
                (
                    "visitor_names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None, verbose_name="调查人姓名"
                    ),
                ),
                ("findings", models.TextField(verbose_name="所见")),
                ("neighbours", models.TextField(blank=True, verbose_name="邻里访问")),
                ("signed_by", models.CharField(max_length=60, verbose_name="在场签字的成员")),
                ("contactless", models.CharField(blank=True, max_length=200, verbose_name="非接触方式及原因")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="调查表",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit",
                        to="cases.casestep",
                        verbose_name="步骤",
                    ),
                ),
            ],
            options={
                "verbose_name": "入户调查",
                "verbose_name_plural": "入户调查",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("notice", "公示期内异议"),
                            ("complaint", "投诉举报"),
                            ("family", "申请人对核对结果有异议"),
                        ],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("raised_on", models.DateField(verbose_name="提出日期")),
                ("raised_by", models.CharField(blank=True, max_length=60, verbose_name="提出人")),
                ("content", models.TextField(verbose_name="内容")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                ("answer", models.TextField(blank=True, verbose_name="处理结果")),
                ("upheld", models.BooleanField(blank=True, null=True, verbose_name="成立")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="cases.case",
                        verbose_name="案件",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="cases.casestep",
                        verbose_name="公示",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "verbose_name": "异议",
                "verbose_name_plural": "异议",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Occasion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("emergency", "突发急难"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("on", models.DateField(verbose_name="发生日期")),
                ("told_on", models.DateField(verbose_name="得知日期")),
                ("what", models.CharField(max_length=200, verbose_name="情况")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occasions",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
            ],
            options={
                "verbose_name": "事由",
                "verbose_name_plural": "事由",
                "ordering": ("id",),
            },
        ),
        migrations.AddField(
            model_name="case",
            name="occasion",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="cases.occasion",
                verbose_name="事由",
            ),
        ),
        migrations.CreateModel(
            name="PublicNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("opinion", "公示"), ("grant", "公布")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("posted_on", models.DateField(verbose_name="张贴日期")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="公示最后一天")),
                ("name", models.CharField(max_length=60, verbose_name="申请人")),
                ("members", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="成员数")),
                ("visited", models.CharField(blank=True, max_length=200, verbose_name="入户调查")),
                ("appraised", models.CharField(blank=True, max_length=200, verbose_name="民主评议")),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[("grant", "同意"), ("refuse", "不同意")],
                        max_length=10,
                        verbose_name="意见",
                    ),
                ),
                ("amount", models.BigIntegerField(blank=True, null=True, verbose_name="金额（分）")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.division",
                        verbose_name="社区",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice",
                        to="cases.casestep",
                        verbose_name="步骤",
                    ),
                ),
            ],
            options={
                "verbose_name": "公示",
                "verbose_name_plural": "公示",
                "ordering": ("id",),
            },
        ),
        migrations.AddConstraint(
            model_name="caseaward",
            constraint=models.UniqueConstraint(fields=("case", "award"), name="case_touches_an_award_once"),
        ),
        migrations.AddIndex(
            model_name="casestep",
            index=models.Index(condition=models.Q(("state", "open")), fields=["due_on", "id"], name="step_open_work"),
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.UniqueConstraint(fields=("case", "name", "round"), name="step_once_a_round"),
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_by__isnull", True), ("done_on__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("done_on__isnull", False)),
                    _connector="OR",
                ),
                name="step_done_by_someone_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="communityappraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(("participants__gt", 0), ("residents__lte", models.F("participants"))),
                name="appraisal_residents_take_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="homevisit",
            constraint=models.CheckConstraint(condition=models.Q(("visitors__len__gte", 1)), name="visit_by_somebody"),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_on__isnull", True), ("upheld__isnull", True)),
                    models.Q(
                        ("answered_on__isnull", False),
                        ("upheld__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="objection_answer_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="occasion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["emergency", "other"],
                    )
                ),
                name="occasion_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="occasion",
            constraint=models.CheckConstraint(
                condition=models.Q(("what", ""), _negated=True), name="occasion_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", True), ("state__in", ("applied", "open"))),
                fields=("kind", "household", "programme", "occasion"),
                name="case_one_running_of_a_family",
                nulls_distinct=False,
                violation_error_message="这一户的这个项目已有一件正在办理。",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", False), ("state__in", ("applied", "open"))),
                fields=("kind", "person", "programme", "occasion"),
                name="case_one_running_of_a_person",
                nulls_distinct=False,
                violation_error_message="此人的这个项目已有一件正在办理。",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["application", "change", "review", "hearing", "appeal", "recovery", "referral"])
                ),
                name="case_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("application__isnull", False), ("kind", "application")),
                    models.Q(models.Q(("kind", "application"), _negated=True), ("application__isnull", True)),
                    _connector="OR",
                ),
                name="case_of_an_application_has_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", True), ("state__in", ("applied", "open"))),
                    models.Q(models.Q(("state__in", ("applied", "open")), _negated=True), ("closed_on__isnull", False)),
                    _connector="OR",
                ),
                name="case_open_or_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("admitted_on__isnull", False),
                    models.Q(("state__in", ("open", "granted")), _negated=True),
                    _connector="OR",
                ),
                name="case_admitted_before_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "grant"), ("ends_on__gt", models.F("posted_on")), _connector="OR"),
                name="notice_of_an_opinion_ends",
            ),
        ),
    ]
