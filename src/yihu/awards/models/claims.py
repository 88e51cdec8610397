"""A claim to one kind of help, and the terms that say, one after the other, what it comes to."""

from datetime import date

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from yihu.access.models import Principal
from yihu.awards.enums import EndReason
from yihu.awards.models.openings import OpeningImport
from yihu.awards.periods import ONCE_A_PERIOD
from yihu.common.months import next_month
from yihu.households.models import Household, Person
from yihu.organisations.models import Division
from yihu.policy.models import Determination
from yihu.policy.words import HelpForm, ProgrammeKind

LONGEST_MARK = 40
NUMBER_IN_KEY = Cast(Func(F("key"), Value("[0-9]+$"), function="substring"), models.IntegerField())
"""Which time it is, of what may be had only so often."""

# What comes after a term, as SQL of a statement that reads terms: nearly every page asks, and putting it together
# from expressions took longer than finding it. Later terms that overlap it; the first stop among them that stands.
TERM = "awards_awardterm"
LATER = f"FROM {TERM} l WHERE l.award_id = {TERM}.award_id AND l.id > {TERM}.id AND l.period && {TERM}.period"
FIRST = "ORDER BY l.period LIMIT 1"
STOPS = f"""
    {LATER} AND l.stops AND NOT EXISTS (
        SELECT FROM {TERM} u
        WHERE u.award_id = l.award_id AND u.id > l.id AND NOT u.stops AND u.period @> lower(l.period)
    ) {FIRST}
"""


class AwardQuerySet(models.QuerySet["Award"]):
    """Whose they are, and what runs."""

    def to(self, programme: str, household: int, person: int | None) -> "AwardQuerySet":
        """The claims to a programme of one person, wherever he lives, or else of a family itself."""
        mine = self.filter(programme=programme)
        return mine.filter(person=person) if person else mine.filter(household=household, person=None)

    def in_force(self, on: date) -> "AwardQuerySet":
        """Awards that run on a day."""
        return self.filter(Exists(AwardTerm.objects.in_force(on).filter(award=OuterRef("pk"))))

    def began(self) -> "AwardQuerySet":
        """Awards that gave something, be it for a day: not those that were stopped from their own first day."""
        return self.filter(Exists(AwardTerm.objects.giving().filter(award=OuterRef("pk"))))


