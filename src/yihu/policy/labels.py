"""What programmes and facts are called, and how facts are written, for the rooms that do not know the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from policy_engine import (
    HelpForm,
    InputError,
    InputSpec,
    InputType,
    Limit,
    LimitSpan,
    Pack,
    Programme,
    ProgrammeKind,
    Scope,
    Season,
    wording,
)
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.households.models import Fact
from yihu.organisations.counties import Counties, named_places
from yihu.policy.answers import RELATION, UNKNOWN, Subject
from yihu.policy.facts import FROM_REGISTER, KnownFamily, recorded_inputs
from yihu.policy.form import form_of
from yihu.policy.packs import district_packs, home_pack, packs_of
from yihu.policy.questions import Question


@dataclass(frozen=True, slots=True)
class ProgrammeLabel:
    """One kind of help as other rooms need it. ``form`` is None for a status; ``limit`` None where nothing counts.

    ``per`` says how often in words, empty for a status; ``form_text`` what the help consists of, empty for money and
    for a status; ``has_amount``: an amount in fen belongs to it; ``is_ceiling``: it may be the most that can be
    granted, as the determination says;
    ``opens`` what a status opens, in a sentence.
    """

    name: str
    title: str
    short: str
    of_member: bool
    kind: ProgrammeKind
    season: Season | None
    form: HelpForm | None
    limit: Limit | None
    per: str
    form_text: str
    has_amount: bool
    is_ceiling: bool
    needs_application: bool
    opens: str
    since: date
    until: date | None

    @property
    def is_status(self) -> bool:
        """Whether it gives nothing itself."""
        return self.kind is ProgrammeKind.STATUS

    @property
    def is_money(self) -> bool:
        """Whether it is paid."""
        return self.form is HelpForm.MONEY

    @property
    def is_paid_monthly(self) -> bool:
        """Whether it is money that goes on month by month."""
        return self.is_money and self.kind is ProgrammeKind.MONTH

    @property
    def is_for_an_occasion(self) -> bool:
        """Whether it is had once for what happened, which has to be told."""
        return self.limit is not None and self.limit.per is LimitSpan.OCCASION

    @property
    def most(self) -> int | None:
        """How many times it may be had, where claims to it are numbered."""
        return None if self.limit is None or self.is_for_an_occasion else self.limit.times

    def in_force(self, on: date) -> bool:
        """Whether it exists on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


def programmes(division: str) -> tuple[ProgrammeLabel, ...]:
    """Every programme of a division, in its packs' order, of whatever time."""
    return _known(packs_of(division))


def every_programme() -> tuple[ProgrammeLabel, ...]:
    """What any division served here has, to be listed and shown: one name may give something else in each, so that
    nothing is decided by it.
    """
    return _known(district_packs())


def _known(packs: Sequence[Pack]) -> tuple[ProgrammeLabel, ...]:
    """Of two packs that know one name the first says what it is."""
    known: dict[str, Programme] = {}
    for pack in reversed(packs):
        known |= pack.programmes
    return tuple(map(_label, sorted(known.values(), key=lambda programme: (programme.order, programme.name))))


def _label(programme: Programme) -> ProgrammeLabel:
    return ProgrammeLabel(
        name=programme.name,
        title=programme.title,
        short=programme.short,
        of_member=programme.of is Scope.MEMBER,
        kind=programme.kind,
        season=programme.season,
        form=programme.form,
        limit=programme.limit,
        per=programme.often,
        form_text=_form_text(programme.form),
        has_amount=programme.amount is not None,
        is_ceiling=programme.is_ceiling,
        needs_application=programme.needs_application,
        opens=programme.leads_to,
        since=programme.since,
        until=programme.until,
    )


def _form_text(form: HelpForm | None) -> str:
    return "" if form is None or form is HelpForm.MONEY else wording.FORMS[form]


def programme_of(name: str, division: str) -> ProgrammeLabel:
    """The programme of that name, as a division has it: by another's limit or ceiling nothing is decided. Raises
    Refused when it has none.
    """
    for pack in packs_of(division):
        if name in pack.programmes:
            return _label(pack.programmes[name])
    raise Refused(_("没有“{name}”这个项目。").format(name=name))


def programme_title(name: str, division: str | None = None) -> str:
    """What a programme is called, in a division first; its name where no pack has it any longer."""
    found = _named(name, division)
    return found.title if found else name


def programme_short(name: str, division: str | None = None) -> str:
    """The same in few characters."""
    found = _named(name, division)
    return found.short if found else name


def how_often(name: str, kind: str, division: str | None = None) -> str:
    """How often a programme helps, in words; where no pack has it any longer, how often its kind does."""
    found = _named(name, division)
    return found.often if found and found.kind == kind else wording.HOW_OFTEN[ProgrammeKind(kind)]


def kind_label(kind: str) -> str:
    """What a kind of help is called: how often it is given, or that it is a status."""
    return wording.HOW_OFTEN[ProgrammeKind(kind)] or _("身份")


def form_label(form: str) -> str:
    """What help of a form consists of, money too."""
    return wording.FORMS[HelpForm(form)]


def _named(name: str, division: str | None) -> Programme | None:
    return next((pack.programmes[name] for pack in district_packs(division) if name in pack.programmes), None)


def input_names() -> tuple[str, ...]:
    """The facts that can be recorded. Birth date and relation are not among them: the register holds them."""
    return tuple(dict.fromkeys(name for pack in district_packs() for name in recorded_inputs(pack)))


