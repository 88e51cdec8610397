"""Something that can be done in a case: what has to be filled in, and what then happens."""

from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yihu.common.fen import parse_yuan
from yihu.common.refusals import Refused
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.turn import Turn


class Deed(forms.Form):
    """One button of the case page with its form.

    ``kinds`` are the steps that it belongs to, none for what can be done at any time. ``about`` tells apart the same
    form for several things, such as each paper. Actions raise Refused.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[StepKind, ...]] = ()

    step = forms.CharField(required=False, widget=forms.HiddenInput)
    about = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, turn: Turn, *args: Any, about: str = "", **kwargs: Any) -> None:
        self.turn = turn
        self.prepared_for = args[0].get("about", "") if args else about
        mark = f"{self.name}-{self.prepared_for}" if self.prepared_for else self.name
        kwargs.setdefault("auto_id", f"{mark}-%s".replace("/", "-"))
        kwargs["initial"] = {"about": about, "step": turn.row.name if turn.row else ""}
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Give the fields what depends on the case."""

    def do(self) -> str:
        """Do it; what to tell whoever did."""
        raise NotImplementedError

    @property
    def acting(self) -> dict[str, Any]:
        """What every action is told: the case, who and when."""
        return {"case": self.turn.case, "by": self.turn.actor, "on": self.turn.on}

    @property
    def in_step(self) -> dict[str, Any]:
        """The same for an action that does the step in hand."""
        assert self.turn.row is not None
        return {**self.acting, "step": self.turn.row.name}

    @property
    def url(self) -> str:
        """Where it is sent to."""
        return reverse("desk:case_deed", args=[self.turn.case.number, self.name])

    @classmethod
    def offered(cls, turn: Turn) -> bool:
        """Whether it can be done now by whoever has the case on his desk."""
        return turn.row is not None and turn.row.kind in cls.kinds and turn.may

    @classmethod
    def refusal(cls, turn: Turn) -> str:
        """What to say where it is not offered."""
        here = turn.row is not None and turn.row.kind in cls.kinds
        return (turn.why_not if here else "") or str(_("这件事您现在不能办。下面是案件现在的情况和您能办的事。"))

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that someone fills in."""
        return self.visible_fields()


def text(label: Any, *, rows: int = 3, required: bool = True, hint: Any = "") -> forms.CharField:
    """A field for prose."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, help_text=hint, widget=widget, max_length=4000)


def day(label: Any, *, hint: Any = "") -> forms.DateField:
    """A field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, widget=widget)


class Yuan(forms.CharField):
    """An amount as people write it in yuan, in fen; None where nothing was written."""

    def clean(self, value: Any) -> int | None:
        """The fen."""
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return None
        try:
            return parse_yuan(typed)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from None


def yes_or_no(label: Any) -> forms.TypedChoiceField:
    """A question that has to be answered either way."""
    return forms.TypedChoiceField(
        label=label,
        choices=(("yes", _("是")), ("no", _("否"))),
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
