"""Divisions of tests, by their real codes: `11/0102/007/001/` is 110102007001, a community of 月坛街道 in Xicheng."""

from collections.abc import Mapping

from yihu.access.actor import service
from yihu.access.scope import acting
from yihu.organisations import actions
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division, Office, Post
from yihu.organisations.queries import own_offices

CITY, DISTRICT = "11/", "11/0102/"
NAMES = {"11/": "北京市", "11/0102/": "西城区", "11/0108/": "海淀区", "11/0102/007/": "月坛街道"} | {
    "11/0102/018/": "牛街街道"
}
LEVELS = (DivisionLevel.PROVINCE, DivisionLevel.DISTRICT, DivisionLevel.STREET, DivisionLevel.COMMUNITY)


def division(path: str, name: str = "") -> Division:
    """A division with all that it lies in; those that are there stay."""
    return divisions({path: name})[path]


def divisions(names: Mapping[str, str]) -> dict[str, Division]:
    """Divisions by their paths, with all that they lie in, each with the office of its own body."""
    segments = {path: path.rstrip("/").split("/") for path in names}
    paths = {"".join(f"{each}/" for each in found[:depth]) for found in segments.values() for depth in range(1, 5)}
    rows = [_row(path, names.get(path, "")) for path in sorted(paths)]
    Division.objects.bulk_create(rows, ignore_conflicts=True)
    with acting(service("tests")):
        actions.open_offices()
    return Division.objects.in_bulk(list(names))


def office(path: str) -> Office:
    """The office of a division's own body."""
    return own_offices().get(division=path)


def post(kind: str, path: str) -> Post:
    """The post of a kind in a division; one that is there stays."""
    return Post.objects.get_or_create(kind=kind, office=office(path))[0]


def _row(path: str, name: str) -> Division:
    segments = path.rstrip("/").split("/")
    level = LEVELS[len(segments) - 1]
    return Division(
        path=path,
        code="".join(segments).ljust(6, "0"),
        name=name or NAMES.get(path, f"{segments[-1]}{level.label}"),
        level=level,
        parent_id="".join(f"{each}/" for each in segments[:-1]) or None,
    )
