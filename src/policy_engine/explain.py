"""A determination in sentences with numbers and clauses, which unfold level by level."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from policy_engine import wording
from policy_engine.inputs import InputType
from policy_engine.language import _
from policy_engine.nodes import Node, NodeKind
from policy_engine.plan import Plan
from policy_engine.reasons import margin_of, reason_of
from policy_engine.single import Determination, Result
from policy_engine.values import Gather, HelpForm, Outcome, Quality, Scope
from policy_engine.wording import Verdict

_MARKS = {None: "", Verdict.YES: "✓ ", Verdict.NO: "✗ ", Verdict.UNKNOWN: "? "}
_KINDS_WITHOUT_LINE = (NodeKind.DATE, NodeKind.NOT_IN_FORCE)


class Line(NamedTuple):
    """One sentence of an explanation. ``source`` names the clause or document behind it.

    ``kind`` is programme, condition, rule, figure, fact or caveat; ``verdict`` is given where
    there is something to hold or not. ``key`` is the same for the same value, so that a reader
    who has seen it once can be spared it.
    """

    text: str
    kind: str
    source: str = ""
    verdict: Verdict | None = None
    children: tuple[Line, ...] = ()
    key: tuple[int, int | None] | None = None


def explain(result: Result) -> Line:
    """The whole explanation of one result: its conditions, its amount, and what each rests on."""
    return Explainer(result.determination).explain(result)


def render_text(line: Line, indent: int = 0, told: set[tuple[int, int | None]] | None = None) -> str:
    """An explanation as indented text; what was told once is not unfolded a second time."""
    told = set() if told is None else told
    text = "  " * indent + _MARKS[line.verdict] + line.text
    if line.source:
        text += _("（{source}）").format(source=line.source)
    if line.key is not None and line.key in told and line.children:
        return text + _("，见上")
    if line.key is not None:
        told.add(line.key)
    return "\n".join([text, *(render_text(child, indent + 1, told) for child in line.children)])


def _keys(lines: Iterable[Line]) -> set[tuple[int, int | None] | None]:
    """The keys of all lines of a tree; what hangs twice in it is looked through once."""
    found: set[tuple[int, int | None] | None] = set()
    todo = list(lines)
    while todo:
        line = todo.pop()
        if line.key not in found:
            found.add(line.key)
            todo.extend(line.children)
    return found


class _Below(NamedTuple):
    """How an argument is told: its node, the members' node where it gathers, and the name it goes by."""

    node: int
    gathered: int | None
    name: str
    of_member: bool
    is_plain: bool


class _Telling(NamedTuple):
    """What of a node's sentence is the same for every family.

    ``said`` are the facts whose value the sentence already gives; ``settling`` is the answer of a term
    that settles the whole, 1 for an "or", 0 for an "and", None for what is not settled by one term.
    """

    below: tuple[_Below, ...]
    said: frozenset[str]
    settling: int | None


def _telling(node: Node, plan: Plan) -> _Telling:
    names = [argument.name for argument in node.rule.arguments] if node.rule is not None else []
    mentioned = node.rule.mentioned if node.rule is not None else frozenset()
    terms: set[str] = set()
    settling = None
    if node.kind is NodeKind.COMBINATION and node.rule is not None and isinstance(node.rule.combination, ast.BoolOp):
        settling = int(isinstance(node.rule.combination.op, ast.Or))
        terms = {term.id for term in node.rule.combination.values if isinstance(term, ast.Name)}
    below, said = [], set()
    for place, index in enumerate(node.args):
        argument = plan.nodes[index]
        gathered = argument.args[0] if argument.kind is NodeKind.GATHER else None
        shown = plan.nodes[index if gathered is None else gathered]
        name = names[place] if names else ""
        if argument.input is not None and name in mentioned:
            said.add(argument.input.name)
        if shown.kind not in _KINDS_WITHOUT_LINE:
            # A fact that fills several engine values is still one fact to a reader.
            called = shown.input.name if shown.input is not None else shown.name
            below.append(_Below(index, gathered, called, argument.of is Scope.MEMBER, name in terms))
    return _Telling(tuple(below), frozenset(said), settling)


