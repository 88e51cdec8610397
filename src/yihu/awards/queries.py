"""What other rooms ask about awards."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.models import Principal
from yihu.awards.enums import EndReason, ProposalKind, ProposalState
from yihu.awards.models import Award, AwardTerm, AwardTermQuerySet, Delivery, Proposal, ProposalQuerySet
from yihu.awards.periods import RUNNING, keys_of
from yihu.common.fen import yuan
from yihu.common.refusals import Refused
from yihu.common.work import Event, Tally, WorkItem
from yihu.households.models import Household
from yihu.organisations.queries import lying_in, within
from yihu.policy.facts import Held
from yihu.policy.labels import how_often, programme_of, programme_title
from yihu.policy.words import HelpForm, ProgrammeKind

IN_FRONT = 20
PAGE_OF_PROPOSALS = "proposals"
NUMBER_OF_HOME = Subquery(Household.objects.filter(pk=OuterRef("home")).values("number"))


def has_from(household_id: int, programme: str, *, month: date, person_id: int | None = None) -> bool:
    """Whether a family itself (or a person) has an award of a programme for a month, given by its first day, or for a
    later one.
    """
    claims = Award.objects.to(programme, household_id, person_id)
    later = AwardTerm.objects.filter(award__in=claims, period__overlap=Range(month, None))
    return any(term.until is None or term.until > month for term in later.filter(stops=False).with_end())


def living_with(household_ids: Iterable[int] | QuerySet[Household, Any], award: str = "award__") -> Q:
    """The claims of families: their own, and those of the people whose file is there now; a person takes his along.

    ``award`` leads to the claim. This is the one rule for whose a claim is.
    """
    ids = household_ids if isinstance(household_ids, QuerySet) else list(household_ids)
    if award == "award__" and isinstance(ids, list):
        # Of a few families both kinds are found by an index each; asked together, all claims would be gone through.
        own = Award.objects.filter(person__isnull=True, household__in=ids).values("pk")
        return Q(award__in=own.union(Award.objects.filter(person__household__in=ids).values("pk"), all=True))
    return Q(**{f"{award}person__isnull": True, f"{award}household__in": ids}) | Q(
        **{f"{award}person__household__in": ids}
    )


def home_of(award: str = "award__") -> Coalesce:
    """The family of a claim by the same rule, as a column."""
    return Coalesce(f"{award}person__household", f"{award}household")


def home_now(claim: Award | Proposal) -> Household:
    """The family of one claim by the same rule. Raises Refused where its file is out of sight."""
    person = Q(people=claim.person_id) if claim.person_id else Q(pk=claim.household_id)
    found = Household.objects.filter(person).first()
    if found is None:
        raise Refused(_("已经迁到别的街道，档案也在那里，请由那里办理。"))
    return found


def claims_within(actor: Actor, award: str = "award__", *, place: str = "") -> Q:
    """The claims of families that live within someone's areas, by the same rule; ``place``: in a division of them."""
    found = Household.objects.filter(within(actor))
    return living_with((found.filter(lying_in(place)) if place else found).values("pk"), award)


def gather(household: Household) -> None:
    """Fetch at once what a family's claims give and gave, for a page that asks for it in several places; of this very
    object it is answered from what was fetched.
    """
    household.claimed = _claimed(household)  # type: ignore[attr-defined]


def held_by(household_ids: Iterable[int], on: date) -> dict[int, dict[str, tuple[Held, ...]]]:
    """What is in force on a day, by family (its own and its members') and programme; a family without any has none."""
    held: dict[int, dict[str, tuple[Held, ...]]] = {household: {} for household in household_ids}
    terms = _granted(AwardTerm.objects.in_force(on).filter(living_with(held)).annotate(of_household=home_of()))
    names = (
        *("of_household", "award__programme", "award__person", "granted_in", "until"),
        *("period__startswith", "granter_kind", "granter"),
    )
    for household, *values in terms.values_list(*names):
        _add(held[household], *values)
    return held


