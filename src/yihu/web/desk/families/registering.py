"""登记: a new family, and everything that changes who lives in one and where."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yihu.access.capabilities import Capability
from yihu.cases import actions as cases
from yihu.common import identity_numbers, secrets
from yihu.common.refusals import Refused
from yihu.common.secrets import Kind
from yihu.households import actions
from yihu.households.actions import NewFact
from yihu.households.enums import HEAD, FactSource, ReadKind, ReadPurpose
from yihu.households.models import Household, Member, Person
from yihu.households.queries import masked_identity_number, masked_telephone, members_on
from yihu.policy.labels import parse_fact
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.families import family
from yihu.web.desk.families.forms import (
    HUKOU,
    CloseForm,
    ContactForm,
    CorrectionForm,
    DeathForm,
    HeadForm,
    JoinForm,
    LeaveForm,
    MemberForm,
    MoveForm,
    NewFamilyForm,
    RelationsForm,
)
from yihu.web.desk.families.purpose import look, remember
from yihu.web.desk.forms import refusals_in
from yihu.web.numbers import number_in

LEAST_ROWS, MOST_ROWS = 3, 30
FamilyView = Callable[..., HttpResponseBase]


def of_family(capability: Capability, page: Promise) -> Callable[[FamilyView], FamilyView]:
    """A page that records something of one family; that its file is looked at stands there before anything is done.

    ``page`` is what the record calls it.
    """

    def guard(view: FamilyView) -> FamilyView:
        @require_http_methods(["GET", "HEAD", "POST"])
        @sensitive_post_parameters()
        @desk_page(capability)
        @wraps(view)
        def opened(request: DeskRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            household = family.file_of(request.actor, number)
            if (question := look(request, household, ReadKind.FILE, detail=str(page))) is not None:
                return question
            return view(request, household, *args, **kwargs)

        return opened

    return guard


def recorded(request: DeskRequest, household: Household, message: str) -> HttpResponse:
    """Back to the family's page, which says that it is done."""
    messages.success(request, message)
    return redirect("desk:family", household.number)


def asked(
    request: DeskRequest, household: Household, form: forms.BaseForm, title: str, hint: str = "", **more: Any
) -> HttpResponse:
    """The page of one change."""
    context = {"household": household, "form": form, "title": title, "hint": hint, "save": _("登记")}
    return render(request, "web/desk/families/change.html", context | more)


# ---- a new family


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@desk_page(Capability.KEEP_FAMILIES)
def register(request: DeskRequest) -> HttpResponse:
    """One page for the whole family: where it lives, and who lives there. Rows left empty are nobody."""
    rows = max(LEAST_ROWS, min(MOST_ROWS, number_in(request.POST.get("m-TOTAL_FORMS", ""))))
    if request.POST.get("do") == "add" and rows < MOST_ROWS:
        rows += 1
        form, people = NewFamilyForm(request.actor, initial=request.POST.dict()), _typed(request, rows)
    else:
        form, people = NewFamilyForm(request.actor, request.POST or None), _people(request.POST or None, rows)
    if form.is_bound and all([form.is_valid(), people.is_valid()]):
        chosen = [each for each in people.forms if each.has_changed()]
        household = _registered(request, form, chosen)
        if household is not None:
            # Whoever opened the file need not say why he looks into it.
            remember(request, household, ReadPurpose.CHANGE, _("建档"))
            return recorded(request, household, _("已建档，户号 {number}。").format(number=household.number))
    context = {"form": form, "people": people, "is_full": rows >= MOST_ROWS}
    return render(request, "web/desk/families/register.html", context)


def _people(data: Any, rows: int) -> "BaseFormSet[MemberForm]":
    """The rows with what was sent, or empty ones, the first for the head."""
    made = formset_factory(MemberForm, extra=rows - 1, max_num=MOST_ROWS)
    first = [{"relation": str(HEAD)}]
    if data is None:
        return made(prefix="m", initial=first)
    sent = data.copy()
    sent["m-TOTAL_FORMS"], sent["m-INITIAL_FORMS"] = str(rows), "0"
    return made(sent, prefix="m", initial=first)


def _typed(request: DeskRequest, rows: int) -> "BaseFormSet[MemberForm]":
    """One more row below what was typed, of which nothing is judged yet."""
    names = MemberForm.base_fields
    typed = [{name: request.POST.get(f"m-{at}-{name}", "") for name in names} for at in range(rows - 1)]
    return formset_factory(MemberForm, extra=1, max_num=MOST_ROWS)(prefix="m", initial=typed)


def _registered(request: DeskRequest, form: NewFamilyForm, people: Sequence[MemberForm]) -> Household | None:
    """The family with its members, and where their household registers are; None when something was refused."""
    on, by = policy.today(), request.actor
    try:
        household = actions.open_household(
            division=form.cleaned_data["division"],
            address=form.cleaned_data["address"],
            telephone=form.cleaned_data["telephone"],
            members=[each.member() for each in people],
            confirmed=form.cleaned_data["confirmed"],
            by=by,
            on=on,
        )
    except Refused as refused:
        _tell(refused, form, people)
        return None
    places = [each.cleaned_data["hukou"] for each in people]
    facts = [
        NewFact(HUKOU, parse_fact(HUKOU, place), person=member.person)
        for member, place in zip(_in_order(household), places, strict=True)
        if place
    ]
    actions.record_facts(household=household, facts=facts, source=FactSource.DECLARED, by=by, on=on)
    return household


