"""Entries that several forms share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yihu.access.actor import Actor
from yihu.households.enums import HEAD
from yihu.organisations.models import Division
from yihu.organisations.queries import communities, within
from yihu.policy import RELATION
from yihu.web import policy

DAYS = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
Choices = list[tuple[Any, Any]]


class DayField(forms.DateField):
    """A day as people type it: 2026-03-02, 20260302, 2026.3.2."""

    def __init__(self, **values: Any) -> None:
        hints = {"inputmode": "numeric", "placeholder": _("例 1980-05-31"), "autocomplete": "off"}
        values["widget"] = forms.DateInput(format="%Y-%m-%d", attrs=hints)
        values["error_messages"] = {"invalid": _("这不是日期，写成 2026-03-02 或 20260302。")}
        super().__init__(input_formats=DAYS, **values)


class PaperField(forms.FileField):
    """A file from the scanner or the camera."""

    def __init__(self, **values: Any) -> None:
        most = settings.DOCUMENT_MOST_BYTES
        values["widget"] = forms.FileInput(attrs={"data-most": most, "accept": ".jpg,.jpeg,.png,.webp,.pdf"})
        values["error_messages"] = {"empty": _("这个文件是空的。请重新选择。")}
        values.setdefault("help_text", _("照片或 PDF，最大 {most} MB").format(most=most // 1024 // 1024))
        super().__init__(**values)


class RelationField(forms.TypedChoiceField):
    """A relation to the head: those of most families first, then all of the standard."""

    def __init__(self, *, with_head: bool = True, **values: Any) -> None:
        values.setdefault("label", _("与户主关系"))
        super().__init__(choices=lambda: relations(with_head=with_head), coerce=int, **values)


class CommunityField(forms.ModelChoiceField):
    """A community within someone's areas, or any; under their streets where there are several."""

    def __init__(self, actor: Actor, *, everywhere: bool = False, **values: Any) -> None:
        found = communities().select_related("parent")
        found = found if everywhere else found.filter(within(actor, "path"))
        values.setdefault("label", _("社区"))
        super().__init__(found, **values)
        self.widget.choices = self.grouped(found)

    def grouped(self, found: Iterable[Division]) -> Choices:
        """The communities as a list shows them; an only one is chosen already."""
        streets: dict[str, Choices] = {}
        for each in found:
            streets.setdefault(str(each.parent), []).append((each.pk, each.shown_name))
        of_one = next(iter(streets.values()), [])
        if len(streets) == len(of_one) == 1:
            return of_one
        return [("", _("请选择")), *(of_one if len(streets) == 1 else streets.items())]


def relations(*, with_head: bool = True) -> Choices:
    """The relations to choose from."""
    form = policy.household_form()
    usual = {choice.value: choice.label for choice in form.relatives()}
    every = {choice.value: choice.label for choice in form.questions[RELATION].choices}
    head = str(HEAD)
    first = ([(head, every[head])] if with_head else []) + list(usual.items())
    # "1, oneself" says nothing of a member of a family.
    rest = [(value, label) for value, label in every.items() if value not in usual and value not in (head, "1")]
    return [("", _("请选择")), (_("常用"), first), (_("其他"), rest)]
