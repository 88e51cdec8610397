"""Opens many files at once, each with its head alone: the lists of older books name nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.common.refusals import Refused
from yihu.households.actions.families import give_numbers, unnumbered
from yihu.households.enums import HEAD
from yihu.households.models import Household, Member, Person
from yihu.households.people import AT_ONCE, Identity, checked, faults_of_strangers, save_new
from yihu.organisations.models import Division


@dataclass(frozen=True, slots=True)
class NewFile:
    """A family of which the head alone is known; he has an identity number."""

    name: str
    identity_number: str
    division: Division
    address: str
    telephone: str = ""


def faults_of(files: Sequence[NewFile], *, by: Actor, on: date) -> dict[int, Refused]:
    """Why some of these files cannot be opened, by their place; each head stands among them once."""
    faults: dict[int, Refused] = {}
    heads: dict[int, Identity] = {}
    for at, file in enumerate(files):
        try:
            _household, heads[at] = _checked(file, by, on)
        except Refused as refused:
            faults[at] = refused
    places = list(heads)
    known = faults_of_strangers(list(heads.values()))
    return faults | {places[at]: refused for at, refused in known.items()}


@transaction.atomic
def open_files(*, files: Sequence[NewFile], by: Actor, on: date) -> list[Person]:
    """The heads of the new files, in their order. Raises Refused, and then opens none."""
    by.require(Capability.KEEP_FAMILIES, _("登记家庭"))
    pairs = [_checked(file, by, on) for file in files]
    for refused in faults_of_strangers([head for _household, head in pairs]).values():
        raise refused
    give_numbers(household for household, _head in pairs)
    Household.objects.bulk_create((household for household, _head in pairs), batch_size=AT_ONCE)
    people = [head.written_to(Person(household=household)) for household, head in pairs]
    save_new(people)
    Member.objects.bulk_create(
        (
            Member(household=person.household, person=person, relation=HEAD, period=DateRange(on, None))
            for person in people
        ),
        batch_size=AT_ONCE,
    )
    return people


def _checked(file: NewFile, by: Actor, on: date) -> tuple[Household, Identity]:
    household = unnumbered(division=file.division, address=file.address, telephone=file.telephone, by=by, on=on)
    return household, checked(file.name, identity_number=file.identity_number, birth_date=None, sex="", on=on)
