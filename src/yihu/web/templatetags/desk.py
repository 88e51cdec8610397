"""The parts that pages of the desk are built from; docs/how-to/desk-page.md shows each in use."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput, FileInput, NumberInput
from django.http import HttpRequest
from django.template import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from psycopg.types.range import Range

from yihu.awards.models import AwardTerm
from yihu.awards.queries import amount_text
from yihu.payments.naming import title_of
from yihu.policy import Sentence
from yihu.policy.labels import programme_title
from yihu.web import pictures
from yihu.web.parts import Chip, Event, Filter, Progress, Step, Tile, Tone

register = template.Library()

# A clock with so few days left is warned of.
SOON = 3

SOURCES = {
    "declared": gettext_lazy("申报"),
    "verified": gettext_lazy("核实"),
    "received": gettext_lazy("部门"),
}


# ---- words and figures


@register.filter
def money(fen: int | None) -> SafeString:
    """Fen as ``¥1,170.00``, a negative amount marked and with a minus sign; unknown is a dash, never 0."""
    if fen is None:
        return format_html('<span class="none" title="{}">—</span>', _("不知道"))
    text = pictures.money(fen)
    return format_html('<span class="minus">{}</span>', text) if fen < 0 else format_html("{}", text)


@register.filter
def change(fen: int | None) -> SafeString:
    """Fen by which something rose or fell, with its sign: ``+¥614.20``."""
    if fen is None or fen <= 0:
        return money(fen)
    return format_html("+{}", pictures.money(fen))


@register.filter
def number(value: int | None) -> str:
    """A count with its thousands apart."""
    return "—" if value is None else f"{value:,}"


@register.filter
def programme(name: str) -> str:
    """A programme by its title."""
    return programme_title(name)


@register.filter
def gives(term: AwardTerm) -> str:
    """What an award comes to by one of its terms: fen, and how often if not each month; the help; or a mere status."""
    if term.award.is_paid_monthly:
        return pictures.money(term.amount or 0)
    return amount_text(term) or _("身份")


@register.filter
def programmes(names: Iterable[str]) -> str:
    """Programmes by their titles."""
    return title_of(names)


@register.filter
def month(day: date) -> str:
    """The month that a day lies in: ``2026 年 3 月``."""
    return _("{year} 年 {month} 月").format(year=day.year, month=day.month)


@register.filter
def months(period: Range[date]) -> str:
    """A period of whole months, the last one named: ``2026-03 起``, ``2026-03 至 2026-08``, ``2026-03``; or none."""
    if period.isempty:
        return _("没有开始")
    assert period.lower is not None
    first = f"{period.lower:%Y-%m}"
    if period.upper is None:
        return _("{first} 起").format(first=first)
    last = f"{period.upper - timedelta(days=1):%Y-%m}"
    return first if first == last else _("{first} 至 {last}").format(first=first, last=last)


@register.simple_tag
def chip(text: str, tone: Tone = "plain") -> SafeString:
    """A word on a tint: good, warn, bad, info, plain."""
    return format_html('<span class="chip {}">{}</span>', tone, text)


@register.simple_tag
def chip_of(one: Chip | None) -> SafeString:
    """The same of a Chip, nothing of None."""
    return chip(one.text, one.tone) if one else SafeString("")


@register.simple_tag
def deadline(left: int | None, due: date | None = None, provisional: bool = False, unit: str = "") -> SafeString:
    """Working days left: 0 today, negative overdue, None no clock. ``provisional``: holidays not yet announced."""
    if left is None:
        return format_html('<span class="none">{}</span>', _("不计时"))
    unit = unit or _("个工作日")
    if left < 0:
        tone, text = "bad", _("逾期 {n} {unit}").format(n=-left, unit=unit)
    elif left == 0:
        tone, text = "warn", _("今天")
    else:
        tone, text = ("warn" if left <= SOON else "plain"), _("剩 {n} {unit}").format(n=left, unit=unit)
    by = due.isoformat() if due else ""
    if provisional:
        by = _("{day}（那一年的放假安排还没有公布，届时重算）").format(day=by)
        text = _("{text} · 暂定").format(text=text)
    return format_html('<span class="chip {} deadline" title="{}">{}</span>', tone, by, text)


@register.simple_tag
def source(kind: str, detail: str = "", on: date | str | None = None) -> SafeString:
    """Where a fact comes from: declared, verified or received; ``on`` a day, or a month as ``2020-08``."""
    words = f"{SOURCES[kind]} · {detail}" if detail else SOURCES[kind]
    return format_html('<span class="source {}">{} {}</span>', kind, words, on or "")


@register.simple_tag
def difference(text: str = "") -> SafeString:
    """The mark of a fact on which two sources differ; its row has ``class="diff"``."""
    return format_html('<span class="chip warn difference">{}</span>', text or _("与申报不一致"))


# ---- what frames a page


@register.simple_tag
def crumb(text: str, url: str = "") -> SafeString:
    """One part of the way to this page."""
    return format_html('<li><a href="{}">{}</a></li>', url, text) if url else format_html("<li>{}</li>", text)


@register.simple_block_tag
def panel(content: str, title: str, note: str = "", kind: str = "", id: str = "") -> SafeString:
    """A titled panel; ``kind`` ``pad`` for prose and forms (16 px inside), none for tables and lists."""
    return format_html(
        '<section class="panel {}"{}><h2>{}{}</h2>{}</section>',
        kind,
        format_html(' id="{}"', id) if id else "",
        title,
        format_html(" <small>{}</small>", note) if note else "",
        content,
    )


@register.simple_block_tag
def note(content: str, tone: Tone = "info") -> SafeString:
    """A message bar in the page. Bad and warn are read out at once."""
    role = "alert" if tone in ("bad", "warn") else "status"
    return format_html('<div class="note {}" role="{}">{}</div>', tone, role, content)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """An empty list: what is not there, and inside what to do next."""
    return format_html('<div class="empty"><b>{}</b><div>{}</div></div>', title, content)


@register.simple_block_tag
def confirm(content: str, label: str, tone: str = "") -> SafeString:
    """A button that first unfolds what it will do, with its form inside; ``tone`` ``bad``: cannot be undone."""
    return format_html(
        '<details class="confirm"><summary class="btn {}">{}</summary><div class="confirm-body">{}</div></details>',
        tone,
        label,
        content,
    )


# ---- lists


@register.inclusion_tag("web/desk/parts/filters.html", takes_context=True)
def filters(context: RequestContext, every: Iterable[Filter], sorted_by: str = "") -> dict[str, Any]:
    """Filters in the address bar; a choice keeps the others and goes back to the first page."""
    request: HttpRequest = context["request"]
    rows = []
    for each in every:
        chosen = request.GET.get(each.name, "")
        choices = [
            {
                "label": one.label,
                "count": one.count,
                "is_on": one.value == chosen,
                "url": _with(request, each.name, one),
            }
            for one in each.choices
        ]
        on = next((one["label"] for one in choices if one["is_on"]), chosen)
        rows.append({"label": each.label, "choices": choices, "chosen": on, "is_set": bool(chosen)})
    return {"rows": rows, "sorted_by": sorted_by, "is_set": any(row["is_set"] for row in rows), "path": request.path}


def _with(request: HttpRequest, name: str, choice: Any) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query.pop(name, None)
    if choice.value:
        query[name] = choice.value
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.inclusion_tag("web/desk/parts/pages.html", takes_context=True)
def pages(context: RequestContext, page: Page[Any], unit: str) -> dict[str, Any]:
    """Which part of a list this is, of how many in all, with the way to the others."""
    request: HttpRequest = context["request"]

    def url(to: int) -> str:
        query = request.GET.copy()
        query["page"] = str(to)
        return f"{request.path}?{query.urlencode()}"

    return {
        "page": page,
        "unit": unit,
        "before": url(page.previous_page_number()) if page.has_previous() else "",
        "after": url(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("web/desk/parts/tiles.html")
def tiles(every: Sequence[Tile]) -> dict[str, Any]:
    """Figures in a row."""
    return {"tiles": every}


# ---- what happened, and why


@register.inclusion_tag("web/desk/parts/steps.html")
def steps(every: Sequence[Step]) -> dict[str, Any]:
    """The steps of a case as a line: done, now, later."""
    return {"steps": every}


@register.inclusion_tag("web/desk/parts/timeline.html")
def timeline(events: Sequence[Event]) -> dict[str, Any]:
    """What happened, latest first, as the page gives it."""
    return {"events": events}


@register.inclusion_tag("web/desk/parts/explanation.html")
def explanation(lines: Sequence[Sentence], lead: str = "", is_open: bool = False, id: str = "") -> dict[str, Any]:
    """为什么: the engine's sentences, unfolding; ``lead`` is what stands before them while they are folded."""
    return {"lines": lines, "lead": lead, "is_open": is_open, "id": id}