def _in_order(household: Household) -> list[Member]:
    return list(household.members.select_related("person").order_by("id"))


def _tell(refused: Refused, form: forms.BaseForm, people: Sequence[MemberForm]) -> None:
    """A refusal at the entry that it is about: of a person by his name, which stands before what is wrong with him."""
    name, _colon, words = refused.message.partition("：")
    whose = next((each for each in people if words and each.cleaned_data.get("name") == name), None)
    if whose is not None and refused.field in whose.fields:
        whose.add_error(refused.field, words)
    elif refused.field in form.fields:
        form.add_error(refused.field, refused.message)
    else:
        form.add_error(None, refused.message)


@require_POST
@sensitive_post_parameters()
@desk_page(Capability.KEEP_FAMILIES)
def check_number(request: DeskRequest) -> HttpResponse:
    """What an identity number tells, or what is wrong with it, while the clerk is still typing the next entry."""
    typed = next((value for name, value in request.POST.items() if name.endswith("identity_number")), "")
    if not str(typed).strip():
        return HttpResponse("")
    try:
        number = identity_numbers.check(str(typed), on=policy.today())
    except Refused as refused:
        return HttpResponse(format_html('<span class="problem">{}</span>', refused.message))
    born = identity_numbers.birth_date_of(number)
    age = Person(birth_date=born).age_on(policy.today())
    told = _("{sex}，{born} 出生，{age} 岁").format(sex=identity_numbers.sex_of(number).label, born=born, age=age)
    return HttpResponse(format_html('<span class="fits">{}</span>', told))


