"""Some families through some months: what the register gives them beside what the rules say.

The family of a month that has begun is that of today, and of a coming month as it will be then; the rules, the figures
and the ages are those of the month. What was recorded in the meantime is so in every month and is no change of the
calendar. A month counts by its first day; where a programme gives for the whole month in which the conditions come to
be met, also by its last, whichever is the better for the family.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypeAlias

from django.db.models import Max
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.awards.enums import ProposalKind, ProposalState
from yihu.awards.models import AwardTerm, Proposal
from yihu.awards.models.proposals import ABSENT, FAILED, Said
from yihu.awards.periods import RUNNING, keys_of
from yihu.awards.queries import held_by, living_with
from yihu.common.fen import yuan
from yihu.common.months import end_of_month
from yihu.policy.everyone import Outcomes, Subject, outcomes_of
from yihu.policy.labels import ProgrammeLabel, programmes
from yihu.policy.procedures import counts_whole_months
from yihu.policy.words import Outcome, ProgrammeKind

# A programme, the person or the household below 0, and the key.
Claim: TypeAlias = tuple[str, int, str]

NOT_ELIGIBLE: Said = (Outcome.NOT_ELIGIBLE.value, None)
LASTING_PERIODS = (ProgrammeKind.SEASON, ProgrammeKind.YEAR)
RULED = (Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE)


@dataclass(frozen=True, slots=True)
class _Term:
    """What is compared of a term. ``home``: where the family is, or the file of the person whose claim it is."""

    pk: int
    award: int
    key: str
    subject: Subject
    home: int
    period: Range[date]
    stops: bool
    amount: int | None
    determined_on: date | None

    NAMES: ClassVar = (
        "pk", "award", "award__key", "award__programme", "award__person", "award__household",
        "award__person__household", "period", "stops", "amount", "determination__on",
    )  # fmt: skip

    @classmethod
    def read(
        cls, pk: int, award: int, key: str, programme: str, person: int | None, household: int, home: int | None,
        *more: Any,
    ) -> "_Term":  # fmt: skip
        """The row of `NAMES`."""
        return cls(pk, award, key, (programme, person or -household), home or household, *more)


class Comparison:
    """Families in each of some months, the first of which the last look saw already.

    ``results`` were compared of the last month; in ``failed`` families a rule could not be run; of ``unknown`` awards
    in force the rules can say nothing, as they could not before; ``differing`` are the claims that need a look, with
    what the rules say of them.
    """

    def __init__(self, ids: list[int], *, division: str, months: tuple[date, ...], known_on: date) -> None:
        self.ids, self.months, self.known_on = ids, months, known_on
        self.until = months[-1]
        self.labels = {each.name: each for each in programmes(division)}
        self.held = held_by(ids, known_on)
        whole = {name for name in self.labels if counts_whole_months(name, self.until, division=division)}
        firsts = [self._told(month, set(self.labels)) for month in months]
        lasts = [self._told(end_of_month(month), whole) if whole else None for month in months]
        self.said = [_better(*pair) for pair in zip(firsts, lasts, strict=True)]
        self.failed_homes = [
            first.failed | (last.failed if last else set()) for first, last in zip(firsts, lasts, strict=True)
        ]
        self.homes = firsts[-1].homes
        self.results, self.failed = len(self.said[-1]), len(self.failed_homes[-1])
        self.unknown = 0
        self.differing: dict[Claim, Said] = {}
        self._read_terms()
        self._read_proposals()

    def _told(self, day: date, names: set[str]) -> Outcomes:
        return outcomes_of(
            self.ids, programmes=names, on=max(day, self.known_on), known_on=self.known_on, rules_of=day, held=self.held
        )

    def _read_terms(self) -> None:
        """What the register gives: all terms are read once, and parted by month here."""
        terms = AwardTerm.objects.filter(living_with(self.ids)).order_by("pk")
        claims: dict[int, list[_Term]] = {}
        for values in terms.filter(award__key=RUNNING).values_list(*_Term.NAMES):
            term = _Term.read(*values)
            claims.setdefault(term.award, []).append(term)
        self.running = [_by_subject(_in_force(claims, month)) for month in self.months]
        # Ran out by itself within these months, and nothing covers the day.
        ended = [
            (term.period.upper, term.pk, term)
            for said in claims.values()
            for term in said
            if not term.stops
            and term.period.upper
            and self.months[0] < term.period.upper <= self.until
            and not any(term.period.upper in other.period for other in said)
        ]
        self.ended = {term.subject: term for _end, _pk, term in sorted(ended, key=lambda each: each[:2])}
        self.latest = {said[-1].subject: said[-1].pk for said in claims.values()}
        given = terms.filter(stops=False).exclude(award__key=RUNNING)
        whose = ("award__programme", "award__person", "award__household", "award__key")
        self.had: set[Claim] = {
            (programme, person or -household, key) for programme, person, household, key in given.values_list(*whose)
        }
        # None of them is from older books, which bring help by the month alone: the day on which it began is known.
        of_periods = terms.in_force(self.known_on).filter(award__kind__in=[*map(str, LASTING_PERIODS)])
        self.of_periods = [_Term.read(*values) for values in of_periods.values_list(*_Term.NAMES)]
        newest = terms.filter(award__in=[term.award for term in self.of_periods])
        self.newest = dict(newest.order_by().values_list("award").annotate(last=Max("pk")))

    def _read_proposals(self) -> None:
        """What was proposed of each claim as it stands: an answer, be it that it waits, is no news."""
        before = Proposal.objects.of_households(self.ids).exclude(state=ProposalState.WITHDRAWN)
        self.proposed: dict[Subject, dict[Said, Proposal]] = {}
        for each in before.filter(key=RUNNING).order_by("pk"):
            subject = each.claim[:2]
            if each.against_id == self.latest.get(subject):
                self.proposed.setdefault(subject, {})[each.said] = each
        self.had |= {each.claim for each in before.filter(kind=ProposalKind.BEGIN)}

    def proposals(self) -> list[Proposal]:
        """What is to be proposed; some of it may have been already."""
        found = list[Proposal]()
        for subject in {subject: None for terms in self.running for subject in terms}:
            found += self._of_running(subject)
        for subject, term in self.ended.items():
            if subject not in self.running[-1]:
                found += self._of_ended(subject, term)
        for subject in self.said[-1]:
            label = self.labels[subject[0]]
            if not label.needs_application and label.in_force(self.until) and subject not in self.running[-1]:
                found += self._of_new(subject, label)
        found += self._never_due()
        self._say_what_changed(found)
        return found

    # What is in force

    def _of_running(self, subject: Subject) -> Iterator[Proposal]:
        """One stretch of months under one term after the other."""
        start = 0
        for at in range(1, len(self.months) + 1):
            term = self.running[start].get(subject)
            if at == len(self.months) or self.running[at].get(subject) != term:
                if term is not None:
                    yield from self._of_stretch(subject, term, range(start, at))
                start = at

    def _of_stretch(self, subject: Subject, term: _Term, months: range) -> Iterator[Proposal]:
        label = self.labels.get(subject[0])
        register: Said = (Outcome.ELIGIBLE.value, term.amount if label and label.is_money else None)
        known = self.proposed.get(subject, {})
        agreed, stands = False, register
        for at in months:
            said = self._said(at, subject)
            if _fits(label, said, stands):
                agreed = True
            elif _is_blank(label, said) and not agreed:
                self.unknown += at == months[-1]
            elif said in known and known[said].kind != ProposalKind.LOOK:
                # It waits, or was declined: what follows is a change of it.
                agreed, stands = True, said
            elif agreed and label is not None and said[0] in RULED and not _is_blank(label, said):
                yield self._change(subject, label, said, stands, term, at)
                stands = said
            elif months[-1] == len(self.months) - 1:
                # What only the past differs in is over.
                yield from self._look(subject, term, stands, range(at, months[-1] + 1))
                return

    def _change(
        self, subject: Subject, label: ProgrammeLabel, said: Said, before: Said, term: _Term, at: int
    ) -> Proposal:
        if said == NOT_ELIGIBLE:
            reason = _("到 {day} 规则不再说符合").format(day=self.months[at])
            return self._proposal(subject, ProposalKind.END, said, reason, before=before[1], from_day=self.months[at])
        reason = _("从 {now} 元到 {then} 元").format(now=yuan(before[1] or 0), then=yuan(said[1] or 0))
        return self._proposal(subject, ProposalKind.CHANGE, said, reason, before=before[1], from_day=self.months[at])

    def _look(self, subject: Subject, term: _Term, register: Said, months: range) -> Iterator[Proposal]:
        """What cannot be proposed by itself, as it will be in the last month."""
        label = self.labels.get(subject[0])
        said, last = self._said(months[0], subject), self._said(months[-1], subject)
        if not _fits(label, last, register):
            said = last
        first = min(at for at in months if self._said(at, subject) == said)
        self.differing[*subject, RUNNING] = said
        if said in self.proposed.get(subject, {}):
            return
        # A smaller amount is for the coming months only.
        is_more = said[1] is not None and register[1] is not None and said[1] > register[1]
        day = self.months[first] if is_more else self.until
        # By the day alone the rules came to say no of what they could say nothing of, mostly of an opening balance.
        was_blank = first > 0 and _is_blank(label, self._said(first - 1, subject))
        reason = _why(label, said, register, self._said(months[0], subject), self.months[first], was_blank=was_blank)
        yield self._proposal(subject, ProposalKind.LOOK, said, reason, before=term.amount, from_day=day)

    def _never_due(self) -> Iterator[Proposal]:
        """Help for a season or a year that is in force though the rules, by what is known by now of the family of the
        day on which it began, did not give it. What changed later takes nothing away from it.
        """
        by_day: dict[date, list[_Term]] = {}
        for term in self.of_periods:
            assert term.period.lower is not None
            by_day.setdefault(term.period.lower, []).append(term)
        for day, terms in by_day.items():
            homes = sorted({term.home for term in terms})
            told = outcomes_of(
                homes, programmes={term.subject[0] for term in terms}, on=day, known_on=self.known_on,
                rules_of=day, held=held_by(homes, day),
            )  # fmt: skip
            for term in terms:
                outcome, _amount = told.found.get(term.subject, (None, None))
                if outcome is not Outcome.NOT_ELIGIBLE:
                    continue
                reason = _("{day} 开始的那天，按现在所知规则说不符合；后来的变化不算").format(day=day)
                yield self._proposal(
                    term.subject, ProposalKind.END, NOT_ELIGIBLE, reason, key=term.key, before=term.amount,
                    from_day=day, against=self.newest[term.award],
                )  # fmt: skip

    # What ran out, and what begins

    def _of_ended(self, subject: Subject, term: _Term) -> Iterator[Proposal]:
        label, end = self.labels.get(subject[0]), term.period.upper
        assert end is not None
        at = max(place for place, month in enumerate(self.months) if month <= end)
        said = self._said(at, subject)
        if said == NOT_ELIGIBLE:
            return
        if label is not None and said[0] == Outcome.ELIGIBLE and (said[1] or not label.is_money):
            reason = _("{day} 到期，规则仍说符合").format(day=end)
            yield self._proposal(subject, ProposalKind.CONTINUE, said, reason, before=term.amount, from_day=end)
            return
        self.differing[*subject, RUNNING] = said
        if said not in self.proposed.get(subject, {}):
            reason = _("{day} 到期，{why}").format(day=end, why=_nothing_said(said))
            yield self._proposal(subject, ProposalKind.LOOK, said, reason, before=term.amount, from_day=end)

    def _of_new(self, subject: Subject, label: ProgrammeLabel) -> Iterator[Proposal]:
        said = self._said(len(self.months) - 1, subject)
        if said[0] != Outcome.ELIGIBLE or (label.is_money and not said[1]):
            return
        once = "1" if label.kind is ProgrammeKind.ONCE else ""
        # What is to be had several times comes once by itself; the other times somebody has to ask for.
        key, *_others = keys_of(label, self.until, occasion=once)
        if (*subject, key) in self.had or subject in self.ended:
            return
        day = self.until
        if key == RUNNING:
            # A look that was missed loses no month; what was so before it is new for another reason.
            first = len(self.months) - 1
            while first >= 0 and self._said(first, subject) == said:
                first -= 1
            day = self.months[first + 1] if first >= 0 else day
        yield self._proposal(subject, ProposalKind.BEGIN, said, _("不用申请，规则说符合"), key=key, from_day=day)

    # What all of them need

    def _said(self, at: int, subject: Subject) -> Said:
        if subject in self.said[at]:
            return self.said[at][subject]
        home = self.homes.get(subject[1]) if subject[1] > 0 else -subject[1]
        return FAILED if home in self.failed_homes[at] else ABSENT

    def _say_what_changed(self, found: list[Proposal]) -> None:
        """Where the family of today, by the rules of the day of its determination, would get what the register gives,
        say that nothing but the rules, a figure or an age has changed since.
        """
        by_day: dict[date, list[tuple[Proposal, _Term]]] = {}
        for each in found:
            term = self.running[-1].get(each.claim[:2])
            if each.kind == ProposalKind.LOOK and each.amount is not None and term and term.determined_on:
                by_day.setdefault(term.determined_on, []).append((each, term))
        for day, pairs in by_day.items():
            told = outcomes_of(
                sorted({each.household_id for each, _term in pairs}),
                programmes={each.programme for each, _term in pairs},
                on=self.known_on, known_on=self.known_on, rules_of=day, held=self.held,
            )  # fmt: skip
            for each, term in pairs:
                if told.found.get(each.claim[:2]) == (Outcome.ELIGIBLE, term.amount):
                    each.reason = _(
                        "{reason}家庭情况没有变，变的只是标准、规则或者年龄：{day} 认定时是 {amount} 元。"
                    ).format(reason=each.reason, day=day, amount=yuan(term.amount or 0))

    def _proposal(
        self,
        subject: Subject,
        kind: ProposalKind,
        said: Said,
        reason: str,
        *,
        key: str = RUNNING,
        before: int | None = None,
        from_day: date,
        against: int | None = None,
    ) -> Proposal:
        programme, whose = subject
        home = (self.homes.get(whose) or self._home_of(subject)) if whose > 0 else -whose
        return Proposal(
            household_id=home,
            person_id=whose if whose > 0 else None,
            programme=programme,
            key=key,
            kind=kind,
            from_day=from_day,
            before=before,
            outcome=said[0],
            amount=said[1],
            reason=reason,
            against_id=self.latest.get(subject) if key == RUNNING else against,
            found_on=self.known_on,
        )

    def _home_of(self, subject: Subject) -> int:
        """Where the file is of someone who lives nowhere now."""
        term = self.ended.get(subject) or next((terms[subject] for terms in self.running if subject in terms), None)
        return (term or next(each for each in self.of_periods if each.subject == subject)).home


def _in_force(claims: Mapping[int, Sequence[_Term]], month: date) -> list[_Term]:
    """Of each claim the last term that covers a day, where it does not stop it, in the order in which they were set."""
    covering = ([term for term in said if month in term.period] for said in claims.values())
    return sorted((terms[-1] for terms in covering if terms and not terms[-1].stops), key=lambda term: term.pk)


def _by_subject(terms: Iterable[_Term]) -> dict[Subject, _Term]:
    return {term.subject: term for term in terms}


def _better(first: Outcomes, last: Outcomes | None) -> dict[Subject, Said]:
    """What is said of everybody on the first day of a month, or on its last where that is the better."""
    said = {subject: _said_of(found) for subject, found in first.found.items()}
    for subject, found in last.found.items() if last else ():
        then = _said_of(found)
        if then[0] == Outcome.ELIGIBLE and (then[1] or 0) >= (said.get(subject, ABSENT)[1] or 0):
            said[subject] = then
    return said


def _said_of(found: tuple[Outcome, int | None]) -> Said:
    outcome, amount = found
    return outcome.value, amount if outcome is Outcome.ELIGIBLE else None


def _fits(label: ProgrammeLabel | None, said: Said, register: Said) -> bool:
    """Whether the register gives what the rules say; up to it, where that is the most that may be given."""
    if said[0] != register[0] or label is None:
        return False
    if not label.is_money or said[0] != Outcome.ELIGIBLE:
        return True
    if label.is_ceiling:
        return said[1] is not None and register[1] is not None and register[1] <= said[1]
    return said[1] == register[1]


def _is_blank(label: ProgrammeLabel | None, said: Said) -> bool:
    """Whether the rules could be run, and cannot say whether, or how much."""
    is_money = label is not None and label.is_money
    return said[0] == Outcome.UNKNOWN or (is_money and said == (Outcome.ELIGIBLE.value, None))


def _nothing_said(said: Said) -> str:
    if said == FAILED:
        return _("规则运行时出了错，请告知维护政策包的人。")
    if said == ABSENT:
        return _("规则没有给出结果：项目没有施行，或者此人已经不在这一户。")
    return _("规则算不出来，缺事实或者标准；请打开家庭档案看缺什么。")


def _why(
    label: ProgrammeLabel | None, said: Said, register: Said, before: Said, since: date, *, was_blank: bool
) -> str:
    """Both sides in a sentence, and why it cannot be proposed by itself."""
    given = _("在册 {amount} 元").format(amount=yuan(register[1])) if register[1] is not None else _("在册")
    if said[0] == Outcome.NOT_ELIGIBLE and was_blank:
        return _("{given}，从 {since} 起规则说不符合；之前缺事实算不出来，请核实。").format(given=given, since=since)
    if said[0] == Outcome.NOT_ELIGIBLE:
        return _("{given}，按现在登记的情况规则说不符合；不是单因日子变的，请核实。").format(given=given)
    if said[0] != Outcome.ELIGIBLE or _is_blank(label, said):
        return _("{given}，从 {since} 起{why}").format(given=given, since=since, why=_nothing_said(said))
    then = _("从 {since} 起规则说 {amount} 元").format(since=since, amount=yuan(said[1] or 0))
    if before != said and before[1] is not None:
        then = _("规则先说 {before} 元，{then}").format(before=yuan(before[1]), then=then)
    return _("{given}，{then}；在册的不是规则先前说的，请核实哪个对。").format(given=given, then=then)
