"""What other rooms ask about awards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.access.actor import Actor
from yihu.awards.enums import AwardState, EndReason
from yihu.awards.models import Award
from yihu.common.fen import yuan
from yihu.common.names import typed
from yihu.common.work import Event
from yihu.households.enums import HEAD
from yihu.households.models import Member
from yihu.organisations.queries import within
from yihu.policy.labels import programme_title

IN_FRONT = 20


def has_from(household_id: int, programme: str, *, month: date) -> bool:
    """Whether the family itself has an award of a programme for a month, given by its first day, or for a later one."""
    own = Award.objects.filter(household_id=household_id, programme=programme, person__isnull=True)
    return own.filter(period__overlap=Range(month, None)).exists()


def held_by(household_ids: Iterable[int], on: date) -> dict[int, set[str]]:
    """The programmes that run on a day, of each family (its own and its members'); a family without any has none."""
    held: dict[int, set[str]] = {household: set() for household in household_ids}
    running = Award.objects.in_force(on).filter(household_id__in=list(held))
    for household, programme in running.values_list("household_id", "programme"):
        held[household].add(programme)
    return held


def in_force(household_id: int, *, on: date) -> QuerySet[Award]:
    """A family's running awards, its members' too, oldest first."""
    running = Award.objects.in_force(on).filter(household=household_id)
    return running.select_related("person", "determination", "opening").order_by("period", "id")


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One award in the list: the award, whose name stands there, and what it is on the day asked for."""

    award: Award
    name: str
    state: AwardState


@dataclass(frozen=True, slots=True)
class AwardList:
    """Some awards, and over all that were asked for: how many, of how many families, of how many fen a month."""

    rows: tuple[AwardRow, ...]
    count: int
    households: int
    total: int


def awards(
    actor: Actor,
    *,
    on: date,
    area: str = "",
    programme: str = "",
    text: str = "",
    state: AwardState | None = AwardState.RUNNING,
    page: int = 1,
    size: int = 50,
) -> AwardList:
    """Awards within someone's areas, by household number; ``text`` begins a number, or a name or its pinyin."""
    chosen = Award.objects.filter(within(actor, "household__division_id"), household__division__code__startswith=area)
    if programme:
        chosen = chosen.filter(programme=programme)
    if state:
        chosen = chosen.filter(_in_state(state, on))
    if text.strip():
        chosen = chosen.filter(_speaks_of(text.strip(), on))
    sums = chosen.order_by().aggregate(total=Sum("amount", default=0))
    shown = chosen.select_related("household__division__parent", "person").order_by("household__number", "period", "id")
    found = list(shown[(page - 1) * size : page * size])
    heads = _heads([award.household_id for award in found], on)
    return AwardList(
        rows=tuple(
            AwardRow(award, award.person.name if award.person else heads.get(award.household_id, ""), _state(award, on))
            for award in found
        ),
        count=chosen.count(),
        households=chosen.order_by().values("household").distinct().count(),
        total=sums["total"],
    )


def _in_state(state: AwardState, on: date) -> Q:
    return {
        AwardState.RUNNING: Q(period__contains=on),
        AwardState.ENDED: Q(period__endswith__lte=on) | Q(period__isempty=True),
        AwardState.COMING: Q(period__startswith__gt=on),
    }[state]


def _state(award: Award, on: date) -> AwardState:
    if award.period.isempty:
        return AwardState.ENDED
    if award.period.lower > on:
        return AwardState.COMING
    return AwardState.ENDED if award.period.upper and award.period.upper <= on else AwardState.RUNNING


def _speaks_of(text: str, on: date) -> Q:
    written = typed(text)
    named = Q(person__name__startswith=text) | Q(person__pinyin__startswith=written) | Q(person__initials=written)
    members = Member.objects.filter(named, household=OuterRef("household"), period__contains=on)
    own = Q(person__isnull=False) & named
    return Q(household__number__istartswith=text) | own | Q(Exists(members), person__isnull=True)


def _heads(household_ids: Iterable[int], on: date) -> dict[int, str]:
    heads = Member.objects.filter(household__in=set(household_ids), relation=HEAD, period__contains=on)
    return dict(heads.values_list("household", "person__name"))


def events_of(household_id: int) -> list[Event]:
    """What a family began to receive, and what ended, for its timeline."""
    events = []
    found = (
        Award.objects.filter(household=household_id).select_related("person", "opening", "determination").order_by("id")
    )
    for award in found:
        whose = award.person.name if award.person else ""
        title, amount = programme_title(award.programme), _("每月 {amount} 元").format(amount=yuan(award.amount))
        origin = _("在册期初，{day} 载入").format(day=award.opening.imported_on) if award.opening else ""
        detail = "，".join(part for part in (whose, amount, award.mark, origin) if part)
        page, key = ("determination", str(award.determination_id)) if award.determination_id else ("", "")
        if award.period.isempty and award.determination:
            told = f"{award.get_end_reason_display()}，{detail}"
            decided = award.determination.on
            events.append(Event(decided, IN_FRONT, _("{title}没有开始").format(title=title), told, page, key, "warn"))
            continue
        events.append(
            Event(award.period.lower, IN_FRONT, _("{title}起").format(title=title), detail, page, key, "good")
        )
        # One that another took over from is told by that other's beginning.
        if award.period.upper and award.end_reason != EndReason.CHANGED:
            reason = "，".join(part for part in (whose, award.get_end_reason_display()) if part)
            page, key = ("determination", str(award.ended_by_id)) if award.ended_by_id else ("", "")
            events.append(
                Event(award.period.upper, IN_FRONT, _("{title}停发").format(title=title), reason, page, key, "warn")
            )
    return sorted(events)
