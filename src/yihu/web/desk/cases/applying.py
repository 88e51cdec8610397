"""新申请: what the family asks for, through whom, and the papers that it brings along."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
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
from yihu.cases import actions as cases
from yihu.cases.actions.applying import KNOWN_AT_APPLICATION
from yihu.cases.claims import why_not_open
from yihu.cases.enums import Channel, OccasionKind
from yihu.cases.models import Case, Occasion
from yihu.cases.occasions import LONGEST_WHAT, occasions_of, tell_occasion
from yihu.cases.papers import paper_subject
from yihu.cases.people import may_apply
from yihu.common.refusals import Refused
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.households import actions, queries
from yihu.households.models import Household, Member, Person
from yihu.policy.labels import programme_title
from yihu.policy.procedures import Circumstance, Paper, SignedBy
from yihu.web import policy
from yihu.web.desk.access import DeskRequest
from yihu.web.desk.cases.deed import day
from yihu.web.desk.cases.options import Option, notes_on, options_of
from yihu.web.desk.families.registering import of_family
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.forms.entries import PaperField

LONGEST_PROXY = 60
# What is told of an occasion that is not known yet.
OF_A_NEW_ONE = ("occasion_kind", "happened_on", "what")


class ApplicationForm(forms.Form):
    """Who applies, through whom and how; below it a file for each paper that one of the procedures asks for."""

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
    # What happened: one of those that are known, or a new one.
    occasion = forms.TypedChoiceField(
        label=gettext_lazy("哪一件事"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    occasion_kind = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=[("", gettext_lazy("请选择")), *OccasionKind.choices], required=False
    )
    happened_on = day(gettext_lazy("哪一天发生的"))
    what = forms.CharField(label=gettext_lazy("发生的情况"), required=False, max_length=LONGEST_WHAT)

    def __init__(
        self,
        members: Iterable[Member],
        unsigned: Iterable[Person],
        chosen: Iterable[Option],
        occasions: Sequence[Occasion] | None,
        *args: Any,
        **values: Any,
    ) -> None:
        super().__init__(*args, **values)
        self.fields["applicant"].choices = [(each.person_id, each.person.name) for each in members]  # type: ignore[attr-defined]
        ways = {each.label.title: each.procedure for each in chosen}
        asked_about = [each for each in KNOWN_AT_APPLICATION if any(each in way.matters for way in ways.values())]
        self.fields["circumstances"].choices = [(each.value, each.label) for each in asked_about]  # type: ignore[attr-defined]
        self.asks_what_happened = occasions is not None
        # Where something is known already, it may be chosen instead.
        for name in OF_A_NEW_ONE:
            self.fields[name].required = occasions == []
            self.fields[name].error_messages["required"] = _("请写明。")
        if occasions:
            known = [(each.pk, str(each)) for each in occasions]
            self.fields["occasion"].choices = [*known, ("", _("新的一件"))]  # type: ignore[attr-defined]
        else:
            del self.fields["occasion"]
        if occasions is None:
            for name in OF_A_NEW_ONE:
                del self.fields[name]
        self.papers: dict[str, tuple[Paper, Person | None]] = {}
        # Whatever may be asked in any circumstances: which ones are true is only told by this form. What several
        # procedures ask for is brought once.
        asked_for: dict[str, dict[str, Paper]] = {}
        for title, way in ways.items():
            for asked in way.asked_papers(frozenset(Circumstance)):
                asked_for.setdefault(asked.key, {})[title] = asked
        for by_programme in asked_for.values():
            asked = next(iter(by_programme.values()))
            hint = _what_for(by_programme, is_only=len(ways) == 1)
            if asked.signed_by is SignedBy.EACH_ADULT:
                for person in unsigned:
                    self._ask(f"paper-{asked.key}-{person.pk}", asked, person, hint)
            else:
                self._ask(f"paper-{asked.key}", asked, None, hint)

    def _ask(self, name: str, asked: Paper, person: Person | None, hint: str) -> None:
        self.papers[name] = (asked, person)
        label = _("{paper} · {name}").format(paper=asked.label, name=person.name) if person else asked.label
        self.fields[name] = PaperField(label=label, required=False, help_text=hint)

    def say_files_are_gone(self) -> None:
        """What was chosen is lost with a refusal, which no browser says: it stands at each file, and over the form."""
        for name in self.papers:
            file = self.files.get(name)
            if file and name not in self.errors:
                self.add_error(name, _("文件请再选一次（{file}）。").format(file=file.name))

    def clean(self) -> dict[str, Any]:
        """A new occasion has a kind, a day and words."""
        said = super().clean() or self.cleaned_data
        if self.asks_what_happened and not said.get("occasion"):
            for name in OF_A_NEW_ONE:
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("请写明。"))
        return said

    @property
    def asks_about_circumstances(self) -> bool:
        """Whether any makes a difference for what is asked for."""
        return bool(self.fields["circumstances"].choices)  # type: ignore[attr-defined]

    @property
    def paper_fields(self) -> list[forms.BoundField]:
        """The entries of the papers."""
        return [self[name] for name in self.papers]

    @property
    def brought(self) -> list[tuple[str, Paper, Person | None, UploadedFile]]:
        """The papers that came along, with the names of their fields."""
        return [
            (name, asked, person, self.cleaned_data[name])
            for name, (asked, person) in self.papers.items()
            if self.cleaned_data.get(name)
        ]


def _what_for(by_programme: Mapping[str, Paper], *, is_only: bool) -> str:
    """Which programmes a paper serves, each with when it is wanted and the clause that asks for it."""
    said = []
    for title, asked in by_programme.items():
        only = "、".join(each.label for each in asked.when)
        hint = "　".join(filter(None, (_("{only}时才要。").format(only=only) if only else "", asked.clause)))
        if asked.may_follow:
            later = "、".join(sorted(each.label for each in asked.may_follow))
            hint = _("{hint}（{when}的，可以事后补齐）").format(hint=hint, when=later)
        said.append(hint if is_only else _("{title}：{hint}").format(title=title, hint=hint))
    return "；".join(said) if is_only else _("用于 {programmes}").format(programmes="；".join(said))


@of_family(Capability.TAKE_APPLICATIONS, gettext_lazy("新申请"))
def apply(request: DeskRequest, household: Household) -> HttpResponse:
    """The application of a family for one or several programmes, each of which becomes a case of its own."""
    on = policy.today()
    offered = options_of(household, on=on)
    asked = request.GET.getlist("programme")
    chosen = [each for each in offered if each.key in asked]
    if not asked and len(offered) == 1:
        chosen = offered
    known = {each.key for each in offered}
    refused = [_why_not(household, key, on=on) for key in asked if key not in known]
    context: dict[str, Any] = {
        "household": household,
        "offered": offered,
        "likely": [each for each in offered if each.verdict.is_likely],
        "unlikely": [each for each in offered if not each.verdict.is_likely],
        "unfolds": any(not each.verdict.is_likely for each in chosen),
        "chosen": chosen,
        "refused": refused,
        "chose_none": "next" in request.GET and not asked,
    }
    if not chosen or refused:
        return render(request, "web/desk/cases/choose.html", context)
    may = {person.pk for person in may_apply(household, on=on)}
    members = [each for each in queries.members_on(household, on) if each.person_id in may]
    usual = Channel.COMMUNITY if household.division_id in request.actor.areas else Channel.WINDOW
    form = ApplicationForm(
        members,
        queries.adults_without_consent(household, on),
        chosen,
        occasions_of(household, on=on) if any(each.label.is_for_an_occasion for each in chosen) else None,
        request.POST or None,
        request.FILES or None,
        initial={
            "applicant": members[0].person_id if members else None,
            "channel": usual,
        },
    )
    if form.is_valid():
        with refusals_in(form):
            opened = _applied(request, household, chosen, members, form)
            numbers = "、".join(case.number for case in opened)
            messages.success(request, _("已接收申请，案号 {number}。").format(number=numbers))
            if len(opened) == 1:
                return redirect("desk:case", opened[0].number)
            return redirect("desk:family", household.number)
    form.say_files_are_gone()
    context["notes"] = notes_on(chosen, offered)
    return render(request, "web/desk/cases/apply.html", context | {"form": form})


def _why_not(household: Household, key: str, *, on: date) -> str:
    programme, _mark, _person = key.partition("/")
    closed = why_not_open(programme, division=household.division_id, on=on)
    return closed or _("{title}按人申请，请选是家里的哪一位。").format(
        title=programme_title(programme, household.division_id)
    )


@transaction.atomic
def _applied(
    request: DeskRequest,
    household: Household,
    chosen: Sequence[Option],
    members: Iterable[Member],
    form: ApplicationForm,
) -> list[Case]:
    said: Mapping[str, Any] = form.cleaned_data
    on, by = policy.today(), request.actor
    applicant = next(each.person for each in members if each.person_id == said["applicant"])
    occasion = _happened(household, form, on=on) if form.asks_what_happened else None
    opened = []
    for option in chosen:
        case = cases.apply(
            household=household,
            programme=option.label.name,
            person=option.person,
            occasion=occasion if option.label.is_for_an_occasion else None,
            applicant=applicant,
            channel=Channel(said["channel"]),
            proxy=said["proxy"],
            circumstances=[Circumstance(each) for each in said["circumstances"]],
            by=by,
            on=on,
        )
        opened.append((case, {asked.key for asked in option.procedure.asked_papers(frozenset(Circumstance))}))
    for name, asked, person, file in form.brought:
        try:
            if person is not None:
                document = _kept(request, household, kind_of(asked), file)
                actions.sign_consent(person=person, document=document, by=by, on=on)
                continue
            # Each case has its own copy in the file, since a paper is filed for one thing.
            for case in (case for case, wanted in opened if asked.key in wanted):
                document = _kept(request, household, kind_of(asked), file)
                subject = paper_subject(case, asked.key)
                actions.keep_paper(household=household, document=document, person=applicant, subject=subject, by=by)
        except Refused as refused:
            raise Refused(refused.message, field=name) from None
    return [case for case, _wanted in opened]


def _happened(household: Household, form: ApplicationForm, *, on: date) -> Occasion:
    """What was chosen, or what is told now."""
    said = form.cleaned_data
    chosen = next((each for each in occasions_of(household, on=on) if each.pk == said.get("occasion")), None)
    return chosen or tell_occasion(
        household, kind=OccasionKind(said["occasion_kind"]), happened_on=said["happened_on"], what=said["what"], on=on
    )


def kind_of(asked: Paper) -> DocumentKind:
    """What a paper of a procedure is to the store of documents."""
    if asked.signed_by is SignedBy.EACH_ADULT:
        return DocumentKind.CONSENT
    if Circumstance.APPLIED_BY_OTHER in asked.when:
        return DocumentKind.PROXY
    return DocumentKind.APPLICATION if asked.signed_by is SignedBy.APPLICANT else DocumentKind.PROOF


def _kept(request: DeskRequest, household: Household, kind: DocumentKind, file: UploadedFile) -> Document:
    file.seek(0)
    return documents.keep(
        kind=kind,
        name=file.name or "",
        content=file.read(),
        division=household.division,
        by=request.actor,
        on=policy.today(),
    )


urlpatterns = [path("families/<str:number>/apply/", apply, name="apply")]
