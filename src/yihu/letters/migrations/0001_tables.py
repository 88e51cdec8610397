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
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="文号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing_papers", "一次性补正告知书"),
                            ("acceptance", "受理通知书"),
                            ("records_refusal", "核对结果告知书"),
                            ("extension", "延长办理期限告知书"),
                            ("grant", "确认通知书"),
                            ("refusal", "不予确认告知书"),
                            ("incomplete", "材料未补齐终止办理告知书"),
                            ("termination", "终止审核确认告知书"),
                            ("withdrawal", "撤回申请告知书"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("subject", models.CharField(db_index=True, max_length=60, verbose_name="所属")),
                ("addressee", models.CharField(max_length=60, verbose_name="收信人")),
                ("content", models.JSONField(verbose_name="内容")),
                ("office", models.CharField(max_length=60, verbose_name="发文机关")),
                ("entrusted_by", models.CharField(blank=True, max_length=60, verbose_name="委托机关")),
                ("issued_on", models.DateField(verbose_name="发出日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="送达期限")),
                ("delivered_on", models.DateField(blank=True, null=True, verbose_name="送达日期")),
                (
                    "delivery",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "当面送达"),
                            ("post", "邮寄"),
                            ("community", "社区转交"),
                            ("online", "网上送达"),
                        ],
                        max_length=20,
                        verbose_name="送达方式",
                    ),
                ),
                ("received_by", models.CharField(blank=True, max_length=60, verbose_name="签收人")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "通知书",
                "verbose_name_plural": "通知书",
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_on__isnull", True)),
                        fields=["household"],
                        name="letter_undelivered",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_on__isnull", True), ("delivery", "")),
                            models.Q(("delivered_on__isnull", False), models.Q(("delivery", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="letter_delivery_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivered_on__isnull", True),
                            ("delivered_on__gte", models.F("issued_on")),
                            _connector="OR",
                        ),
                        name="letter_delivered_after_issue",
                    ),
                ],
            },
        ),
    ]
