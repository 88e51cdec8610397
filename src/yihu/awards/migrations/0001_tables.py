import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("documents", "0001_tables"),
        ("households", "0001_tables"),
        ("organisations", "0001_tables"),
        ("policy", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Award",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("programme", models.CharField(max_length=60, verbose_name="项目")),
                ("key", models.CharField(max_length=80, verbose_name="次序")),
                ("kind", models.CharField(max_length=10, verbose_name="种类")),
                ("form", models.CharField(blank=True, max_length=10, verbose_name="形式")),
                ("most", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="最多几次")),
                ("pays_from", models.DateField(blank=True, null=True, verbose_name="起发日期")),
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
            ],
            options={
                "verbose_name": "待遇",
                "verbose_name_plural": "待遇",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="AwardTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="期间")),
                ("amount", models.BigIntegerField(blank=True, null=True, verbose_name="金额（分）")),
                ("help", models.CharField(blank=True, default="", max_length=200, verbose_name="帮助的内容")),
                ("stops", models.BooleanField(default=False, verbose_name="停发")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_eligible", "不再符合条件"),
                            ("died", "去世"),
                            ("left", "迁出"),
                            ("renounced", "本人放弃"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="停发的原因",
                    ),
                ),
                ("mark", models.CharField(blank=True, default="", max_length=40, verbose_name="金额说明")),
                ("known_on", models.DateField(verbose_name="定下的日期")),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="awards.award",
                        verbose_name="待遇",
                    ),
                ),
                (
                    "determination",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="policy.determination",
                        verbose_name="认定",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "待遇的每一段",
                "verbose_name_plural": "待遇的每一段",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="CalendarLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("looked_on", models.DateField(verbose_name="查看日期")),
                ("compared_from", models.DateField(verbose_name="自")),
                ("compared_to", models.DateField(verbose_name="至")),
                ("households", models.PositiveIntegerField(default=0, verbose_name="户数")),
                ("results", models.PositiveIntegerField(default=0, verbose_name="结果数")),
                ("found", models.PositiveIntegerField(default=0, verbose_name="新的提议")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="出错的户")),
                ("unknown", models.PositiveIntegerField(default=0, verbose_name="算不出的待遇")),
                ("problem", models.CharField(blank=True, default="", max_length=200, verbose_name="没有查看的原因")),
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
                "verbose_name": "到期变动的查看",
                "verbose_name_plural": "到期变动的查看",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=200, verbose_name="内容")),
                ("quantity", models.PositiveIntegerField(verbose_name="数量")),
                ("delivered_on", models.DateField(verbose_name="送出日期")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="收到日期")),
                ("received_by", models.CharField(blank=True, default="", max_length=60, verbose_name="收件人")),
                ("receipt", models.CharField(blank=True, default="", max_length=100, verbose_name="签收凭据")),
                ("refused_on", models.DateField(blank=True, null=True, verbose_name="拒收日期")),
                (
                    "refused_because",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="拒收的原因"),
                ),
                (
                    "delivered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="送出人",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="awards.awardterm",
                        verbose_name="待遇",
                    ),
                ),
            ],
            options={
                "verbose_name": "交付",
                "verbose_name_plural": "交付",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="OpeningImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("imported_on", models.DateField(verbose_name="载入日期")),
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
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "在册期初",
                "verbose_name_plural": "在册期初",
                "ordering": ("id",),
            },
        ),
        migrations.AddField(
            model_name="awardterm",
            name="opening",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="terms",
                to="awards.openingimport",
                verbose_name="期初",
            ),
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
                        to="access.principal",
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
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("programme", models.CharField(max_length=60, verbose_name="项目")),
                ("key", models.CharField(max_length=80, verbose_name="次序")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("change", "调整金额"),
                            ("begin", "开始"),
                            ("continue", "到期续办"),
                            ("end", "不再符合"),
                            ("look", "需核实"),
                        ],
                        max_length=10,
                        verbose_name="变动",
                    ),
                ),
                ("from_day", models.DateField(verbose_name="自")),
                ("before", models.BigIntegerField(blank=True, null=True, verbose_name="原金额（分）")),
                ("outcome", models.CharField(max_length=20, verbose_name="规则的结论")),
                ("amount", models.BigIntegerField(blank=True, null=True, verbose_name="新金额（分）")),
                ("reason", models.CharField(max_length=200, verbose_name="缘由")),
                ("found_on", models.DateField(verbose_name="提出日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待办理"),
                            ("accepted", "已采纳"),
                            ("declined", "不采纳"),
                            ("closed", "已核实"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="办理日期")),
                ("because", models.CharField(blank=True, default="", max_length=200, verbose_name="办理的原因")),
                (
                    "reopened_because",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="重新打开的原因"),
                ),
                (
                    "against",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="awards.awardterm",
                        verbose_name="针对的一段",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="办理人",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
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
                (
                    "reopened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.principal",
                        verbose_name="重新打开的人",
                    ),
                ),
                (
                    "reopens",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopened",
                        to="awards.proposal",
                        verbose_name="重新打开的",
                    ),
                ),
                (
                    "term",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="awards.awardterm",
                        verbose_name="待遇",
                    ),
                ),
            ],
            options={
                "verbose_name": "到期变动",
                "verbose_name_plural": "到期变动",
                "ordering": ("id",),
            },
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
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", True)),
                fields=("household", "programme", "key"),
                name="award_one_of_a_household",
                violation_error_message="这一户已经有这个项目的这一笔待遇。",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", False)),
                fields=("person", "programme", "key"),
                name="award_one_of_a_person",
                violation_error_message="此人已经有这个项目的这一笔待遇。",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["status", "month", "season", "year", "once"])),
                name="award_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("form", ""), ("kind", "status")),
                    models.Q(
                        models.Q(("kind", "status"), _negated=True),
                        ("form__in", ["money", "waiver", "goods", "place", "voucher", "service"]),
                    ),
                    _connector="OR",
                ),
                name="award_has_a_form_unless_a_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="award_key_is_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("most__isnull", True),
                    models.Q(
                        ("key__regex", "^([0-9]{4}-)?[0-9]+$"),
                        django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.comparison.Cast(
                                models.Func(models.F("key"), models.Value("[0-9]+$"), function="substring"),
                                models.IntegerField(),
                            ),
                            models.F("most"),
                        ),
                    ),
                    _connector="OR",
                ),
                name="award_within_its_limit",
                violation_error_message="这个项目已经享受到最多的次数。",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarlook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("problem", "")), fields=("division", "looked_on"), name="calendar_look_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarlook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("households__gt", 0), ("problem", ""), ("results__gt", 0)),
                    models.Q(("found", 0), ("households", 0), ("results", 0), models.Q(("problem", ""), _negated=True)),
                    _connector="OR",
                ),
                name="calendar_look_compared_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0), models.Q(("what", ""), _negated=True)),
                name="delivery_is_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("receipt", ""),
                        ("received_by", ""),
                        ("received_on__isnull", True),
                        ("refused_because", ""),
                        ("refused_on__isnull", True),
                    ),
                    models.Q(
                        ("received_on__isnull", False),
                        ("refused_because", ""),
                        ("refused_on__isnull", True),
                        models.Q(("received_by", ""), _negated=True),
                        models.Q(("receipt", ""), _negated=True),
                    ),
                    models.Q(
                        ("receipt", ""),
                        ("received_by", ""),
                        ("received_on__isnull", True),
                        ("refused_on__isnull", False),
                        models.Q(("refused_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="delivery_received_or_refused",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("received_on__isnull", True), ("received_on__gte", models.F("delivered_on")), _connector="OR"
                    ),
                    models.Q(
                        ("refused_on__isnull", True), ("refused_on__gte", models.F("delivered_on")), _connector="OR"
                    ),
                ),
                name="delivery_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("pays_from__day", 1)), name="opening_pays_from_a_first"
            ),
        ),
        migrations.AddIndex(
            model_name="awardterm",
            index=models.Index(fields=["award", "id"], name="term_of_award"),
        ),
        migrations.AddConstraint(
            model_name="awardterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__isnull", True), ("amount__gt", 0), _connector="OR"),
                name="term_amount_is_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("determination__isnull", False), ("opening__isnull", True), ("reason", ""), ("stops", False)
                    ),
                    models.Q(
                        ("determination__isnull", True), ("opening__isnull", False), ("reason", ""), ("stops", False)
                    ),
                    models.Q(("opening__isnull", True), ("stops", True), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="term_rests_on_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stops", False), models.Q(("amount__isnull", True), ("help", ""), ("mark", "")), _connector="OR"
                ),
                name="term_that_stops_gives_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("period__isempty", False), ("period__lower_inf", False)),
                name="term_covers_something",
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
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["household"], name="proposal_waiting"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=(
                    "household",
                    "person",
                    "programme",
                    "key",
                    "kind",
                    "from_day",
                    "outcome",
                    "amount",
                    "against",
                    "reopens",
                ),
                name="proposal_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("because", ""), ("decided_on__isnull", True), ("state", "waiting"), ("term__isnull", True)
                    ),
                    models.Q(
                        ("decided_on__isnull", False),
                        ("state", "accepted"),
                        ("term__isnull", False),
                        models.Q(("because", ""), ("kind", "look"), _connector="XOR"),
                    ),
                    models.Q(
                        ("decided_on__isnull", False),
                        ("state__in", ("declined", "closed", "withdrawn")),
                        ("term__isnull", True),
                        models.Q(("because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="proposal_decided_in_full",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reopened_because", ""), ("reopened_by__isnull", True), ("reopens__isnull", True)),
                    models.Q(
                        ("reopened_by__isnull", False),
                        ("reopens__isnull", False),
                        models.Q(("reopened_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="proposal_reopened_in_full",
            ),
        ),
    ]
