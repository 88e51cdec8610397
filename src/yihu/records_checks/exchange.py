"""The folders in which questions are laid out and answers are dropped: EXCHANGE_ROOT/<source>/questions, answers,
taken and refused. Only this service and the one who carries the files can read them.
"""

import os
import stat
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from yihu.common import files

QUESTIONS, ANSWERS, TAKEN, REFUSED = "questions", "answers", "taken", "refused"
# Seconds without a change, after which a file is taken to be whole.
QUIET = 3
# What programs write while they have a file open.
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file as it lay in the answers."""

    path: Path
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return sha256(self.content).hexdigest()

    @property
    def kept_name(self) -> str:
        """A name for the same content alone, whatever else is dropped under the same name."""
        stem, suffix = (os.fsencode(part)[:most] for part, most in ((self.path.stem, 150), (self.path.suffix, 50)))
        return os.fsdecode(stem + f"-{self.digest[:8]}".encode() + suffix)


def folder(source: str, name: str) -> Path:
    """A folder of a source, made when it is first needed."""
    path = Path(settings.EXCHANGE_ROOT) / source / name
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    # Parents made on the way would be open to everybody.
    for each in (path.parent, path):
        each.mkdir(mode=0o700, exist_ok=True)
    return path


def dropped(source: str) -> list[Path]:
    """The files that were dropped and are no longer being written, in the order of their names."""
    found = []
    for path in sorted(folder(source, ANSWERS).iterdir()):
        if path.name.startswith((".", "~$")) or path.suffix.lower() in UNFINISHED:
            continue
        try:
            state = path.lstat()
        except FileNotFoundError:
            # Another collector was quicker.
            continue
        if stat.S_ISREG(state.st_mode) and abs(time.time() - state.st_mtime) >= QUIET:
            found.append(path)
    return found


def read(path: Path) -> Dropped | None:
    """A dropped file with its content, no more than may be kept and a byte; None when it is gone."""
    try:
        with path.open("rb") as file:
            return Dropped(path, file.read(settings.DOCUMENT_MOST_BYTES + 1))
    except FileNotFoundError:
        return None


def take(source: str, file: Dropped) -> None:
    """Put a file away that was taken. A kill before this leaves it where it was, to be recognised and put away."""
    _put_away(file, folder(source, TAKEN))


def refuse(source: str, file: Dropped, why: str) -> None:
    """Put a file away that was not taken, with the reasons in a text beside it."""
    away = folder(source, REFUSED)
    files.write(away / f"{file.kept_name}.txt", why.encode())
    _put_away(file, away)


def remove(path: Path) -> None:
    """Take a file away, if it is still there."""
    path.unlink(missing_ok=True)


def _put_away(file: Dropped, away: Path) -> None:
    # What was read is what is put away: a new file of the same name stays for the next time.
    files.write(away / file.kept_name, file.content)
    now = read(file.path)
    if now is not None and now.content == file.content:
        remove(file.path)
