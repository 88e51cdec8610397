"""The kinds of posts, read once from ``posts.yaml`` beside this file. No code tells one kind from another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.enums import PrincipalKind

FILE = Path(__file__).with_name("posts.yaml")
# The levels of divisions, as organisations has them; a test holds the two together.
LEVELS = ("province", "city", "district", "street", "community")
REQUIRED = {"label", "level", "capabilities"}
KEYS = REQUIRED | {"purpose", "never_with"}


class BadPosts(ValueError):
    """The file of posts does not say what it must; the message names file and line."""


@dataclass(frozen=True, slots=True)
class KindOfPost:
    """What such a post is called, where it stands and what it may.

    ``never_with`` holds both ways: kind → why one person does not hold it besides this one.
    ``purpose`` is why whoever sits there most often opens a family's file, empty where nothing is usual.
    """

    kind: str
    label: str
    level: str
    capabilities: frozenset[Capability]
    purpose: str = ""
    never_with: Mapping[str, str] | None = None


@cache
def posts() -> Mapping[str, KindOfPost]:
    """All kinds by name, in the order of the work. Raises BadPosts."""
    return read(FILE)


def capabilities_of(kind: str) -> frozenset[Capability]:
    """What a kind of post may; one that is not in the file may nothing."""
    found = posts().get(kind)
    return found.capabilities if found else frozenset()


def holding(capability: Capability) -> tuple[str, ...]:
    """The kinds of posts that may do this, in the order of the work."""
    return tuple(kind for kind, post in posts().items() if capability in post.capabilities)


def label_of(kind: str) -> str:
    """What a kind of post is called; one that is no longer in the file by its name."""
    found = posts().get(kind)
    return found.label if found else kind


def labels_of(kinds: Iterable[str]) -> str:
    """Kinds of posts in words: 窗口经办、街道审核."""
    return "、".join(label_of(kind) for kind in kinds)


def actor_at(staff: int, name: str, post: str, areas: tuple[str, ...]) -> Actor:
    """Someone who works here at a post, with what it may."""
    return Actor(PrincipalKind.STAFF, staff, name, post, areas, capabilities=capabilities_of(post))


def read(path: Path) -> Mapping[str, KindOfPost]:
    """The kinds of a file. Raises BadPosts at what it does not know and at what is missing, with file and line."""
    try:
        content = YAML(typ="rt", pure=True).load(path)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadPosts(
            _("{path} 第 {line} 行：{problem}").format(path=path, line=line, problem=error.problem)
        ) from error
    if not isinstance(content, CommentedMap) or not content:
        raise BadPosts(_("{path}：要有至少一种岗位").format(path=path))
    found = {str(kind): _post(path, content, kind) for kind in content}
    apart: dict[str, dict[str, str]] = {kind: {} for kind in found}
    for kind, post in found.items():
        for other, why in (post.never_with or {}).items():
            apart[kind][other] = apart[other][kind] = why
    return {kind: replace(post, never_with=apart[kind]) for kind, post in found.items()}


def _post(path: Path, content: CommentedMap, kind: str) -> KindOfPost:
    values = content[kind]
    if not isinstance(values, CommentedMap):
        raise _bad(path, content.lc.key(kind)[0], _("“{kind}”下面没有内容").format(kind=kind))
    for key in values:
        if key not in KEYS:
            raise _bad(path, values.lc.key(key)[0], _("没有“{key}”这一项").format(key=key))
    missing = sorted(REQUIRED - set(values))
    if missing:
        raise _bad(
            path, content.lc.key(kind)[0], _("“{kind}”缺 {missing}").format(kind=kind, missing="、".join(missing))
        )
    if values["level"] not in LEVELS:
        raise _bad(
            path,
            values.lc.key("level")[0],
            _("没有“{level}”这个层级，只能是 {known}").format(level=values["level"], known="、".join(LEVELS)),
        )
    return KindOfPost(
        kind=str(kind),
        label=str(values["label"]),
        level=str(values["level"]),
        capabilities=frozenset(_capabilities(path, values)),
        purpose=str(values.get("purpose", "")),
        never_with=dict(_apart(path, content, kind)),
    )


def _capabilities(path: Path, values: CommentedMap) -> Iterable[Capability]:
    listed = values["capabilities"]
    for place, word in enumerate(listed or ()):
        if word not in Capability.values:
            raise _bad(path, listed.lc.item(place)[0], _("没有“{word}”这项权限").format(word=word))
        if word in listed[:place]:
            raise _bad(path, listed.lc.item(place)[0], _("“{word}”写了两次").format(word=word))
        yield Capability(word)


def _apart(path: Path, content: CommentedMap, kind: str) -> Iterable[tuple[str, str]]:
    listed: Any = content[kind].get("never_with") or {}
    for other, why in listed.items():
        if other not in content or other == kind:
            raise _bad(path, listed.lc.key(other)[0], _("没有“{other}”这种别的岗位").format(other=other))
        if not why:
            raise _bad(path, listed.lc.key(other)[0], _("要写明为什么不能同时担任“{other}”").format(other=other))
        yield str(other), str(why)


def _bad(path: Path, line: int, problem: str) -> BadPosts:
    return BadPosts(_("{path} 第 {line} 行：{problem}").format(path=path, line=line + 1, problem=problem))