# ---- who lives in it


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("添加成员"))
def add_member(request: DeskRequest, household: Household) -> HttpResponse:
    """Someone joins: born, married in, moved in."""
    form = JoinForm(request.POST or None, with_head=False, initial={"since": policy.today()})
    if form.is_valid():
        said = form.cleaned_data
        with refusals_in(form):
            member = actions.add_member(
                household=household,
                member=form.member(said["since"]),
                confirmed=said["confirmed"],
                by=request.actor,
                on=policy.today(),
            )
            if said["hukou"]:
                fact = NewFact(HUKOU, parse_fact(HUKOU, said["hukou"]), person=member.person, since=said["since"])
                actions.record_facts(
                    household=household,
                    facts=[fact],
                    source=FactSource.DECLARED,
                    by=request.actor,
                    on=policy.today(),
                )
            return recorded(request, household, _("{name}已登记为家庭成员。").format(name=member.person.name))
    hint = _("结婚、出生、搬来同住的人。没有身份证号的填出生日期和性别。")
    return asked(request, household, form, _("添加成员"), hint)


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("成员离开"))
def leave(request: DeskRequest, household: Household) -> HttpResponse:
    """Someone no longer lives here; where it is the head, another is chosen with it."""
    members = members_on(household, policy.today())
    form = LeaveForm(members, request.POST or None, initial={"left_on": policy.today()})
    relations = RelationsForm(_but_head(members), request.POST or None, required=False)
    if all([form.is_valid(), relations.is_valid()]):
        said = form.cleaned_data
        member = next(each for each in members if each.person_id == said["person"])
        with refusals_in(form):
            actions.end_membership(
                member=member,
                left_on=said["left_on"],
                reason=said["reason"],
                relations=_new_relations(member, relations),
                by=request.actor,
                on=policy.today(),
            )
            return recorded(request, household, _("{name}已登记离开。").format(name=member.person.name))
    hint = _("他的材料和历史留在这一户。全家搬走请用“全家迁移”。")
    return asked(request, household, form, _("成员离开"), hint, relations=relations)


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("死亡"))
def death(request: DeskRequest, household: Household) -> HttpResponse:
    """Someone died; where it is the head, another is chosen with it."""
    members = members_on(household, policy.today())
    form = DeathForm(members, request.POST or None)
    relations = RelationsForm(_but_head(members), request.POST or None, required=False)
    if all([form.is_valid(), relations.is_valid()]):
        member = next(each for each in members if each.person_id == form.cleaned_data["person"])
        with refusals_in(form):
            actions.record_death(
                person=member.person,
                died_on=form.cleaned_data["died_on"],
                relations=_new_relations(member, relations),
                by=request.actor,
                on=policy.today(),
            )
            return recorded(request, household, _("{name}的死亡已登记。").format(name=member.person.name))
    hint = _("登记后，其余成员的待遇要重新认定。家里没有别人时，这一户同时销档。")
    return asked(request, household, form, _("死亡"), hint, relations=relations)


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("户主和关系"))
def head(request: DeskRequest, household: Household) -> HttpResponse:
    """Another head, or relations put right."""
    members = members_on(household, policy.today())
    known = {f"r{each.person_id}": each.relation for each in members}
    form = HeadForm(members, request.POST or None, initial={"changed_on": policy.today(), **known})
    if form.is_valid():
        with refusals_in(form):
            actions.change_head(
                household=household,
                relations=form.relations(),
                changed_on=form.cleaned_data["changed_on"],
                by=request.actor,
                on=policy.today(),
            )
            return recorded(request, household, _("户主和关系已登记。"))
    hint = _("只选一位“户主”，其他人填与这位户主的关系。")
    return asked(request, household, form, _("户主和关系"), hint)


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("更正姓名、身份证号"))
def correct(request: DeskRequest, household: Household, person: int | None = None) -> HttpResponse:
    """Whose name, number or date of birth is put right; then what it is."""
    if person is None:
        members = members_on(household, policy.today())
        context = {"household": household, "members": members}
        return render(request, "web/desk/families/whom.html", context)
    whose = get_object_or_404(Person, pk=person, household=household)
    initial: dict[str, object] = {"name": whose.name}
    if whose.identity_number is None:
        initial |= {"birth_date": whose.birth_date, "sex": whose.sex}
    form = CorrectionForm(request.POST or None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        if whose.identity_number is not None and not said["identity_number"]:
            # Left empty, the number stays; it is not shown to be typed over.
            said["identity_number"] = secrets.decrypt(Kind.IDENTITY, whose.identity_number)
        with refusals_in(form):
            actions.correct_person(person=whose, **said, by=request.actor, on=policy.today())
            return recorded(request, household, _("{name}的身份信息已更正。").format(name=said["name"]))
    hint = _("身份证号现在是 {number}；不改就空着。").format(number=masked_identity_number(whose) or _("没有登记"))
    return asked(request, household, form, _("更正姓名、身份证号"), hint)


# ---- where it lives


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("住址和电话"))
def contact(request: DeskRequest, household: Household) -> HttpResponse:
    """Another address in the community, another telephone."""
    form = ContactForm(request.POST or None, initial={"address": household.address})
    if form.is_valid():
        said = form.cleaned_data
        telephone = said["telephone"]
        if not telephone and household.telephone is not None and not said["remove"]:
            telephone = secrets.decrypt(Kind.TELEPHONE, household.telephone)
        with refusals_in(form):
            actions.change_contact(household=household, address=said["address"], telephone=telephone, by=request.actor)
            return recorded(request, household, _("住址和电话已登记。"))
    known = masked_telephone(household)
    hint = _("现在登记的电话是 {number}；不改就空着。").format(number=known) if known else ""
    return asked(request, household, form, _("住址和电话"), hint)


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("全家迁移"))
def move(request: DeskRequest, household: Household) -> HttpResponse:
    """The whole family moves to another community."""
    form = MoveForm(request.actor, request.POST or None)
    if form.is_valid():
        with refusals_in(form):
            cases.move_household(household=household, **form.cleaned_data, by=request.actor, on=policy.today())
            message = _("户 {number} 已迁到{place}。").format(
                number=household.number, place=form.cleaned_data["division"].shown_name
            )
            messages.success(request, message)
            return redirect("desk:families")
    hint = _("户号不变，档案跟着走。有申请正在办理的，先办结或者撤回；迁往别的街道由区级监督办理。")
    return asked(request, household, form, _("全家迁移"), hint)


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("销档"))
def close(request: DeskRequest, household: Household) -> HttpResponse:
    """Nobody lives here together any more."""
    form = CloseForm(request.POST or None, initial={"closed_on": policy.today()})
    if form.is_valid():
        with refusals_in(form):
            actions.close_household(household=household, **form.cleaned_data, by=request.actor, on=policy.today())
            return recorded(request, household, _("户 {number} 已销档。").format(number=household.number))
    hint = _("销档后成员都不再属于这一户，也不能再登记或申请；档案和历史保留。")
    return asked(request, household, form, _("销档"), hint, tone="bad", save=_("销档"))


def _but_head(members: Sequence[Member]) -> list[Member]:
    return [member for member in members if member.relation != HEAD]


def _new_relations(member: Member, form: RelationsForm) -> dict[int, int] | None:
    """What those who stay are to the new head, when the head goes."""
    return (form.relations() or None) if member.relation == HEAD else None


urlpatterns = [
    path("families/register/", register, name="register"),
    path("families/check-number/", check_number, name="check_number"),
    path("families/<str:number>/members/add/", add_member, name="add_member"),
    path("families/<str:number>/members/leave/", leave, name="leave"),
    path("families/<str:number>/members/death/", death, name="death"),
    path("families/<str:number>/members/head/", head, name="head"),
    path("families/<str:number>/members/correct/", correct, name="correct"),
    path("families/<str:number>/members/correct/<int:person>/", correct, name="correct_person"),
    path("families/<str:number>/contact/", contact, name="contact"),
    path("families/<str:number>/move/", move, name="move"),
    path("families/<str:number>/close/", close, name="close"),
]
