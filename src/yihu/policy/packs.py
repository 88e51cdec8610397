"""Which district follows which pack, and from when on: nothing else asks, so that one installation can serve several.

All follow ``POLICY_PACK``. ``POLICY_PACKS`` names divisions that follow another with all that lies in them, such as
``11/0108/=haidian@2027-01-01,11/0105/=chaoyang``: from a day on, or always; before that day a division follows what
those above it do (docs/decisions/0028).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

import policy_packs
from policy_engine import Pack
from yihu.organisations.models import Division

ENTRY = r"(?P<division>([0-9]+/)+)=(?P<pack>[a-z][a-z0-9_]*)(@(?P<since>[0-9]{4}-[0-9]{2}-[0-9]{2}))?"


@dataclass(frozen=True, slots=True)
class Followed:
    """A division, by its path, follows a pack from a day on."""

    division: str
    pack: str
    since: date


def pack_name(division: str, on: date) -> str:
    """The pack that a division follows on a day: the nearest above it that follows one by then says so, else all do."""
    around = [
        each for each in followed(settings.POLICY_PACKS) if division.startswith(each.division) and each.since <= on
    ]
    if not around:
        return home_pack_name()
    return max(around, key=lambda each: (len(each.division), each.since)).pack


def home_pack_name() -> str:
    """The pack that everybody follows who follows no other."""
    return str(settings.POLICY_PACK)


def home_pack() -> Pack:
    """That pack, loaded once a process. Raises PackError."""
    return policy_packs.load(home_pack_name())


def district_pack(division: str, on: date) -> Pack:
    """The pack that a division follows on a day. Raises PackError."""
    return policy_packs.load(pack_name(division, on))


def packs_of(division: str) -> tuple[Pack, ...]:
    """Every pack that a division ever follows, the latest first."""
    return tuple(map(policy_packs.load, _names(division)))


def district_packs(division: str | None = None) -> tuple[Pack, ...]:
    """Every pack that is followed here, those of ``division`` first: what one of them does not know, another may."""
    first = _names(division) if division is not None else ()
    others = (home_pack_name(), *(each.pack for each in followed(settings.POLICY_PACKS)))
    return tuple(map(policy_packs.load, dict.fromkeys((*first, *others))))


def _names(division: str) -> Iterable[str]:
    days = {each.since for each in followed(settings.POLICY_PACKS) if division.startswith(each.division)}
    return dict.fromkeys(pack_name(division, day) for day in sorted(days | {date.min}, reverse=True))


def by_pack(divisions: Iterable[tuple[int, str]], on: date) -> dict[str, list[int]]:
    """Households by the name of their pack on a day, from pairs of household and division."""
    found: dict[str, list[int]] = {}
    for household, division in divisions:
        found.setdefault(pack_name(division, on), []).append(household)
    return found


# ---- what the setting says


@cache
def followed(text: str) -> tuple[Followed, ...]:
    """What the setting says, in its order. Raises ImproperlyConfigured where nobody can tell what it means."""
    found: list[Followed] = []
    for entry in filter(None, map(str.strip, text.split(","))):
        read = re.fullmatch(ENTRY, entry)
        if read is None:
            raise _wrong(_("“{entry}”看不懂，请写成 11/0108/=haidian 或者 11/0108/=haidian@2027-01-01"), entry=entry)
        try:
            since = date.fromisoformat(read["since"]) if read["since"] else date.min
        except ValueError:
            raise _wrong(_("“{entry}”里的日期不存在"), entry=entry) from None
        earlier = [each for each in found if each.division == read["division"]]
        if earlier and earlier[-1].since >= since:
            raise _wrong(
                _("{division} 写了几次：第一次可以不写日期，之后每次都要写从哪天起，并由早到晚"),
                division=read["division"],
            )
        found.append(Followed(read["division"], read["pack"], since))
    return tuple(found)


def check() -> None:
    """Whether the settings say what can be followed: asked before anything starts. Raises ImproperlyConfigured."""
    known = policy_packs.names()
    for pack in (home_pack_name(), *(each.pack for each in followed(settings.POLICY_PACKS))):
        if pack not in known:
            raise ImproperlyConfigured(
                _("没有名为“{pack}”的政策包（POLICY_PACK、POLICY_PACKS），现有 {known}。").format(
                    pack=pack, known="、".join(known)
                )
            )


def check_divisions() -> None:
    """Whether the divisions that the setting names are on file: asked before pages are served. Raises
    ImproperlyConfigured.
    """
    named = [each.division for each in followed(settings.POLICY_PACKS)]
    on_file = set(Division.objects.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    if missing := [each for each in dict.fromkeys(named) if each not in on_file]:
        raise _wrong(_("没有路径为 {paths} 的区划，请先载入区划或改正路径"), paths="、".join(missing))


def _wrong(problem: str, **values: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(_("POLICY_PACKS：{problem}。").format(problem=problem.format(**values)))
