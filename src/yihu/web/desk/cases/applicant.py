"""变更申请人: another of the family applies, since whoever did has died or left."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.cases import actions
from yihu.cases.people import may_apply, why_nobody_applies
from yihu.households.models import Person
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.turn import Turn


class ChangeApplicant(Deed):
    """变更申请人; nothing else is done in the case before."""

    name = "applicant"

    applicant = forms.ChoiceField(label=gettext_lazy("新的申请人"), widget=forms.RadioSelect)
    proxy = forms.CharField(
        label=gettext_lazy("代办人"), required=False, max_length=60, help_text=gettext_lazy("本人来办的空着")
    )
    because = text(gettext_lazy("为什么变更"), rows=2)

    def prepare(self) -> None:
        """Those of the family who may apply."""
        field = self.fields["applicant"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = self.others(self.turn)

    @staticmethod
    def others(turn: Turn) -> list[tuple[str, str]]:
        """Who can take it on."""
        return [(str(person.pk), person.name) for person in may_apply(turn.case.household, on=turn.on)]

    @classmethod
    def offered(cls, turn: Turn) -> bool:
        """Whether it has to be done before anything else, and this person may."""
        stuck = turn.case.closed_on is None and bool(why_nobody_applies(turn.standing, on=turn.on))
        return stuck and turn.actor.may(Capability.CHANGE_APPLICANTS) and bool(cls.others(turn))

    def do(self) -> str:
        """Name another one."""
        typed = self.cleaned_data
        case = actions.change_applicant(
            **self.acting,
            applicant=Person.objects.get(pk=typed["applicant"]),
            proxy=typed["proxy"],
            because=typed["because"],
        )
        return _("申请人已变更为{name}，以后的通知书和公示写新申请人。").format(name=case.applicant_name)
