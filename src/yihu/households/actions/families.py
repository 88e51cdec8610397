"""Opens, moves and closes files of families."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import because
from yihu.common import secrets
from yihu.common import telephone as telephones
from yihu.common.refusals import Refused
from yihu.common.secrets import Kind
from yihu.documents import actions as documents
from yihu.documents.models import Document
from yihu.households.enums import HEAD
from yihu.households.models import Household, Member
from yihu.households.people import NewMember, bring_in, compared
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.numbering import Numbered, next_numbers
from yihu.organisations.paths import street_of

LONGEST_ADDRESS = 200


def open_household(
    *,
    division: Division,
    address: str,
    members: Sequence[NewMember],
    by: Actor,
    on: date,
    telephone: str = "",
    confirmed: bool = False,
) -> Household:
    """A new file for those who live together, one of them the head. Raises Refused.

    ``confirmed``: people of the same name and birth date, one without a number, were made sure to be different people.
    """
    by.require(Capability.KEEP_FAMILIES, _("登记家庭"))
    require_one_head([new.relation for new in members])
    known_as = compared(members, on=on)
    with transaction.atomic():
        household = new_household(division=division, address=address, telephone=telephone, by=by, on=on)
        bring_in(household, members, known_as, confirmed=confirmed, by=by, on=on)
    return household


@transaction.atomic
def change_contact(*, household: Household, address: str, telephone: str, by: Actor) -> Household:
    """Correct the address within the community, and the telephone; an empty one takes it away. Raises Refused."""
    household = file_to_change(household, by)
    household.address = _checked_address(address)
    _set_telephone(household, telephone)
    household.save(update_fields=["address", "telephone", "telephone_digest"])
    return household


@transaction.atomic
def move_household(*, household: Household, division: Division, address: str, by: Actor, on: date) -> Household:
    """The whole family moves house, its papers with it; the number of the file stays. Raises Refused.

    To another street only the district moves it. Nothing of the past changes hands but the file: cases stay where they
    were handled. A family with a running case is moved by the room of the cases, which takes the case along.
    """
    household = file_to_change(household, by)
    _require_community(division)
    require_move(household.division_id, division.path, by)
    address = _checked_address(address)
    if (household.division_id, household.address) == (division.path, address):
        raise Refused(_("新住址与原住址相同，没有改动。"), field="address")
    household.division, household.address = division, address
    try:
        with transaction.atomic():
            household.save(update_fields=["division", "address"])
    except IntegrityError as error:
        # A later room keeps a family where its case is running, and says so.
        raise Refused(str(error).partition("\n")[0], field="division") from None
    documents.move(documents=Document.objects.filter(paper__household=household), division=division, by=by)
    return household


@transaction.atomic
def close_household(*, household: Household, closed_on: date, reason: str, by: Actor, on: date) -> Household:
    """Nobody of this family lives here together any more; from ``closed_on`` it has no members. Raises Refused."""
    household = file_to_change(household, by)
    reason = required_reason(reason)
    require_past(closed_on, on, "closed_on")
    current = list(household.members.filter(period__upper_inf=True))
    first = max([household.opened_on, *(member.period.lower for member in current)])
    if closed_on <= first:
        raise Refused(
            _("销档日期要晚于 {day}：那一天建档或有成员加入。建错的档请更正，不要销档。").format(day=first),
            field="closed_on",
        )
    with because(reason):
        for member in current:
            member.period = DateRange(member.period.lower, closed_on)
        Member.objects.bulk_update(current, ["period"])
        household.closed_on = closed_on
        household.save(update_fields=["closed_on"])
    return household


def new_household(*, division: Division, address: str, telephone: str, by: Actor, on: date) -> Household:
    """An empty file with the next number of its street."""
    household = unnumbered(division=division, address=address, telephone=telephone, by=by, on=on)
    give_numbers([household])
    household.save()
    return household


def unnumbered(*, division: Division, address: str, telephone: str, by: Actor, on: date) -> Household:
    """An empty file, checked and not yet saved."""
    _require_community(division)
    by.require_area(division.path)
    household = Household(division=division, address=_checked_address(address), opened_on=on)
    _set_telephone(household, telephone)
    return household


def give_numbers(households: Iterable[Household]) -> None:
    """The next numbers of their streets, in their order."""
    by_street: dict[str, list[Household]] = {}
    for household in households:
        by_street.setdefault(street_of(household.division_id), []).append(household)
    for street, same in by_street.items():
        given = next_numbers(Numbered.HOUSEHOLD, street, on=same[0].opened_on, count=len(same))
        for household, number in zip(same, given, strict=True):
            household.number = number


def file_to_change(household: Household, by: Actor, *, may_be_closed: bool = False) -> Household:
    """The file as it stands now, kept from others until the end. Raises Refused if it is out of reach or closed."""
    by.require(Capability.KEEP_FAMILIES, _("登记家庭变化"))
    by.require_area(household.division_id)
    found = Household.objects.select_for_update().filter(pk=household.pk).first()
    if found is None:
        raise Refused(_("这一户不在您负责的区域内。"))
    by.require_area(found.division_id)
    by.require_unrelated(found.pk)
    if found.closed_on and not may_be_closed:
        raise Refused(
            _("户 {number} 已于 {day} 销档，不能再登记。人还在的，请为他们重新建档。").format(
                number=found.number, day=found.closed_on
            )
        )
    return found


def require_move(former: str, division: str, by: Actor) -> None:
    """Raise Refused unless someone may give a family or a person from one community to the other."""
    by.require_area(former)
    if street_of(former) != street_of(division) and not by.may(Capability.MOVE_FAMILIES):
        raise Refused(_("迁往别的街道由区级监督办理，两个街道都不能单独办。请把新住址告诉他们。"), field="division")
    by.require_area(division)


def require_one_head(relations: Sequence[int]) -> None:
    """Raise Refused unless exactly one of those who live together is the head."""
    if not relations:
        raise Refused(_("请至少登记一位成员。"), field="members")
    heads = list(relations).count(HEAD)
    if heads != 1:
        raise Refused(_("一户要有、也只能有一位户主，现在有 {n} 位。").format(n=heads), field="relation")
    if not all(0 < relation < 100 for relation in relations):
        raise Refused(_("请为每位成员选择与户主的关系。"), field="relation")


def required_reason(reason: str) -> str:
    """A reason that says something. Raises Refused."""
    if not reason.strip():
        raise Refused(_("请写明原因，它会留在档案里。"), field="reason")
    return reason.strip()


def require_past(day: date, on: date, field: str) -> None:
    """Raise Refused for a day that has not come."""
    if day > on:
        raise Refused(_("日期 {day} 晚于 {on}。请改正，或到那一天再登记。").format(day=day, on=on), field=field)


def _require_community(division: Division) -> None:
    if division.level != DivisionLevel.COMMUNITY:
        raise Refused(_("“{name}”不是社区。请选择家庭居住的社区。").format(name=division.name), field="division")


def _checked_address(address: str) -> str:
    plain = " ".join(address.split())
    if not plain:
        raise Refused(_("请填写住址。"), field="address")
    if len(plain) > LONGEST_ADDRESS:
        raise Refused(_("住址最多 {most} 个字。").format(most=LONGEST_ADDRESS), field="address")
    return plain


def _set_telephone(household: Household, text: str) -> None:
    number = telephones.check(text, field="telephone") if text.strip() else ""
    household.telephone = secrets.encrypt(Kind.TELEPHONE, number) if number else None
    household.telephone_digest = secrets.digest(Kind.TELEPHONE, number) if number else None
