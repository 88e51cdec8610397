"""Divisions, offices, and the people who work here: their posts and the close relatives they declare."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.auth.hashers import make_password
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yihu.access.enums import PrincipalKind
from yihu.access.models import Login, Principal
from yihu.access.posts import label_of, posts
from yihu.organisations.enums import DivisionLevel, Kinship, OrganisationKind

PROVINCE_CODE = r"^[1-9][0-9]0000$"
CITY_CODE = r"^[1-9][0-9]{3}00$"
DISTRICT_CODE = r"^[1-9][0-9]{5}$"
STREET_CODE = r"^[1-9][0-9]{8}$"
COMMUNITY_CODE = r"^[1-9][0-9]{11}$"
# Fixed lines with their area code, as an office has; a mobile number would be a person's.
OFFICE_TELEPHONE = r"^0[1-9][0-9]{1,2}-[2-9][0-9]{6,7}$"


class Division(models.Model):
    """A division from a province to a community.

    ``path`` is its key for good: everything that lies in it has a path that begins so, and scopes compare paths.
    ``code`` is its code in the statistical classification of divisions, as it is now; what was called by another code
    before, or has been merged into it, is a `FormerCode`.
    """

    path = models.CharField(_("路径"), max_length=60, primary_key=True)
    code = models.CharField(_("统计用区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=20, choices=DivisionLevel)
    parent = models.ForeignKey(
        "self", verbose_name=_("上级区划"), on_delete=models.PROTECT, null=True, blank=True, related_name="divisions"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("区划")
        ordering = ("path",)
        constraints = (
            models.CheckConstraint(
                name="division_code_fits_level",
                condition=Q(level=DivisionLevel.PROVINCE, code__regex=PROVINCE_CODE)
                | Q(level=DivisionLevel.CITY, code__regex=CITY_CODE)
                | Q(level=DivisionLevel.DISTRICT, code__regex=DISTRICT_CODE)
                | Q(level=DivisionLevel.STREET, code__regex=STREET_CODE)
                | Q(level=DivisionLevel.COMMUNITY, code__regex=COMMUNITY_CODE),
                violation_error_message=_("省、市、区的代码是 6 位数字，街道是 9 位，社区是 12 位。"),
            ),
            models.CheckConstraint(
                name="division_lies_in_its_parent",
                condition=Q(level=DivisionLevel.PROVINCE, parent__isnull=True, path__regex=r"^[0-9]+/$")
                | Q(
                    ~Q(level=DivisionLevel.PROVINCE),
                    parent__isnull=False,
                    path__regex=Concat(Value("^"), F("parent_id"), Value("[0-9]+/$")),
                ),
                violation_error_message=_("省没有上级，其余都有；路径是上级的路径加上自己的一段，以“/”结尾。"),
            ),
            models.CheckConstraint(
                name="division_has_name", condition=~Q(name=""), violation_error_message=_("区划要有名称。")
            ),
        )

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """As people say it: 府右街南社区, where the classification names its committee 府右街南社区居委会."""
        if self.level != DivisionLevel.COMMUNITY:
            return self.name
        return self.name.removesuffix("居委会").removesuffix("社区") + "社区"


class FormerCode(models.Model):
    """A code by which a division, or what was merged into it, was known in a period, and which files still hold.

    ``division`` is what it belongs to now; None where that is not on file here, as a neighbouring district is not:
    then ``now_code`` and ``now_name`` say what it is.
    """

    code = models.CharField(_("原区划代码"), max_length=12)
    division = models.ForeignKey(
        Division,
        verbose_name=_("现在的区划"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="former_codes",
    )
    now_code = models.CharField(_("现在的代码"), max_length=12, blank=True, default="")
    now_name = models.CharField(_("现在的名称"), max_length=60, blank=True, default="")
    name = models.CharField(_("当时的名称"), max_length=60)
    period = DateRangeField(_("期间"))
    source = models.CharField(_("来源"), max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = _("原区划代码")
        ordering = ("code", "period")
        constraints = (
            ExclusionConstraint(
                name="former_code_of_one_division_at_a_time",
                expressions=(("code", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)),
                violation_error_message=_("这个代码在这段时间已经指另一个区划。"),
            ),
            models.CheckConstraint(
                name="former_code_says_what_it_is_now",
                condition=Q(division__isnull=False, now_code="", now_name="")
                | (Q(division__isnull=True) & ~Q(now_code="") & ~Q(now_name="")),
                violation_error_message=_("原来的代码要说明现在属哪个区划。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def present_code(self) -> str:
        """The code of what it belongs to now."""
        return self.division.code if self.division else self.now_code


class Organisation(models.Model):
    """A body that has tasks of its own: a bureau, a street's office, a committee, a department, a charity."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    kind = models.CharField(_("类别"), max_length=30, choices=OrganisationKind)

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="organisation_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="organisation_kind_is_known", condition=Q(kind__in=OrganisationKind.values)),
        )

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """Where an organisation is present in a division: there people turn to it, and there its posts stand.

    ``name``, ``telephone`` and source are those of a published directory; of an office that none names the telephone
    and the source are unknown. No field names a person: people come and go, and their names are not directory data.
    """

    division = models.ForeignKey(Division, verbose_name=_("区划"), on_delete=models.PROTECT, related_name="offices")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="offices"
    )
    name = models.CharField(_("名称"), max_length=60)
    telephone = models.CharField(_("办公电话"), max_length=13, null=True, blank=True)  # noqa: DJ001 - unknown is not blank
    source_document = models.CharField(_("来源文件"), max_length=60, null=True, blank=True)  # noqa: DJ001 - unknown is not blank
    source_clause = models.CharField(_("来源条款"), max_length=60, null=True, blank=True)  # noqa: DJ001 - unknown is not blank
    source_date = models.DateField(_("来源日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("机构")
        ordering = ("division", "organisation")
        constraints = (
            models.UniqueConstraint(
                name="office_once_per_division_and_organisation",
                fields=("division", "organisation"),
                violation_error_message=_("这个单位在这个区划已有机构。"),
            ),
            models.CheckConstraint(
                name="office_telephone_is_fixed_line",
                condition=Q(telephone__isnull=True) | Q(telephone__regex=OFFICE_TELEPHONE),
                violation_error_message=_("办公电话写成 010-12345678 这样的固定电话。"),
            ),
            models.CheckConstraint(
                name="office_has_name_and_telephone_has_source",
                condition=~Q(name="")
                & (
                    Q(
                        telephone__isnull=True,
                        source_document__isnull=True,
                        source_clause__isnull=True,
                        source_date__isnull=True,
                    )
                    | (
                        Q(source_document__isnull=False, source_clause__isnull=False, source_date__isnull=False)
                        & ~Q(source_document="")
                        & ~Q(source_clause="")
                    )
                ),
                violation_error_message=_("机构要有名称；登记了电话的，要注明来自哪份文件的哪一条。"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str | None:
        """The source as a reader would cite it; None where no directory names the office."""
        return None if self.source_document is None else f"{self.source_document} {self.source_clause}"


class StaffManager(models.Manager["StaffMember"]):
    """Makes people with their accounts."""

    def create_user(
        self, username: str, password: str | None = None, *, name: str, password_hash: str = "", is_active: bool = True
    ) -> "StaffMember":
        """Someone with an account; without a password or the hash of one, with none that fits."""
        made = self.create(kind=PrincipalKind.STAFF, name=name, is_active=is_active)
        Login.objects.create(principal=made, username=username, password=password_hash or make_password(password))
        return made


class StaffMember(Principal):
    """Someone who works here: staff and members of residents' committees, who need not be able to log in."""

    principal = models.OneToOneField(
        Principal, verbose_name=_("行为人"), on_delete=models.PROTECT, parent_link=True, primary_key=True
    )

    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        verbose_name = verbose_name_plural = _("工作人员")
        ordering = ("principal",)

    @property
    def username(self) -> str:
        """The name of the account."""
        return self.login.username


class Partner(Principal):
    """Someone of a partner, such as a department or a charity: he sees of a family what was granted it."""

    principal = models.OneToOneField(
        Principal, verbose_name=_("行为人"), on_delete=models.PROTECT, parent_link=True, primary_key=True
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="partners"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("合作单位人员")
        ordering = ("principal",)


class Post(models.Model):
    """A place of work at one office, whoever holds it; its kind is one of ``access/posts.yaml``."""

    kind = models.CharField(_("岗位"), max_length=30)
    office = models.ForeignKey(Office, verbose_name=_("机构"), on_delete=models.PROTECT, related_name="posts")

    class Meta:
        verbose_name = verbose_name_plural = _("岗位")
        ordering = ("office", "kind")
        constraints = (
            models.UniqueConstraint(name="post_once_per_office_and_kind", fields=("kind", "office")),
            models.CheckConstraint(name="post_kind_is_known", condition=Q(kind__in=list(posts()))),
        )

    def __str__(self) -> str:
        return f"{self.division} · {self.label}"

    @property
    def division(self) -> Division:
        """Its area: where its office is."""
        return self.office.division

    @property
    def label(self) -> str:
        """What such a post is called."""
        return label_of(self.kind)


class Appointment(models.Model):
    """Who holds a post from when to when; several may hold one post, as clerks at one window do."""

    post = models.ForeignKey(Post, verbose_name=_("岗位"), on_delete=models.PROTECT, related_name="appointments")
    staff = models.ForeignKey(
        StaffMember, verbose_name=_("工作人员"), on_delete=models.PROTECT, related_name="appointments"
    )
    period = DateRangeField(_("任期"))

    class Meta:
        verbose_name = verbose_name_plural = _("任职")
        ordering = ("id",)
        constraints = (
            ExclusionConstraint(
                name="appointment_once_at_a_time",
                expressions=(
                    ("post", RangeOperators.EQUAL),
                    ("staff", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ),
                violation_error_message=_("此人在这段时间已经担任这个岗位。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff} {self.post}"

    @property
    def last_day(self) -> date | None:
        """The last day on which the post is held; None until further notice."""
        return None if self.period.upper is None else self.period.upper - timedelta(days=1)

    @property
    def shown_period(self) -> str:
        """As people say it, the last day named: 2026-01-01 至 2026-06-30."""
        if self.last_day is None:
            return gettext("{first} 起").format(first=self.period.lower)
        return gettext("{first} 至 {last}").format(first=self.period.lower, last=self.last_day)


class Relative(models.Model):
    """A close relative whom someone declares, so that the family's case is kept from him and registered apart.

    The identity number is kept only as a keyed digest: it is compared, never read.
    """

    staff = models.ForeignKey(
        StaffMember, verbose_name=_("工作人员"), on_delete=models.PROTECT, related_name="relatives"
    )
    kinship = models.CharField(_("关系"), max_length=20, choices=Kinship)
    name = models.CharField(_("姓名"), max_length=60)
    identity_digest = models.BinaryField(_("身份证号摘要"), max_length=32)
    declared_on = models.DateField(_("申报日期"))
    withdrawn_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("近亲属")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="relative_declared_once",
                fields=("staff", "identity_digest"),
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message=_("这位近亲属已经申报过。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff} {self.get_kinship_display()} {self.name}"
