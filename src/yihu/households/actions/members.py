"""Who joins a family, who leaves it, and who heads it: a family that has members has one head on every day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.scope import because
from yihu.common.refusals import Refused
from yihu.households.actions.families import (
    file_to_change,
    require_one_head,
    require_past,
    required_reason,
)
from yihu.households.enums import HEAD
from yihu.households.models import Household, Member, Person
from yihu.households.people import NewMember, bring_in, checked, compared, on_file, require_unknown

DAY = timedelta(days=1)


def add_member(*, household: Household, member: NewMember, by: Actor, on: date, confirmed: bool = False) -> Member:
    """Someone joins, a child born into the family too. A new head is named by `change_head`. Raises Refused."""
    household = file_to_change(household, by)
    if member.relation == HEAD:
        raise Refused(_("这一户已有户主。请先按与现任户主的关系登记，再办理变更户主。"), field="relation")
    known_as = compared([member], besides=household, on=on)
    with transaction.atomic():
        (joined,) = bring_in(household, [member], known_as, confirmed=confirmed, by=by, on=on)
    return joined


@transaction.atomic
def end_membership(
    *,
    member: Member,
    left_on: date,
    reason: str,
    by: Actor,
    on: date,
    relations: Mapping[int, int] | None = None,
) -> Member:
    """Someone no longer lives here from ``left_on``. Raises Refused.

    When the head leaves, ``relations`` gives those who stay, by the ids of their persons, their relations to the new
    head. The last member does not leave: the file is closed.
    """
    household = file_to_change(member.household, by)
    reason = required_reason(reason)
    require_past(left_on, on, "left_on")
    with because(reason):
        left = _regroup(household, leaving=[member.person_id], day=left_on, relations=relations)
    return left[0]


@transaction.atomic
def record_death(
    *, person: Person, died_on: date, by: Actor, on: date, relations: Mapping[int, int] | None = None
) -> Person:
    """Someone died; he belongs to his family through that day. Raises Refused.

    When the head died, ``relations`` is as for `end_membership`. When nobody is left, the file is closed with it.
    """
    household = file_to_change(person.household, by)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.died_on:
        raise Refused(
            _("{name}的死亡日期已登记为 {day}。登记错的请更正。").format(name=person.name, day=person.died_on)
        )
    require_past(died_on, on, "died_on")
    if died_on < person.birth_date:
        raise Refused(
            _("死亡日期 {day} 早于出生日期 {birth}。请改正。").format(day=died_on, birth=person.birth_date),
            field="died_on",
        )
    last = person.memberships.order_by("period").last()
    if last and last.period.lower > died_on:
        raise Refused(
            _("死亡日期 {day} 早于他加入户 {number} 的日期 {since}。请核对日期。").format(
                day=died_on, number=household.number, since=last.period.lower
            ),
            field="died_on",
        )
    with because(_("死亡")):
        if last and last.period.upper is None:
            _regroup(household, leaving=[person.pk], day=died_on + DAY, relations=relations, last_may_leave=True)
        elif last and last.period.upper > died_on + DAY:
            last.period = DateRange(last.period.lower, died_on + DAY)
            last.save(update_fields=["period"])
        person.died_on = died_on
        person.save(update_fields=["died_on"])
        if not household.members.filter(period__upper_inf=True).exists():
            household.closed_on = on
            household.save(update_fields=["closed_on"])
    return person


@transaction.atomic
def change_head(*, household: Household, relations: Mapping[int, int], changed_on: date, by: Actor, on: date) -> None:
    """Another head from ``changed_on``; ``relations`` gives every member, by the id of his person, his relation to him.

    Relations alone are corrected so too, the head staying. Raises Refused.
    """
    household = file_to_change(household, by)
    require_past(changed_on, on, "changed_on")
    _regroup(household, leaving=[], day=changed_on, relations=relations)


def correct_person(
    *,
    person: Person,
    name: str,
    identity_number: str,
    birth_date: date | None,
    sex: str,
    reason: str,
    by: Actor,
    on: date,
    confirmed: bool = False,
) -> Person:
    """What was typed wrongly, a changed name, or the number of a child who has got one. Raises Refused.

    All that is given takes the place of what stands; the number is told again in full.
    """
    file_to_change(person.household, by)
    reason = required_reason(reason)
    person = Person.objects.select_for_update(of=("self",)).select_related("household").get(pk=person.pk)
    identity = checked(name, identity_number=identity_number, birth_date=birth_date, sex=sex, on=on)
    if person.identity_digest and not identity.number:
        raise Refused(_("{name}已有身份证号码，更正时也要填写。").format(name=person.name), field="identity_number")
    first = min([day for day in (_first_day(person), person.died_on) if day], default=None)
    if first and identity.birth_date > first:
        raise Refused(
            _("新的出生日期 {birth} 晚于他加入家庭或死亡的日期 {day}。请核对。").format(
                birth=identity.birth_date, day=first
            ),
            field="birth_date",
        )
    require_unknown(identity, on_file([identity], besides=person.household), but=person, confirmed=confirmed)
    with because(reason):
        identity.written_to(person).save()
    return person


def _first_day(person: Person) -> date | None:
    first = person.memberships.order_by("period").first()
    return first.period.lower if first else None


def _regroup(
    household: Household,
    *,
    leaving: Sequence[int],
    day: date,
    relations: Mapping[int, int] | None,
    last_may_leave: bool = False,
) -> list[Member]:
    """End the memberships of those who leave on ``day`` and give the others their new relations from then on."""
    current = {member.person_id: member for member in household.members.filter(period__upper_inf=True)}
    if not set(leaving) <= current.keys():
        raise Refused(_("有人已经不是户 {number} 的成员。请刷新后重办。").format(number=household.number))
    gone = [current.pop(person) for person in leaving]
    if not current and not last_may_leave:
        raise Refused(
            _("户 {number} 没有人留下。全家迁走的请办理迁移，不再存在的请办理销档。").format(number=household.number)
        )
    _require_head(gone, current, relations)
    for member in gone:
        _end(member, day)
    if current and relations:
        _relate(current, relations, day)
    return gone


def _require_head(gone: Sequence[Member], staying: Mapping[int, Member], relations: Mapping[int, int] | None) -> None:
    if relations is None:
        if staying and any(member.relation == HEAD for member in gone):
            raise Refused(_("离开的是户主。请从留下的人里选出新户主，并填写每个人与新户主的关系。"), field="relations")
        return
    if relations.keys() != staying.keys():
        raise Refused(_("请为留下的每一位成员、也只为他们填写与户主的关系。"), field="relations")
    if staying:
        require_one_head(list(relations.values()))


def _relate(members: Mapping[int, Member], relations: Mapping[int, int], day: date) -> None:
    # The former head first: at no moment may there be two.
    changed = [member for person, member in members.items() if member.relation != relations[person]]
    for member in sorted(changed, key=lambda member: member.relation != HEAD):
        relation = relations[member.person_id]
        since = member.period.lower
        if since < day:
            _end(member, day)
            Member.objects.create(
                household_id=member.household_id,
                person_id=member.person_id,
                relation=relation,
                period=DateRange(day, None),
            )
        elif relation == HEAD and since > day:
            raise Refused(
                _("新户主从 {since} 才是这一户的成员，不能从 {day} 起当户主。请另选一位或核对日期。").format(
                    since=since, day=day
                ),
                field="relations",
            )
        else:
            member.relation = relation
            member.save(update_fields=["relation"])


def _end(member: Member, day: date) -> None:
    since = member.period.lower
    if day <= since:
        raise Refused(
            _("{name}从 {since} 起才是这一户的成员，离开的日期要晚于这一天。请核对日期。").format(
                name=member.person.name, since=since
            ),
            field="left_on",
        )
    member.period = DateRange(since, day)
    member.save(update_fields=["period"])
