"""Finds people and families by what someone types, within his areas."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.common import identity_numbers, names, secrets, telephone
from yihu.common.secrets import Kind
from yihu.households.functions import TYPED
from yihu.households.models import Household, Member, Person
from yihu.organisations.numbering import known_prefixes, prefix_in

CHINESE = re.compile(r"[^\x00-\u2e7f]")
LEAST_FOR_LIKENESS = 4
# More digits than any number of ours has: whatever it is, it is not to be kept.
LONG = re.compile(r"\d(?:[\s\-‐-―−]?\d){6,}[Xx]?")
MASKS = {Kind.IDENTITY: identity_numbers.mask, Kind.TELEPHONE: telephone.mask}


@dataclass(frozen=True, slots=True)
class Found:
    """Someone who fits what was typed; a family found by its number or telephone is shown by its head.

    ``lives_here``: he belongs to this household now; else the file is where he was last. ``detail`` is one line that
    tells people of one name apart.
    """

    household_number: str
    name: str
    detail: str
    division_name: str
    street_name: str
    address: str
    person: int | None
    lives_here: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What someone looks for, as it may be kept and shown again: of a whole number ``text`` is masked.

    ``kind`` says what it is a number of, and ``digest`` (hexadecimal) finds it; both are empty for any other text.
    """

    text: str = ""
    kind: str = ""
    digest: str = ""


def wanted(text: str) -> Wanted:
    """What was typed, without any number of a person in it."""
    plain = unicodedata.normalize("NFKC", text).replace("\0", "").strip()
    found = _whole_number(plain)
    if found:
        kind, number = found
        return Wanted(MASKS[kind](number), kind, secrets.digest(kind, number).hex())
    return Wanted(plain if _read_number(plain.upper()) else LONG.sub(lambda long: f"****{long[0][-4:]}", plain))


def search(text: str, *, actor: Actor, limit: int = 10) -> list[Found]:
    """Who fits a text, best first: a name or its beginning, a given name, pinyin with or without the surname, initials,
    the tail of an identity number or the whole of it, a telephone number, the number of a household or its end.
    """
    rows = _rows(_read(wanted(text), actor.areas), actor, limit)
    people = Person.objects.in_bulk({person for _household, person in rows if person})
    homes = Household.objects.select_related("division__parent").in_bulk({household for household, _person in rows})
    living = set(
        Member.objects.filter(person__in=people, period__upper_inf=True).values_list("household_id", "person_id")
    )
    return [
        _found(homes[household], people.get(person), (household, person) in living)
        for household, person in rows
        if household in homes
    ]


def household_ids(wanted: Wanted, *, actor: Actor, limit: int) -> list[int]:
    """The families of those who fit, each once, best first."""
    return list(dict.fromkeys(household for household, _person in _rows(_read(wanted, actor.areas), actor, limit)))


def _whole_number(plain: str) -> tuple[Kind, str] | None:
    """The number of a card or of a telephone that a text is, in its normal form."""
    identity = identity_numbers.normalise(plain)
    if len(identity) == identity_numbers.LENGTH and identity[:-1].isdigit():
        return Kind.IDENTITY, identity
    number = telephone.normalise(plain)
    if telephone.MOBILE.fullmatch(number) or ("-" in number and telephone.FIXED.fullmatch(number.replace("-", ""))):
        return Kind.TELEPHONE, number
    return None


def _read(wanted: Wanted, areas: Collection[str]) -> dict[str, Any]:
    """What it may be where someone looks for it, in the arguments of the search."""
    if wanted.kind:
        return {wanted.kind: bytes.fromhex(wanted.digest)}
    return (_read_number(wanted.text.upper(), areas) or _read_name(wanted.text)) if wanted.text else {}


def _read_number(text: str, areas: Collection[str] = ()) -> dict[str, str]:
    read = {}
    given = re.fullmatch(rf"({known_prefixes()})-?(\d{{0,3}})(?:-?(\d{{0,6}}))", text)
    given = given or re.fullmatch(r"()(\d{3})(?:-(\d{0,6})|(\d{6}))", text)
    if given:
        prefix, street, *serials = given.groups()
        serial = next(filter(None, serials), "")
        # Without its beginning a number is one of the district in which someone works.
        start = f"{prefix or prefix_in(areas)}-{street}"
        read["number"] = start + (f"-{serial}" if len(street) == 3 else "")
    if re.fullmatch(r"\d{3}[\dX]", text):
        read["tail"] = text
    if re.fullmatch(r"\d{1,6}", text):
        read["serial"] = text.zfill(6)
    return read


def _read_name(text: str) -> dict[str, str]:
    if CHINESE.search(text):
        name = names.normalise(text)
        # Of one character the homophones are too many to be of use.
        sound = {"pinyin": names.pinyin_of(name).full.replace(" ", "")} if len(name) > 1 else {}
        return {"name": name, **sound}
    typed = re.sub("[^a-z]", "", names.typed(text))
    if not typed:
        return {}
    likeness = {"likeness": typed} if len(typed) >= LEAST_FOR_LIKENESS else {}
    return {"pinyin": typed, "initials": typed, **likeness}


def _rows(read: Mapping[str, Any], actor: Actor, limit: int) -> list[tuple[int, int | None]]:
    if not read:
        return []
    values = {**dict.fromkeys(TYPED), **read, "areas": list(actor.areas), "most": limit}
    arguments = ", ".join(f"{name} => %({name})s::{kind}" for name, kind in TYPED.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT household_id, person_id FROM search_people({arguments})", values)
        return cursor.fetchall()


def _found(household: Household, person: Person | None, lives_here: bool) -> Found:
    return Found(
        household_number=household.number,
        name=person.name if person else household.number,
        detail=_detail(household, person, lives_here),
        division_name=household.division.name,
        street_name=household.division.parent.name if household.division.parent else "",
        address=household.address,
        person=person.pk if person else None,
        lives_here=lives_here,
    )


def _detail(household: Household, person: Person | None, lives_here: bool) -> str:
    if person is None:
        return household.address
    parts = [person.get_sex_display(), _("{year} 年生").format(year=person.birth_date.year)]
    if person.identity_tail:
        parts.append(_("尾号 {tail}").format(tail=person.identity_tail))
    if person.died_on:
        parts.append(_("已故"))
    elif not lives_here:
        parts.append(_("已迁出"))
    return " · ".join(parts)
