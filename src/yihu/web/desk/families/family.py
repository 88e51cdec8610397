"""What the page of a family shows, put together from every room. Nothing is worked out here."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards import queries as awards
from yihu.cases import queries as cases
from yihu.cases.models import Case
from yihu.common.work import Event
from yihu.households import queries
from yihu.households.models import ADULT_AGE, Consent, Household, Member, Paper, Person
from yihu.households.queries import Discrepancy
from yihu.organisations.queries import within
from yihu.policy import RELATION, Sentence
from yihu.policy.explanations import Missing
from yihu.policy.facts import Held, KnownFamily
from yihu.policy.income import Income
from yihu.policy.labels import FactEntry, FactRow, every_programme, fact_text, facts_for_form, programme_title
from yihu.policy.outlook import Offer, Outlook, outlook, why_of_known
from yihu.policy.words import Outcome
from yihu.web import parts
from yihu.web.desk.rooms import ROOMS
from yihu.web.parts import Chip, Link

# How much of a long story stands there at first.
EVENTS = 24
PAPERS = 8
# The panels of facts, by the topics of the policies; whatever is left over comes last.
PANELS = (("income", ("income",), _("收入"), _("月")), ("assets", ("assets", "housing"), _("财产与住房"), ""))
CONDITIONS = {"flag", "grades", "code"}
TONES = {"health": "warn", "schooling": "info"}


@dataclass(frozen=True, slots=True)
class Someone:
    """A member as the page shows him; ``number`` is masked, empty for whoever has none."""

    member: Member
    relation: str
    age: int
    number: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: ``fen`` for money, ``said`` for everything else; ``against`` is what another source says."""

    who: str
    label: str
    fen: int | None
    said: str
    is_money: bool
    is_nothing: bool
    source: str
    detail: str
    on: date
    against: str = ""
    settle_url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Facts under one heading; ``nothing`` are those that were stated to be none."""

    key: str
    heading: str
    note: str
    lines: tuple[FactLine, ...]
    nothing: tuple[FactLine, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """One programme of 能得到什么; ``held`` says since when, until when and by whom, of each who has it."""

    offer: Offer
    chip: Chip
    why_url: str
    why: tuple[Sentence, ...] = ()
    held: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The facts for want of which it is open."""
        return self.offer.missing


@dataclass(frozen=True, slots=True)
class Signature:
    """An adult, and since when he allows other departments to be asked (None: not)."""

    person: Person
    consent: Consent | None


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """All of it."""

    head: Someone | None
    members: tuple[Someone, ...]
    former: tuple[Member, ...]
    telephone: str
    chips: tuple[Chip, ...]
    panels: tuple[Panel, ...]
    income: Income | None
    differences: int
    signatures: tuple[Signature, ...]
    papers: tuple[Paper, ...]
    papers_count: int
    events: tuple[parts.Event, ...]
    events_count: int
    offers: tuple[Offered, ...]
    monthly: str
    is_least: bool
    besides: tuple[str, ...]
    problem: str
    on: date
    may_keep: bool
    may_apply: bool
    may_settle: bool
    may_see_numbers: bool
    may_see_telephone: bool
    may_see_account: bool
    may_supervise: bool


def file_of(actor: Actor, number: str) -> Household:
    """The family of this number within someone's areas, or 404."""
    reached = Household.objects.filter(within(actor)).select_related("division__parent__parent")
    return get_object_or_404(reached, number=number)


def url_of(household: Household) -> str:
    """The address of a family's page."""
    return reverse("desk:family", args=[household.number])


def shorts() -> Callable[[str], str]:
    """What a programme is called where there is little room."""
    known = {each.name: each.short for each in every_programme()}
    return lambda name: known.get(name) or programme_title(name)


def relation_text(relation: int) -> str:
    """A relation to the head in words."""
    return fact_text(RELATION, {RELATION: relation})


