"""Ending an award without a case: whoever receives it died, moved away or wants it no more."""

from datetime import date
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
from yihu.awards.periods import in_words
from yihu.awards.queries import claims_within, home_now
from yihu.households.enums import ReadKind
from yihu.policy.labels import programme_title
from yihu.policy.words import ProgrammeKind
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.families.purpose import look
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.months import month_of

# That someone no longer qualifies, or gets another amount, takes a determination.
REASONS = (EndReason.DIED, EndReason.LEFT, EndReason.RENOUNCED)


class EndForm(forms.Form):
    """Why, and from when on nothing is given: from a month on, or from a day where it is not given by the month."""

    reason = forms.ChoiceField(
        label=gettext_lazy("原因"), choices=[(each.value, each.label) for each in REASONS], widget=forms.RadioSelect
    )
    from_day = forms.CharField(
        label=gettext_lazy("停发月份"),
        max_length=10,
        widget=forms.TextInput(attrs={"type": "month"}),
        help_text=gettext_lazy("从这个月起不再发"),
    )

    def __init__(self, *args: Any, award: Award, begins: date, today: date, **kwargs: Any) -> None:
        self.by_month = award.kind == ProgrammeKind.MONTH
        first = begins if award.kind == ProgrammeKind.ONCE else max(begins, today)
        kwargs["initial"] = {"from_day": f"{today:%Y-%m}" if self.by_month else f"{first}"}
        super().__init__(*args, **kwargs)
        if not self.by_month:
            field = self.fields["from_day"]
            field.label, field.help_text = _("停止日期"), _("从这一天起不再享受")
            field.widget.attrs["type"] = "date"

    def clean_from_day(self) -> date:
        """The day, or the first of the month."""
        typed = self.cleaned_data["from_day"].strip()
        if self.by_month:
            month = month_of(typed)
            if month is None:
                raise forms.ValidationError(_("月份写成 2026-03 这样。"))
            return month
        try:
            return date.fromisoformat(typed)
        except ValueError:
            raise forms.ValidationError(_("日期写成 2026-03-05 这样。")) from None


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
    begins = given.period.lower if given else policy.today()
    form = EndForm(request.POST or None, award=ending, begins=begins, today=policy.today())
    if form.is_valid():
        with refusals_in(form):
            said = form.cleaned_data
            actions.stop(
                award=ending,
                from_day=said["from_day"],
                reason=EndReason(said["reason"]),
                by=request.actor,
                on=policy.today(),
            )
            message = _("{title}从 {day} 起停发。正在制单的批次要由制单人刷新。")
            messages.success(request, message.format(title=title, day=in_words(ending.kind, said["from_day"])))
            return redirect("desk:family", number=home.number)
    context = {
        "award": ending,
        "home": home,
        "term": given,
        "form": form,
        "is_once": ending.pay_period is not None,
        "back_url": reverse("desk:family", args=[home.number]),
    }
    return render(request, "web/desk/awards/end.html", context)


urlpatterns = [path("awards/<int:award>/end/", end, name="award_end")]
