"""What runs beside the launcher, and is started again when it was killed."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from launcher import processes

# Whoever does not live for so many seconds, so many times in a row, is not started again.
SHORT_LIFE = 10
ATTEMPTS = 3


class PartFailed(Exception):
    """A part does not stay up; the message holds what it said."""


@dataclass
class Part:
    """A running part. What it was doing when it was killed is undone; whoever wanted it asks the next."""

    title: str
    mark: str
    log: Path
    launch: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes]" = field(init=False)
    began: float = field(init=False)
    short_lives: int = 0

    def __post_init__(self) -> None:
        self._begin()

    def keep(self) -> bool:
        """Start it again if it is gone; whether it was. Raises PartFailed when that is no use."""
        if self.process.poll() is None:
            return False
        self.short_lives = self.short_lives + 1 if time.monotonic() - self.began < SHORT_LIFE else 0
        if self.short_lives >= ATTEMPTS:
            raise PartFailed(f"{self.title}一再停止，演示随之停止：\n{processes.last_words(self.log)}")
        # Children that outlived it finish what they are doing, and make way.
        end_orphans(self.mark)
        self._begin()
        return True

    def stop(self) -> None:
        """Let what is under way finish, then end the part and whatever it left."""
        processes.end([self.process.pid], first=signal.SIGTERM, patience=10)
        self.process.wait()
        end_orphans(self.mark)

    def _begin(self) -> None:
        self.process, self.began = self.launch(), time.monotonic()


def end_orphans(mark: str) -> None:
    """End what carries this mark and has nobody who looks after it: it was left by a run that was killed."""
    processes.end(processes.with_argument(mark), first=signal.SIGTERM, patience=3)
