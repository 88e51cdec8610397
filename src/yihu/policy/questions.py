"""One question for each fact of a pack: how it is asked, and what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy_engine import InputSpec, InputType, Pack, Scope, wording
from policy_engine.language import _

# The order of the questions, and the headings above them; a topic that is new to us comes last.
TOPICS = {
    "family": _("家里的人"),
    "schooling": _("上学"),
    "health": _("健康"),
    "income": _("收入"),
    "housing": _("住房"),
    "assets": _("财产"),
    "emergency": _("急难"),
}
# The first two digits of a division's code name its province (GB/T 2260).
PROVINCES = {
    "11": _("北京"), "12": _("天津"), "13": _("河北"), "14": _("山西"), "15": _("内蒙古"), "21": _("辽宁"),
    "22": _("吉林"), "23": _("黑龙江"), "31": _("上海"), "32": _("江苏"), "33": _("浙江"), "34": _("安徽"),
    "35": _("福建"), "36": _("江西"), "37": _("山东"), "41": _("河南"), "42": _("湖北"), "43": _("湖南"),
    "44": _("广东"), "45": _("广西"), "46": _("海南"), "50": _("重庆"), "51": _("四川"), "52": _("贵州"),
    "53": _("云南"), "54": _("西藏"), "61": _("陕西"), "62": _("甘肃"), "63": _("青海"), "64": _("宁夏"),
    "65": _("新疆"), "71": _("台湾"), "81": _("香港"), "82": _("澳门"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose, by what stands for it and what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One fact as a page asks for it. ``common`` is what one tap answers for the whole family."""

    name: str
    of_member: bool
    kind: str
    label: str
    text: str
    help: str
    meaning: str
    topic: str
    unit: str
    for_staff: bool
    default: str
    choices: tuple[Choice, ...] = ()
    grades: tuple[Choice, ...] = ()
    common: Choice | None = None

    @property
    def heading(self) -> str:
        """The heading that the fact stands under."""
        return TOPICS.get(self.topic, self.topic)


def question_of(spec: InputSpec, pack: Pack) -> Question:
    kind = spec.type.value
    choices: tuple[Choice, ...] = ()
    common = None
    match spec.type:
        case InputType.MONEY | InputType.COUNT | InputType.AREA if spec.low <= 0 <= spec.high:
            common = Choice("0", _("全家都没有"))
        case InputType.FLAG:
            yes = bool(spec.default and spec.default[spec.name])
            choices = (Choice("是", _("是")), Choice("否", _("否")))
            common = Choice("是", _("全家都是")) if yes else Choice("否", _("全家都不是"))
        case InputType.CODE if spec.codes is not None:
            choices = tuple(Choice(str(code.value), code.label) for code in spec.codes)
            usual = spec.default[spec.name] if spec.default else 0
            named = [code for code in spec.codes if code.value == usual]
            common = Choice(str(usual), _("全家都是“{label}”").format(label=named[0].label)) if named else None
        case InputType.DIVISION:
            choices = tuple(_places(pack))
            common = Choice(choices[0].value, _("全家都在{place}").format(place=choices[0].label))
        case InputType.GRADES | InputType.SET:
            choices = tuple(Choice(key, spec.labels.get(key, key)) for key in spec.into)
            common = Choice("", _("全家都没有"))
    return Question(
        name=spec.name,
        of_member=spec.of is Scope.MEMBER,
        kind=kind,
        label=spec.label,
        text=spec.question or spec.label,
        help=spec.help,
        meaning=spec.meaning,
        topic=spec.topic,
        unit={"money": _("元"), "area": _("平方米")}.get(kind, wording.UNITS.get(spec.unit, "")),
        for_staff=spec.asked_of == "staff" or not spec.question,
        default="" if spec.default is None else _default(spec, choices),
        choices=choices,
        grades=tuple(Choice(str(n), _("{n} 级").format(n=n)) for n in range(1, spec.high + 1))
        if spec.type is InputType.GRADES
        else (),
        common=common,
    )


def _default(spec: InputSpec, choices: tuple[Choice, ...]) -> str:
    """What a blank stands for, in words where there are any."""
    written = spec.format(spec.default or {})
    return next((choice.label for choice in choices if choice.value == written), written)


def _places(pack: Pack) -> Iterator[Choice]:
    """The place itself, its neighbours, and the other provinces: as near as a resident knows."""
    yield Choice(pack.jurisdiction, pack.title)
    for code, name in pack.divisions.items():
        if str(code) != pack.jurisdiction:
            yield Choice(str(code), name)
    own = {str(code)[:2] for code in pack.divisions} | {pack.jurisdiction[:2]}
    for digits, name in PROVINCES.items():
        if digits not in own:
            yield Choice(f"{digits}0000", name)
