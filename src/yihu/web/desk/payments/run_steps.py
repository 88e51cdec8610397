"""What is done with a run: handed over, sent back, approved, given up, worked out again; lines left out of it."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from yihu.access.capabilities import Capability
from yihu.common.fen import yuan
from yihu.common.refusals import Refused
from yihu.payments import actions, queries
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.forms import refusals_in


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


def found_run(request: DeskRequest, number: str) -> PaymentRun:
    """The run of that number within reach. Raises Http404."""
    found = queries.run_of(number, actor=request.actor)
    if found is None:
        raise Http404
    return found


def _done(request: DeskRequest, number: str, do: Callable[[PaymentRun], Any], said: str) -> HttpResponse:
    """Do it, and say on the page of the run that it is done or why it is not."""
    try:
        do(found_run(request, number))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("desk:run", number=number)


@require_POST
@desk_page(Capability.MAKE_RUNS)
def submit(request: DeskRequest, number: str) -> HttpResponse:
    """Hand it over to be checked."""
    return _done(
        request, number, lambda run: actions.submit(run=run, by=request.actor, on=policy.today()), _("已提交复核。")
    )


@require_POST
@desk_page(Capability.CHECK_RUNS)
def approve(request: DeskRequest, number: str) -> HttpResponse:
    """Freeze it as it was seen."""
    return _done(
        request,
        number,
        lambda run: actions.approve(run=run, seen=request.POST.get("seen", ""), by=request.actor, on=policy.today()),
        _("已复核并冻结，可以生成银行文件。"),
    )


@require_POST
@desk_page(Capability.MAKE_RUNS)
def refresh(request: DeskRequest, number: str) -> HttpResponse:
    """Work it out again, with the day of the money as it was typed."""

    def do(run: PaymentRun) -> None:
        typed = forms.DateField(required=False)
        try:
            pay_on = typed.clean(request.POST.get("pay_on", ""))
        except forms.ValidationError as error:
            raise Refused(_("应到账日期写成 2026-03-10 这样。")) from error
        actions.refresh(run=run, by=request.actor, on=policy.today(), pay_on=pay_on)

    return _done(request, number, do, _("已按现在的待遇、账户和家庭重新计算。"))


@require_POST
@desk_page(Capability.MAKE_RUNS)
def put_back(request: DeskRequest, number: str, line: int) -> HttpResponse:
    """Pay after all what was left out."""
    chosen = get_object_or_404(PaymentLine, pk=line, run=found_run(request, number))
    return _done(
        request,
        number,
        lambda run: actions.put_back(run=run, line=chosen, by=request.actor, on=policy.today()),
        _("已放回本批次。"),
    )


@require_POST
@desk_page(Capability.MAKE_BANK_FILES)
def make_bank_file(request: DeskRequest, number: str) -> HttpResponse:
    """The bank's file in one of its formats; made again it is the same."""
    profile, because = request.POST.get("profile", ""), request.POST.get("withdrawn_because", "")

    def do(run: PaymentRun) -> None:
        made = actions.make_bank_file(
            run=run, profile=profile, withdrawn_because=because, by=request.actor, on=policy.today()
        )
        if made.is_late:
            late = _("生成时已过应到账日期 {pay_on}，文件里写的还是这一天。请与银行约定到账的日子。")
            messages.warning(request, late.format(pay_on=run.pay_on))

    return _done(request, number, do, _("银行文件已生成，请核对笔数和合计后下载。"))


@require_POST
@desk_page(Capability.SEE_RUNS)
def verify(request: DeskRequest, number: str) -> HttpResponse:
    """Whether a frozen run still is what was checked."""
    run = found_run(request, number)
    if queries.verify(run):
        messages.success(request, _("核验一致：批次和每一笔明细都与复核时相同。"))
    else:
        messages.error(request, _("核验不一致：批次或明细与复核时不同。不要发放，请立即报告区级监督。"))
    return redirect("desk:run", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.CHECK_RUNS)
