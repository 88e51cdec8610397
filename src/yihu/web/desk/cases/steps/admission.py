"""受理: the papers, what is missing, and taking the case in."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.cases.models import CaseStep, CorrectionRequest
from yihu.cases.papers import PaperState, paper_subject, papers_of
from yihu.cases.steps import admission
from yihu.common.refusals import Refused
from yihu.documents.enums import DocumentKind
from yihu.households import actions as households
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.papers import FILE, keep
from yihu.web.desk.cases.step import Page, StepOnPage


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
    kinds = (StepKind.ADMISSION, StepKind.COMPLETION)

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


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper with a form for bringing it, one for each who has not signed yet."""

    paper: PaperState
    forms: tuple[tuple[str, Deed], ...]


class AdmissionOnPage(StepOnPage):
    """受理."""

    kind = StepKind.ADMISSION
    deeds = (
        Admit,
        AskCorrection,
    )
    several = (BringPaper,)

    def context(self, page: Page, row: CaseStep) -> dict[str, Any]:
        """The papers with a form for each, and what the family was told."""
        return {
            "papers": paper_rows(page),
            "correction": CorrectionRequest.objects.filter(case=page.turn.case).first(),
        }


def paper_rows(page: Page) -> list[PaperRow]:
    """The papers of the case in hand, each with its forms."""
    rows = []
    for paper in papers_of(page.turn.standing, on=page.turn.on):
        about = [(person.name, f"{paper.key}/{person.pk}") for person in paper.lacking] if paper.each_adult else []
        if not paper.each_adult:
            about = [("", paper.key)]
        rows.append(PaperRow(paper, tuple((who, page.form(BringPaper, key)) for who, key in about)))
    return rows
