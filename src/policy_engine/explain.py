"""A determination in sentences with numbers and clauses, which unfold level by level."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policy_engine import wording
from policy_engine.inputs import InputType
from policy_engine.language import _
from policy_engine.nodes import Node, NodeKind
from policy_engine.plan import Plan
from policy_engine.reasons import margin_of, reason_of
from policy_engine.single import Determination, Result
from policy_engine.values import Gather, Outcome, Quality, Scope
from policy_engine.wording import Verdict

_KINDS_WITHOUT_LINE = (NodeKind.DATE, NodeKind.NOT_IN_FORCE)


@dataclass(frozen=True, slots=True)
class Line:
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
    mark = {Verdict.YES: "✓ ", Verdict.NO: "✗ ", Verdict.UNKNOWN: "? "}.get(line.verdict, "")  # type: ignore[arg-type]
    text = "  " * indent + mark + line.text
    if line.source:
        text += _("（{source}）").format(source=line.source)
    if line.key is not None and line.key in told and line.children:
        return text + _("，见上")
    if line.key is not None:
        told.add(line.key)
    return "\n".join([text, *(render_text(child, indent + 1, told) for child in line.children)])


def _stands_plain(node: Node, arg: int) -> bool:
    """Whether an argument of a combination is one of its own terms, not nested or negated."""
    assert node.rule is not None
    assert isinstance(node.rule.combination, ast.BoolOp)
    terms = {term.id for term in node.rule.combination.values if isinstance(term, ast.Name)}
    return node.rule.arguments[node.args.index(arg)].name in terms


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


def _facts_said(node: Node, plan: Plan) -> Iterator[str]:
    """The facts whose value a rule's own sentence already gives: they need no line of their own."""
    if node.rule is None:
        return
    for argument, index in zip(node.rule.arguments, node.args, strict=True):
        fact = plan.nodes[index].input
        if fact is not None and argument.name in node.rule.mentioned:
            yield fact.name


class Explainer:
    """The sentences of one determination; each is made once, however many results rest on it."""

    def __init__(self, determination: Determination) -> None:
        self.determination = determination
        self.plan = determination.plan
        self._lines: dict[tuple[int, int | None], Line] = {}

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
        if result.outcome is Outcome.ELIGIBLE and result.amount is not None and programme.period is not None:
            ceiling = _("最多 ") if programme.is_ceiling else ""
            parts.append(f"{wording.PERIODS[programme.period]} {ceiling}{wording.money(result.amount)}")
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
        told: set[tuple[str, int | None]] = {(name, member) for name in _facts_said(node, self.plan)}
        for index, who in self._settling(node, member):
            below = self.plan.nodes[index]
            # A fact that fills several engine values is still one fact to a reader.
            name = below.input.name if below.input is not None else below.name
            if below.kind not in _KINDS_WITHOUT_LINE and (name, who) not in told:
                told.add((name, who))
                yield self.line(index, who)

    def _settling(self, node: Node, member: int | None) -> Iterator[tuple[int, int | None]]:
        """What a node rests on; where one answer settled it, only what gave that answer.

        An "or" that holds is explained by what holds in it, an "and" that fails by what fails; the
        rest would only bury the reason.
        """
        value, quality = self.determination.answer(node.index, member)
        settling = None
        if node.kind is NodeKind.COMBINATION and quality and node.rule is not None:
            match node.rule.combination:
                case ast.BoolOp(op=ast.Or()) if value:
                    settling = 1
                case ast.BoolOp(op=ast.And()) if not value:
                    settling = 0
        for arg in node.args:
            if settling is not None and _stands_plain(node, arg) and not self._gives((arg, member), settling):
                continue
            yield from self._parts(arg, member)

    def _parts(self, arg: int, member: int | None) -> Iterator[tuple[int, int | None]]:
        """An argument, or each member's value where it gathers them."""
        below = self.plan.nodes[arg]
        if below.kind is not NodeKind.GATHER:
            yield arg, member
            return
        everyone = [(below.args[0], each) for each in range(len(self.determination.family.members))]
        value, quality = self.determination.answer(arg)
        if quality and (below.gather, value) in ((Gather.ANY, 1), (Gather.ALL, 0)):
            everyone = [part for part in everyone if self._gives(part, value)]
        yield from everyone

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
            margin = margin_of(node, arguments, self.plan)
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
