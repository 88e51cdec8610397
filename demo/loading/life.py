"""What happens to families outside their cases: births, deaths, moves, new work, and awards that end by it."""

from demo.loading.register import Filed
from demo.loading.staff import Offices
from demo.story import Event, Life
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.awards import actions as awards
from yihu.awards import queries as award_queries
from yihu.awards.enums import EndReason
from yihu.awards.models import Award
from yihu.cases import actions as cases
from yihu.common.months import next_month
from yihu.households import actions as households
from yihu.households import queries as household_queries
from yihu.households.actions import NewFact, NewMember
from yihu.households.enums import HEAD, FactSource
from yihu.households.models import Member
from yihu.organisations.models import Division
from yihu.policy import actions as policy
from yihu.policy.labels import fact_is_of_member, parse_fact, parse_relation

ENDS = {Life.CHANGED: EndReason.NOT_ELIGIBLE, Life.DIED: EndReason.DIED, Life.MOVED_AWAY: EndReason.LEFT}
SPOUSE, OTHER = 10, 97


class Lives:
    """Does what happens outside cases, through the actions of the rooms."""

    def __init__(self, offices: Offices) -> None:
        self.offices = offices

    def live(self, filed: Filed, event: Event) -> None:
        """Do one thing that happens to a family."""
        kind = "district_officer" if event.what in (Life.MOVED, Life.ENDED) else "window_clerk"
        by = self.offices.at(kind, filed.household.division_id).actor
        with acting(by, origin="示范"):
            filed.household.refresh_from_db()
            match event.what:
                case Life.CHANGED:
                    self._change(filed, event, by)
                case Life.ENDED:
                    self._end(filed, event, by)
                case Life.BORN:
                    self._bear(filed, event, by)
                case Life.DIED:
                    self._die(filed, event, by)
                case Life.MOVED:
                    self._move(filed, event, by)
                case Life.MOVED_AWAY:
                    households.close_household(
                        household=filed.household, closed_on=event.on, reason="迁出本区", by=by, on=event.on
                    )

    def _change(self, filed: Filed, event: Event, by: Actor) -> None:
        assert event.member is not None
        assert event.facts is not None
        facts = [
            NewFact(
                name=name,
                value=parse_fact(name, text),
                person=filed.people[event.member] if fact_is_of_member(name) else None,
                note=event.note,
            )
            for name, text in event.facts.items()
        ]
        examiner = self.offices.at("street_examiner", filed.household.division_id).actor
        # What a family tells at the window is looked into by those who judge.
        for source, who in ((FactSource.DECLARED, by), (FactSource.VERIFIED, examiner)):
            with acting(who, origin="示范"):
                households.record_facts(household=filed.household, facts=facts, source=source, by=who, on=event.on)

    def _end(self, filed: Filed, event: Event, by: Actor) -> None:
        assert event.because is not None
        person = None if event.member is None else filed.people[event.member]
        award = Award.objects.get(household=filed.household, programme=event.programme, person=person)
        determination = None
        if event.because is Life.CHANGED:
            held = award_queries.held_by([filed.household.pk], event.on)[filed.household.pk]
            determination = policy.determine(
                household=filed.household,
                programme=award.programme,
                person=person,
                on=event.on,
                known_on=event.on,
                held=held,
                by=by,
            )
        awards.stop(
            award=award,
            from_day=next_month(event.on),
            reason=ENDS[event.because],
            determination=determination,
            by=by,
            on=event.on,
        )

    def _bear(self, filed: Filed, event: Event, by: Actor) -> None:
        assert event.person is not None
        assert event.relation is not None
        child = NewMember(
            name=event.person.name,
            relation=parse_relation(event.relation),
            identity_number=event.person.identity_number,
            since=event.on,
        )
        households.add_member(household=filed.household, member=child, by=by, on=event.on)

    def _die(self, filed: Filed, event: Event, by: Actor) -> None:
        assert event.member is not None
        person = filed.people[event.member]
        person.refresh_from_db()
        members = household_queries.members_on(filed.household, event.on)
        staying = [member for member in members if member.person_id != person.pk]
        was_head = any(member.person_id == person.pk and member.relation == HEAD for member in members)
        relations = _under_new_head(staying) if was_head and staying else None
        households.record_death(person=person, died_on=event.on, relations=relations, by=by, on=event.on)

    def _move(self, filed: Filed, event: Event, by: Actor) -> None:
        assert event.community is not None
        assert event.address is not None
        cases.move_household(
            household=filed.household,
            division=Division.objects.get(pk=event.community.path),
            address=event.address,
            by=by,
            on=event.on,
        )
        filed.household.refresh_from_db()


def _under_new_head(staying: list[Member]) -> dict[int, int]:
    """The spouse of the former head, or else the eldest, becomes the head; the others are related to the family."""
    heir = min(staying, key=lambda member: (member.relation != SPOUSE, member.person.birth_date))
    return {member.person_id: HEAD if member is heir else OTHER for member in staying}
