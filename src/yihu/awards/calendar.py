"""What the calendar alone changes: birthdays, the end of school, terms that run out, help that needs no application.

One look compares, for everybody, two answers by what is known today: what the rules of the day up to which the last
look saw say of the family as it is today, and what those of the first of the coming month say of it as it will be then.
Where the register gives what the rules said, and they will say something else, that is proposed. What was recorded in
the meantime is in both answers: that is a change of the family and has its own way.

What is given without application is proposed as soon as the rules say so, and the officer accepts it when it begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.enums import ProposalKind
from yihu.awards.models import AwardTerm, CalendarLook, Proposal
from yihu.awards.periods import RUNNING, keys_of, next_month
from yihu.awards.queries import held_by
from yihu.common.fen import yuan
from yihu.common.refusals import Refused
from yihu.organisations.models import Division
from yihu.policy.everyone import Outcomes, Subject, outcomes_of
from yihu.policy.labels import ProgrammeLabel, programmes
from yihu.policy.snapshot import living_in
from yihu.policy.words import Outcome, ProgrammeKind

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look came to: families and results compared, proposals that are new, families with a rule that failed."""

    households: int
    results: int
    found: int
    failed: int


@transaction.atomic
def look(*, division: Division, by: Actor, on: date) -> Looked | None:
    """Look over everybody in a division on a day; None if that was done already. Raises Refused for an empty look."""
    by.require(Capability.PROPOSE_CHANGES, _("查看到期变动"))
    by.require_area(division.pk)
    # Two at once: the second waits, and finds the look of the first.
    Division.objects.select_for_update().get(pk=division.pk)
    looks = CalendarLook.objects.filter(division=division)
    if looks.filter(looked_on=on).exists():
        return None
    last = looks.filter(looked_on__lt=on).order_by("-looked_on").first()
    until = next_month(on)
    # In one month each look compares the same days, and finds who came on file since.
    since = on.replace(day=1) if last is None else last.compared_to if last.compared_to < until else last.compared_from
    everybody = living_in([division.pk], on=on)
    results, failed, proposals = 0, 0, list[Proposal]()
    for start in range(0, len(everybody), AT_ONCE):
        ids = everybody[start : start + AT_ONCE]
        compared = _Compared(ids, division.pk, since=since, until=until, known_on=on)
        proposals += compared.proposals()
        results, failed = results + compared.results, failed + compared.failed
    if not results:
        raise Refused(_("{place}没有可以比较的家庭，什么也没有查看。").format(place=division))
    before = Proposal.objects.count()
    Proposal.objects.bulk_create(proposals, ignore_conflicts=True, batch_size=AT_ONCE)
    looked = Looked(len(everybody), results, Proposal.objects.count() - before, failed)
    CalendarLook.objects.create(
        division=division,
        looked_on=on,
        compared_from=since,
        compared_to=until,
        households=looked.households,
        results=looked.results,
        found=looked.found,
        failed=looked.failed,
    )
    return looked


