"""What the calendar alone changes waits for an officer as a proposal; what was looked at is counted."""

from collections.abc import Collection
from datetime import date
from typing import TypeAlias

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.awards.enums import ProposalKind, ProposalState
from yihu.awards.models.claims import AwardTerm
from yihu.awards.periods import RUNNING
from yihu.common.months import next_month
from yihu.households.models import Household, Person
from yihu.organisations.models import Division
from yihu.policy.words import Outcome

# What the rules say: an outcome, or that there was none, and fen.
Said: TypeAlias = tuple[str, int | None]
FAILED: Said = ("failed", None)
ABSENT: Said = ("absent", None)


class CalendarLook(models.Model):
    """One look over everybody: from which day to which the calendar was compared, and what came of it.

    One that compared nothing is none, and says in ``problem`` why. ``unknown``: of so many awards in force the rules
    could say nothing, before as then.
    """

    division = models.ForeignKey(Division, verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+")
    looked_on = models.DateField(_("查看日期"))
    compared_from = models.DateField(_("自"))
    compared_to = models.DateField(_("至"))
    households = models.PositiveIntegerField(_("户数"), default=0)
    results = models.PositiveIntegerField(_("结果数"), default=0)
    found = models.PositiveIntegerField(_("新的提议"), default=0)
    failed = models.PositiveIntegerField(_("出错的户"), default=0)
    unknown = models.PositiveIntegerField(_("算不出的待遇"), default=0)
    problem = models.CharField(_("没有查看的原因"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("到期变动的查看")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="calendar_look_once_a_day", fields=("division", "looked_on"), condition=Q(problem="")
            ),
            models.CheckConstraint(
                name="calendar_look_compared_something",
                condition=Q(households__gt=0, results__gt=0, problem="")
                | (Q(households=0, results=0, found=0) & ~Q(problem="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.division} {self.looked_on}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Whose they are, and what was overtaken."""

    def of_households(self, ids: Collection[int]) -> "ProposalQuerySet":
        """Those of families, and of the people whose file is there now."""
        return self.filter(Q(person__household__in=ids) | Q(person__isnull=True, household__in=ids))

    def overtaken(self) -> "ProposalQuerySet":
        """Those whose claim was decided upon since they were found, be it by a stop."""
        return self.filter(Exists(_newer_terms()))

    def waiting(self) -> "ProposalQuerySet":
        """Those that somebody can decide on."""
        return self.filter(~Exists(_newer_terms()), state=ProposalState.WAITING)


def _newer_terms() -> models.QuerySet[AwardTerm]:
    """Terms of a proposal's claim that are newer than the one it was found against.

    What became of one that was found against the same for an earlier day is none: they belong together.
    """
    whose = Q(award__person=OuterRef("person")) | Q(award__person__isnull=True, award__household=OuterRef("household"))
    together = Q(
        proposal__against__isnull=False,
        proposal__against=OuterRef("against"),
        proposal__from_day__lt=OuterRef("from_day"),
    )
    return AwardTerm.objects.filter(
        whose,
        ~together,
        award__programme=OuterRef("programme"),
        award__key=OuterRef("key"),
        pk__gt=Coalesce(OuterRef("against"), 0),
    )


class Proposal(models.Model):
    """What would change from a day on for one claim, and nothing but the day has changed: an officer decides.

    One that needs a look says what the register gives (``before``) and what the rules say (``outcome``, ``amount``),
    where the two cannot be brought together without a person. ``before`` and ``amount`` are fen, none for what gives or
    gave no money. ``against`` is the newest term of the claim when it was found: once there is a newer one, it holds no
    more. Accepted, it became ``term``; ``because`` is why it was declined, closed, withdrawn, or accepted after a look.
    The same is never proposed twice, but what was declined or closed can be opened again, as a new one that
    ``reopens`` it.
    """

    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="proposals")
    person = models.ForeignKey(
        Person, verbose_name=_("个人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    programme = models.CharField(_("项目"), max_length=60)
    key = models.CharField(_("次序"), max_length=80)
    kind = models.CharField(_("变动"), max_length=10, choices=ProposalKind)
    from_day = models.DateField(_("自"))
    before = models.BigIntegerField(_("原金额（分）"), null=True, blank=True)
    outcome = models.CharField(_("规则的结论"), max_length=20)
    amount = models.BigIntegerField(_("新金额（分）"), null=True, blank=True)
    against = models.ForeignKey(
        AwardTerm, verbose_name=_("针对的一段"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("缘由"), max_length=200)
    found_on = models.DateField(_("提出日期"))
    state = models.CharField(_("状态"), max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    decided_on = models.DateField(_("办理日期"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Principal, verbose_name=_("办理人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    because = models.CharField(_("办理的原因"), max_length=200, blank=True, default="")
    term = models.OneToOneField(
        AwardTerm, verbose_name=_("待遇"), on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )
    reopens = models.OneToOneField(
        "self", verbose_name=_("重新打开的"), on_delete=models.PROTECT, null=True, blank=True, related_name="reopened"
    )
    reopened_by = models.ForeignKey(
        Principal, verbose_name=_("重新打开的人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_because = models.CharField(_("重新打开的原因"), max_length=200, blank=True, default="")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("到期变动")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="proposal_once",
                fields=(
                    *("household", "person", "programme", "key", "kind", "from_day"),
                    *("outcome", "amount", "against", "reopens"),
                ),
                condition=~Q(state="withdrawn"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="proposal_decided_in_full",
                condition=Q(state="waiting", decided_on__isnull=True, term__isnull=True, because="")
                | (Q(state="accepted", decided_on__isnull=False, term__isnull=False) & (Q(because="") ^ Q(kind="look")))
                | (
                    Q(state__in=("declined", "closed", "withdrawn"), decided_on__isnull=False, term__isnull=True)
                    & ~Q(because="")
                ),
            ),
            models.CheckConstraint(
                name="proposal_reopened_in_full",
                condition=Q(reopens__isnull=True, reopened_by__isnull=True, reopened_because="")
                | (Q(reopens__isnull=False, reopened_by__isnull=False) & ~Q(reopened_because="")),
            ),
        )
        indexes = (models.Index(name="proposal_waiting", fields=("household",), condition=Q(state="waiting")),)

    def __str__(self) -> str:
        return f"{self.household} {self.programme} {self.from_day}"

    @property
    def claim(self) -> tuple[str, int, str]:
        """Programme, person (or household below 0) and key."""
        return self.programme, self.person_id or -self.household_id, self.key

    @property
    def home(self) -> Household:
        """The family in which whoever it is about lives now."""
        return self.person.household if self.person else self.household

    @property
    def begins_a_period(self) -> bool:
        """Whether it begins help for a season, a year or an occasion."""
        return self.kind == ProposalKind.BEGIN and self.key != RUNNING

    @property
    def ends(self) -> bool:
        """Whether accepting it ends the claim: the rules do not give it any more, or never gave it."""
        return self.kind == ProposalKind.END or (
            self.kind == ProposalKind.LOOK and self.outcome == Outcome.NOT_ELIGIBLE
        )

    def granted_from(self, on: date) -> date:
        """From which day it would hold if it were accepted on a day: what begins a period begins no earlier, and what
        ends after a look does so with the coming month.
        """
        if self.begins_a_period:
            return max(self.from_day, on)
        if self.ends and self.kind == ProposalKind.LOOK:
            return max(self.from_day, next_month(on))
        return self.from_day

    def held_from(self) -> date:
        """From which day it holds once it is decided: that of the term that it became, else that of the proposal."""
        start = self.term.period.lower if self.term else None
        return start or self.from_day

    @property
    def said(self) -> Said:
        """What the rules say."""
        return self.outcome, self.amount
