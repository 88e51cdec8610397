"""Files that were not taken: seen by area, and with the first of the families that they name."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from yihu.common.database import Frozen, History, RowSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_history"),
        ("records_checks", "0002_locks"),
    ]

    operations = [
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
                    "faults",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="没有采用的原因"
                    ),
                ),
                ("faults_count", models.PositiveIntegerField(verbose_name="原因数")),
                ("refused_on", models.DateField(verbose_name="收到日期")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="处理日期")),
                ("settled_by", models.CharField(blank=True, max_length=60, verbose_name="处理人")),
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
            ],
            options={
                "verbose_name": "没有采用的答复文件",
                "verbose_name_plural": "没有采用的答复文件",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_on__isnull", True)),
                        fields=("division", "source", "sha256"),
                        name="file_refused_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_by", ""), ("settled_note", ""), ("settled_on__isnull", True)),
                            models.Q(
                                ("settled_on__isnull", False),
                                models.Q(("settled_by", ""), _negated=True),
                                models.Q(("settled_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="settling_a_file_is_whole",
                    ),
                ],
            },
        ),
        RowSecurity("records_checks_refusedfile", "app_reaches(division_id)"),
        Frozen(
            "records_checks_refusedfile",
            but=["settled_on", "settled_by", "settled_note"],
            message="没有采用的文件为什么没有采用，不能改动。",
        ),
        # The faults quote what stood in the file, and so are remembered where its families' changes are.
        History(
            "records_checks_refusedfile",
            "(SELECT min(k.household_id) FROM records_checks_sourcerequest q"
            " JOIN records_checks_recordscheck k ON k.id = q.check_round_id WHERE q.id = ANY(r.requests))",
        ),
    ]
