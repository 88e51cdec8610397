"""`load_organisations`: real divisions and offices, from the reference data beside the code."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yihu.access.actor import service
from yihu.access.scope import acting
from yihu.common import reference_data
from yihu.organisations import actions
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.paths import below

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    """Loads every file; loading again changes nothing."""

    help = "载入区划与机构的参考数据；再次载入不改变任何内容"

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the files, load them together and say what happened."""
        places, former, offices = Places(), [], []
        contents = [reference_data.read(path) for path in sorted(DATA.glob("*.yaml"))]
        for division in (division for content in contents for division in content.get("divisions", ())):
            places.add(**division)
        for content in contents:
            for street, names in content.get("communities", {}).items():
                for code, name in names.items():
                    places.add(code=code, level=DivisionLevel.COMMUNITY, name=name, parent=street)
            former += [places.former(**row) for row in content.get("former_codes", ())]
            directories = content.get("directories", ())
            offices += [
                places.office(directory, **office) for directory in directories for office in directory["offices"]
            ]
        with acting(service("load_organisations"), reason=self.help, origin="load_organisations"):
            loaded = actions.load_reference_data(divisions=places.rows.values(), offices=offices, former_codes=former)
        self.stdout.write(
            _("区划与机构：新增 %(created)d，修改 %(changed)d，未变 %(unchanged)d。")
            % {"created": loaded.created, "changed": loaded.changed, "unchanged": loaded.unchanged}
        )


class Places:
    """Rows of the tables out of what the files say by official code."""

    def __init__(self) -> None:
        """Nothing read yet; a division is read before what lies in it."""
        self.rows: dict[str, dict[str, Any]] = {}

    def add(self, *, code: str, level: str, name: str, parent: str = "", path: str = "") -> None:
        """A division. Provinces, cities and districts say their path; the others' follows from their codes."""
        above = self.rows[parent]["path"] if parent else None
        self.rows[code] = {
            "path": path or below(above or "", parent, code),
            "code": code,
            "level": level,
            "name": name,
            "parent_id": above,
        }

    def former(self, *, code: str, name: str, now: str, until: date, source: str, now_name: str = "") -> dict[str, Any]:
        """A code that meant what is part of another division now; the last day on which it was in use.

        ``now_name`` is said where that division is not among these.
        """
        # As the database gives it back.
        period = DateRange(None, until + timedelta(days=1), "()")
        present = (
            {"division_id": None, "now_code": now, "now_name": now_name}
            if now_name
            else {"division_id": self.rows[now]["path"], "now_code": "", "now_name": ""}
        )
        return {"code": code, "name": name, "period": period, "source": source, **present}

    def office(self, directory: dict[str, Any], *, division: str, **office: Any) -> dict[str, Any]:
        """What a directory says of the office in a division; the source is said once for a directory."""
        source = {f"source_{key}": value for key, value in directory["source"].items()}
        return {**office, "division_id": self.rows[division]["path"], **source}