class Explainer:
    """The sentences of one determination; each is made once, however many results rest on it."""

    def __init__(self, determination: Determination) -> None:
        self.determination = determination
        self.plan = determination.plan
        self._lines: dict[tuple[int, int | None], Line] = {}
        self._tellings = cast(dict[int, _Telling], self.plan.memo.setdefault("tellings", {}))

    def explain(self, result: Result) -> Line:
        """The whole explanation of one result."""
        programme, planned, member = result.programme, result.planned, result.member
        children = [self.line(index, member) for index in planned.conditions]
        children += [self._exclusion(index, member) for index in planned.exclusions]
        if planned.amount is not None and result.outcome is Outcome.ELIGIBLE:
            children.append(self.line(planned.amount, member))
        told = _keys(children)
        shown = [self.line(index, member) for index in planned.shows]
        children += [line for line in shown if line.key not in told]
        children += [Line(caveat.text, "caveat", str(caveat.source)) for caveat in programme.caveats_on(self.plan.day)]
        verdict = {
            Outcome.ELIGIBLE: Verdict.YES,
            Outcome.NOT_ELIGIBLE: Verdict.NO,
            Outcome.UNKNOWN: Verdict.UNKNOWN,
        }[result.outcome]
        return Line(
            text=self._headline(result, verdict),
            kind="programme",
            source=str(programme.source),
            verdict=verdict,
            children=tuple(children),
        )

    def _headline(self, result: Result, verdict: Verdict) -> str:
        programme = result.programme
        who = "" if result.member is None else self.determination.family.name_of(result.member) + " "
        parts = [f"{who}{programme.title}：{wording.VERDICTS[verdict]}"]
        if result.outcome is Outcome.ELIGIBLE and programme.form is not None:
            often = programme.often
            if programme.form is not HelpForm.MONEY:
                often += wording.FORMS[programme.form]
            if result.amount is not None:
                ceiling = _("最多 ") if result.is_ceiling else ""
                parts.append(f"{often} {ceiling}{wording.money(result.amount)}")
            elif programme.amount is None:
                parts.append(often)
        reason = reason_of(result)
        if reason:
            parts.append(reason)
        return "，".join(parts)

    def _exclusion(self, index: int, member: int | None) -> Line:
        """The sentence for a programme that must not hold for this one to."""
        node = self.plan.nodes[index]
        assert node.programme is not None
        held = self._verdict(node, member if node.of is Scope.MEMBER else None)
        verdict = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}.get(held, held)
        text = _("须不是{title}：{verdict}").format(title=node.programme.title, verdict=wording.VERDICTS[verdict])
        return Line(text, "condition", str(node.programme.source), verdict)

    def line(self, index: int, member: int | None) -> Line:
        """The sentence of one node and, below it, those of what it rests on."""
        node = self.plan.nodes[index]
        member = member if node.of is Scope.MEMBER else None
        if (index, member) not in self._lines:
            self._lines[index, member] = self._line(node, member)
        return self._lines[index, member]

    def _line(self, node: Node, member: int | None) -> Line:
        index = node.index
        _value, quality = self.determination.answer(index, member)
        text, source, kind, verdict = self._say(node, member)
        if member is not None:
            text = _("{name}：{text}").format(name=self.determination.family.name_of(member), text=text)
        if kind in ("rule", "condition") and not quality and verdict is None:
            text += _("，还不知道")
        children = () if node.kind is NodeKind.OUTCOME else tuple(self._below(node, member))
        return Line(text, kind, source, verdict, children, (index, member))

    def _below(self, node: Node, member: int | None) -> Iterator[Line]:
        """What a node rests on; where one answer settled it, only what gave that answer.

        An "or" that holds is explained by what holds in it, an "and" that fails by what fails; the
        rest would only bury the reason.
        """
        telling = self._tellings.get(node.index)
        if telling is None:
            telling = self._tellings[node.index] = _telling(node, self.plan)
        answer = self.determination.answer(node.index, member)
        settled = telling.settling is not None and answer[1] and answer[0] == telling.settling
        told = {(name, member) for name in telling.said}
        chosen = self._that_settle(telling.below, member, answer[0]) if settled else telling.below
        for below in chosen:
            for index, each in self._parts(below, member if below.of_member else None):
                if (below.name, each) not in told:
                    told.add((below.name, each))
                    yield self.line(index, each)

    def _that_settle(self, terms: tuple[_Below, ...], member: int | None, value: int) -> list[_Below]:
        """The terms that gave the settling answer; where no single one did, those of the nested terms."""
        giving = [
            term
            for term in terms
            if term.is_plain and self._gives((term.node, member if term.of_member else None), value)
        ]
        return giving or [term for term in terms if not term.is_plain]

    def _parts(self, below: _Below, member: int | None) -> Iterable[tuple[int, int | None]]:
        """An argument, or each member's value where it gathers them."""
        if below.gathered is None:
            return ((below.node, member),)
        everyone = [(below.gathered, each) for each in range(len(self.determination.family.members))]
        value, quality = self.determination.answer(below.node)
        if quality and (self.plan.nodes[below.node].gather, value) in ((Gather.ANY, 1), (Gather.ALL, 0)):
            return [part for part in everyone if self._gives(part, value)]
        return everyone

    def _gives(self, part: tuple[int, int | None], settling: int) -> bool:
        value, quality = self.determination.answer(*part)
        return bool(quality) and value == settling

    def _say(self, node: Node, member: int | None) -> tuple[str, str, str, Verdict | None]:
        match node.kind:
            case NodeKind.INPUT:
                return self._say_fact(node, member), "", "fact", None
            case NodeKind.FIGURE | NodeKind.TABLE:
                return self._say_figure(node, member), self._figure_source(node), "figure", None
            case NodeKind.OUTCOME:
                assert node.programme is not None
                verdict = self._verdict(node, member)
                text = f"{node.programme.title}：{wording.VERDICTS[verdict]}"
                return text, str(node.programme.source), "condition", verdict
        assert node.rule is not None
        sentence = node.rule.sentence.format_map(self._words(node, member))
        if node.kind is NodeKind.WORKED_OUT:
            return sentence, node.rule.tag.clause, "rule", None
        verdict = self._verdict(node, member)
        said = f"{sentence}：{wording.VERDICTS[verdict]}"
        if verdict is Verdict.NO and node.kind is NodeKind.COMPARISON:
            arguments = [self.determination.answer(arg, member)[0] for arg in node.args]
            margin = margin_of(node, arguments, self.plan).text
            said += f"，{margin}" if margin else ""
        return said, node.rule.tag.clause, "condition", verdict

    def _verdict(self, node: Node, member: int | None) -> Verdict:
        value, quality = self.determination.answer(node.index, member)
        if not quality:
            return Verdict.UNKNOWN
        return Verdict.YES if value else Verdict.NO

    def _words(self, node: Node, member: int | None) -> dict[str, str]:
        assert node.rule is not None
        words = {
            argument.name: self._word(self.plan.nodes[index], member)
            for argument, index in zip(node.rule.arguments, node.args, strict=True)
            if argument.name in node.rule.mentioned
        }
        if node.name in node.rule.mentioned:
            words[node.name] = self._word(node, member)
        return words

    def _word(self, node: Node, member: int | None) -> str:
        value, quality = self.determination.answer(node.index, member)
        if not quality:
            return wording.UNKNOWN
        if node.unit == InputType.DIVISION:
            return self.plan.pack.divisions.get(value, str(value))
        return wording.quantity(value, node.unit, node.codes)

    def _say_fact(self, node: Node, member: int | None) -> str:
        assert node.input is not None
        if not node.input.into:
            return f"{node.label} {self._word(node, member)}"
        facts = self.determination.family.household if member is None else self.determination.family.members[member]
        return f"{node.label} {node.input.describe(facts)}"

    def _say_figure(self, node: Node, member: int | None) -> str:
        assert node.figure is not None
        assert node.parameter is not None
        figure = node.figure
        if figure.missing:
            return _("{title}：{why}").format(title=node.label, why=figure.missing)
        key_name = ""
        if node.kind is NodeKind.TABLE:
            key = self.plan.nodes[node.args[0]]
            value, quality = self.determination.answer(key.index, member)
            row = figure.look_up(value) if quality else None
            if row is not None and row.missing:
                return _("{title}：{why}").format(title=node.label, why=row.missing)
            key_name = _("（{label} {key}）").format(label=key.label, key=self._word(key, member))
        text = f"{node.label}{key_name} {self._word(node, member)}{wording.period_of(node.unit)}"
        if figure.overridden:
            original = node.parameter.on(self.plan.day)
            was = wording.UNKNOWN if original.value is None else wording.quantity(original.value, node.unit)
            return _("{text}，试算值，原为 {was}").format(text=text, was=was)
        text += _("，自 {since} 起").format(since=figure.since)
        if figure.carried:
            text += _("，按最近所见标准 {month}").format(month=f"{figure.since:%Y-%m}")
        if figure.quality is Quality.MEMORY:
            text += _("，凭记忆，待核对原文")
        return text + (f"，{figure.note}" if figure.note else "")

    def _figure_source(self, node: Node) -> str:
        assert node.figure is not None
        return "" if node.figure.overridden else str(node.figure.source)
