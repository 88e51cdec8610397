"""Loads a pack and those it extends from a folder, and checks that they fit together."""

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import ModuleType

from policy_engine.codes import load_codes
from policy_engine.documents import Document
from policy_engine.errors import PackError, PlanError
from policy_engine.input_files import Inputs, load_inputs
from policy_engine.language import _
from policy_engine.pack import Pack
from policy_engine.parameters import load_parameter, merged
from policy_engine.programmes import Programme, load_programme
from policy_engine.resolve import ON_DATE, resolve
from policy_engine.rules import Rule, check_versions, load_rules
from policy_engine.values import Code

_KEYS = ("name", "title", "jurisdiction", "extends", "covers", "gaps", "divisions")


def load_pack(name: str, root: Path) -> Pack:
    """Load the pack ``name`` and those it extends from the folder ``root``, and check everything.

    Raises PackError, with file and line, for any fault: a pack that is returned is sound for each
    day on which something in it changes.
    """
    pack = _load(name, root, [])
    names: dict[str, str] = {ON_DATE: _("日期")}
    kinds = (
        (pack.engine_inputs, _("事实")),
        (pack.parameters, _("参数")),
        (pack.rules, _("规则")),
        ({programme.eligible: programme for programme in pack.programmes.values()}, _("项目的结果")),
    )
    for table, kind in kinds:
        for key in table:
            if key in names:
                raise PackError(
                    _("{name} 既是{one}又是{other}").format(name=key, one=names[key], other=kind),
                    file=pack.folder / "pack.yaml",
                )
            names[key] = kind
    for day in pack.turning_points():
        try:
            resolve(pack, day, {})
        except PlanError as error:
            if error.__cause__ is not None:
                raise error.__cause__ from None
    return pack


def _load(name: str, root: Path, above: list[str]) -> Pack:
    folder = root / name
    if not (folder / "pack.yaml").is_file():
        raise PackError(_("没有政策包 {name}").format(name=name), file=folder / "pack.yaml")
    document = Document(folder / "pack.yaml")
    document.only(document.data, _KEYS)
    if name in above:
        raise document.fault(_("政策包循环继承：{chain}").format(chain=" → ".join([*above, name])), "extends")
    extends = document.data.get("extends")
    parent = _load(extends, root, [*above, name]) if extends else None
    codes = _codes(folder, root, parent)
    inputs = _inputs(folder, name, parent, codes)
    parameters = merged(
        {path.stem: load_parameter(path, name) for path in sorted((folder / "parameters").glob("*/*.yaml"))},
        parent.parameters if parent else {},
    )
    if "covers" in document.data:
        first = document.day(document.data["covers"].get("from"), "covers", "from")
        last = document.data["covers"].get("until")
        covers = (first, None if last is None else document.day(last, "covers", "until"))
    elif parent is not None:
        covers = parent.covers
    else:
        raise document.fault(_("缺少 covers: {from: 日期}"))
    gaps: dict[str, set[date]] = {key: set(days) for key, days in (parent.gaps if parent else {}).items()}
    for place, gap in enumerate(document.data.get("gaps") or ()):
        document.only(gap, ("name", "from", "because"), "gaps", place)
        begins = document.day(document.require(gap, "from", "gaps", place), "gaps", place, "from")
        document.require(gap, "because", "gaps", place)
        gaps.setdefault(document.require(gap, "name", "gaps", place), set()).add(begins)
    pack = Pack(
        name=document.require(document.data, "name"),
        title=document.require(document.data, "title"),
        jurisdiction=str(document.data.get("jurisdiction", "")),
        parent=parent,
        folder=folder,
        covers=covers,
        codes=codes,
        inputs=dict(inputs.specs),
        topics=dict(inputs.topics),
        most_members=inputs.most,
        parameters=parameters,
        rules=_rules(folder, root, name, parent, gaps),
        programmes=_programmes(folder, name, parent),
        divisions={**(parent.divisions if parent else {}), **document.data.get("divisions", {})},
        own_divisions=document.data.get("divisions", {}),
        gaps=gaps,
    )
    pack.engine_inputs = inputs.by_engine_name
    return pack


def _codes(folder: Path, root: Path, parent: Pack | None) -> dict[str, type[Code]]:
    codes = dict(parent.codes) if parent else {}
    path = folder / "codes.py"
    if path.is_file():
        written_in: dict[str, str] = {}
        for member in parent.chain() if parent else ():
            before = member.parent.codes if member.parent else {}
            written_in |= {name: member.name for name, table in member.codes.items() if table is not before.get(name)}
        codes |= load_codes(_module(path, root), path, codes, written_in)
    return codes


def _inputs(folder: Path, name: str, parent: Pack | None, codes: Mapping[str, type[Code]]) -> Inputs:
    inputs = Inputs(parent.inputs, parent.topics, parent.most_members).with_codes(codes) if parent else Inputs()
    path = folder / "inputs.yaml"
    if path.is_file():
        inputs = load_inputs(Document(path), name, codes, inputs)
    if not inputs.most:
        raise PackError(_("缺少 most_members：一户最多几人"), file=path)
    return inputs


def _rules(
    folder: Path, root: Path, pack: str, parent: Pack | None, gaps: Mapping[str, set[date]]
) -> dict[str, list[Rule]]:
    own: dict[str, list[Rule]] = {}
    for path in sorted((folder / "rules").glob("*.py")):
        for rule in load_rules(_module(path, root), path, pack):
            own.setdefault(rule.name, []).append(rule)
    rules = dict(parent.rules) if parent else {}
    for name, versions in own.items():
        versions = check_versions(versions, gaps)
        replaced = rules.get(name)
        for rule in versions:
            if replaced is None and rule.tag.overrides is not None:
                raise rule.fault(_("{pack} 里没有可以代替的 {name}").format(pack=rule.tag.overrides, name=name))
            if replaced is not None and rule.tag.overrides != replaced[0].pack:
                raise rule.fault(
                    _('{pack} 已有 {name}；要代替它须写 overrides="{pack}"').format(pack=replaced[0].pack, name=name)
                )
            if replaced is not None and rule.tag.unit != replaced[0].tag.unit:
                raise rule.fault(
                    _("代替 {pack} 的 {name} 须用同一单位 {unit}").format(
                        pack=replaced[0].pack, name=name, unit=replaced[0].tag.unit
                    )
                )
        rules[name] = versions
    return rules


def _programmes(folder: Path, pack: str, parent: Pack | None) -> dict[str, Programme]:
    programmes = dict(parent.programmes) if parent else {}
    for path in sorted((folder / "programmes").glob("*.yaml")):
        programme = load_programme(path, pack)
        replaced = programmes.get(programme.name)
        stated = Document(path).data.get("overrides") if replaced else None
        if replaced is not None and stated != replaced.pack:
            raise PackError(
                _("{pack} 已有项目 {name}；要代替它须写明 overrides: {pack}").format(
                    pack=replaced.pack, name=programme.name
                ),
                file=path,
            )
        programmes[programme.name] = programme
    return programmes


def _module(path: Path, root: Path) -> ModuleType:
    """Import a Python file of a pack.

    A pack that lives in an importable package is imported under its real name, so that its code
    tables are the same objects everywhere; any other folder gets a name of its own.
    """
    if (root / "__init__.py").is_file():
        parts = path.relative_to(root).with_suffix("").parts
        return importlib.import_module(".".join((root.name, *parts)))
    name = f"_policy_{abs(hash(path.resolve()))}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            del sys.modules[name]
            raise PackError(str(error), file=path, line=getattr(error, "lineno", None) or 1) from error
    return sys.modules[name]
