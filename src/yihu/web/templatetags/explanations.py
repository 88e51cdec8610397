"""The sentences of an explanation as nested lists that unfold without a script.

Written here and not in a template: a page holds hundreds of them, and each template part costs more than its sentence.
"""

import re
from collections.abc import Iterable
from html import escape as escape_all

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yihu.policy import Sentence

register = template.Library()

_SPECIAL = re.compile("[&<>\"']")


def escape(text: str) -> str:
    """The text as HTML. Hardly any sentence holds a special character, and to look is cheaper than to replace."""
    return escape_all(text) if _SPECIAL.search(text) else text


@register.simple_tag
def sentences(lines: Iterable[Sentence]) -> SafeString:
    """The sentences, each unfolding what it rests on. Every text is escaped."""
    parts: list[str] = []
    _write(lines, parts, _("见上"))
    return mark_safe("".join(parts))


def _write(lines: Iterable[Sentence], parts: list[str], above: str) -> None:
    parts.append('<ul class="why">')
    for line in lines:
        parts.append(f'<li class="why-{line.verdict}">' if line.verdict else "<li>")
        again = f" <small>{above}</small>" if line.again else ""
        text = f"<span>{escape(line.text)}{again}</span>"
        if line.source:
            text += f"<cite>{escape(line.source)}</cite>"
        if line.children:
            parts.append(f"<details><summary>{text}</summary>")
            _write(line.children, parts, above)
            parts.append("</details>")
        else:
            parts.append(text)
        parts.append("</li>")
    parts.append("</ul>")