def family_page(household: Household, *, actor: Actor, on: date, whole: bool) -> FamilyPage:
    """The page of a family as of a day; ``whole``: with the whole story."""
    queries.gather(household)
    said = queries.said_of(household, on=on)
    awards.gather(household)
    held = awards.held_of(household, on)
    seen = outlook(household, on=on, known_on=on, held=held, facts=queries.counting(said))
    topics = facts_for_form(seen.known)
    rows = [(topic.name, row) for topic in topics for row in topic.rows]
    differing = queries.discrepancies(household, on=on, said=said)
    differences = {(each.person.pk if each.person else None, each.name): each for each in differing}
    living = queries.members_on(household, on)
    members = [_someone(each, rows, seen.known, on) for each in living]
    present = {each.person_id for each in living}
    former = {each.person_id: each for each in queries.stays_of(household) if each.person_id not in present}
    papers = household.papers.select_related("document", "person").order_by("-id")
    latest = list(papers[: PAPERS + 1])
    events = events_of(household)
    may_settle = actor.may(Capability.SETTLE_DIFFERENCES)
    return FamilyPage(
        head=members[0] if members else None,
        members=tuple(members),
        former=tuple(former.values()),
        telephone=queries.masked_telephone(household),
        chips=_chips(held, cases.running_of(household)),
        panels=tuple(_panels(household, rows, differences, may_settle)),
        income=seen.income,
        differences=len(differences),
        signatures=_signatures(household, [each.person for each in living], on),
        papers=tuple(latest[:PAPERS]),
        papers_count=papers.count() if len(latest) > PAPERS else len(latest),
        events=tuple(drawn(events if whole else events[:EVENTS])),
        events_count=len(events),
        offers=tuple(_offered(household, seen, held, on)),
        monthly=seen.monthly,
        is_least=seen.is_least,
        besides=seen.besides,
        problem=seen.problem,
        on=on,
        may_keep=actor.may(Capability.KEEP_FAMILIES) and household.closed_on is None,
        may_apply=actor.may(Capability.TAKE_APPLICATIONS) and household.closed_on is None,
        may_settle=may_settle,
        may_see_numbers=actor.may(Capability.SEE_IDENTITY_NUMBERS),
        may_see_telephone=actor.may(Capability.SEE_TELEPHONES),
        may_see_account=actor.may(Capability.SEE_ACCOUNTS),
        may_supervise=actor.may(Capability.READ_TRAILS),
    )


def events_of(household: Household) -> list[Event]:
    """Everything that happened in a family, latest first."""
    told = (room.events_of for room in ROOMS if room.events_of)
    return sorted((event for events_of in told for event in events_of(household)), reverse=True)


def drawn(events: Iterable[Event]) -> Iterable[parts.Event]:
    """What happened as the page draws it; a thing that is told of often is led to once."""
    led_to = set()
    for event in events:
        link = None
        if event.page and (event.page, event.key) not in led_to:
            led_to.add((event.page, event.key))
            words = event.key if not event.key.isdigit() else event.detail or _("查看")
            link = Link(words, reverse(f"desk:{event.page}", args=[event.key]))
        detail = "" if link and link.text == event.detail else event.detail
        yield parts.Event(
            event.on, event.title, detail=detail, link=link, is_open=event.page == "case" and event.tone == "info"
        )


def _someone(member: Member, rows: Iterable[tuple[str, FactRow]], known: KnownFamily, on: date) -> Someone:
    place = known.position(member.person_id)
    chips = []
    for topic, row in rows:
        if place is None or not row.question.of_member or row.question.kind not in CONDITIONS or topic == "family":
            continue
        entry = row.entries[place]
        if entry.fact is not None and any(entry.fact.value.values()):
            text = row.question.label if row.question.kind == "flag" else entry.said
            chips.append(Chip(text, TONES.get(topic, "plain")))  # type: ignore[arg-type]
    if member.person.died_on:
        chips.append(Chip(_("已故")))
    return Someone(
        member,
        relation_text(member.relation),
        member.person.age_on(on),
        queries.masked_identity_number(member.person),
        tuple(chips),
    )


def _chips(held: Iterable[str], open_cases: Iterable[Case]) -> tuple[Chip, ...]:
    short = shorts()
    return (
        *(Chip(_("{programme} 在享").format(programme=short(name)), "good") for name in held),
        *(Chip(_("{programme} 申请中").format(programme=short(case.programme)), "info") for case in open_cases),
    )


