"""Writes down who looked at what of a family, and why (社会救助法 第十一条、第七十条)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import file_open
from yihu.common import secrets
from yihu.common.refusals import Refused
from yihu.common.secrets import Kind
from yihu.households.enums import ReadKind, ReadPurpose
from yihu.households.models import FileRead, Household, Person
from yihu.households.noting import note

LONGEST_DETAIL = 200


def record_read(
    *, household: Household, kind: ReadKind, purpose: str, by: Actor, detail: str = "", handled_in: str = ""
) -> None:
    """Someone looks into a file; who that is, the database writes. Raises Refused for a file out of reach or of a
    relative, and without a purpose.

    ``handled_in`` is the division of the past case that he looks at: its street goes on reading it when the family has
    moved away.
    """
    by.require_area(handled_in or household.division_id)
    by.require_unrelated(household.pk)
    if purpose not in ReadPurpose.values:
        raise Refused(_("请先选择查看的目的，它会记录在案。"), field="purpose")
    read = {"kind": kind, "purpose": purpose, "detail": detail[:LONGEST_DETAIL]}
    FileRead.objects.create(household=household, **read)
    # What is taken out of the house is so only if it succeeds.
    if kind != ReadKind.EXPORT:
        note(lambda: _write_again(household.pk, **read))


def _write_again(household: int, **read: str) -> None:
    """The same look once more, wherever the family lives; none into one that was undone itself."""
    with file_open(household):
        if Household.objects.filter(pk=household).exists():
            FileRead.objects.create(household_id=household, **read)


@transaction.atomic
def record_export(*, households: Iterable[Household], purpose: str, by: Actor, detail: str = "") -> None:
    """A list of families is taken out of the house: one line in the file of each. Raises as `record_read` does."""
    taken = list(households)
    for household in taken:
        by.require_area(household.division_id)
    if purpose not in ReadPurpose.values:
        raise Refused(_("请先选择导出的目的，它会记录在每一户的档案里。"), field="purpose")
    FileRead.objects.bulk_create(
        FileRead(household=household, kind=ReadKind.EXPORT, purpose=purpose, detail=detail[:LONGEST_DETAIL])
        for household in taken
    )


@transaction.atomic
def reveal_identity_number(*, person: Person, purpose: str, by: Actor) -> str:
    """The whole identity number; that it was shown is recorded first. Raises Refused."""
    by.require(Capability.SEE_IDENTITY_NUMBERS, _("查看完整的身份证号码"))
    if person.identity_number is None:
        raise Refused(_("{name}没有登记身份证号码。").format(name=person.name))
    record_read(household=person.household, kind=ReadKind.IDENTITY_NUMBER, purpose=purpose, detail=person.name, by=by)
    return secrets.decrypt(Kind.IDENTITY, person.identity_number)


@transaction.atomic
def reveal_telephone(*, household: Household, purpose: str, by: Actor) -> str:
    """The whole telephone number; that it was shown is recorded first. Raises Refused."""
    by.require(Capability.SEE_TELEPHONES, _("查看完整的电话号码"))
    if household.telephone is None:
        raise Refused(_("户 {number} 没有登记电话。").format(number=household.number))
    record_read(household=household, kind=ReadKind.TELEPHONE, purpose=purpose, by=by)
    return secrets.decrypt(Kind.TELEPHONE, household.telephone)
