"""Forms about those who work here: who someone is, which post he holds, and who his relatives are."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from yihu.access.actor import Actor
from yihu.access.posts import posts
from yihu.organisations.enums import DivisionLevel, Kinship
from yihu.organisations.models import Appointment, Office
from yihu.organisations.queries import own_offices, within
from yihu.web import policy
from yihu.web.desk.forms.entries import Choices, DayField

# Later than anybody is appointed for.
FARTHEST = date(2999, 12, 31)
PASSWORD, NO_LOGIN = "password", "none"


class LastDayField(DayField):
    """The last day of a period, as people name it; as a value the day after it, as periods are kept."""

    def __init__(self, **values: Any) -> None:
        super().__init__(validators=[MaxValueValidator(FARTHEST)], **values)
        self.widget.attrs["placeholder"] = _("例 2027-06-30")

    def clean(self, value: Any) -> date | None:
        """The first day that is no longer part of the period."""
        last = super().clean(value)
        return None if last is None else last + timedelta(days=1)


class AppointForm(forms.Form):
    """Which post, where, from when until when."""

    post_kind = forms.ChoiceField(label=_("岗位"))
    office = forms.ModelChoiceField(label=_("在哪里"), queryset=Office.objects.none())
    since = DayField(label=_("从哪天起"), validators=[MaxValueValidator(FARTHEST)])
    until = LastDayField(label=_("最后一天"), required=False, help_text=_("不填就一直担任"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = policy.today()
        offices = own_offices().filter(within(actor))
        self.fields["post_kind"].choices = [("", _("请选择")), *_posts()]  # type: ignore[attr-defined]
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        self.fields["office"].widget.choices = [("", _("请选择")), *_grouped(list(offices))]

    def appointment(self) -> dict[str, Any]:
        """What `actions.appoint` takes of it."""
        return {name: self.cleaned_data[name] for name in AppointForm.base_fields}


class NewStaffForm(AppointForm):
    """Someone new with his first post."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    username = forms.CharField(
        label=_("账号"),
        required=False,
        max_length=60,
        help_text=_("不填就用姓名的拼音"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    login = forms.ChoiceField(
        label=_("登录"),
        choices=[(PASSWORD, _("接着给初始密码")), (NO_LOGIN, _("不登录，只登记（如居民委员会成员）"))],
        initial=PASSWORD,
        widget=forms.RadioSelect,
    )

    field_order = ("name", "username", "post_kind", "office", "since", "until", "login")


class EndForm(forms.Form):
    """Until when a post is held."""

    until = LastDayField(label=_("最后一天"), help_text=_("这一天还在任"))

    def __init__(self, appointment: Appointment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, last = appointment.period.lower, appointment.last_day
        today = max(policy.today(), first)
        self.fields["until"].initial = today if last is None else min(last, today)


class RelativeForm(forms.Form):
    """Who a relative is. His number is compared with those of families and kept as a digest alone."""

    kinship = forms.TypedChoiceField(label=_("是本人的"), coerce=Kinship, choices=[("", _("请选择")), *Kinship.choices])
    name = forms.CharField(label=_("近亲属姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    identity_number = forms.CharField(
        label=_("近亲属身份证号"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("只留比对用的摘要，以后谁也看不到号码"),
    )


def _posts() -> Choices:
    """The posts under the level at which they stand, in the order of the work."""
    levels: dict[str, Choices] = {}
    for each in posts().values():
        levels.setdefault(each.level, []).append((each.kind, each.label))
    return [(_("设在{level}").format(level=DivisionLevel(level).label), kinds) for level, kinds in levels.items()]


def _grouped(offices: list[Office]) -> Choices:
    """Those of the district, of its streets, and of the communities under the name of their street."""
    places = [each.division for each in offices]
    streets = {each.path: each.name for each in places if each.level == DivisionLevel.STREET}
    groups: dict[str, Choices] = {}
    for level in (DivisionLevel.DISTRICT, DivisionLevel.STREET, DivisionLevel.COMMUNITY):
        for office, each in zip(offices, places, strict=True):
            if each.level == level:
                of_street = streets.get(each.parent_id or "", "") if level == DivisionLevel.COMMUNITY else ""
                title = _("{street}的社区").format(street=of_street) if of_street else str(level.label)
                groups.setdefault(title, []).append((office.pk, each.shown_name))
    return list(groups.items())
