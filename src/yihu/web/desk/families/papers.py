"""材料: papers of a family's file, handed out to those who may read it, and consents that adults signed."""

from collections.abc import Iterable

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yihu.access.capabilities import Capability
from yihu.cases.models import Case
from yihu.common.refusals import Refused
from yihu.documents import actions as documents
from yihu.documents import storage
from yihu.documents.enums import DocumentKind
from yihu.households import actions, queries
from yihu.households.enums import ReadKind
from yihu.households.models import Household, Paper, Person
from yihu.organisations.queries import within
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.cases.turn import through_case
from yihu.web.desk.families import family
from yihu.web.desk.families.forms import reason
from yihu.web.desk.families.purpose import look, look_for_case
from yihu.web.desk.families.registering import asked, of_family, recorded
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.forms.entries import DayField, PaperField
from yihu.web.desk.workbooks import download


class UploadForm(forms.Form):
    """A paper, and whom it is about."""

    file = PaperField(label=gettext_lazy("文件"))
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[
            (kind.value, kind.label) for kind in (DocumentKind.PROOF, DocumentKind.APPLICATION, DocumentKind.PROXY)
        ],
    )
    person = forms.TypedChoiceField(label=gettext_lazy("关于谁"), coerce=int, required=False, empty_value=None)

    def __init__(self, people: Iterable[Person], *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        everybody = [("", _("全家")), *((person.pk, person.name) for person in people)]
        self.fields["person"].choices = everybody  # type: ignore[attr-defined]


class ConsentForm(forms.Form):
    """Who signed, when, and the paper that he signed."""

    person = forms.TypedChoiceField(label=gettext_lazy("签署人"), coerce=int, widget=forms.RadioSelect)
    signed_on = DayField(label=gettext_lazy("签署日期"))
    file = PaperField(label=gettext_lazy("签字的授权书"))

    def __init__(self, people: Iterable[Person], *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        self.fields["person"].choices = [(person.pk, person.name) for person in people]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why it is taken back."""

    reason = reason()


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("上传材料"))
def add(request: DeskRequest, household: Household) -> HttpResponse:
    """A paper comes into the file."""
    people = [member.person for member in queries.members_on(household, policy.today())]
    form = UploadForm(people, request.POST or None, request.FILES or None)
    if form.is_valid():
        said = form.cleaned_data
        with refusals_in(form):
            document = documents.keep(
                kind=DocumentKind(said["kind"]),
                name=said["file"].name,
                content=said["file"].read(),
                division=household.division,
                by=request.actor,
                on=policy.today(),
            )
            whose = next((person for person in people if person.pk == said["person"]), None)
            actions.keep_paper(household=household, document=document, person=whose, by=request.actor)
            return recorded(request, household, _("“{name}”已放进档案。").format(name=document.name))
    return asked(request, household, form, _("上传材料"), save=_("上传"))


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("登记核对授权"))
def consent(request: DeskRequest, household: Household) -> HttpResponse:
    """An adult allows other departments to be asked; the paper that he signed is laid into the file."""
    people = queries.adults_without_consent(household, policy.today())
    if not people:
        return recorded(request, household, _("成年家庭成员都已签核对授权。"))
    initial = {"signed_on": policy.today(), "person": request.GET.get("person", people[0].pk)}
    form = ConsentForm(people, request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        signer = next(person for person in people if person.pk == said["person"])
        with refusals_in(form):
            document = documents.keep(
                kind=DocumentKind.CONSENT,
                name=said["file"].name,
                content=said["file"].read(),
                division=household.division,
                by=request.actor,
                on=policy.today(),
            )
            actions.sign_consent(
                person=signer, document=document, signed_on=said["signed_on"], by=request.actor, on=policy.today()
            )
            return recorded(request, household, _("{name}的核对授权已登记。").format(name=signer.name))
    hint = _("没有授权不能向别的部门核对（社会救助法第四十条）。每位成年人各签一份。")
    return asked(request, household, form, _("登记核对授权"), hint)


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("撤回核对授权"))
def withdraw(request: DeskRequest, household: Household, person: int) -> HttpResponse:
    """Someone takes his consent back."""
    whose = get_object_or_404(Person, pk=person, household=household)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        with refusals_in(form):
            actions.withdraw_consent(
                person=whose, reason=form.cleaned_data["reason"], by=request.actor, on=policy.today()
            )
            return recorded(request, household, _("{name}的核对授权已撤回。").format(name=whose.name))
    hint = _("从今天起不再就{name}询问别的部门；已经答复的留在档案里。").format(name=whose.name)
    return asked(request, household, form, _("撤回核对授权"), hint, save=_("撤回"), tone="bad")


@require_safe
@desk_page(Capability.READ_FILES)
def papers(request: DeskRequest, number: str) -> HttpResponse:
    """All papers of a family, latest first."""
    household = family.file_of(request.actor, number)
    question = look(request, household, ReadKind.FILE, detail=_("材料目录"))
    if question:
        return question
    found = queries.papers_of(household)[::-1]
    return render(request, "web/desk/families/papers.html", {"household": household, "papers": found})


@require_safe
@desk_page(Capability.READ_FILES)
@through_case
def paper(request: DeskRequest, pk: int, case: Case | None) -> HttpResponse:
    """One paper to be saved; that it was taken out is recorded first."""
    reached = (
        Paper.objects.filter(household=case.household_id, subject__startswith=f"{case.number}/")
        if case
        else Paper.objects.filter(within(request.actor, "household__division_id"))
    )
    found = get_object_or_404(reached.select_related("document", "household"), pk=pk)
    if case:
        look_for_case(request, case, ReadKind.DOCUMENT, detail=found.document.name)
    elif question := look(request, found.household, ReadKind.DOCUMENT, detail=found.document.name):
        return question
    try:
        content = storage.open(found.document)
    except storage.Damaged as damaged:
        raise Refused(str(damaged)) from damaged
    return download(content, found.document.name, found.document.content_type)


urlpatterns = [
    path("papers/<int:pk>/", paper, name="paper"),
    path("families/<str:number>/papers/", papers, name="papers"),
    path("families/<str:number>/papers/add/", add, name="add_paper"),
    path("families/<str:number>/consents/add/", consent, name="consent"),
    path("families/<str:number>/consents/<int:person>/withdraw/", withdraw, name="withdraw"),
]
