import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("application", "申请书"),
                            ("consent", "核对授权书"),
                            ("proxy", "委托手续"),
                            ("proof", "证明材料"),
                            ("visit", "入户调查表和照片"),
                            ("exchange", "部门交换文件"),
                            ("opening", "在册名单"),
                            ("bank_file", "银行发放文件"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("content_type", models.CharField(max_length=100, verbose_name="内容类型")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("received_on", models.DateField(verbose_name="收到日期")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.division",
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "文件",
                "verbose_name_plural": "文件",
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "application",
                                    "consent",
                                    "proxy",
                                    "proof",
                                    "visit",
                                    "exchange",
                                    "opening",
                                    "bank_file",
                                ],
                            )
                        ),
                        name="document_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="document_has_hash"
                    ),
                ],
            },
        ),
    ]
