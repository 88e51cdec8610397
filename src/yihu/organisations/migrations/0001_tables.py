import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                (
                    "principal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="access.principal",
                        verbose_name="行为人",
                    ),
                ),
            ],
            options={
                "verbose_name": "工作人员",
                "verbose_name_plural": "工作人员",
                "ordering": ("principal",),
            },
            bases=("access.principal",),
        ),
        migrations.CreateModel(
            name="Division",
            fields=[
                ("path", models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="路径")),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="统计用区划代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "省"),
                            ("city", "市"),
                            ("district", "区"),
                            ("street", "街道"),
                            ("community", "社区"),
                        ],
                        max_length=20,
                        verbose_name="层级",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="divisions",
                        to="organisations.division",
                        verbose_name="上级区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "区划",
                "verbose_name_plural": "区划",
                "ordering": ("path",),
            },
        ),
        migrations.CreateModel(
            name="FormerCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, verbose_name="原区划代码")),
                ("name", models.CharField(max_length=60, verbose_name="当时的名称")),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="期间")),
                ("source", models.CharField(max_length=120, verbose_name="来源")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_codes",
                        to="organisations.division",
                        verbose_name="现在的区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "原区划代码",
                "verbose_name_plural": "原区划代码",
                "ordering": ("code", "period"),
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("street_assistance_window", "街道救助窗口")], max_length=40, verbose_name="类别"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("telephone", models.CharField(max_length=13, verbose_name="办公电话")),
                ("source_document", models.CharField(max_length=60, verbose_name="来源文件")),
                ("source_clause", models.CharField(max_length=60, verbose_name="来源条款")),
                ("source_date", models.DateField(verbose_name="来源日期")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="organisations.division",
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "机构",
                "verbose_name_plural": "机构",
                "ordering": ("division", "kind"),
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("civil_affairs", "民政部门"),
                            ("street_office", "街道办事处、乡镇政府"),
                            ("residents_committee", "居民委员会、村民委员会"),
                            ("finance", "财政部门"),
                            ("department", "其他部门"),
                            ("charity", "慈善组织"),
                        ],
                        max_length=30,
                        verbose_name="类别",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="organisation_has_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "civil_affairs",
                                    "street_office",
                                    "residents_committee",
                                    "finance",
                                    "department",
                                    "charity",
                                ],
                            )
                        ),
                        name="organisation_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "principal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="access.principal",
                        verbose_name="行为人",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="organisations.organisation",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "合作单位人员",
                "verbose_name_plural": "合作单位人员",
                "ordering": ("principal",),
            },
            bases=("access.principal",),
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30, verbose_name="岗位")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="organisations.division",
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "岗位",
                "verbose_name_plural": "岗位",
                "ordering": ("division", "kind"),
            },
        ),
        migrations.CreateModel(
            name="Relative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kinship",
                    models.CharField(
                        choices=[
                            ("spouse", "配偶"),
                            ("parent", "父母"),
                            ("child", "子女"),
                            ("sibling", "兄弟姐妹"),
                            ("grandparent", "祖父母、外祖父母"),
                            ("grandchild", "孙子女、外孙子女"),
                        ],
                        max_length=20,
                        verbose_name="关系",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("identity_digest", models.BinaryField(max_length=32, verbose_name="身份证号摘要")),
                ("declared_on", models.DateField(verbose_name="申报日期")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relatives",
                        to="organisations.staffmember",
                        verbose_name="工作人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "近亲属",
                "verbose_name_plural": "近亲属",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="任期")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="organisations.post",
                        verbose_name="岗位",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="organisations.staffmember",
                        verbose_name="工作人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
                "ordering": ("id",),
            },
        ),
        migrations.AddConstraint(
            model_name="division",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code__regex", "^[1-9][0-9]0000$"), ("level", "province")),
                    models.Q(("code__regex", "^[1-9][0-9]{3}00$"), ("level", "city")),
                    models.Q(("code__regex", "^[1-9][0-9]{5}$"), ("level", "district")),
                    models.Q(("code__regex", "^[1-9][0-9]{8}$"), ("level", "street")),
                    models.Q(("code__regex", "^[1-9][0-9]{11}$"), ("level", "community")),
                    _connector="OR",
                ),
                name="division_code_fits_level",
                violation_error_message="省、市、区的代码是 6 位数字，街道是 9 位，社区是 12 位。",
            ),
        ),
        migrations.AddConstraint(
            model_name="division",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "province"), ("parent__isnull", True), ("path__regex", "^[0-9]+/$")),
                    models.Q(
                        models.Q(("level", "province"), _negated=True),
                        ("parent__isnull", False),
                        (
                            "path__regex",
                            django.db.models.functions.text.Concat(
                                models.Value("^"), models.F("parent_id"), models.Value("[0-9]+/$")
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="division_lies_in_its_parent",
                violation_error_message="省没有上级，其余都有；路径是上级的路径加上自己的一段，以“/”结尾。",
            ),
        ),
        migrations.AddConstraint(
            model_name="division",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="division_has_name",
                violation_error_message="区划要有名称。",
            ),
        ),
        migrations.AddConstraint(
            model_name="formercode",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=(("code", "="), ("period", "&&")),
                name="former_code_of_one_division_at_a_time",
                violation_error_message="这个代码在这段时间已经指另一个区划。",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.UniqueConstraint(
                fields=("division", "kind"),
                name="office_once_per_division_and_kind",
                violation_error_message="这个区划已有同类机构。",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["street_assistance_window"])),
                name="office_kind_is_known",
                violation_error_message="机构类别不在表中。",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(("telephone__regex", "^0[1-9][0-9]{1,2}-[2-9][0-9]{6,7}$")),
                name="office_telephone_is_fixed_line",
                violation_error_message="办公电话写成 010-12345678 这样的固定电话。",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(("source_document", ""), _negated=True),
                    models.Q(("source_clause", ""), _negated=True),
                ),
                name="office_has_name_and_source",
                violation_error_message="机构要有名称，并注明来自哪份文件的哪一条。",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(fields=("kind", "division"), name="post_once_per_division_and_kind"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "community_worker",
                            "window_clerk",
                            "street_examiner",
                            "street_director",
                            "district_officer",
                            "finance_maker",
                            "finance_checker",
                            "auditor",
                        ],
                    )
                ),
                name="post_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="relative",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_on__isnull", True)),
                fields=("staff", "identity_digest"),
                name="relative_declared_once",
                violation_error_message="这位近亲属已经申报过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=(("post", "="), ("staff", "="), ("period", "&&")),
                name="appointment_once_at_a_time",
                violation_error_message="此人在这段时间已经担任这个岗位。",
            ),
        ),
    ]
