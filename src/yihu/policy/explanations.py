"""Why a family gets what it gets: sentences that are stored with a determination and drawn without the pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from policy_engine import Outcome, Result, Scope, failures_of
from policy_engine.explain import Explainer
from yihu.households.enums import FactSource
from yihu.policy.answers import Answers, Subject
from yihu.policy.facts import KnownFamily
from yihu.policy.labels import fact_label, fact_text
from yihu.policy.result import Sentence, card_of, mark_of
from yihu.policy.wanting import Wanting


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact for want of which something is not known; ``person`` None when it is the household's."""

    name: str
    label: str
    who: str
    person: int | None

    def __str__(self) -> str:
        return f"{self.who} {self.label}".strip()


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A fact as the determination read it; ``source`` is empty where nobody stated it or the register holds it."""

    name: str
    label: str
    who: str
    said: str
    source: str


class Shortfall(NamedTuple):
    """A condition that was missed by a figure: what was held against what, ``left`` and ``right`` in ``unit``.

    ``condition`` is its name, ``label`` what it is called; ``text`` tells both sides and the distance, by ``source``.
    """

    condition: str
    label: str
    text: str
    source: str
    left: int
    right: int
    unit: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One programme as it stood for a family: what a letter or a page says of it, years later too.

    ``lead`` is the sentence of the amount, ``mark`` says that a figure was carried forward, ``reason`` what failed
    or is missing, ``shortfalls`` by what figures it failed, ``why`` the sentences that unfold, ``facts`` everything
    that was read.
    """

    title: str
    who: str
    amount: str
    per: str
    mark: str
    lead: str
    reason: str
    missing: tuple[Missing, ...]
    shortfalls: tuple[Shortfall, ...]
    why: tuple[Sentence, ...]
    facts: tuple[StatedFact, ...]

    def written(self) -> dict[str, Any]:
        """As JSON holds it."""
        texts = ("title", "who", "amount", "per", "mark", "lead", "reason")
        return {
            **{name: getattr(self, name) for name in texts},
            "missing": [[each.name, each.label, each.who, each.person] for each in self.missing],
            "shortfalls": self.shortfalls,
            "why": self.why,
            "facts": [[each.name, each.label, each.who, each.said, each.source] for each in self.facts],
        }

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Explanation:
        """What was written."""
        return cls(
            **{name: written[name] for name in ("title", "who", "amount", "per", "mark", "lead", "reason")},
            missing=tuple(Missing(*each) for each in written["missing"]),
            shortfalls=tuple(Shortfall(*each) for each in written["shortfalls"]),
            why=_sentences(written["why"]),
            facts=tuple(StatedFact(*each) for each in written["facts"]),
        )


def _sentences(written: Iterable[Any]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(text, source, verdict, _sentences(children), again)
        for text, source, verdict, children, again in written
    )


def explanation_of(result: Result, known: KnownFamily) -> Explanation:
    """What is to be said of one result."""
    explainer = Explainer(result.determination)
    card = card_of(explainer, [result])
    missing = missing_of(result, known)
    is_least = result.amount is None and sure_amount(result, missing) is not None
    return Explanation(
        title=card.title,
        who=card.who,
        amount=card.amount,
        per=card.per,
        mark=mark_of(result, is_least=is_least),
        lead=_sure_part(explainer, result) if is_least else card.lead,
        reason="；".join(reason.text for reason in card.reasons),
        missing=missing,
        shortfalls=tuple(_shortfalls(explainer, result)),
        why=card.why,
        facts=_facts(result, known),
    )


def _sure_part(explainer: Explainer, result: Result) -> str:
    """The sentence of the part that is certain."""
    index = result.planned.at_least
    return "" if index is None else explainer.line(index, result.member).text


def _shortfalls(explainer: Explainer, result: Result) -> Iterator[Shortfall]:
    """What is there or not is missed by no figure, and is no shortfall."""
    for failure in failures_of(result):
        if failure.margin is not None and failure.margin.text:
            line = explainer.line(failure.margin.node, result.member)
            yield Shortfall(
                failure.name,
                failure.label,
                line.text,
                line.source,
                failure.margin.left,
                failure.margin.right,
                failure.margin.unit,
            )


def is_settled(result: Result) -> bool:
    """Whether it is known what the family gets, to the fen."""
    if result.outcome is Outcome.ELIGIBLE:
        return result.planned.amount is None or result.amount is not None
    return result.outcome is Outcome.NOT_ELIGIBLE


def sure_amount(result: Result, missing: Iterable[Missing]) -> int | None:
    """The fen that a family can be granted now: what the rules say, or where no text that was seen says the rest, and
    no fact that anybody could bring, the part that is certain.

    What is certain is not withheld for want of a text (社会救助法 第十八条): the rest follows when it is known. None
    where nothing is.
    """
    if result.amount is not None or any(missing):
        return result.amount
    return result.at_least or None


def missing_of(result: Result, known: KnownFamily) -> tuple[Missing, ...]:
    """The facts that could still settle a result, each with whose it is; none where only a text is missing."""
    if is_settled(result):
        return ()
    nobody_asked = Answers(members=[{} for _member in known.people])
    found = Wanting(result.determination, nobody_asked).facts([result])
    order = list(result.determination.plan.pack.inputs)
    return tuple(
        Missing(
            name=name,
            label=fact_label(name, known.household.division_id),
            who="" if subject is None else known.family.name_of(subject),
            person=None if subject is None else known.people[subject],
        )
        for name, subject in sorted(found, key=lambda each: (order.index(each[0]), each[1] or 0))
    )


def _facts(result: Result, known: KnownFamily) -> tuple[StatedFact, ...]:
    """Everything known of the family, household first, then its members in order."""
    stated = []
    for subject in (None, *range(len(known.people))):
        scope = Scope.HOUSEHOLD if subject is None else Scope.MEMBER
        specs = [spec for spec in result.determination.plan.pack.inputs.values() if spec.of is scope]
        stated += [_stated(spec.name, spec.names, known, subject) for spec in specs]
    return tuple(stated)


def _stated(name: str, engine_names: Iterable[str], known: KnownFamily, subject: Subject) -> StatedFact:
    values = known.family.household if subject is None else known.family.members[subject]
    fact = known.sources.get((subject, name))
    said = {each: value for each in engine_names if (value := values.get(each)) is not None}
    division = known.household.division_id
    return StatedFact(
        name=name,
        label=fact_label(name, division),
        who="" if subject is None else known.family.name_of(subject),
        said=fact_text(name, said, division),
        source=str(FactSource(fact.source).label) if fact else "",
    )