def held_of(household: Household, on: date) -> dict[str, tuple[Held, ...]]:
    """The same of one family."""
    held: dict[str, tuple[Held, ...]] = {}
    # Of each claim the latest term that covers the day decides, as in `deciding`.
    deciding = {term.award_id: term for term in _claimed(household) if on in term.period}
    for term in deciding.values():
        if not term.stops:
            since, kind, name = term.period.lower, term.granter_kind, term.granter
            _add(held, term.award.programme, term.award.person_id, term.granted_in_id, term.until, since, kind, name)
    return held


def _granted(terms: AwardTermQuerySet) -> AwardTermQuerySet:
    """Terms with their ends and who granted them, oldest first."""
    who = Principal.objects.filter(pk=OuterRef("made_by"))
    named = terms.annotate(granter_kind=Subquery(who.values("kind")), granter=Subquery(who.values("name")))
    return named.with_end().order_by("pk")


def _add(held: dict[str, tuple[Held, ...]], programme: str, *values: Any) -> None:
    """``values``: those of `Held` after the programme, but for who granted it, whose kind and name they end with."""
    person, granted_in, until, since, kind, name = values
    granted_by = Principal(kind=kind, name=name).shown_name if name else ""
    held[programme] = (*held.get(programme, ()), Held(programme, person, granted_in, until, since, granted_by))


def _claimed(household: Household) -> list[Any]:
    """Every term of a family's claims, and of its members', with who granted it, oldest first."""
    gathered: list[Any] | None = getattr(household, "claimed", None)
    if gathered is not None:
        return gathered
    terms = AwardTerm.objects.filter(living_with([household.pk]))
    return list(_granted(terms).select_related("award__person", "opening"))


def in_force(household_id: int, *, on: date) -> AwardTermQuerySet:
    """The terms by which a family's awards run on a day, its members' too, each with its end, oldest first."""
    running = AwardTerm.objects.in_force(on).filter(living_with([household_id])).with_end()
    return running.select_related("award__person", "determination", "opening").order_by("award__programme", "award_id")


def terms_of(household_id: int) -> AwardTermQuerySet:
    """What a family's awards and its members' give and gave, each term with its end, the latest first."""
    terms = AwardTerm.objects.filter(living_with([household_id])).worth_telling()
    return terms.select_related("award__person", "determination", "opening").order_by("-period", "-pk")


def keys_left(
    household: Household, programme: str, *, on: date, person_id: int | None = None, occasion: str = ""
) -> tuple[str, ...]:
    """The keys under which a claim to a programme that begins on a day can still be granted: none where the limit is
    reached, or the season or the year was granted already. What was stopped from its own first day was not had.
    What goes on is told by ``has_from``.
    """
    keys = keys_of(programme_of(programme, household.division_id), on, occasion=occasion)
    if keys == (RUNNING,):
        return keys
    claims = Award.objects.to(programme, household.pk, person_id).filter(key__in=keys)
    taken = set(claims.began().values_list("key", flat=True))
    return tuple(key for key in keys if key not in taken)


def amount_text(term: AwardTerm) -> str:
    """What a term gives, in words: so much how often, the help itself, or nothing for a status."""
    if term.amount is not None and term.award.form == "money":
        return (
            _("{per} {amount} 元")
            .format(per=how_often(term.award.programme, term.award.kind), amount=yuan(term.amount))
            .strip()
        )
    return term.help


def events_of(household: Household) -> list[Event]:
    """What a family began to receive, what was given out of it, and what ended, for its timeline."""
    terms = _claimed(household)
    events = [*_events_of_proposals(household), *_events_of_deliveries(terms)]
    began: dict[int, AwardTerm] = {}
    for term in terms:
        award = term.award
        whose, title = award.person.name if award.person else "", programme_title(award.programme)
        page, key = ("determination", str(term.determination_id)) if term.determination_id else ("", "")
        if term.stops:
            first = began[award.pk]
            reason = str(EndReason(term.reason).label)
            if term.period.lower <= first.period.lower:
                detail = "，".join(part for part in (reason, whose, amount_text(first)) if part)
                told = _("{title}没有开始").format(title=title)
                events.append(Event(term.known_on, IN_FRONT, told, detail, page, key, "warn"))
            else:
                detail = "，".join(part for part in (whose, reason) if part)
                told = _("{title}停发").format(title=title)
                events.append(Event(term.period.lower, IN_FRONT, told, detail, page, key, "warn"))
            continue
        began.setdefault(award.pk, term)
        origin = _("在册期初，{day} 载入").format(day=term.opening.imported_on) if term.opening else ""
        detail = "，".join(part for part in (whose, amount_text(term), term.mark, origin) if part)
        events.append(Event(term.period.lower, IN_FRONT, _("{title}起").format(title=title), detail, page, key, "good"))
    return sorted(events)


