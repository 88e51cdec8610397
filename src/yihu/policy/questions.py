"""One question for each fact of a pack: how it is asked, and what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy_engine import InputSpec, InputType, Pack, Scope, wording
from policy_engine.inputs import NONE
from policy_engine.language import _


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose, by what stands for it and what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One fact as a page asks for it, under the ``heading`` of its topic.

    ``common`` is what one tap answers for the whole family, ``usual`` what is written into each blank where somebody
    asks for what most say.
    """

    name: str
    of_member: bool
    kind: str
    label: str
    text: str
    help: str
    meaning: str
    topic: str
    heading: str
    unit: str
    for_staff: bool
    default: str
    choices: tuple[Choice, ...] = ()
    grades: tuple[Choice, ...] = ()
    common: Choice | None = None
    usual: str = ""


def question_of(spec: InputSpec, pack: Pack) -> Question:
    kind = spec.type.value
    choices: tuple[Choice, ...] = ()
    common, usual = None, spec.usual or spec.default
    match spec.type:
        case InputType.MONEY | InputType.COUNT | InputType.AREA if spec.low <= 0 <= spec.high:
            common = Choice("0", _("全家都没有"))
        case InputType.FLAG:
            yes = bool(usual and usual[spec.name])
            choices = (Choice("是", _("是")), Choice("否", _("否")))
            common = Choice("是", _("全家都是")) if yes else Choice("否", _("全家都不是"))
        case InputType.CODE if spec.codes is not None:
            choices = tuple(Choice(str(code.value), code.label) for code in spec.codes)
            code = usual[spec.name] if usual else 0
            named = [each for each in spec.codes if each.value == code]
            common = Choice(str(code), _("全家都是“{label}”").format(label=named[0].label)) if named else None
        case InputType.DIVISION:
            choices = tuple(place for place in _places(pack) if spec.low <= int(place.value) <= spec.high)
            common = Choice(choices[0].value, _("全家都在{place}").format(place=choices[0].label))
        case InputType.GRADES | InputType.SET:
            choices = tuple(Choice(key, spec.labels.get(key, key)) for key in spec.into)
            common = Choice(NONE, _("全家都没有"))
    return Question(
        name=spec.name,
        of_member=spec.of is Scope.MEMBER,
        kind=kind,
        label=spec.label,
        text=spec.question or spec.label,
        help=spec.help,
        meaning=spec.meaning,
        topic=spec.topic,
        heading=pack.topics.get(spec.topic, ""),
        unit={"money": _("元"), "area": _("平方米")}.get(kind, wording.UNITS.get(spec.unit, "")),
        for_staff=spec.asked_of == "staff" or not spec.question,
        default="" if spec.default is None else _default(spec, choices),
        choices=choices,
        grades=tuple(Choice(str(n), _("{n} 级").format(n=n)) for n in range(1, spec.high + 1))
        if spec.type is InputType.GRADES
        else (),
        common=common,
        usual=_usual(spec),
    )


def _usual(spec: InputSpec) -> str:
    """What is written into a blank when somebody asks for what most say: of money nothing, else what the pack says."""
    return spec.format(spec.usual) if spec.usual else "0" if spec.type is InputType.MONEY else ""


def _default(spec: InputSpec, choices: tuple[Choice, ...]) -> str:
    """What a blank stands for, in words where there are any."""
    written = spec.format(spec.default or {})
    return next((choice.label for choice in choices if choice.value == written), written)


def _places(pack: Pack) -> Iterator[Choice]:
    """The place itself, its neighbours, and what lies around them: as near as a resident knows."""
    within = None
    yield Choice(pack.jurisdiction, pack.title)
    for member in reversed(pack.chain()):
        for code, name in member.own_divisions.items():
            if str(code) not in (pack.jurisdiction, within):
                yield Choice(str(code), name)
        # What a pack tells in parts is not offered as a whole as well.
        within = member.jurisdiction
