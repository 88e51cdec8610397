import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("documents", "0001_tables"),
        ("organisations", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="户号")),
                ("address", models.CharField(max_length=200, verbose_name="住址")),
                ("telephone", models.BinaryField(blank=True, null=True, verbose_name="电话（加密）")),
                (
                    "telephone_digest",
                    models.BinaryField(blank=True, db_index=True, max_length=32, null=True, verbose_name="电话摘要"),
                ),
                ("opened_on", models.DateField(verbose_name="建档日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="销档日期")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.division",
                        verbose_name="社区",
                    ),
                ),
            ],
            options={
                "verbose_name": "家庭",
                "verbose_name_plural": "家庭",
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("care", "上门照料"), ("charity", "慈善帮扶"), ("service", "办理本部门的服务")],
                        max_length=20,
                        verbose_name="用途",
                    ),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("number", "户号"),
                                ("head", "户主姓名"),
                                ("size", "人数"),
                                ("community", "社区"),
                                ("address", "住址"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="提供的内容",
                    ),
                ),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="期间")),
                ("basis", models.CharField(max_length=200, verbose_name="依据")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="终止日期")),
                (
                    "granted_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.division",
                        verbose_name="授权的区划",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="organisations.organisation",
                        verbose_name="单位",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
            ],
            options={
                "verbose_name": "提供授权",
                "verbose_name_plural": "提供授权",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="FileRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("file", "家庭档案"),
                            ("case", "案卷"),
                            ("identity_number", "身份证号"),
                            ("telephone", "电话"),
                            ("account", "银行账号"),
                            ("document", "文件"),
                            ("history", "全部变更"),
                            ("export", "导出"),
                            ("comparison", "登记时比对"),
                            ("disclosure", "按授权提供给合作单位"),
                        ],
                        max_length=20,
                        verbose_name="内容",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("case", "办理申请"),
                            ("visitor", "接待来访来电"),
                            ("change", "登记变化"),
                            ("review", "复核"),
                            ("payment", "发放待遇"),
                            ("supervision", "监督检查"),
                            ("audit", "审计"),
                        ],
                        max_length=20,
                        verbose_name="目的",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="查看人",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reads",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
            ],
            options={
                "verbose_name": "查看记录",
                "verbose_name_plural": "查看记录",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("pinyin", models.CharField(max_length=120, verbose_name="拼音")),
                ("initials", models.CharField(max_length=30, verbose_name="拼音首字母")),
                (
                    "sex",
                    models.CharField(choices=[("male", "男"), ("female", "女")], max_length=6, verbose_name="性别"),
                ),
                ("birth_date", models.DateField(verbose_name="出生日期")),
                ("identity_number", models.BinaryField(blank=True, null=True, verbose_name="身份证号（加密）")),
                (
                    "identity_digest",
                    models.BinaryField(blank=True, max_length=32, null=True, unique=True, verbose_name="身份证号摘要"),
                ),
                ("identity_tail", models.CharField(blank=True, max_length=4, verbose_name="身份证号后四位")),
                ("died_on", models.DateField(blank=True, null=True, verbose_name="死亡日期")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="households.household",
                        verbose_name="档案",
                    ),
                ),
            ],
            options={
                "verbose_name": "个人",
                "verbose_name_plural": "个人",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(blank=True, max_length=60, verbose_name="所属")),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="documents.document",
                        verbose_name="文件",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
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
                        related_name="+",
                        to="households.person",
                        verbose_name="个人",
                    ),
                ),
            ],
            options={
                "verbose_name": "档案材料",
                "verbose_name_plural": "档案材料",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("relation", models.PositiveSmallIntegerField(verbose_name="与户主关系")),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="期间")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="households.person",
                        verbose_name="个人",
                    ),
                ),
            ],
            options={
                "verbose_name": "成员",
                "verbose_name_plural": "成员",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="事实")),
                ("value", models.JSONField(verbose_name="值")),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="期间")),
                (
                    "source",
                    models.CharField(
                        choices=[("declared", "申报"), ("received", "部门"), ("verified", "核实")],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("department", models.CharField(blank=True, max_length=40, verbose_name="部门")),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                ("known_on", models.DateField(verbose_name="知道的日期")),
                (
                    "basis",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.fact",
                        verbose_name="采信",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="证据",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="登记人",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="households.household",
                        verbose_name="家庭",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="households.person",
                        verbose_name="个人",
                    ),
                ),
            ],
            options={
                "verbose_name": "事实",
                "verbose_name_plural": "事实",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_on", models.DateField(verbose_name="签署日期")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤回日期")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="授权书",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="households.person",
                        verbose_name="个人",
                    ),
                ),
            ],
            options={
                "verbose_name": "核对授权",
                "verbose_name_plural": "核对授权",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Resident",
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
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resident",
                        to="households.person",
                        verbose_name="个人",
                    ),
                ),
            ],
            options={
                "verbose_name": "居民账号",
                "verbose_name_plural": "居民账号",
                "ordering": ("principal",),
            },
            bases=("access.principal",),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                django.db.models.functions.comparison.Collate("number", "C"), name="household_by_number"
            ),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(django.db.models.functions.text.Right("number", 6), name="household_by_serial"),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                django.db.models.functions.comparison.Collate("division_id", "C"),
                models.F("number"),
                name="household_in_area",
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(("address", ""), _negated=True), name="household_has_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", True), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                ),
                name="household_closes_after_opening",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                expressions=(("organisation", "="), ("household", "="), ("purpose", "="), ("period", "&&")),
                name="grant_once_for_a_purpose_at_a_time",
                violation_error_message="这个单位在这段时间已有这一户同一用途的授权。",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["care", "charity", "service"])), name="grant_purpose_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fields__contained_by", ["number", "head", "size", "community", "address"]),
                    models.Q(("fields", []), _negated=True),
                ),
                name="grant_fields_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("period__isempty", False), ("period__upper_inf", False)), name="grant_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), _negated=True), name="grant_has_a_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    models.Q(
                        ("ended_on__gte", models.F("period__startswith")),
                        ("ended_on__lt", models.F("period__endswith")),
                    ),
                    _connector="OR",
                ),
                name="grant_is_ended_while_it_lasts",
            ),
        ),
        migrations.AddIndex(
            model_name="fileread",
            index=models.Index(fields=["household", "id"], name="read_of_household"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(django.db.models.functions.comparison.Collate("name", "C"), name="person_by_name"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.db.models.functions.comparison.Collate(
                    models.Func(models.F("name"), models.Value(2), function="substr"), "C"
                ),
                name="person_by_given_name",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.db.models.functions.comparison.Collate(
                    django.db.models.functions.text.Replace("pinyin", models.Value(" "), models.Value("")), "C"
                ),
                name="person_by_pinyin",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.db.models.functions.comparison.Collate(
                    models.Func(models.F("pinyin"), models.Value(" "), models.Value(2), function="split_part"), "C"
                ),
                name="person_by_given_pinyin",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.db.models.functions.comparison.Collate("initials", "C"), name="person_by_initials"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Replace("pinyin", models.Value(" "), models.Value("")),
                    name="gin_trgm_ops",
                ),
                name="person_by_likeness",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("identity_tail", ""), _negated=True),
                fields=["identity_tail"],
                name="person_by_tail",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("pinyin", ""), _negated=True)),
                name="person_has_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("identity_digest__isnull", True), ("identity_number__isnull", True), ("identity_tail", "")
                    ),
                    models.Q(
                        ("identity_digest__isnull", False),
                        ("identity_number__isnull", False),
                        ("identity_tail__regex", "^\\d{3}[\\dX]$"),
                    ),
                    _connector="OR",
                ),
                name="person_number_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("died_on__isnull", True), ("died_on__gte", models.F("birth_date")), _connector="OR"
                ),
                name="person_dies_after_birth",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=(("person", "="), ("period", "&&")),
                name="member_of_one_household_at_a_time",
                violation_error_message="此人在这段时间已经是一个家庭的成员。",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("relation", 2)),
                expressions=(("household", "="), ("period", "&&")),
                name="member_one_head_at_a_time",
                violation_error_message="一户同时只能有一位户主。",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("period__isempty", False)), name="member_period_is_not_empty"
            ),
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(
                condition=models.Q(("household__isnull", False)), fields=["household", "name"], name="fact_of_household"
            ),
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(
                condition=models.Q(("person__isnull", False)), fields=["person", "name"], name="fact_of_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("household__isnull", True), ("person__isnull", False)),
                    models.Q(("household__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="fact_is_of_a_family_or_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["declared", "received", "verified"])), name="fact_source_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", "received"), ("department", ""), _connector="XOR"),
                name="fact_received_names_its_department",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on__isnull", True), ("withdrawn_on__gte", models.F("signed_on")), _connector="OR"
                ),
                name="consent_withdrawn_after_signing",
            ),
        ),
    ]