class _Compared:
    """Some families of a division on two days."""

    def __init__(self, ids: list[int], division: str, *, since: date, until: date, known_on: date) -> None:
        self.until, self.known_on = until, known_on
        self.labels = {each.name: each for each in programmes(division) if each.in_force(until)}
        held = held_by(ids, known_on)

        def told(on: date, rules_of: date) -> Outcomes:
            return outcomes_of(ids, programmes=self.labels, on=on, known_on=known_on, rules_of=rules_of, held=held)

        # The same family, today and then; what was recorded since the last look is in both.
        before, after = told(known_on, since), told(until, until)
        self.before, self.after, self.homes = before.found, after.found, after.homes
        self.results, self.failed = len(self.after), after.failed
        terms = AwardTerm.objects.filter(award__programme__in=list(self.labels)).select_related("award")
        # A person's claim goes by where his file is now.
        mine = Q(award__person__household__in=ids) | Q(award__person__isnull=True, award__household__in=ids)
        running = terms.in_force(until).filter(mine, award__key=RUNNING)
        self.running = {_claim_of(term): term for term in running}
        ending = terms.in_force(known_on).with_end().filter(mine, award__key=RUNNING)
        self.ending = {
            _claim_of(term): term
            for term in ending
            if term.until and known_on < term.until <= until and not term.end_reason
        }
        given_once = terms.filter(mine, stops=False).exclude(award__key=RUNNING)
        self.had = {(*_claim_of(term), term.award.key) for term in given_once}
        begun = Proposal.objects.filter(household__in=ids, kind=ProposalKind.BEGIN)
        self.had |= {
            (programme, person or -household, key)
            for programme, person, household, key in begun.values_list("programme", "person", "household", "key")
        }

    def proposals(self) -> Iterator[Proposal]:
        """What is to be proposed; some of it may have been already."""
        for subject, (outcome, amount) in self.after.items():
            label, term = self.labels[subject[0]], self.running.get(subject)
            now = _Now(label, subject, outcome, amount if label.has_amount else None)
            if term is not None:
                yield from self._of_running(now, term)
            elif subject in self.ending:
                yield from self._of_ending(now, self.ending[subject])
            elif not label.needs_application and outcome is Outcome.ELIGIBLE:
                yield from self._of_new(now)

    def _of_running(self, now: "_Now", term: AwardTerm) -> Iterator[Proposal]:
        outcome, amount = self.before.get(now.subject, (Outcome.UNKNOWN, None))
        # What the register gives is not what the rules said: something else has changed, and has its own way.
        if outcome is not Outcome.ELIGIBLE or (now.label.is_money and amount != term.amount):
            return
        if now.outcome is Outcome.NOT_ELIGIBLE:
            reason = _("到 {day} 规则不再说符合").format(day=self.until)
            yield self._proposal(now, ProposalKind.END, reason, before=term.amount)
        elif now.outcome is Outcome.ELIGIBLE and now.label.is_money and now.amount and now.amount != term.amount:
            reason = _("从 {now} 元到 {then} 元").format(now=yuan(term.amount or 0), then=yuan(now.amount))
            yield self._proposal(now, ProposalKind.CHANGE, reason, before=term.amount)

    def _of_ending(self, now: "_Now", term: AwardTerm) -> Iterator[Proposal]:
        if now.outcome is Outcome.ELIGIBLE and (now.amount or not now.label.is_money):
            reason = _("{day} 到期，规则仍说符合").format(day=term.until)
            yield self._proposal(now, ProposalKind.CONTINUE, reason, before=term.amount, from_day=term.until)

    def _of_new(self, now: "_Now") -> Iterator[Proposal]:
        if now.label.is_money and not now.amount:
            return
        once = "1" if now.label.kind is ProgrammeKind.ONCE else ""
        # What is to be had several times comes once by itself; the other times somebody has to ask for.
        key, *_others = keys_of(now.label, self.until, occasion=once)
        if (*now.subject, key) not in self.had:
            yield self._proposal(now, ProposalKind.BEGIN, _("不用申请，规则说符合"), key=key)

    def _proposal(
        self,
        now: "_Now",
        kind: ProposalKind,
        reason: str,
        *,
        key: str = RUNNING,
        before: int | None = None,
        from_day: date | None = None,
    ) -> Proposal:
        programme, whose = now.subject
        return Proposal(
            household_id=self.homes[whose] if whose > 0 else -whose,
            person_id=whose if whose > 0 else None,
            programme=programme,
            key=key,
            kind=kind,
            from_day=from_day or self.until,
            before=before,
            amount=None if kind is ProposalKind.END else now.amount,
            reason=reason,
            found_on=self.known_on,
        )


@dataclass(frozen=True, slots=True)
class _Now:
    """What a programme will say of somebody."""

    label: ProgrammeLabel
    subject: Subject
    outcome: Outcome
    amount: int | None


def _claim_of(term: AwardTerm) -> Subject:
    return term.award.programme, term.award.person_id or -term.award.household_id
