"""The most memory that the running process has held; imported by our processes and by the peer's alike."""

from __future__ import annotations

import resource
from pathlib import Path


def peak() -> int:
    """Bytes. Linux's own count of this program's memory, since ``ru_maxrss`` begins with that of the parent."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
