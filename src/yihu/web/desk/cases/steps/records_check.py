"""信息核对: asking other departments, and what came of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.cases.models import Case, CaseStep
from yihu.cases.steps import records_check
from yihu.policy.procedures import StepKind
from yihu.records_checks import actions as records_checks
from yihu.records_checks.enums import RequestState
from yihu.records_checks.models import RecordsCheck, SourceRequest
from yihu.records_checks.queries import SourceOverview, answers_overview, of_subject
from yihu.records_checks.sources import SOURCES, label_of
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.step import Page, StepOnPage
from yihu.web.numbers import number_in


class AskRecords(Deed):
    """提请核对."""

    name = "ask"
    kinds = (StepKind.RECORDS_CHECK,)

    sources = forms.MultipleChoiceField(label=gettext_lazy("来源"), widget=forms.CheckboxSelectMultiple)
    note = text(gettext_lazy("说明"), rows=2, required=False, hint=gettext_lazy("再次核对的，写明家庭补充了什么证明"))

    def prepare(self) -> None:
        """All are asked unless somebody unticks one."""
        sources = self.fields["sources"]
        assert isinstance(sources, forms.MultipleChoiceField)
        sources.choices = [(source.name, source.label) for source in SOURCES]
        self.initial["sources"] = [source.name for source in SOURCES]

    def do(self) -> str:
        """Ask them."""
        typed = self.cleaned_data
        records_check.ask_records(**self.in_step, sources=typed["sources"], note=typed["note"])
        return _("已提请核对，答复到了会自动收进来。")


class GiveUp(Deed):
    """注明不能答复; ``about`` is the number of the request."""

    name = "giveup"
    kinds = (StepKind.RECORDS_CHECK,)

    reason = forms.CharField(label=gettext_lazy("为什么不再等"), max_length=400)

    def do(self) -> str:
        """Do without this source."""
        typed = self.cleaned_data
        number = number_in(typed["about"])
        found = get_object_or_404(SourceRequest, pk=number, check_round__subject=self.turn.case.number)
        records_checks.give_up(request=found, reason=typed["reason"], by=self.turn.actor, on=self.turn.on)
        return _("已注明{source}不能答复。").format(source=label_of(found.source))


class EndCheck(Deed):
    """核对完成."""

    name = "checked"
    kinds = (StepKind.RECORDS_CHECK,)

    note = text(gettext_lazy("说明"), rows=2, required=False)

    def do(self) -> str:
        """Go on with what was answered."""
        records_check.end_check(**self.in_step, note=self.cleaned_data["note"])
        return _("核对已办结。")


@dataclass(frozen=True, slots=True)
class Round:
    """One time that departments were asked, with what each said."""

    check: RecordsCheck
    sources: tuple[SourceOverview, ...]

    @property
    def answered(self) -> int:
        """How many have answered."""
        return sum(source.request.state == RequestState.ANSWERED for source in self.sources)


def rounds_of(case: Case, *, on: date) -> list[Round]:
    """Every time that departments were asked in a case, latest first."""
    return [Round(check, answers_overview(check, on=on)) for check in of_subject(case.number).reverse()]


Asked: TypeAlias = tuple[Round, list[tuple[SourceOverview, Deed | None]]]


def asked(page: Page, *, giving_up: bool) -> list[Asked]:
    """Each round with its sources, and with a form for doing without one that has not answered."""
    return [
        (
            each,
            [
                (source, page.form(GiveUp, str(source.request.pk)) if giving_up and source.is_waiting else None)
                for source in each.sources
            ],
        )
        for each in rounds_of(page.turn.case, on=page.turn.on)
    ]


class RecordsCheckOnPage(StepOnPage):
    """信息核对."""

    kind = StepKind.RECORDS_CHECK
    deeds = (
        AskRecords,
        EndCheck,
    )
    several = (GiveUp,)

    def context(self, page: Page, row: CaseStep) -> dict[str, Any]:
        """What was asked, and whether somebody still owes an answer."""
        found = asked(page, giving_up=True)
        return {"asked": found, "waiting": any(source.is_waiting for _round, each in found for source, _form in each)}
