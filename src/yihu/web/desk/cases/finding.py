"""Taking a case in and finding out how the family lives: papers, records, visits, neighbours."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.cases.papers import paper_subject, papers_of
from yihu.cases.permissions import relatives_in
from yihu.cases.steps import admission, community_appraisal, home_visit
from yihu.common.refusals import Refused
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.households import actions as households
from yihu.households import queries as families
from yihu.households.models import ADULT_AGE
from yihu.organisations.models import StaffMember
from yihu.organisations.queries import colleagues
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed, day, text, yes_or_no

FILE = {"data-most": settings.DOCUMENT_MOST_BYTES, "accept": "image/jpeg,image/png,image/webp,application/pdf"}


class ManyFiles(forms.FileInput):
    """A field that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files that were chosen."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in chosen if each]


class Admit(Deed):
    """受理."""

    name = "admit"
    kinds = (StepKind.ADMISSION,)

    def do(self) -> str:
        """All papers are there; the clocks begin."""
        standing = admission.admit(**self.in_step)
        due = standing.case.due_on
        return (
            _("已受理，全程期限 {due}。受理通知书已开出。").format(due=due) if due else _("已受理。受理通知书已开出。")
        )


class AskCorrection(Deed):
    """一次性补正告知."""

    name = "correct"
    kinds = (StepKind.ADMISSION,)

    missing = forms.MultipleChoiceField(label=gettext_lazy("缺少的材料"), widget=forms.CheckboxSelectMultiple)
    note = text(gettext_lazy("还要说明的"), rows=2, required=False)

    def prepare(self) -> None:
        """Only what may be asked for can be ticked; what is missing is ticked already."""
        papers = papers_of(self.turn.standing, on=self.turn.on)
        field = self.fields["missing"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(paper.key, paper.label) for paper in papers]
        self.initial["missing"] = [paper.key for paper in papers if not paper.present]

    def do(self) -> str:
        """Name everything at once."""
        typed = self.cleaned_data
        admission.ask_correction(**self.in_step, missing=typed["missing"], note=typed["note"])
        return _("补正告知书已开出，请交给申请人。材料补齐后受理。")


class BringPaper(Deed):
    """交来一份材料; ``about`` is its key, with the number of the person who signed where each adult signs."""

    name = "paper"
    kinds = (StepKind.ADMISSION,)

    file = forms.FileField(label=gettext_lazy("文件"), widget=forms.FileInput(attrs=FILE))

    @transaction.atomic
    def do(self) -> str:
        """Keep it in the family's file, or as the consent of the one who signed."""
        key, _mark, person = self.cleaned_data["about"].partition("/")
        turn = self.turn
        asked = {paper.key: paper for paper in papers_of(turn.standing, on=turn.on)}
        if key not in asked:
            raise Refused(_("这份材料不得要求申请人提供。"))
        paper = asked[key]
        signer = next((each for each in paper.lacking if str(each.pk) == person), None)
        if paper.each_adult and signer is None:
            raise Refused(_("这一位已经签过授权，不用再交。"))
        own = DocumentKind(key) if key in DocumentKind.values else DocumentKind.PROOF
        kind = DocumentKind.CONSENT if paper.each_adult else own
        document = keep(self, self.cleaned_data["file"], kind)
        if signer is not None:
            households.sign_consent(person=signer, document=document, by=turn.actor, on=turn.on)
            return _("{name}的{paper}已登记。").format(name=signer.name, paper=paper.label)
        subject = paper_subject(turn.case, key)
        households.keep_paper(household=turn.case.household, document=document, subject=subject, by=turn.actor)
        return _("{paper}已收入档案。").format(paper=paper.label)


class RecordVisit(Deed):
    """入户调查, of the street or of the district."""

    name = "visit"
    kinds = (StepKind.HOME_VISIT, StepKind.DISTRICT_VISIT)

    visited_on = day(gettext_lazy("入户日期"))
    visitors = forms.MultipleChoiceField(
        label=gettext_lazy("调查人"),
        help_text=gettext_lazy("至少两位，您是其中之一"),
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


class RecordAppraisal(Deed):
    """民主评议."""

    name = "appraise"
    kinds = (StepKind.COMMUNITY_APPRAISAL,)

    held_on = day(gettext_lazy("评议日期"))
    participants = forms.IntegerField(label=gettext_lazy("参加人数"), min_value=0, max_value=999)
    residents = forms.IntegerField(label=gettext_lazy("其中居民代表"), min_value=0, max_value=999)
    found_true = yes_or_no(gettext_lazy("申报和调查结果真实有效"))
    disputed = forms.BooleanField(label=gettext_lazy("争议较大"), required=False)
    minutes = text(gettext_lazy("评议记录"), rows=4)

    def prepare(self) -> None:
        """Usually it is written down on the day."""
        self.initial["held_on"] = self.turn.on

    def do(self) -> str:
        """Write down what the neighbours found."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("about", "step")}
        community_appraisal.record_appraisal(**self.in_step, **typed)
        return _("民主评议已登记。")


def keep(deed: Deed, file: UploadedFile, kind: DocumentKind) -> Document:
    """Take a file in where the family lives."""
    household = deed.turn.case.household
    return documents.keep(
        kind=kind,
        name=file.name or "",
        content=file.read(),
        division=household.division,
        by=deed.turn.actor,
        on=deed.turn.on,
    )
