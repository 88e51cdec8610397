"""What the calendar alone changes waits for an officer as a proposal; what was looked at is counted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.awards.enums import ProposalKind, ProposalState
from yihu.awards.models.claims import AwardTerm
from yihu.households.models import Household, Person
from yihu.organisations.models import Division


class CalendarLook(models.Model):
    """One look over everybody: from which day to which the calendar was compared, and what came of it.

    One that compared nothing is none, and is not written down.
    """

    division = models.ForeignKey(Division, verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+")
    looked_on = models.DateField(_("查看日期"))
    compared_from = models.DateField(_("自"))
    compared_to = models.DateField(_("至"))
    households = models.PositiveIntegerField(_("户数"))
    results = models.PositiveIntegerField(_("结果数"))
    found = models.PositiveIntegerField(_("新的提议"))
    failed = models.PositiveIntegerField(_("算不出的户"))

    class Meta:
        verbose_name = verbose_name_plural = _("到期变动的查看")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="calendar_look_once_a_day", fields=("division", "looked_on")),
            models.CheckConstraint(
                name="calendar_look_compared_something", condition=Q(households__gt=0, results__gt=0)
            ),
        )

    def __str__(self) -> str:
        return f"{self.division} {self.looked_on}"


class Proposal(models.Model):
    """What would change from a day on for one claim, and nothing but the day has changed: an officer decides.

    ``before`` and ``amount`` are fen, none for what gives or gave no money. Accepted, it became ``term``; declined, it
    has a reason. The same is never proposed twice.
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
    amount = models.BigIntegerField(_("新金额（分）"), null=True, blank=True)
    reason = models.CharField(_("缘由"), max_length=200)
    found_on = models.DateField(_("提出日期"))
    state = models.CharField(_("状态"), max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    decided_on = models.DateField(_("办理日期"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Principal, verbose_name=_("办理人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_because = models.CharField(_("不采纳的原因"), max_length=200, blank=True, default="")
    term = models.OneToOneField(
        AwardTerm, verbose_name=_("待遇"), on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("到期变动")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="proposal_once",
                fields=("household", "person", "programme", "key", "kind", "from_day"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="proposal_decided_in_full",
                condition=Q(state="waiting", decided_on__isnull=True, term__isnull=True, declined_because="")
                | Q(state="accepted", decided_on__isnull=False, term__isnull=False, declined_because="")
                | (Q(state="declined", decided_on__isnull=False, term__isnull=True) & ~Q(declined_because="")),
            ),
        )
        indexes = (models.Index(name="proposal_waiting", fields=("household",), condition=Q(state="waiting")),)

    def __str__(self) -> str:
        return f"{self.household} {self.programme} {self.from_day}"
