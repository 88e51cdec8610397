"""Families, who lives in them from when to when, what is known of them, and who looked."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Collate, Now, Replace, Right
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.documents.models import Document
from yihu.households.enums import HEAD, DisclosedField, DisclosurePurpose, FactSource, ReadKind, ReadPurpose, Sex
from yihu.organisations.models import Division, Organisation

# From this birthday on someone signs for himself (民法典 第十七条).
ADULT_AGE = 18


class Household(models.Model):
    """Those who live together: one file, one plan. ``division`` is the community where they live."""

    number = models.CharField(_("户号"), max_length=20, unique=True)
    division = models.ForeignKey(Division, verbose_name=_("社区"), on_delete=models.PROTECT, related_name="+")
    address = models.CharField(_("住址"), max_length=200)
    telephone = models.BinaryField(_("电话（加密）"), null=True, blank=True)
    telephone_digest = models.BinaryField(_("电话摘要"), max_length=32, null=True, blank=True, db_index=True)
    opened_on = models.DateField(_("建档日期"))
    closed_on = models.DateField(_("销档日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("家庭")
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(name="household_has_address", condition=~Q(address="")),
            models.CheckConstraint(
                name="household_closes_after_opening",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("opened_on")),
            ),
        )
        # What `functions.SEARCH_PEOPLE` goes by.
        indexes = (
            models.Index(Collate("number", "C"), name="household_by_number"),
            models.Index(Right("number", 6), name="household_by_serial"),
            models.Index(Collate("division_id", "C"), F("number"), name="household_in_area"),
        )

    def __str__(self) -> str:
        return self.number


class Person(models.Model):
    """Someone, once in the whole district. ``household`` is the family whose file holds what is known of him:
    the one he lives in, or lived in last.
    """

    household = models.ForeignKey(Household, verbose_name=_("档案"), on_delete=models.PROTECT, related_name="people")
    name = models.CharField(_("姓名"), max_length=60)
    pinyin = models.CharField(_("拼音"), max_length=120)
    initials = models.CharField(_("拼音首字母"), max_length=30)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex)
    birth_date = models.DateField(_("出生日期"))
    identity_number = models.BinaryField(_("身份证号（加密）"), null=True, blank=True)
    identity_digest = models.BinaryField(_("身份证号摘要"), max_length=32, null=True, blank=True, unique=True)
    identity_tail = models.CharField(_("身份证号后四位"), max_length=4, blank=True)
    died_on = models.DateField(_("死亡日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("个人")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="person_has_name", condition=~Q(name="") & ~Q(pinyin="")),
            models.CheckConstraint(
                name="person_number_is_whole",
                condition=Q(identity_number__isnull=True, identity_digest__isnull=True, identity_tail="")
                | Q(identity_number__isnull=False, identity_digest__isnull=False, identity_tail__regex=r"^\d{3}[\dX]$"),
            ),
            models.CheckConstraint(
                name="person_dies_after_birth",
                condition=Q(died_on__isnull=True) | Q(died_on__gte=models.F("birth_date")),
            ),
        )
        # What `functions.SEARCH_PEOPLE` goes by.
        indexes = (
            models.Index(Collate("name", "C"), name="person_by_name"),
            models.Index(Collate(Func(F("name"), Value(2), function="substr"), "C"), name="person_by_given_name"),
            models.Index(Collate(Replace("pinyin", Value(" "), Value("")), "C"), name="person_by_pinyin"),
            models.Index(
                Collate(Func(F("pinyin"), Value(" "), Value(2), function="split_part"), "C"),
                name="person_by_given_pinyin",
            ),
            models.Index(Collate("initials", "C"), name="person_by_initials"),
            GinIndex(OpClass(Replace("pinyin", Value(" "), Value("")), name="gin_trgm_ops"), name="person_by_likeness"),
            models.Index(fields=("identity_tail",), condition=~Q(identity_tail=""), name="person_by_tail"),
        )

    def __str__(self) -> str:
        return self.name

    def age_on(self, day: date) -> int:
        """Full years on a day; who was born on 29 February is a year older on 1 March."""
        return day.year - self.birth_date.year - ((day.month, day.day) < (self.birth_date.month, self.birth_date.day))


class MemberQuerySet(models.QuerySet["Member"]):
    """Who lives together."""

    def on(self, day: object) -> "MemberQuerySet":
        """Those who belong to their household on a day, head first."""
        head_first = models.Case(models.When(relation=HEAD, then=0), default=1)
        return self.filter(period__contains=day).order_by("household_id", head_first, "id")


class Member(models.Model):
    """A person in a household from when to when. ``relation`` is a code of GB/T 4761."""

    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, verbose_name=_("个人"), on_delete=models.PROTECT, related_name="memberships")
    relation = models.PositiveSmallIntegerField(_("与户主关系"))
    period = DateRangeField(_("期间"))

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("成员")
        ordering = ("id",)
        constraints = (
            ExclusionConstraint(
                name="member_of_one_household_at_a_time",
                expressions=(("person", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)),
                violation_error_message=_("此人在这段时间已经是一个家庭的成员。"),
            ),
            ExclusionConstraint(
                name="member_one_head_at_a_time",
                expressions=(("household", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)),
                condition=Q(relation=HEAD),
                violation_error_message=_("一户同时只能有一位户主。"),
            ),
            models.CheckConstraint(name="member_period_is_not_empty", condition=Q(period__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.household} {self.person}"


class Fact(models.Model):
    """One thing said of a family or of a person: from when to when, by whom, on what evidence, known since when.

    ``name`` is an input of the policies; ``value`` holds its engine names and integers (fen, yyyymmdd, 0 and 1), and
    an empty one says that nothing is known any more. A fact never changes: a later one takes its place, so that what
    was known on any day can be asked. ``basis`` is the fact that an officer adopted, ``note`` his reason.
    """

    # Both have an index of their own below, by which the name is found too.
    household = models.ForeignKey(
        Household,
        verbose_name=_("家庭"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facts",
        db_index=False,
    )
    person = models.ForeignKey(
        Person,
        verbose_name=_("个人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facts",
        db_index=False,
    )
    name = models.CharField(_("事实"), max_length=60)
    value = models.JSONField(_("值"))
    period = DateRangeField(_("期间"))
    source = models.CharField(_("来源"), max_length=10, choices=FactSource)
    department = models.CharField(_("部门"), max_length=40, blank=True)
    evidence = models.ForeignKey(
        Document, verbose_name=_("证据"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    basis = models.ForeignKey(
        "self", verbose_name=_("采信"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("说明"), blank=True)
    known_on = models.DateField(_("知道的日期"))
    recorded_by = models.ForeignKey(
        Principal, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("事实")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="fact_is_of_a_family_or_a_person",
                condition=Q(household__isnull=True, person__isnull=False)
                | Q(household__isnull=False, person__isnull=True),
            ),
            models.CheckConstraint(name="fact_source_is_known", condition=Q(source__in=FactSource.values)),
            models.CheckConstraint(
                name="fact_received_names_its_department",
                condition=Q(source=FactSource.RECEIVED) ^ Q(department=""),
            ),
        )
        indexes = (
            models.Index(name="fact_of_household", fields=("household", "name"), condition=Q(household__isnull=False)),
            models.Index(name="fact_of_person", fields=("person", "name"), condition=Q(person__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class Consent(models.Model):
    """An adult's signed permission to ask other departments (社会救助法 第四十条; 民发〔2021〕57号 第九条)."""

    person = models.ForeignKey(Person, verbose_name=_("个人"), on_delete=models.PROTECT, related_name="consents")
    signed_on = models.DateField(_("签署日期"))
    document = models.ForeignKey(
        Document, verbose_name=_("授权书"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("核对授权")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="consent_withdrawn_after_signing",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=models.F("signed_on")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.signed_on}"

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day; `queries.consents_on` asks the same of the table."""
        return self.signed_on <= day and (self.withdrawn_on is None or self.withdrawn_on > day)


class Paper(models.Model):
    """A document in a family's file, and whom it is about."""

    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="papers")
    person = models.ForeignKey(
        Person, verbose_name=_("个人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.OneToOneField(Document, verbose_name=_("文件"), on_delete=models.PROTECT, related_name="paper")
    subject = models.CharField(_("所属"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("档案材料")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.household} {self.document}"


class Resident(Principal):
    """Somebody on file who gets in himself: of the register he sees the household that he lives in."""

    principal = models.OneToOneField(
        Principal, verbose_name=_("行为人"), on_delete=models.PROTECT, parent_link=True, primary_key=True
    )
    person = models.OneToOneField(Person, verbose_name=_("个人"), on_delete=models.PROTECT, related_name="resident")

    class Meta:
        verbose_name = verbose_name_plural = _("居民账号")
        ordering = ("principal",)


class Grant(models.Model):
    """What of a family an organisation may see, for what, from when to when and on what basis.

    ``granted_in`` is the division of the office that granted it: where the family lives elsewhere, nothing is shown.
    ``ended_on`` is the first day on which it was taken back, be it its own first; None as long as nobody did.
    """

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="grants"
    )
    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="grants")
    purpose = models.CharField(_("用途"), max_length=20, choices=DisclosurePurpose)
    fields = ArrayField(models.CharField(max_length=20, choices=DisclosedField), verbose_name=_("提供的内容"))
    period = DateRangeField(_("期间"))
    basis = models.CharField(_("依据"), max_length=200)
    granted_in = models.ForeignKey(Division, verbose_name=_("授权的区划"), on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("提供授权")
        ordering = ("id",)
        constraints = (
            ExclusionConstraint(
                name="grant_once_for_a_purpose_at_a_time",
                expressions=(
                    ("organisation", RangeOperators.EQUAL),
                    ("household", RangeOperators.EQUAL),
                    ("purpose", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ),
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("这个单位在这段时间已有这一户同一用途的授权。"),
            ),
            models.CheckConstraint(name="grant_purpose_is_known", condition=Q(purpose__in=DisclosurePurpose.values)),
            models.CheckConstraint(
                name="grant_fields_are_known",
                condition=Q(fields__contained_by=DisclosedField.values) & ~Q(fields=[]),
            ),
            models.CheckConstraint(name="grant_ends", condition=Q(period__upper_inf=False, period__isempty=False)),
            models.CheckConstraint(name="grant_has_a_basis", condition=~Q(basis="")),
            models.CheckConstraint(
                name="grant_is_ended_while_it_lasts",
                condition=Q(ended_on__isnull=True)
                | Q(ended_on__gte=F("period__startswith"), ended_on__lt=F("period__endswith")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.household}"


class FileRead(models.Model):
    """Someone looked into a family's file, and why. Never altered, never removed. Who and when, the database writes."""

    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="reads")
    at = models.DateTimeField(_("时间"), db_default=Now())
    actor = models.ForeignKey(
        Principal, verbose_name=_("查看人"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(_("内容"), max_length=20, choices=ReadKind)
    purpose = models.CharField(_("目的"), max_length=20, choices=ReadPurpose)
    detail = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("查看记录")
        ordering = ("id",)
        indexes = (models.Index(name="read_of_household", fields=("household", "id")),)

    def __str__(self) -> str:
        return f"{self.household} {self.kind}"
