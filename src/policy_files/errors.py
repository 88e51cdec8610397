"""What stops a command, in one sentence that says how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from policy_engine.language import _


class FileFault(Exception):
    """A file, an option or a value on the command line cannot be used; the message is for the person who gave it."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A half sentence naming the known words that come closest to ``word``; empty when none does."""
    close = get_close_matches(word, list(known), n=3, cutoff=0.5)
    return _("；是不是{words}").format(words=_("或").join(f"“{each}”" for each in close)) if close else ""
