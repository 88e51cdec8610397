"""收款账户 of a family: masked, shown whole for the record, taken down anew, explained where families share one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.households.enums import ReadKind
from yihu.households.models import Household, Person
from yihu.households.queries import members_on
from yihu.organisations.queries import within
from yihu.payments import actions, queries
from yihu.payments.models import Account
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.families.purpose import PurposeForm, look, purpose_of, remember
from yihu.web.desk.forms import refusals_in


class AccountForm(forms.Form):
    """Where the money is to go from today on."""

    holder = forms.ModelChoiceField(
        label=gettext_lazy("户名"), queryset=Person.objects.none(), help_text=gettext_lazy("家庭成员本人的账户")
    )
    bank = forms.CharField(label=gettext_lazy("开户银行"), max_length=60, help_text=gettext_lazy("写到支行"))
    number = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("对照银行卡或存折，空格可留"),
    )
    shared_because = forms.CharField(
        label=gettext_lazy("几户共用的原因"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("只有另一户也用这个账户时才填"),
    )

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [member.person_id for member in members_on(household, policy.today())]
        self.fields["holder"].initial = next(iter(people), None)
        self.fields["holder"].queryset = Person.objects.filter(pk__in=people, died_on__isnull=True)  # type: ignore[attr-defined]


class SharingForm(forms.Form):
    """Why families share an account that is in use."""

    because = forms.CharField(label=gettext_lazy("几户共用的原因"), max_length=200)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("number")
@desk_page(Capability.SEE_ACCOUNTS)
def account(request: DeskRequest, number: str) -> HttpResponse:
    """The account in use and the ones before it; who may, takes another one down."""
    household = _household(request, number)
    if (response := look(request, household, ReadKind.FILE, detail=_("收款账户"))) is not None:
        return response
    on = policy.today()
    may_keep = request.actor.may(Capability.KEEP_ACCOUNTS)
    doing = request.POST.get("do", "")
    form = AccountForm(request.POST if doing == "open" else None, household=household)
    sharing = SharingForm(request.POST if doing == "explain" else None)
    now = queries.account_of(household.pk, on=on)
    if doing == "open" and form.is_valid():
        with refusals_in(form):
            opened = actions.open_account(household=household, by=request.actor, on=on, **form.cleaned_data)
            for warning in opened.warnings:
                messages.warning(request, warning)
            return _back(request, household, _("账户已登记，{on} 起使用。").format(on=on))
    if doing == "explain" and now and sharing.is_valid():
        with refusals_in(sharing):
            actions.explain_sharing(account=now, because=sharing.cleaned_data["because"], by=request.actor, on=on)
            return _back(request, household, _("已登记几户共用的原因。"))
    former = Account.objects.filter(household=household, period__isempty=False).select_related("holder")
    context = {
        "household": household,
        "now": now,
        "former": former.exclude(pk=now.pk if now else 0).order_by("-period"),
        "form": form,
        "sharing": sharing,
        "may_keep": may_keep,
        "may_reveal": request.actor.may(Capability.SEE_ACCOUNT_NUMBERS),
        "run": _run(request),
    }
    return render(request, "web/desk/payments/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.SEE_ACCOUNT_NUMBERS)
def reveal(request: DeskRequest, number: str, account: int) -> HttpResponse:
    """A whole account number; the purpose is asked, and that it was shown is recorded."""
    household = _household(request, number)
    shown = get_object_or_404(Account.objects.select_related("household", "holder"), pk=account, household=household)
    known = purpose_of(request, household)
    form = PurposeForm(request.POST or None, initial=dict(zip(("purpose", "detail"), known or (), strict=False)))
    context = {
        "household": household,
        "account": shown,
        "form": form,
        "back_url": reverse("desk:account", args=[number]),
    }
    if form.is_valid():
        purpose = form.cleaned_data["purpose"]
        with refusals_in(form):
            context["number"] = actions.reveal_account(account=shown, purpose=purpose, by=request.actor)
            remember(request, household, purpose, form.cleaned_data["detail"].strip())
    return render(request, "web/desk/payments/reveal.html", context)


def _household(request: DeskRequest, number: str) -> Household:
    return get_object_or_404(Household.objects.filter(within(request.actor)), number=number)


def _run(request: DeskRequest) -> str:
    """The run from which someone came to mend an account."""
    asked = request.GET.get("run", "")
    return asked if asked and queries.run_of(asked, actor=request.actor) else ""


def _back(request: DeskRequest, household: Household, said: str) -> HttpResponse:
    run = _run(request)
    if run:
        messages.success(request, said + _("请刷新批次。"))
        return redirect("desk:run", number=run)
    messages.success(request, said)
    return redirect("desk:account", number=household.number)


urlpatterns = [
    path("families/<str:number>/account/", account, name="account"),
    path("families/<str:number>/account/<int:account>/", reveal, name="reveal_account"),
]