class Award(models.Model):
    """A lasting claim of a family (or of one person) to one programme.

    ``key`` tells its claims apart: ``running`` for help by the month and for a status, else the season, the year or the
    occasion; where a programme is limited to so many times, their number. ``kind``, ``form`` and
    ``most`` (how often it may be had in a life or a year) are the programme's as they were when the claim was made, so
    that the database can hold the claim and its terms to them. ``pays_from``: what came in as
    an opening balance is owed here from that day on; whoever paid before paid what lies before it. ``pay_period``: the
    first day of the one pay period of help for a season, a year or an occasion, fixed when the claim is made: whatever
    is decided of it later is about that one; None where each month is one of its own. A person keeps his
    claim when he moves; ``household`` is then the family from which it was last granted.
    """

    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="awards")
    person = models.ForeignKey(
        Person, verbose_name=_("个人"), on_delete=models.PROTECT, null=True, blank=True, related_name="awards"
    )
    programme = models.CharField(_("项目"), max_length=60)
    key = models.CharField(_("次序"), max_length=80)
    kind = models.CharField(_("种类"), max_length=10)
    form = models.CharField(_("形式"), max_length=10, blank=True)
    most = models.PositiveSmallIntegerField(_("最多几次"), null=True, blank=True)
    pays_from = models.DateField(_("起发日期"), null=True, blank=True)
    pay_period = models.DateField(_("所属期"), null=True, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("待遇")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="award_one_of_a_household",
                fields=("household", "programme", "key"),
                condition=Q(person__isnull=True),
                violation_error_message=_("这一户已经有这个项目的这一笔待遇。"),
            ),
            models.UniqueConstraint(
                name="award_one_of_a_person",
                fields=("person", "programme", "key"),
                condition=Q(person__isnull=False),
                violation_error_message=_("此人已经有这个项目的这一笔待遇。"),
            ),
            models.CheckConstraint(name="award_kind_is_known", condition=Q(kind__in=[*map(str, ProgrammeKind)])),
            models.CheckConstraint(
                name="award_has_a_form_unless_a_status",
                condition=Q(kind=str(ProgrammeKind.STATUS), form="")
                | (~Q(kind=str(ProgrammeKind.STATUS)) & Q(form__in=[*map(str, HelpForm)])),
            ),
            models.CheckConstraint(
                name="award_pay_period_where_there_is_one",
                condition=Q(kind__in=[*map(str, ONCE_A_PERIOD)], pay_period__isnull=False)
                | (~Q(kind__in=[*map(str, ONCE_A_PERIOD)]) & Q(pay_period__isnull=True)),
            ),
            models.CheckConstraint(name="award_key_is_not_empty", condition=~Q(key="")),
            models.CheckConstraint(
                name="award_within_its_limit",
                condition=Q(most__isnull=True)
                | (Q(key__regex=r"^([0-9]{4}-)?[0-9]+$") & Q(LessThanOrEqual(NUMBER_IN_KEY, F("most")))),
                violation_error_message=_("这个项目已经享受到最多的次数。"),
            ),
        )
        indexes = (
            models.Index(name="award_of_household", fields=("household", "programme")),
            models.Index(name="award_of_programme", fields=("programme", "household")),
        )

    def __str__(self) -> str:
        return f"{self.household} {self.programme} {self.key}"

    @property
    def home(self) -> Household:
        """The family whose claim it is now: a person takes his along."""
        return self.person.household if self.person else self.household

    @property
    def is_paid_monthly(self) -> bool:
        """Whether it is money that goes on month by month."""
        return (self.kind, self.form) == (ProgrammeKind.MONTH, HelpForm.MONEY)


class AwardTermQuerySet(models.QuerySet["AwardTerm"]):
    """Which terms decide."""

    def deciding(self, on: date) -> "AwardTermQuerySet":
        """Of each award the latest term that covers a day; it may be one that stops."""
        later = AwardTerm.objects.filter(award=OuterRef("award"), pk__gt=OuterRef("pk"), period__contains=on)
        return self.filter(~Exists(later), period__contains=on)

    def in_force(self, on: date) -> "AwardTermQuerySet":
        """The terms by which awards run on a day, one of each award."""
        return self.deciding(on).filter(stops=False)

    def giving(self) -> "AwardTermQuerySet":
        """The terms that decide on their own first day, and give."""
        later = AwardTerm.objects.filter(
            award=OuterRef("award"), pk__gt=OuterRef("pk"), period__contains=OuterRef("period__startswith")
        )
        return self.filter(~Exists(later), stops=False)

    def within_month(self, month: date) -> "AwardTermQuerySet":
        """The terms by which awards run on the first of a month; of help for a season, a year or an occasion also those
        that begin in the course of it.
        """
        later = AwardTerm.objects.filter(award=OuterRef("award"), pk__gt=OuterRef("pk"))
        runs = Q(~Exists(later.filter(period__contains=month)), period__contains=month)
        begins = Q(
            ~Exists(later.filter(period__contains=OuterRef("period__startswith"))),
            award__kind__in=[*map(str, ONCE_A_PERIOD)],
            period__startswith__gt=month,
            period__startswith__lt=next_month(month),
        )
        return self.filter(runs | begins, stops=False)

    def monthly(self) -> "AwardTermQuerySet":
        """Those that pay money month by month, whose amounts may be added up."""
        return self.filter(award__kind=ProgrammeKind.MONTH.value, award__form=HelpForm.MONEY.value)

    def with_end(self) -> "AwardTermQuerySet":
        """Each term with ``until``, the first day on which its award stops or it runs out by itself, or None; with
        ``end_reason``, why it stops; and with ``replaced_on``, the first day that a later term covers, or None.
        """
        return self.annotate(
            until=RawSQL(f"least((SELECT lower(l.period) {STOPS}), upper({TERM}.period))", (), models.DateField()),
            end_reason=RawSQL(f"coalesce((SELECT l.reason {STOPS}), '')", (), models.CharField()),
            replaced_on=RawSQL(f"(SELECT lower(l.period) {LATER} {FIRST})", (), models.DateField()),
        )

    def worth_telling(self) -> "AwardTermQuerySet":
        """Those that give something, with their ends, less those that a later one replaced as a whole."""
        replaced = AwardTerm.objects.filter(
            award=OuterRef("award"), pk__gt=OuterRef("pk"), stops=False, period__contains=OuterRef("period")
        )
        return self.filter(~Exists(replaced), stops=False).with_end()