@register.inclusion_tag("web/desk/parts/progress.html", takes_context=True)
def progress(context: RequestContext, work: Progress) -> dict[str, Any]:
    """A bar that renews itself every two seconds until the work has ended."""
    return {
        "work": work,
        "is_moving": work.state in ("waiting", "running", "stopping"),
        "csrf_token": context["csrf_token"],
    }


# ---- forms


@register.inclusion_tag("web/desk/parts/field.html")
def field(bound: BoundField, unit: str = "", kind: str = "") -> dict[str, Any]:
    """A field with label, hint, what is wrong and what was typed. ``kind``: short, wide or money."""
    widget = bound.field.widget
    return {
        # A number field forgets what is not a number; a text field shows it beside what is wrong with it.
        "field": bound,
        "drawn": bound.as_text({"inputmode": "decimal"}) if isinstance(widget, NumberInput) else bound.as_widget(),
        "unit": unit,
        "kind": kind,
        "is_check": isinstance(widget, CheckboxInput),
        "is_file": isinstance(widget, FileInput),
    }


@register.inclusion_tag("web/desk/parts/problems.html")
def problems(form: BaseForm) -> dict[str, Any]:
    """All that is wrong with a form, each leading to its field; nothing where nothing is wrong."""
    wrong = [(bound.id_for_label or bound.auto_id, bound.label, bound.errors) for bound in form if bound.errors]
    whole = list(form.non_field_errors())
    count = len(wrong) + len(whole)
    # One refusal of the whole speaks for itself.
    alone = count == len(whole) == 1
    title = (
        whole.pop() if alone else ngettext("有 {n} 处要改，改好再交", "有 {n} 处要改，改好再交", count).format(n=count)
    )
    return {"count": count, "title": title, "whole": whole, "wrong": wrong}


# ---- pictures


@register.simple_tag
def income_bar(income: int | None, standard: int, standard_label: str) -> SafeString:
    """收支: income per head against a standard, both in fen a month."""
    return pictures.income_bar(income, standard, standard_label)


@register.inclusion_tag("web/desk/parts/waterfall.html")
def waterfall(run: pictures.Change) -> dict[str, Any]:
    """What a run changed against the month before: the picture, and its table beside it."""
    return {"run": run, "picture": pictures.waterfall(run)}