def _panels(
    household: Household,
    rows: Iterable[tuple[str, FactRow]],
    differences: Mapping[tuple[int | None, str], Discrepancy],
    may_settle: bool,
) -> Iterable[Panel]:
    by_panel: dict[str, list[FactLine]] = {}
    empty: dict[str, list[FactLine]] = {}
    for topic, row in rows:
        key = next((key for key, topics, *_words in PANELS if topic in topics), "")
        alike: dict[tuple[object, ...], FactLine] = {}
        counts: Counter[tuple[object, ...]] = Counter()
        for entry in row.entries:
            if entry.fact is None:
                continue
            difference = differences.get((entry.person, row.question.name))
            line = _line(household, row, entry, difference, may_settle)
            same = (line.said, line.source, line.detail, difference)
            counts[same] += 1
            if same in alike:
                who = _("全家") if counts[same] == len(row.entries) else f"{alike[same].who}、{line.who}"
                line = replace(line, who=who, on=max(line.on, alike[same].on))
            alike[same] = line
        for line in alike.values():
            is_nothing = not line.against and line.is_nothing
            (empty if is_nothing else by_panel).setdefault(key, []).append(line)
    for key, _topics, heading, note in (*PANELS, ("", (), _("其他情况"), "")):
        lines, nothing = by_panel.get(key, []), empty.get(key, [])
        if lines or nothing or key == "income":
            yield Panel(key or "other", str(heading), str(note), tuple(lines), tuple(nothing))


def _line(
    household: Household, row: FactRow, entry: FactEntry, difference: Discrepancy | None, may_settle: bool
) -> FactLine:
    fact, question = entry.fact, row.question
    assert fact is not None
    is_money = question.kind == "money"
    against = settle_url = ""
    if difference:
        other = difference.declared if difference.declared.pk != fact.pk else difference.other
        against = f"{other.get_source_display()} {fact_text(question.name, other.value)}"
        if may_settle:
            settle_url = reverse("desk:settle", args=[household.number, difference.declared.pk, difference.other.pk])
    return FactLine(
        who=entry.who,
        label=question.label,
        fen=fact.value.get(question.name) if is_money else None,
        said=entry.said,
        is_money=is_money,
        is_nothing=bool(fact.value) and not any(fact.value.values()),
        source=fact.source,
        detail=fact.department or (_("采信") if fact.basis_id else ""),
        on=fact.known_on,
        against=against,
        settle_url=settle_url,
    )


def _signatures(household: Household, people: Iterable[Person], on: date) -> tuple[Signature, ...]:
    adults = [person for person in people if person.age_on(on) >= ADULT_AGE and not person.died_on]
    latest = {consent.person_id: consent for consent in queries.signed_in(household) if consent.holds_on(on)}
    return tuple(Signature(person, latest.get(person.pk)) for person in adults)


def _offered(household: Household, seen: Outlook, held: Mapping[str, Iterable[Held]], on: date) -> Iterable[Offered]:
    """The cards; the first that brings money is unfolded, the others when they are asked."""
    unfolded = False
    for offer in seen.offers:
        card = offer.card
        unfolds = not unfolded and bool(card.amount)
        unfolded = unfolded or unfolds
        holders = [each for each in held.get(offer.programme, ()) if each.person in offer.people]
        yield Offered(
            offer,
            chip_of(offer, bool(holders)),
            reverse("desk:family_why", args=[household.number, card.key]),
            why_of_known(seen.known, key=card.key, on=on) if unfolds else (),
            tuple(map(held_in_words, holders)),
        )


def held_in_words(held: Held) -> str:
    """Since when, until when and by whom something is had."""
    if held.until is None:
        return _("{since} 起，没有定到期日，{who}决定").format(since=held.since, who=held.granted_by)
    last = held.until - timedelta(days=1)
    return _("{since} 起，到 {last}，{who}决定").format(since=held.since, last=last, who=held.granted_by)


def chip_of(offer: Offer, is_held: bool) -> Chip:
    """How one programme stands, in a word."""
    card = offer.card
    if card.outcome == Outcome.ELIGIBLE:
        if card.has_amount and not card.amount:
            return Chip(_("金额待定"), "warn")
        if is_held:
            return Chip(_("符合 · 在享"), "good")
        return Chip(_("符合 · 无需申请") if card.paid_directly else _("符合"), "good")
    if card.first:
        return Chip(_("先认定{first}").format(first=card.first), "info")
    if card.outcome == Outcome.UNKNOWN:
        return Chip(_("差一项") if len(offer.missing) == 1 else _("还不知道"), "warn")
    return Chip(_("不符合 · 在享"), "bad") if is_held else Chip(_("不符合"))