def _events_of_deliveries(terms: Iterable[AwardTerm]) -> Iterator[Event]:
    """What was given out, of those terms that give something else than money."""
    claims = {term.pk: term.award for term in terms if term.award.form not in ("", HelpForm.MONEY)}
    if claims:
        for sent in Delivery.objects.filter(term__in=claims).order_by("pk"):
            yield from _events_of_delivery(claims[sent.term_id], sent)


def _events_of_delivery(award: Award, sent: Delivery) -> Iterator[Event]:
    title, whose = programme_title(award.programme), award.person.name if award.person else ""

    def event(day: date, told: str, *details: str, tone: str) -> Event:
        what = _("{what}，数量 {quantity}").format(what=sent.what, quantity=sent.quantity)
        detail = "，".join(part for part in (whose, what, *details) if part)
        return Event(day, IN_FRONT, told.format(title=title), detail, "", "", tone)

    yield event(sent.delivered_on, _("{title}送出"), tone="")
    if sent.received_on:
        signed = _("{name}签收，凭据 {receipt}").format(name=sent.received_by, receipt=sent.receipt)
        yield event(sent.received_on, _("{title}收到"), signed, tone="good")
    if sent.refused_on:
        yield event(sent.refused_on, _("{title}没有收"), sent.refused_because, tone="warn")


def _events_of_proposals(household: Household) -> Iterator[Event]:
    """What a timeline tells of a family's proposals that did not become a term, or were opened again."""
    told = Proposal.objects.of_households([household.pk]).exclude(state=ProposalState.WAITING, reopens=None)
    for proposal in told.select_related("person").order_by("pk"):
        kind, state = ProposalKind(proposal.kind).label, ProposalState(proposal.state)
        title = _("{title}：{kind}").format(title=programme_title(proposal.programme), kind=kind)
        whose = proposal.person.name if proposal.person else ""
        if proposal.reopened_because:
            detail = "，".join(filter(None, (whose, proposal.reopened_because)))
            yield Event(proposal.found_on, IN_FRONT, _("{title}，重新打开").format(title=title), detail)
        if proposal.decided_on and state != ProposalState.ACCEPTED:
            detail = "，".join(filter(None, (whose, proposal.because)))
            yield Event(proposal.decided_on, IN_FRONT, f"{title}，{state.label}", detail, tone="warn")


@dataclass(frozen=True, slots=True)
class Delivered:
    """Of one programme over some time: how many were given out, have arrived, were refused, and are under way."""

    programme: str
    given_out: int
    received: int
    refused: int

    @property
    def under_way(self) -> int:
        """Given out, and neither received nor refused."""
        return self.given_out - self.received - self.refused


def delivered(actor: Actor, *, since: date, until: date) -> tuple[Delivered, ...]:
    """What was given out within someone's areas from a day on and before another, by programme."""
    rows = (
        Delivery.objects.filter(claims_within(actor, "term__award__"), delivered_on__gte=since, delivered_on__lt=until)
        .order_by("term__award__programme")
        .values("term__award__programme")
        .annotate(
            given_out=Sum("quantity"),
            received=Sum("quantity", filter=Q(received_on__isnull=False), default=0),
            refused=Sum("quantity", filter=Q(refused_on__isnull=False), default=0),
        )
    )
    return tuple(
        Delivered(row["term__award__programme"], row["given_out"], row["received"], row["refused"]) for row in rows
    )


