"""`load_organisations`: real divisions and offices, from the reference data beside the code."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from yihu.common import reference_data
from yihu.organisations import actions
from yihu.organisations.enums import DivisionLevel

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    """Loads every file; loading again changes nothing."""

    help = "载入区划与机构的参考数据；再次载入不改变任何内容"

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the files, load them together and say what happened."""
        divisions, offices = [], []
        for path in sorted(DATA.glob("*.yaml")):
            content = reference_data.read(path)
            divisions += [division_row(division) for division in content.get("divisions", ())]
            divisions += community_rows(content.get("communities", {}))
            directories = content.get("directories", ())
            offices += [office_row(office, directory) for directory in directories for office in directory["offices"]]
        loaded = actions.load_reference_data(divisions=divisions, offices=offices)
        self.stdout.write(
            _("区划与机构：新增 %(created)d，修改 %(changed)d，未变 %(unchanged)d。")
            % {"created": loaded.created, "changed": loaded.changed, "unchanged": loaded.unchanged}
        )


def division_row(division: dict[str, Any]) -> dict[str, Any]:
    """A division of the file as a row of the table."""
    return {**division, "parent_id": division.get("parent_id")}


def community_rows(communities: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """The communities of a file, which stand there by street, as rows of the table."""
    return [
        {"code": code, "level": DivisionLevel.COMMUNITY, "name": name, "parent_id": street}
        for street, names in communities.items()
        for code, name in names.items()
    ]


def office_row(office: dict[str, Any], directory: dict[str, Any]) -> dict[str, Any]:
    """An office of the file as a row of the table: the kind and the source are said once for a directory."""
    source = {f"source_{key}": value for key, value in directory["source"].items()}
    return {**office, "kind": directory["kind"], **source}
