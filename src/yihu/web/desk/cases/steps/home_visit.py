"""入户调查, of the street or of the district: what was seen, and what was brought back."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.cases.permissions import relatives_in
from yihu.cases.steps import home_visit
from yihu.documents.enums import DocumentKind
from yihu.households import actions as households
from yihu.households import queries as families
from yihu.households.models import ADULT_AGE
from yihu.organisations.models import StaffMember
from yihu.organisations.queries import colleagues
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed, day, text
from yihu.web.desk.cases.papers import FILE, FilesField, ManyFiles, keep
from yihu.web.desk.cases.step import StepOnPage


class RecordVisit(Deed):
    """入户调查, of the street or of the district."""

    name = "visit"
    kinds = (StepKind.HOME_VISIT, StepKind.DISTRICT_VISIT)

    visited_on = day(gettext_lazy("入户日期"))
    visitors = forms.MultipleChoiceField(
        label=gettext_lazy("调查人"),
        widget=forms.CheckboxSelectMultiple,
    )
    findings = text(
        gettext_lazy("入户所见"), rows=4, hint=gettext_lazy("住房、家电、吃穿用，问到的收入和财产，与申报是否一致")
    )
    neighbours = text(gettext_lazy("邻里访问"), rows=2, required=False)
    signed_by = forms.ChoiceField(label=gettext_lazy("在场并签字的成员"))
    contactless = forms.CharField(
        label=gettext_lazy("未能当面调查的方式和原因"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("当面调查的不填"),
    )
    sheet = forms.FileField(
        label=gettext_lazy("入户调查表"),
        required=False,
        widget=forms.FileInput(attrs=FILE),
        help_text=gettext_lazy("签字后的照片或 PDF"),
    )
    photos = FilesField(label=gettext_lazy("照片"), required=False, widget=ManyFiles(attrs=FILE))

    def prepare(self) -> None:
        """Who can go: those whose step it is first, without those who are barred from it or relatives of the family."""
        turn, row, step = self.turn, self.turn.row, self.turn.step
        if row is None or step is None:
            return
        barred = turn.standing.who_did(step.not_by)
        barred |= {relative.staff_id for relative in relatives_in(turn.case.household, on=turn.on)}
        choices: dict[int, str] = {}
        found = colleagues(turn.case.division_id, may=Capability.GO_ALONG_ON_VISITS, on=turn.on)
        for each in sorted(found, key=lambda held: held.post.kind not in row.posts):
            if each.staff_id not in barred:
                choices.setdefault(each.staff_id, f"{each.staff.name} · {each.post}")
        visitors, signers = self.fields["visitors"], self.fields["signed_by"]
        assert isinstance(visitors, forms.ChoiceField)
        assert isinstance(signers, forms.ChoiceField)
        visitors.help_text = _("至少 {least} 位，您是其中之一").format(least=step.people) if step.people > 1 else ""
        visitors.choices = list(choices.items())
        people = [member.person for member in families.members_on(turn.case.household, turn.on)]
        adults = [person.name for person in people if person.age_on(turn.on) >= ADULT_AGE]
        signers.choices = [(name, name) for name in dict.fromkeys(adults)]
        self.initial.update(visited_on=turn.on, visitors=[turn.actor.staff])

    @transaction.atomic
    def do(self) -> str:
        """Keep what was brought back, then the visit itself."""
        typed, row = self.cleaned_data, self.turn.row
        assert row is not None
        subject = home_visit.papers_subject(row)
        kept = []
        for file in filter(None, (typed["sheet"], *typed["photos"])):
            kept.append(keep(self, file, DocumentKind.VISIT))
            households.keep_paper(
                household=self.turn.case.household, document=kept[-1], subject=subject, by=self.turn.actor
            )
        home_visit.record_visit(
            **self.in_step,
            visited_on=typed["visited_on"],
            visitors=list(StaffMember.objects.filter(pk__in=typed["visitors"])),
            findings=typed["findings"],
            signed_by=typed["signed_by"],
            neighbours=typed["neighbours"],
            contactless=typed["contactless"],
            document=kept[0] if typed["sheet"] else None,
        )
        return _("入户调查已登记。")


class HomeVisitOnPage(StepOnPage):
    """入户调查."""

    kind = StepKind.HOME_VISIT
    deeds = (RecordVisit,)
