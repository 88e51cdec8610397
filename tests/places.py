"""Divisions of tests, by their real codes: `11/0102/007/001/` is 110102007001, a community of 月坛街道 in Xicheng."""

from collections.abc import Mapping

from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division

CITY, DISTRICT = "11/", "11/0102/"
NAMES = {"11/": "北京市", "11/0102/": "西城区", "11/0108/": "海淀区", "11/0102/007/": "月坛街道"} | {
    "11/0102/018/": "牛街街道"
}
LEVELS = (DivisionLevel.PROVINCE, DivisionLevel.DISTRICT, DivisionLevel.STREET, DivisionLevel.COMMUNITY)


def division(path: str, name: str = "") -> Division:
    """A division with all that it lies in; those that are there stay."""
    return divisions({path: name})[path]


def divisions(names: Mapping[str, str]) -> dict[str, Division]:
    """Divisions by their paths, with all that they lie in."""
    segments = {path: path.rstrip("/").split("/") for path in names}
    paths = {"".join(f"{each}/" for each in found[:depth]) for found in segments.values() for depth in range(1, 5)}
    rows = [_row(path, names.get(path, "")) for path in sorted(paths)]
    Division.objects.bulk_create(rows, ignore_conflicts=True)
    return Division.objects.in_bulk(list(names))


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