def send_back(request: DeskRequest, number: str) -> HttpResponse:
    """Give it back to its maker, with the reason."""

    def do(run: PaymentRun, reason: str) -> None:
        actions.send_back(run=run, reason=reason, by=request.actor)

    return _with_reason(request, number, do, _("已退回制单人。"), "send_back")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.MAKE_RUNS)
def cancel(request: DeskRequest, number: str) -> HttpResponse:
    """Give it up."""

    def do(run: PaymentRun, reason: str) -> None:
        actions.cancel(run=run, reason=reason, by=request.actor)

    return _with_reason(request, number, do, _("已作废。这个月可以重新制单。"), "cancel")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.MAKE_RUNS)
def hold(request: DeskRequest, number: str, line: int) -> HttpResponse:
    """Leave one family, or one person in it, out of a draft; what it is owed stays owed."""
    chosen = get_object_or_404(
        PaymentLine.objects.select_related("household"), pk=line, run=found_run(request, number), cancelled=False
    )

    def do(run: PaymentRun, reason: str) -> None:
        actions.remove_line(run=run, line=chosen, reason=reason, by=request.actor)

    return _with_reason(request, number, do, _("已暂缓，钱仍欠着，下一批次会补发。"), "hold", line=chosen)


class WriteOffForm(ReasonForm):
    """Which months, and why."""

    months = forms.MultipleChoiceField(label=gettext_lazy("月份"), widget=forms.CheckboxSelectMultiple)
    field_order = ("months", "reason")

    def __init__(self, *args: Any, lines: Sequence[PaymentLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(line.pk), f"{line.period:%Y-%m}　{yuan(line.amount)} 元") for line in lines]
        self.fields["months"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.MAKE_RUNS)
def write_off(request: DeskRequest, number: str, line: int) -> HttpResponse:
    """Propose that months of one family, or one person, which nobody can be paid, be owed no longer."""
    run = found_run(request, number)
    chosen = get_object_or_404(
        PaymentLine.objects.select_related("household", "award"), pk=line, run=run, written_off_because=""
    )
    same = run.lines.filter(written_off_because="", award=chosen.award_id)
    months = {str(each.pk): each for each in same.order_by("period")}
    form = WriteOffForm(request.POST or None, lines=list(months.values()))
    if form.is_valid():
        with refusals_in(form):
            typed = form.cleaned_data
            actions.write_off(
                run=run, chosen=[months[pk] for pk in typed["months"]], reason=typed["reason"], by=request.actor
            )
            messages.success(request, _("已列为不再补发，复核冻结以后生效。"))
            return redirect("desk:run", number=number)
    context = {"run": run, "line": chosen, "form": form, "back_url": reverse("desk:run", args=[number])}
    return render(request, "web/desk/payments/write_off.html", context)


def _with_reason(
    request: DeskRequest, number: str, do: Callable[[PaymentRun, str], None], said: str, name: str, **more: object
) -> HttpResponse:
    run = found_run(request, number)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_in(form):
            do(run, form.cleaned_data["reason"])
            messages.success(request, said)
            return redirect("desk:run", number=number)
    context = {"run": run, "form": form, "back_url": reverse("desk:run", args=[number]), **more}
    return render(request, f"web/desk/payments/{name}.html", context)


urlpatterns = [
    path("runs/<str:number>/submit/", submit, name="run_submit"),
    path("runs/<str:number>/approve/", approve, name="run_approve"),
    path("runs/<str:number>/refresh/", refresh, name="run_refresh"),
    path("runs/<str:number>/verify/", verify, name="run_verify"),
    path("runs/<str:number>/send-back/", send_back, name="run_send_back"),
    path("runs/<str:number>/cancel/", cancel, name="run_cancel"),
    path("runs/<str:number>/bank-files/", make_bank_file, name="run_bank_file"),
    path("runs/<str:number>/lines/<int:line>/hold/", hold, name="run_hold"),
    path("runs/<str:number>/lines/<int:line>/write-off/", write_off, name="run_write_off"),
    path("runs/<str:number>/lines/<int:line>/put-back/", put_back, name="run_put_back"),
]