def undelivered(actor: Actor, *, on: date) -> QuerySet[AwardTerm]:
    """Help that is not money and that nobody has been given yet, within someone's areas: of what goes on month by month
    in the month of a day, of what is given once, in a season or in a year, at all. What was not taken is to be given
    still. By the household in which they live now, which is ``home``.
    """
    monthly = Q(term__award__kind=ProgrammeKind.MONTH.value)
    of_award = Delivery.objects.filter(term__award=OuterRef("award"), refused_on__isnull=True)
    given = of_award.filter(~monthly | Q(delivered_on__gte=on.replace(day=1)))
    # What is given once is there from its day on, until it was taken.
    later = AwardTerm.objects.filter(
        award=OuterRef("award"), pk__gt=OuterRef("pk"), period__contains=OuterRef("period__startswith")
    )
    once = Q(award__kind=ProgrammeKind.ONCE.value, stops=False, period__startswith__lte=on) & ~Exists(later)
    running = AwardTerm.objects.in_force(on).order_by().values("pk")
    found = AwardTerm.objects.filter(once | Q(pk__in=running), ~Exists(given), ~Q(award__form__in=("", "money")))
    found = found.filter(claims_within(actor)).select_related("award__person")
    return found.annotate(home=home_of()).order_by(NUMBER_OF_HOME, "pk")


def deliveries(actor: Actor) -> QuerySet[Delivery]:
    """What was given out within someone's areas, by the household in which they live now, which is ``home``."""
    found = Delivery.objects.filter(claims_within(actor, "term__award__"))
    found = found.select_related("term__award__person", "delivered_by", "recorded_by")
    return found.annotate(home=home_of("term__award__")).order_by(NUMBER_OF_HOME, "pk")


def proposals(actor: Actor) -> ProposalQuerySet:
    """What the calendar proposes within someone's areas, by household."""
    found = Proposal.objects.filter(claims_within(actor, ""))
    # The family in which it was found may live out of sight by now.
    found = found.select_related("person__household", "decided_by", "term", "reopens", "reopened_by")
    return found.prefetch_related("household").order_by("from_day", "household_id", "pk")


def open_work(actor: Actor, *, on: date) -> list[WorkItem]:
    """Proposals that wait, one item for each programme and day from which they are to hold; one alone names its family.

    Nobody is late with what nobody knew of: each is due on the day from which it holds, or that on which it was found.
    """
    begins = Q(kind=ProposalKind.BEGIN) & ~Q(key=RUNNING)
    rows = list(
        _waiting(actor).annotate(
            count=Count("pk"), first=Min("found_on"), one=Min("pk"), beginning=Count("pk", filter=begins)
        )
    )
    alone = Proposal.objects.select_related("person__household", "household").in_bulk(
        [row["one"] for row in rows if row["count"] == 1]
    )
    return [_item_of(row, alone.get(row["one"]), actor, on) for row in rows]


def _item_of(row: Mapping[str, Any], alone: Proposal | None, actor: Actor, on: date) -> WorkItem:
    # What begins a period begins no earlier than it is accepted.
    holds_from = max(row["from_day"], on) if row["beginning"] == row["count"] else row["from_day"]
    return WorkItem(
        title=_("办理{title} {month:%Y-%m} 起的到期变动").format(
            title=programme_title(row["programme"]), month=holds_from
        ),
        page=PAGE_OF_PROPOSALS,
        key=f"{row['programme']}/{alone.pk}" if alone else row["programme"],
        division=alone.home.division_id if alone else actor.areas[0],
        opened_on=row["first"],
        detail=alone.reason if alone else _("{count} 件").format(count=row["count"]),
        household=alone.home.number if alone else "",
        name=alone.person.name if alone and alone.person else "",
        programme=row["programme"],
        due_on=max(row["from_day"], row["first"]),
    )


def count_open_work(actor: Actor, *, on: date) -> Tally:
    """How many that are."""
    return Tally(rows=(_waiting(actor).distinct(),))


def _waiting(actor: Actor) -> QuerySet[Proposal, Any]:
    if not actor.may(Capability.DECIDE_PROPOSALS):
        return Proposal.objects.none().values("programme", "from_day")
    waiting = Proposal.objects.waiting().filter(claims_within(actor, ""))
    return waiting.order_by("from_day", "programme").values("programme", "from_day")
