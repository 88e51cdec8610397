"""The language that people read: messages are written in Chinese and may be translated by a catalogue."""

from __future__ import annotations

import gettext

# The standard ``gettext.gettext`` looks for a catalogue on disk at every call; a batch says millions of sentences.
_CATALOGUE = gettext.translation("yihu", fallback=True)

_ = _CATALOGUE.gettext
