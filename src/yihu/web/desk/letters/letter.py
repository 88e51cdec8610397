"""通知书: a letter as it was issued, on a sheet to print, and how it reached the family."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.cases.models import Case
from yihu.cases.queries import readable
from yihu.common.refusals import Refused
from yihu.households.enums import ReadKind
from yihu.letters import actions
from yihu.letters.enums import Delivery
from yihu.letters.models import Letter
from yihu.letters.rendering import sheet_of
from yihu.organisations.queries import window_of, within
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.cases.turn import through_case
from yihu.web.desk.families.purpose import look, look_for_case


class DeliveryForm(forms.Form):
    """How it was handed over, and who signed for it."""

    delivery = forms.ChoiceField(label=gettext_lazy("怎样送达"), choices=Delivery.choices, widget=forms.RadioSelect)
    received_by = forms.CharField(
        label=gettext_lazy("签收人"), required=False, max_length=60, help_text=gettext_lazy("当面送达、社区转交的必填")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.READ_LETTERS)
@through_case
def letter(request: DeskRequest, pk: int, case: Case | None) -> HttpResponse:
    """The sheet, with the form that notes its delivery under it."""
    reachable = (
        Letter.objects.filter(household=case.household_id, subject=case.number)
        if case
        else Letter.objects.filter(within(request.actor, "household__division_id"))
    )
    found = get_object_or_404(reachable.select_related("household__division", "issued_by"), pk=pk)
    on = policy.today()
    case = case or readable(request.actor).filter(number=found.subject).first()
    if case:
        look_for_case(request, case, ReadKind.DOCUMENT, detail=found.number)
    elif question := look(request, found.household, ReadKind.DOCUMENT, detail=found.number):
        return question
    form = DeliveryForm(
        request.POST or None, label_suffix="", initial={"delivery": Delivery.IN_PERSON, "received_by": found.addressee}
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.deliver(
                letter=found,
                delivery=Delivery(typed["delivery"]),
                received_by=typed["received_by"],
                by=request.actor,
                on=on,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("送达已登记。"))
            return redirect("desk:letter", pk)
    # A street that the family left reads the letter; handing it over is the new one's.
    may_deliver = request.actor.may(Capability.DELIVER_LETTERS) and request.actor.reaches(found.household.division_id)
    context = {
        "letter": found,
        "sheet": sheet_of(found),
        "form": form if form.errors or (found.delivered_on is None and may_deliver) else None,
        "case": case,
        "window": window_of(found.household.division_id),
        "issuer": found.issued_by.shown_name,
    }
    return render(request, "web/desk/letters/letter.html", context)


urlpatterns = [path("letters/<int:pk>/", letter, name="letter")]
