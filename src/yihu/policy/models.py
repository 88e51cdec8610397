"""What was found of a family under the rules, kept so that it can be explained and worked out again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.households.models import Household, Person


class Determination(models.Model):
    """What the rules say of a family on a day, with the facts that were known, frozen.

    ``record`` is what the engine needs to work it out again, ``explanation`` the sentences as they read then.
    ``people`` says who the members of the record are, in its order. Amount in fen a period; ``is_ceiling``: it is the
    most that may be granted, and whoever decides says how much.
    """

    household = models.ForeignKey(
        Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="determinations"
    )
    programme = models.CharField(_("项目"), max_length=60)
    person = models.ForeignKey(
        Person, verbose_name=_("个人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on = models.DateField(_("认定日"))
    known_on = models.DateField(_("所知截止"))
    outcome = models.CharField(_("结果"), max_length=20)
    amount = models.BigIntegerField(_("金额（分）"), null=True, blank=True)
    is_ceiling = models.BooleanField(_("是限额"), default=False)
    confidence = models.CharField(_("把握程度"), max_length=20, blank=True)
    people = ArrayField(models.BigIntegerField(), verbose_name=_("成员"))
    record = models.JSONField(_("记录"))
    explanation = models.JSONField(_("说明"))
    hash = models.CharField(_("校验码"), max_length=64)
    made_by = models.ForeignKey(Principal, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("认定")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="determination_amount_is_not_negative",
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.household} {self.programme} {self.on}"

    @property
    def counted(self) -> int:
        """How many of the people count as the family, by the boolean that the rules count."""
        return len(self.counted_people)

    @property
    def counted_people(self) -> list[int]:
        """Which of them these are; of help to one person, that one."""
        if self.person_id:
            return [self.person_id]
        members = self.record.get("members") or [{} for _person in self.people]
        pairs = zip(self.people, members, strict=True)
        return [person for person, member in pairs if member.get("counted_member") != 0]

    @property
    def mark(self) -> str:
        """What is said wherever its amount is shown, such as that a figure was carried forward; mostly empty."""
        return str(self.explanation.get("mark", ""))
