"""From a file's version to a Procedure: every word looked up, every fault with file and line."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from policy_engine.language import _
from policy_engine.parameters import Source
from policy_engine.values import Confidence
from policy_procedures.layers import Entry, Version
from policy_procedures.model import Clock, Closing, Paper, Procedure, ProcedureKey, Right, Step, Total
from policy_procedures.words import (
    MAY_BE_BY_ITSELF,
    OBJECTIONS,
    POSTS,
    CaseKind,
    Circumstance,
    ClosingReason,
    DayUnit,
    Letter,
    Shown,
    SignedBy,
    StepKind,
)

Word = TypeVar("Word", bound=StrEnum)

LAST_DAY_OF_EVERY_MONTH = 28

_SOURCE_KEYS = ("clause", "document", "also")
_STEP_KEYS = (
    *("kind", "label", "posts", "by_itself", "after", "when", "unless", "instead_of", "begin_within", "within"),
    *("notice_days", "objection", "not_by", "people", "sample_percent", "least_residents", "entrusted"),
    *("months_after", "from_application", "back_months", "whole_month", "shows", "letters", *_SOURCE_KEYS),
)
# What a step of a kind must say, and nobody else may.
_BELONGS = {
    "notice_days": (StepKind.NOTICE,),
    "objection": (StepKind.NOTICE,),
    "people": (StepKind.HOME_VISIT, StepKind.DISTRICT_VISIT),
    "least_residents": (StepKind.COMMUNITY_APPRAISAL,),
    "entrusted": (StepKind.CONFIRMATION,),
    "months_after": (StepKind.AWARD,),
    "from_application": (StepKind.AWARD,),
    "back_months": (StepKind.AWARD,),
    "whole_month": (StepKind.AWARD,),
    "shows": (StepKind.NOTICE, StepKind.PUBLICATION),
}
_MAY_LACK = ("least_residents", "entrusted", "months_after", "from_application", "back_months", "whole_month")


def procedure(programme: str, kind: CaseKind, title: str, version: Version) -> Procedure:
    """One version read. Raises PackError; how the steps hang together is for ``checks``."""
    if not version.sections["steps"]:
        raise version.own.fault(_("一个步骤也没有"))
    checked = version.singles.get("checked_papers")
    if checked is None:
        raise version.own.fault(_("缺少“{key}”").format(key="checked_papers"))
    checked.only(("asked", *_SOURCE_KEYS))
    total = version.singles.get("total")
    return Procedure(
        key=ProcedureKey(version.pack, programme, kind, version.since),
        title=title,
        until=version.own.day("until"),
        source=_version_source(version),
        confidence=_word(version.own, "confidence", Confidence),
        note=str(version.own.data.get("note") or ""),
        steps=_in_order({name: _step(name, entry) for name, entry in version.sections["steps"].items()}, version),
        total=None if total is None else _total(total),
        papers=tuple(_paper(key, entry) for key, entry in version.sections["papers"].items()),
        asks_what_is_checked=_flag(checked, "asked"),
        checked_papers_source=_sources(checked)[0],
        closings={
            closing.reason: closing
            for closing in (_closing(name, entry) for name, entry in version.sections["closings"].items())
        },
        rights=tuple(_right(entry) for entry in version.rights),
    )


def _in_order(steps: dict[str, Step], version: Version) -> dict[str, Step]:
    """The steps, each after those it waits for, otherwise as they were written."""
    for step in steps.values():
        for name in step.after:
            if name not in steps:
                raise version.place("steps", step.name).fault(
                    _("“{step}”要等的步骤“{name}”不存在").format(step=step.name, name=name), "after"
                )
    ordered: dict[str, Step] = {}
    while len(ordered) < len(steps):
        ready = [step for name, step in steps.items() if name not in ordered and ordered.keys() >= set(step.after)]
        if not ready:
            stuck = [name for name in steps if name not in ordered]
            raise version.place("steps", stuck[0]).fault(
                _("步骤互相等待：{names}").format(names="、".join(stuck)), "after"
            )
        ordered[ready[0].name] = ready[0]
    return ordered


def _step(name: str, entry: Entry) -> Step:
    entry.only(_STEP_KEYS)
    kind = _word(entry, "kind", StepKind)
    for key, kinds in _BELONGS.items():
        if key in entry.data and kind not in kinds:
            raise entry.fault(_("{kind}没有 {key}").format(kind=kind.label, key=key), key)
        if key not in entry.data and kind in kinds and key not in _MAY_LACK:
            raise entry.fault(_("{kind}须写明 {key}").format(kind=kind.label, key=key))
    posts = _list(entry, "posts")
    if bool(posts) == bool(entry.data.get("by_itself", False)):
        raise entry.fault(_("须写明由谁办（posts），或者随前一步自行完成（by_itself: true）"), "posts")
    if not posts and kind not in MAY_BE_BY_ITSELF:
        raise entry.fault(_("{kind}要有人办，不会自行完成").format(kind=kind.label), "by_itself")
    if kind is StepKind.AWARD and posts:
        raise entry.fault(_("待遇随确认开始，没有人另办：须写 by_itself: true"), "posts")
    if kind is StepKind.LETTER and not entry.data.get("letters"):
        raise entry.fault(_("告知须写明是哪封信（letters）"))
    when = frozenset(_words(entry, "when", Circumstance))
    unless = frozenset(_words(entry, "unless", Circumstance))
    if when & unless:
        raise entry.fault(_("同一情形既在 when 又在 unless：这一步永远不会有"), "unless")
    if (Circumstance.SAMPLED in when) != ("sample_percent" in entry.data):
        raise entry.fault(_("按抽查（sampled）进行的步骤须写明 sample_percent，别的步骤没有"), "when")
    if "back_months" in entry.data and entry.data.get("from_application") is not True:
        raise entry.fault(_("补起月数（back_months）从申请当月往前数，须写 from_application: true"), "back_months")
    return Step(
        name=name,
        kind=kind,
        label=str(entry.require("label")),
        posts=_posts(entry),
        after=_list(entry, "after"),
        when=when,
        unless=unless,
        instead_of=_text(entry, "instead_of"),
        begin_within=_clock(entry.at("begin_within"), ()) if "begin_within" in entry.data else None,
        within=_clocks(entry),
        notice_days=_count(entry, "notice_days"),
        objection=_objection(entry),
        not_by=_list(entry, "not_by"),
        people=_count(entry, "people") or 1,
        sample_percent=_count(entry, "sample_percent"),
        least_residents=_share(entry, "least_residents"),
        entrusted="entrusted" in entry.data and _flag(entry, "entrusted"),
        months_after=_count(entry, "months_after", least=0),
        from_application="from_application" in entry.data and _flag(entry, "from_application"),
        back_months=_count(entry, "back_months"),
        whole_month=_list(entry, "whole_month"),
        shows=_words(entry, "shows", Shown),
        letters=_words(entry, "letters", Letter),
        sources=_sources(entry),
    )


def _objection(entry: Entry) -> Circumstance | None:
    if "objection" not in entry.data:
        return None
    objection = _word(entry, "objection", Circumstance)
    if objection not in OBJECTIONS:
        raise entry.fault(_("“{name}”不是异议").format(name=objection), "objection")
    return objection


def _total(entry: Entry) -> Total:
    entry.only(("working_days", "extended", "when", "of", *_SOURCE_KEYS))
    days, extended = (_count(entry, key) for key in ("working_days", "extended"))
    if days is None or extended is None or extended < days:
        raise entry.fault(_("须写明 working_days 和不少于它的 extended"), "extended")
    when = frozenset(_words(entry, "when", Circumstance))
    if not when:
        raise entry.fault(_("须写明什么情形可以延长（when）"), "when")
    return Total(days, extended, when, str(entry.require("of")), _sources(entry))


def _paper(key: str, entry: Entry) -> Paper:
    entry.only(("label", "signed_by", "by_check", "when", "may_follow", *_SOURCE_KEYS))
    return Paper(
        key=key,
        label=str(entry.require("label")),
        signed_by=_word(entry, "signed_by", SignedBy) if "signed_by" in entry.data else None,
        by_check="by_check" in entry.data and _flag(entry, "by_check"),
        when=frozenset(_words(entry, "when", Circumstance)),
        may_follow=frozenset(_words(entry, "may_follow", Circumstance)),
        sources=_sources(entry),
    )


def _closing(name: str, entry: Entry) -> Closing:
    entry.only(("posts", "letter", "since", "until", "note", *_SOURCE_KEYS))
    try:
        reason = ClosingReason(name)
    except ValueError:
        raise entry.fault(_unknown(name, ClosingReason)) from None
    entry.require("posts")
    return Closing(
        reason=reason,
        posts=_posts(entry),
        letter=_word(entry, "letter", Letter),
        since=_text(entry, "since"),
        until=_text(entry, "until"),
        sources=_sources(entry),
        note=str(entry.data.get("note") or ""),
    )


def _right(entry: Entry) -> Right:
    entry.only(("text", "since", "until", *_SOURCE_KEYS))
    return Right(str(entry.require("text")), entry.day("since"), entry.day("until"), _sources(entry)[0])


def _version_source(version: Version) -> Source:
    entry = version.source
    entry.only(("document", "clause", "url"))
    entry.require("document")
    return Source(*(str(entry.data.get(key) or "") for key in ("document", "clause", "url")))


def _sources(entry: Entry) -> tuple[Source, ...]:
    """The article it rests on, and those that say the same."""
    found = [Source(str(entry.data.get("document") or ""), str(entry.require("clause")))]
    also = entry.data.get("also") or []
    for place in range(len(also)):
        item = entry.at("also", place)
        item.only(("document", "clause"))
        found.append(Source(str(item.require("document")), str(item.require("clause"))))
    return tuple(found)


def _clocks(entry: Entry) -> tuple[Clock, ...]:
    """One clock, or a list of which the first counts that fits; the last must fit always."""
    written = entry.data.get("within")
    if written is None:
        return ()
    if not isinstance(written, list):
        return (_clock(entry.at("within"), ()),)
    clocks = tuple(_clock(entry.at("within", place), ("when",)) for place in range(len(written)))
    if not clocks or clocks[-1].when or not all(clock.when for clock in clocks[:-1]):
        raise entry.fault(_("有几个期限的，除最后一个以外都须写明 when"), "within")
    return clocks


def _clock(entry: Entry, more: tuple[str, ...]) -> Clock:
    entry.only((*DayUnit, "of", *more))
    units = [unit for unit in DayUnit if unit in entry.data]
    if len(units) != 1:
        raise entry.fault(_("须写成 {form}").format(form="{working_days: 3, of: 步骤}"))
    # No day at all means that very day.
    days = _count(entry, units[0], least=0 if units[0] is DayUnit.DAYS else 1)
    assert days is not None
    if units[0] is DayUnit.DAY_OF_MONTH and days > LAST_DAY_OF_EVERY_MONTH:
        raise entry.fault(_("每个月都有的日子是 1 至 {last} 日").format(last=LAST_DAY_OF_EVERY_MONTH), units[0])
    return Clock(days, units[0], str(entry.require("of")), frozenset(_words(entry, "when", Circumstance)))


def _posts(entry: Entry) -> tuple[str, ...]:
    posts = _list(entry, "posts")
    for post in posts:
        if post not in POSTS:
            raise entry.fault(_("不认识的岗位“{name}”；有：{known}").format(name=post, known="、".join(POSTS)), "posts")
    return posts


def _list(entry: Entry, key: str) -> tuple[str, ...]:
    value = entry.data.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise entry.fault(_("须写成一列名称：[甲, 乙]"), key)
    if len(set(value)) < len(value):
        raise entry.fault(_("有写了两遍的名称"), key)
    return tuple(value)


def _text(entry: Entry, key: str) -> str | None:
    value = entry.data.get(key)
    return None if value is None else str(value)


def _flag(entry: Entry, key: str) -> bool:
    value = entry.require(key)
    if not isinstance(value, bool):
        raise entry.fault(_("须为 true 或 false"), key)
    return value


def _count(entry: Entry, key: str, *, least: int = 1) -> int | None:
    value = entry.data.get(key)
    if value is None:
        return None
    if type(value) is not int or value < least:
        raise entry.fault(_("“{value}”不是不小于 {least} 的整数").format(value=value, least=least), key)
    return value


def _share(entry: Entry, key: str) -> Fraction | None:
    value = entry.data.get(key)
    if value is None:
        return None
    try:
        share = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        raise entry.fault(_("“{value}”不是一个比例，须写成 2/3").format(value=value), key)
    return share


def _word(entry: Entry, key: str, words: type[Word]) -> Word:
    return _known(entry, key, entry.require(key), words)


def _words(entry: Entry, key: str, words: type[Word]) -> tuple[Word, ...]:
    return tuple(_known(entry, key, each, words) for each in _list(entry, key))


def _known(entry: Entry, key: str, value: Any, words: type[Word]) -> Word:
    try:
        return words(value)
    except ValueError:
        raise entry.fault(_unknown(value, words), key) from None


def _unknown(value: object, words: type[Word]) -> str:
    return _("不认识“{value}”；有：{known}").format(value=value, known="、".join(words))


def sources_of(found: Procedure) -> set[Source]:
    """Every article that a procedure rests on."""
    sources = {found.source, found.checked_papers_source, *(right.source for right in found.rights)}
    parts: list[Step | Paper | Closing | Total] = [*found.steps.values(), *found.papers, *found.closings.values()]
    if found.total is not None:
        parts.append(found.total)
    for part in parts:
        sources.update(part.sources)
    return sources
