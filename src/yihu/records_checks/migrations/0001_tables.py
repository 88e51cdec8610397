import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("documents", "0001_tables"),
        ("households", "0001_tables"),
        ("organisations", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordsCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(db_index=True, max_length=60, verbose_name="所属")),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="被核对人"
                    ),
                ),
                ("asked_on", models.DateField(verbose_name="提请日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "核对中"), ("done", "已完成"), ("cancelled", "已撤回")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="提请人",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records_checks",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
            ],
            options={
                "verbose_name": "核对",
                "verbose_name_plural": "核对",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="RefusedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40, verbose_name="来源")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "requests",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="所涉请求",
                    ),
                ),
                (
                    "households",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="所涉家庭",
                    ),
                ),
                (
                    "faults",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="没有采用的原因"
                    ),
                ),
                ("faults_count", models.PositiveIntegerField(verbose_name="原因数")),
                ("refused_on", models.DateField(verbose_name="收到日期")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="处理日期")),
                ("settled_note", models.TextField(blank=True, verbose_name="处理结果")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.division",
                        verbose_name="范围",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="处理人",
                    ),
                ),
            ],
            options={
                "verbose_name": "没有采用的答复文件",
                "verbose_name_plural": "没有采用的答复文件",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="SourceRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40, verbose_name="来源")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "待发出"),
                            ("sent", "已发出"),
                            ("answered", "已答复"),
                            ("failed", "未能答复"),
                            ("cancelled", "已撤回"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="发出日期")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                ("data_as_of", models.DateField(blank=True, null=True, verbose_name="数据截止日期")),
                ("failure", models.TextField(blank=True, verbose_name="未能答复的原因")),
                (
                    "answered_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="答复文件",
                    ),
                ),
                (
                    "asked_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="提请文件",
                    ),
                ),
                (
                    "check_round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="records_checks.recordscheck",
                        verbose_name="核对",
                    ),
                ),
            ],
            options={
                "verbose_name": "核对请求",
                "verbose_name_plural": "核对请求",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="SourceAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("found", models.BooleanField(verbose_name="查到")),
                ("said", models.JSONField(verbose_name="内容")),
                ("data_as_of", models.DateField(verbose_name="数据截止日期")),
                (
                    "set_aside",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("left", "已不是这一户的成员"),
                            ("no_consent", "授权已撤回"),
                            ("taken_back", "核对已撤回"),
                        ],
                        max_length=12,
                        verbose_name="不采用的原因",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.person",
                        verbose_name="个人",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="records_checks.sourcerequest",
                        verbose_name="请求",
                    ),
                ),
            ],
            options={
                "verbose_name": "核对答复",
                "verbose_name_plural": "核对答复",
                "ordering": ("id",),
            },
        ),
        migrations.AddConstraint(
            model_name="recordscheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("closed_on__isnull", False)),
                    _connector="OR",
                ),
                name="check_closes_with_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="refusedfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_on__isnull", True)),
                fields=("division", "source", "sha256"),
                name="file_refused_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="refusedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_by__isnull", True), ("settled_note", ""), ("settled_on__isnull", True)),
                    models.Q(
                        ("settled_on__isnull", False),
                        ("settled_by__isnull", False),
                        models.Q(("settled_note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="settling_a_file_is_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="sourcerequest",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "sent"))), fields=["source", "id"], name="request_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerequest",
            constraint=models.UniqueConstraint(fields=("check_round", "source"), name="source_asked_once_a_round"),
        ),
        migrations.AddConstraint(
            model_name="sourcerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "answered"), _negated=True),
                    models.Q(
                        ("answered_in__isnull", False), ("answered_on__isnull", False), ("data_as_of__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="answer_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True),
                    models.Q(("failure", ""), _negated=True),
                    _connector="OR",
                ),
                name="giving_up_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_on__isnull", False), ("state__in", ("sent", "answered"))),
                    models.Q(("sent_on__isnull", True), ("state", "queued")),
                    ("state__in", ("failed", "cancelled")),
                    _connector="OR",
                ),
                name="question_is_queued_until_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourceanswer",
            constraint=models.UniqueConstraint(fields=("request", "person"), name="person_answered_once"),
        ),
    ]
