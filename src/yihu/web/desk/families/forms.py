"""Forms by which families are registered and their changes recorded."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from yihu.access.actor import Actor
from yihu.households.actions import NewMember
from yihu.households.enums import Sex
from yihu.households.models import Member
from yihu.households.people import LONGEST_NAME
from yihu.web import policy
from yihu.web.desk.forms.entries import CommunityField, DayField, RelationField

# The fact that says where someone's household register is.
HUKOU = "hukou"
LONGEST_NUMBER = 30


def text(label: Any, *, required: bool = True, most: int = 200, **values: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, required=required, max_length=most, **values)


WHY = _("原因")


def reason(label: Any = WHY) -> forms.CharField:
    """Why, in a few words."""
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


def other_person() -> forms.BooleanField:
    """That someone of the same name and birth date was made sure to be another person."""
    hint = _("提示有同名、同日出生的人，而您核实过不是同一人时才勾选")
    return forms.BooleanField(label=_("确认不是同一人"), required=False, help_text=hint)


class NewFamilyForm(forms.Form):
    """Where a new family lives and how it is reached."""

    address = text(_("住址"), help_text=_("写到门牌，社区名不用写"))
    telephone = text(_("联系电话"), required=False, most=LONGEST_NUMBER)
    confirmed = other_person()

    def __init__(self, actor: Actor, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields = {"division": CommunityField(actor), **self.fields}


class PersonForm(forms.Form):
    """Who someone is: the number of his identity card tells sex and date of birth."""

    name = text(_("姓名"), most=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    identity_number = text(_("身份证号"), required=False, most=LONGEST_NUMBER)
    birth_date = DayField(label=_("出生日期"), required=False)
    sex = forms.ChoiceField(label=_("性别"), required=False, choices=[("", "—"), *Sex.choices])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        name = self.add_prefix("identity_number")
        self.told = f"told-{name}"
        self.fields["identity_number"].widget.attrs |= {
            "autocomplete": "off",
            "spellcheck": "false",
            "hx-post": reverse_lazy("desk:check_number"),
            "hx-trigger": "change",
            "hx-target": f"#{self.told}",
            "hx-params": f"csrfmiddlewaretoken,{name}",
        }


class MemberForm(PersonForm):
    """Someone who lives in the family."""

    relation = RelationField()
    hukou = forms.ChoiceField(label=_("户籍"), required=False)

    def __init__(self, *args: Any, with_head: bool = True, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["relation"] = RelationField(with_head=with_head)
        places = policy.household_form().questions[HUKOU].choices
        self.fields["hukou"].choices = [("", _("不清楚")), *((place.value, place.label) for place in places)]  # type: ignore[attr-defined]
        order = ["name", "relation", "identity_number", "birth_date", "sex", "hukou"]
        self.order_fields(order)

    def member(self, since: Any = None) -> NewMember:
        """Whom the form names."""
        said = self.cleaned_data
        return NewMember(
            name=said["name"],
            relation=said["relation"],
            identity_number=said["identity_number"],
            birth_date=said["birth_date"],
            sex=said["sex"],
            since=since,
        )


class JoinForm(MemberForm):
    """Someone who joins a family that is on file."""

    since = DayField(label=_("从哪天起共同生活"), help_text=_("新生儿填出生日期"))
    confirmed = other_person()


class ContactForm(forms.Form):
    """Address within the community, and telephone."""

    address = text(_("住址"))
    telephone = text(_("新的联系电话"), required=False, most=LONGEST_NUMBER)
    remove = forms.BooleanField(label=_("删去登记的电话"), required=False)


class MoveForm(forms.Form):
    """Where the whole family moves."""

    address = text(_("新住址"))

    def __init__(self, actor: Actor, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields = {"division": CommunityField(actor, everywhere=True, label=_("新社区")), **self.fields}


class RelationsForm(forms.Form):
    """The relation of each of these members to the head, by the ids of their persons."""

    def __init__(self, members: Iterable[Member], *args: Any, required: bool = True, **values: Any) -> None:
        super().__init__(*args, **values)
        self.people = {f"r{member.person_id}": member.person_id for member in members}
        for member in members:
            self.fields[f"r{member.person_id}"] = RelationField(
                label=member.person.name, required=required, empty_value=None
            )

    def relations(self) -> dict[int, int]:
        """What was chosen."""
        chosen = {person: self.cleaned_data.get(name) for name, person in self.people.items()}
        return {person: relation for person, relation in chosen.items() if relation}


class HeadForm(RelationsForm):
    """Another head, or other relations, from a day on."""

    changed_on = DayField(label=_("从哪天起"))


class WhoForm(forms.Form):
    """One of the members."""

    person = forms.TypedChoiceField(label=_("成员"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, members: Iterable[Member], *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["person"].choices = [(each.person_id, each.person.name) for each in members]  # type: ignore[attr-defined]


class LeaveForm(WhoForm):
    """Who leaves, when and why."""

    left_on = DayField(label=_("从哪天起不再共同生活"))
    reason = reason()


class DeathForm(WhoForm):
    """Who died, and when."""

    died_on = DayField(label=_("死亡日期"))


class CorrectionForm(PersonForm):
    """What stands in place of what was typed wrongly."""

    reason = reason(_("更正原因"))
    confirmed = other_person()


class CloseForm(forms.Form):
    """When and why nobody lives here together any more."""

    closed_on = DayField(label=_("从哪天起"))
    reason = reason()
