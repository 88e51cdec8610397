import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Principal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("staff", "工作人员"),
                            ("resident", "居民"),
                            ("partner", "合作单位人员"),
                            ("service", "程序"),
                        ],
                        max_length=10,
                        verbose_name="是谁",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "行为人",
                "verbose_name_plural": "行为人",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Login",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "principal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="login",
                        serialize=False,
                        to="access.principal",
                        verbose_name="行为人",
                    ),
                ),
                ("username", models.CharField(max_length=60, unique=True, verbose_name="账号")),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
                "ordering": ("principal",),
            },
        ),
        migrations.AddConstraint(
            model_name="principal",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["staff", "resident", "partner", "service"])),
                name="principal_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="principal",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="principal_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="principal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "service")), fields=("name",), name="principal_service_once"
            ),
        ),
    ]