class AwardTerm(models.Model):
    """What an award comes to for a period, or that it stops there; it never changes.

    A later term takes the place of an earlier one for whatever it covers, also for what was paid already. ``amount``:
    fen a month, or for the season, the year, the occasion; none for a status. Of help that is not money ``help`` says
    what it is, and ``amount`` what it is worth, where that is known. A term rests on a determination or an opening
    balance; one that stops has its reason, and a determination where that is the reason. ``mark`` is what its basis
    says of the amount, and what every page says beside it: that a figure was carried forward, or how the older books
    came to it. Mostly empty. ``granted_in`` is the division of the office that granted it, or took it over from older
    books: that does not change when the family moves.
    """

    award = models.ForeignKey(Award, verbose_name=_("待遇"), on_delete=models.PROTECT, related_name="terms")
    period = DateRangeField(_("期间"))
    amount = models.BigIntegerField(_("金额（分）"), null=True, blank=True)
    help = models.CharField(_("帮助的内容"), max_length=200, blank=True, default="")
    stops = models.BooleanField(_("停发"), default=False)
    reason = models.CharField(_("停发的原因"), max_length=20, choices=EndReason, blank=True, default="")
    mark = models.CharField(_("金额说明"), max_length=LONGEST_MARK, blank=True, default="")
    determination = models.ForeignKey(
        Determination, verbose_name=_("认定"), on_delete=models.PROTECT, null=True, blank=True, related_name="terms"
    )
    opening = models.ForeignKey(
        OpeningImport, verbose_name=_("期初"), on_delete=models.PROTECT, null=True, blank=True, related_name="terms"
    )
    granted_in = models.ForeignKey(
        Division, verbose_name=_("决定的区划"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    known_on = models.DateField(_("定下的日期"))
    made_by = models.ForeignKey(
        Principal, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+", db_index=False
    )

    # What `with_end` adds.
    until: date | None
    end_reason: str
    replaced_on: date | None

    objects = AwardTermQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("待遇的每一段")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="term_amount_is_something", condition=Q(amount__isnull=True) | Q(amount__gt=0)),
            models.CheckConstraint(
                name="term_rests_on_one_thing",
                condition=Q(stops=False, reason="", determination__isnull=False, opening__isnull=True)
                | Q(stops=False, reason="", determination__isnull=True, opening__isnull=False)
                | (Q(stops=True, opening__isnull=True) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="term_that_stops_gives_nothing",
                condition=Q(stops=False) | Q(amount__isnull=True, help="", mark=""),
            ),
            models.CheckConstraint(
                name="term_names_who_granted_it", condition=Q(stops=True) | Q(granted_in__isnull=False)
            ),
            models.CheckConstraint(
                name="term_covers_something",
                condition=Q(period__isempty=False, period__lower_inf=False),
            ),
        )
        indexes = (models.Index(name="term_of_award", fields=("award", "id")),)

    def __str__(self) -> str:
        return f"{self.award} {self.period}"

    @property
    def shown(self) -> Range[date]:
        """What it covers once later terms are heeded, empty for what never began; asked for by ``with_end``."""
        ends = [day for day in (self.period.upper, self.replaced_on) if day]
        upper = min(ends, default=None)
        return Range(empty=True) if upper and upper <= self.period.lower else Range(self.period.lower, upper)

    @property
    def end_label(self) -> str:
        """Why it stops, in words; asked for by ``with_end``."""
        return str(EndReason(self.end_reason).label) if self.end_reason else ""
