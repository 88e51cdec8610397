"""What a pack cites is found in the texts that it keeps, under the number that the text itself has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import policy_packs
from policy_engine import Pack
from policy_engine.parameters import Source
from policy_procedures import procedures_of, sources_of
from policy_procedures.letters import letters_of

# 第八条, 四（一）, 二（一）2., 附件1-24（1）, 措施24: what a text itself counts by, and never a heading in our words.
NUMBERED = re.compile(
    r"第[一二三四五六七八九十]+[条章]|[一二三四五六七八九十]{1,2}(（[一二三四五六七八九十]+）)?(\d\.)?|附件\d-\d+|措施\d+"
)
PARTS = re.compile(r"[、至]")


def texts_of(pack: Pack) -> dict[str, str]:
    """Each text that a pack or one above it keeps, by its first line."""
    return {
        text.partition("\n")[0].removeprefix("# ").strip(): text
        for member in pack.chain()
        for path in (member.folder / "sources").glob("*.md")
        for text in [path.read_text(encoding="utf-8")]
    }


def text_of(document: str, texts: dict[str, str]) -> str | None:
    """The text that a document is, by the name it is cited by."""
    return next((text for title, text in texts.items() if title == document or title.startswith(f"{document} ")), None)


def headings_of(text: str) -> list[str]:
    """The articles under which a text is kept, without the remark which version it is."""
    return [line.removeprefix("## ").strip() for line in text.splitlines() if line.startswith("## ")]


def is_found(part: str, text: str) -> bool:
    """Whether an article is kept, whole, in its parts, or as part of a longer one; a chapter is named at the top."""
    if part.endswith("章"):
        return part in text.partition("\n## ")[0]
    headings = headings_of(text)
    if any(heading.startswith(part) for heading in headings):
        return True
    # A part of an article that is kept in one piece.
    return any(
        part.startswith(heading) and not any(other.startswith(heading) for other in headings if other != heading)
        for heading in headings
    )


def cited(pack: str) -> Iterator[tuple[str, Source]]:
    """Everything that the procedures, letters and programmes of a pack cite, with where."""
    loaded = policy_packs.load(pack)
    for versions in procedures_of(pack).values():
        for found in versions:
            yield from ((str(found.key), source) for source in sources_of(found))
    for letter, texts in letters_of(pack).items():
        yield from ((f"{letter} {text.since}", text.source) for text in texts)
    for programme in loaded.programmes.values():
        yield programme.name, programme.source
        yield from ((programme.name, caveat.source) for caveat in programme.caveats)


@pytest.mark.parametrize("pack", policy_packs.names())
def test_what_procedures_letters_and_programmes_cite_is_kept_under_its_own_number(pack: str) -> None:
    texts, strange = texts_of(policy_packs.load(pack)), set[str]()
    for where, source in cited(pack):
        document = re.sub(r"（\d{4}-.*?）", "", source.document)
        text = text_of(document, texts)
        if text is None:
            strange.add(f"{where}: no text of {source}")
        elif not source.clause:
            # Only a report of it was seen, without the numbers of its articles.
            if "条次未见" not in text:
                strange.add(f"{where}: no clause of {source}")
        else:
            strange |= {f"{where}: {source}" for part in PARTS.split(source.clause) if not is_found(part, text)}

    assert strange == set()


def test_no_text_is_kept_under_a_heading_of_our_own() -> None:
    kept = [
        (path.name, heading)
        for pack in policy_packs.names()
        for path in sorted((Path(policy_packs.load(pack).folder) / "sources").glob("*.md"))
        for heading in headings_of(path.read_text(encoding="utf-8"))
    ]

    assert kept
    assert [each for each in kept if NUMBERED.match(each[1]) is None] == []
