"""新申请: what the family asks for, through whom, and the papers that it brings along."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.awards.queries import held_by
from yihu.cases import actions as cases
from yihu.cases.actions.applying import KNOWN_AT_APPLICATION
from yihu.cases.enums import Channel
from yihu.cases.models import Case
from yihu.cases.papers import paper_subject
from yihu.cases.people import may_apply
from yihu.common.refusals import Refused
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.households import actions, queries
from yihu.households.models import Household, Member, Person
from yihu.policy.labels import ProgrammeLabel, programmes
from yihu.policy.procedures import Circumstance, NoProcedure, Paper, Procedure, SignedBy, procedure_for
from yihu.web import policy
from yihu.web.desk.access import DeskRequest
from yihu.web.desk.families.registering import of_family
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.forms.entries import PaperField

LONGEST_PROXY = 60


class ApplicationForm(forms.Form):
    """Who applies, through whom and how; below it a file for each paper that the procedure asks for."""

    applicant = forms.TypedChoiceField(label=gettext_lazy("申请人"), coerce=int, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=gettext_lazy("渠道"), choices=Channel.choices)
    proxy = forms.CharField(
        label=gettext_lazy("代办人"),
        required=False,
        max_length=LONGEST_PROXY,
        help_text=gettext_lazy("本人来办的空着；委托别人的写他的姓名，并交委托手续；家里没有成年人的写替他们办的人"),
    )
    circumstances = forms.MultipleChoiceField(
        label=gettext_lazy("情形"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, members: Iterable[Member], unsigned: Iterable[Person], procedure: Procedure, *args: Any, **values: Any
    ) -> None:
        super().__init__(*args, **values)
        self.fields["applicant"].choices = [(each.person_id, each.person.name) for each in members]  # type: ignore[attr-defined]
        asked_about = [each for each in KNOWN_AT_APPLICATION if each in procedure.matters]
        self.fields["circumstances"].choices = [(each.value, each.label) for each in asked_about]  # type: ignore[attr-defined]
        self.papers: dict[str, tuple[Paper, Person | None]] = {}
        # Whatever may be asked in any circumstances: which ones are true is only told by this form.
        for asked in procedure.asked_papers(frozenset(Circumstance)):
            if asked.signed_by is SignedBy.EACH_ADULT:
                for person in unsigned:
                    self._ask(f"paper-{asked.key}-{person.pk}", asked, person)
            else:
                self._ask(f"paper-{asked.key}", asked, None)

    def _ask(self, name: str, asked: Paper, person: Person | None) -> None:
        self.papers[name] = (asked, person)
        label = _("{paper} · {name}").format(paper=asked.label, name=person.name) if person else asked.label
        only = "、".join(each.label for each in asked.when)
        hint = _("{only}时才要。").format(only=only) if only else asked.clause
        self.fields[name] = PaperField(label=label, required=False, help_text=hint)

    @property
    def asks_about_circumstances(self) -> bool:
        """Whether any makes a difference for what is asked for."""
        return bool(self.fields["circumstances"].choices)  # type: ignore[attr-defined]

    @property
    def paper_fields(self) -> list[forms.BoundField]:
        """The entries of the papers."""
        return [self[name] for name in self.papers]

    @property
    def brought(self) -> list[tuple[Paper, Person | None, UploadedFile]]:
        """The papers that came along."""
        return [
            (asked, person, self.cleaned_data[name])
            for name, (asked, person) in self.papers.items()
            if self.cleaned_data.get(name)
        ]


@of_family(Capability.TAKE_APPLICATIONS, gettext_lazy("新申请"))
def apply(request: DeskRequest, household: Household) -> HttpResponse:
    """The application of a family for one programme; from here its case goes on."""
    on = policy.today()
    offered = with_procedure(household.division_id)
    chosen = next((each for each in offered if each.name == request.GET.get("programme")), None)
    if chosen is None and len(offered) == 1:
        chosen = offered[0]
    is_held = chosen is not None and chosen.name in held_by([household.pk], on)[household.pk]
    context: dict[str, Any] = {"household": household, "offered": offered, "chosen": chosen, "is_held": is_held}
    if chosen is None:
        return render(request, "web/desk/cases/apply.html", context)
    may = {person.pk for person in may_apply(household, on=on)}
    members = [each for each in queries.members_on(household, on) if each.person_id in may]
    usual = Channel.COMMUNITY if household.division_id in request.actor.areas else Channel.WINDOW
    form = ApplicationForm(
        members,
        queries.adults_without_consent(household, on),
        procedure_for(chosen.name, on, division=household.division_id),
        request.POST or None,
        request.FILES or None,
        initial={"applicant": members[0].person_id if members else None, "channel": usual},
    )
    if form.is_valid():
        with refusals_in(form):
            case = _applied(request, household, chosen, members, form)
            messages.success(request, _("已接收申请，案号 {number}。").format(number=case.number))
            return redirect("desk:case", case.number)
    return render(request, "web/desk/cases/apply.html", context | {"form": form})


def with_procedure(division: str) -> list[ProgrammeLabel]:
    """The programmes that a family of a division can apply for today: those whose way is written down."""
    on = policy.today()
    known = [each for each in programmes(division) if each.in_force(on) and each.needs_application]
    return [each for each in known if _has_way(each, on, division)]


def _has_way(programme: ProgrammeLabel, on: Any, division: str) -> bool:
    try:
        procedure_for(programme.name, on, division=division)
    except NoProcedure:
        return False
    return True


@transaction.atomic
def _applied(
    request: DeskRequest,
    household: Household,
    programme: ProgrammeLabel,
    members: Iterable[Member],
    form: ApplicationForm,
) -> Case:
    said: Mapping[str, Any] = form.cleaned_data
    on, by = policy.today(), request.actor
    applicant = next(each.person for each in members if each.person_id == said["applicant"])
    case = cases.apply(
        household=household,
        programme=programme.name,
        applicant=applicant,
        channel=Channel(said["channel"]),
        proxy=said["proxy"],
        circumstances=[Circumstance(each) for each in said["circumstances"]],
        by=by,
        on=on,
    )
    for asked, person, file in form.brought:
        try:
            document = _kept(request, household, kind_of(asked), file)
            if person is not None:
                actions.sign_consent(person=person, document=document, by=by, on=on)
            else:
                subject = paper_subject(case, asked.key)
                actions.keep_paper(household=household, document=document, person=applicant, subject=subject, by=by)
        except Refused as refused:
            name = next(name for name, pair in form.papers.items() if pair == (asked, person))
            raise Refused(refused.message, field=name) from None
    return case


def kind_of(asked: Paper) -> DocumentKind:
    """What a paper of a procedure is to the store of documents."""
    if asked.signed_by is SignedBy.EACH_ADULT:
        return DocumentKind.CONSENT
    if Circumstance.APPLIED_BY_OTHER in asked.when:
        return DocumentKind.PROXY
    return DocumentKind.APPLICATION if asked.signed_by is SignedBy.APPLICANT else DocumentKind.PROOF


def _kept(request: DeskRequest, household: Household, kind: DocumentKind, file: UploadedFile) -> Document:
    return documents.keep(
        kind=kind,
        name=file.name or "",
        content=file.read(),
        division=household.division,
        by=request.actor,
        on=policy.today(),
    )


urlpatterns = [path("families/<str:number>/apply/", apply, name="apply")]
