"""Which district follows which pack: nothing else asks, so that one installation can serve several districts."""

from collections.abc import Iterable

from django.conf import settings

import policy_packs
from policy_engine import Pack


def pack_name(division: str | None = None) -> str:
    """The pack that a division follows: that of the nearest division above it that has one, else the installation's."""
    followed = settings.POLICY_PACKS
    above = [each for each in followed if division is not None and division.startswith(each)]
    return str(followed[max(above, key=len)] if above else settings.POLICY_PACK)


def district_pack(division: str | None = None) -> Pack:
    """That pack, loaded once a process. Raises PackError."""
    return policy_packs.load(pack_name(division))


def district_packs(division: str | None = None) -> tuple[Pack, ...]:
    """Every pack that is followed here, that of ``division`` first: what one of them does not know, another may."""
    names = dict.fromkeys((pack_name(division), settings.POLICY_PACK, *settings.POLICY_PACKS.values()))
    return tuple(map(policy_packs.load, names))


def by_pack(divisions: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """Households by the name of their pack, from pairs of household and division."""
    found: dict[str, list[int]] = {}
    for household, division in divisions:
        found.setdefault(pack_name(division), []).append(household)
    return found