def fact_is_of_member(name: str) -> bool:
    """Whether a fact is about one person. Raises Refused for a fact that cannot be recorded."""
    return _recorded(name).of is Scope.MEMBER


def fact_default(name: str) -> Mapping[str, int]:
    """What the policies take a fact for that nobody stated; empty where they take it for not known."""
    return _recorded(name).default or {}


def fact_label(name: str, division: str | None = None) -> str:
    """What a fact is called; its name where no pack has it any longer."""
    spec = _spec(name, division)
    return spec.label if spec else name


def fact_text(name: str, value: Mapping[str, int], division: str | None = None) -> str:
    """A fact's stored value in words, with its unit."""
    spec = _spec(name, division)
    if not value:
        return _("不清楚")
    if spec is None:
        return "、".join(f"{key} {number}" for key, number in value.items())
    if spec.type is InputType.DIVISION:
        return _place(value[name])
    return spec.describe(value)


def _spec(name: str, division: str | None = None) -> InputSpec | None:
    """A fact as a division's pack knows it, else as any other does that is followed here."""
    return next((pack.inputs[name] for pack in district_packs(division) if name in pack.inputs), None)


def _place(code: int) -> str:
    """A county by its name where it is known, else by the name of what it lies in."""
    named = named_places()
    if str(code) in named:
        return named[str(code)]
    around = next((named[str(each)] for each in (code // 100 * 100, code // 10_000 * 10_000) if str(each) in named), "")
    return _("{place}（{code}）").format(place=around, code=code) if around else str(code)


def parse_fact(name: str, text: str, division: str | None = None) -> dict[str, int]:
    """The engine values behind what was written, empty for what is not known (``?``).

    Raises Refused, which says what was written and what is allowed.
    """
    spec = _recorded(name, division)
    if text.strip() in (UNKNOWN, "？"):
        return {}
    try:
        value = dict(spec.parse(text) or {})
    except InputError as error:
        raise Refused(_("{label}：{why}").format(label=spec.label, why=error), field=name) from error
    if spec.type is InputType.DIVISION and value:
        value[name] = _present_place(spec, value[name])
    return value


def _present_place(spec: InputSpec, code: int) -> int:
    """The code of a county as it is now. Raises Refused for one that there is not and never was."""
    present = Counties().now(str(code))
    if present is None:
        why = _("没有代码为 {code} 的区县，请对照户口簿核对").format(code=code)
        raise Refused(_("{label}：{why}。").format(label=spec.label, why=why), field=spec.name)
    return int(present)


def _recorded(name: str, division: str | None = None) -> InputSpec:
    spec = _spec(name, division)
    if spec is None or name in FROM_REGISTER:
        raise Refused(_("没有可以登记的事实“{name}”。").format(name=name), field=name)
    return spec


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A fact of one subject as it stands: ``text`` as it is typed, ``said`` in words, ``fact`` what is stored.

    ``text`` is empty, and ``fact`` None, where nobody stated it; ``said`` is then what the pack takes it for.
    """

    subject: Subject
    who: str
    person: int | None
    text: str
    said: str
    fact: Fact | None

    @property
    def source(self) -> str:
        """Who says so, in one word; empty where nobody does."""
        return str(FactSource(self.fact.source).label) if self.fact else ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact with how it stands for the household, or for each member."""

    question: Question
    entries: tuple[FactEntry, ...]


@dataclass(frozen=True, slots=True)
class FactTopic:
    """The facts under one heading."""

    name: str
    heading: str
    rows: tuple[FactRow, ...]


def facts_for_form(known: KnownFamily) -> tuple[FactTopic, ...]:
    """Every fact that can be recorded of a family, by topic, as it stands: to be shown, or to be typed over."""
    pack = known.pack
    questions = form_of(pack.name).questions
    rows: dict[str, list[FactRow]] = {}
    for name, spec in recorded_inputs(pack).items():
        subjects = range(len(known.people)) if spec.of is Scope.MEMBER else (None,)
        entries = tuple(_entry(spec, known, subject) for subject in subjects)
        rows.setdefault(spec.topic, []).append(FactRow(questions[name], entries))
    topics = pack.topics
    return tuple(FactTopic(name, topics.get(name, ""), tuple(rows[name])) for name in (*topics, "") if name in rows)


def _entry(spec: InputSpec, known: KnownFamily, subject: Subject) -> FactEntry:
    fact = known.sources.get((subject, spec.name))
    values = known.family.household if subject is None else known.family.members[subject]
    stated = {name: value for name in spec.names if (value := values.get(name)) is not None}
    text = "" if fact is None else spec.format(values) if stated else UNKNOWN
    return FactEntry(
        subject=subject,
        who="" if subject is None else known.family.name_of(subject),
        person=None if subject is None else known.people[subject],
        text=text,
        said=fact_text(spec.name, stated, known.household.division_id),
        fact=fact,
    )


def relations() -> tuple[tuple[int, str], ...]:
    """The relations to the head of household that can be chosen: code and what it is called (GB/T 4761)."""
    codes = home_pack().inputs[RELATION].codes
    assert codes is not None
    return tuple((code.value, code.label) for code in codes)


def relation_label(relation: int) -> str:
    """What a relation to the head is called; the code itself where the pack does not know it."""
    return dict(relations()).get(relation, str(relation))


def parse_relation(text: str) -> int:
    """The code of a relation, written as a code or by its name. Raises Refused."""
    try:
        found = home_pack().inputs[RELATION].parse(text)
    except InputError as error:
        raise Refused(str(error), field=RELATION) from error
    assert found is not None
    return found[RELATION]
