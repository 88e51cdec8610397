"""Ending an award without a case: whoever receives it died, moved away or wants it no more."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.awards import actions
from yihu.awards.enums import EndReason
from yihu.awards.models import Award
from yihu.awards.queries import claims_within, home_now
from yihu.households.enums import ReadKind
from yihu.policy.labels import programme_title
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.families.purpose import look
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.months import month_of

# That someone no longer qualifies, or gets another amount, takes a determination.
REASONS = (EndReason.DIED, EndReason.LEFT, EndReason.RENOUNCED)


class EndForm(forms.Form):
    """Why, and from which month on nothing is paid."""

    reason = forms.ChoiceField(
        label=gettext_lazy("原因"), choices=[(each.value, each.label) for each in REASONS], widget=forms.RadioSelect
    )
    on_month = forms.CharField(
        label=gettext_lazy("停发月份"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month"}),
        help_text=gettext_lazy("从这个月起不再发"),
    )

    def clean_on_month(self) -> Any:
        """The first of the month."""
        month = month_of(self.cleaned_data["on_month"].strip())
        if month is None:
            raise forms.ValidationError(_("月份写成 2026-03 这样。"))
        return month


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.END_AWARDS)
def end(request: DeskRequest, award: int) -> HttpResponse:
    """What ends, what that means, and the two questions."""
    rows = Award.objects.filter(claims_within(request.actor, ""))
    ending = get_object_or_404(rows, pk=award)
    home = home_now(ending)
    given = ending.terms.worth_telling().last()
    title = programme_title(ending.programme)
    if (response := look(request, home, ReadKind.FILE, detail=_("终止{title}").format(title=title))) is not None:
        return response
    form = EndForm(request.POST or None, initial={"on_month": f"{policy.today():%Y-%m}"})
    if form.is_valid():
        with refusals_in(form):
            said = form.cleaned_data
            actions.stop(
                award=ending,
                from_day=said["on_month"],
                reason=EndReason(said["reason"]),
                by=request.actor,
                on=policy.today(),
            )
            message = _("{title}从 {month} 起停发。正在制单的批次要由制单人刷新。")
            messages.success(request, message.format(title=title, month=f"{said['on_month']:%Y-%m}"))
            return redirect("desk:family", number=home.number)
    context = {
        "award": ending,
        "home": home,
        "term": given,
        "form": form,
        "back_url": reverse("desk:family", args=[home.number]),
    }
    return render(request, "web/desk/awards/end.html", context)


urlpatterns = [path("awards/<int:award>/end/", end, name="award_end")]
