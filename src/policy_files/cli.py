"""The command ``yihu``: its arguments and nothing else."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from threading import current_thread, main_thread
from typing import NoReturn

from policy_engine import PolicyError
from policy_engine.language import _
from policy_files.errors import FileFault


def main(arguments: Sequence[str] | None = None, *, besides: Mapping[str, str] | None = None) -> int:
    """Run the command. 0: done; 1: a pack has faults; 2: the file or the arguments cannot be used.

    ``besides`` are commands that others run, with what they do: they are listed with ours.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if current_thread() is main_thread():
        # Being told to stop is like Ctrl-C: what is half written is removed.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        options = _parser(besides or {}).parse_args(arguments)
        return int(options.run(options))
    except (FileFault, PolicyError) as fault:
        print(fault, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the output has had enough; nothing is to be said to a closed pipe on leaving either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print(_("已中断，没有写出任何结果"), file=sys.stderr)
        return 130


class _Parser(argparse.ArgumentParser):
    """Says in the reader's language that a command is mistyped, and where to see how it is written."""

    def error(self, message: str) -> NoReturn:
        raise FileFault(_("命令写错了（{what}）；用 {program} --help 看怎样写").format(what=message, program=self.prog))


def _parser(besides: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="yihu", description=_("按政策认定家庭能得到什么，并说明为什么"))
    commands = parser.add_subparsers(required=True, metavar=_("命令"))
    _add_assess(commands.add_parser("assess", help=_("认定一个文件里的全部家庭")))
    policy = commands.add_parser("policy", help=_("查看政策包"))
    checks = policy.add_subparsers(required=True, metavar=_("命令"))
    check = checks.add_parser("check", help=_("检查政策包，并核对其中的例子"))
    check.add_argument("pack", nargs="?", metavar="PACK", help=_("只查这一个；不写则全部检查"))
    check.set_defaults(run=_check)
    for name, what in besides.items():
        commands.add_parser(name, help=what)
    return parser


def _add_assess(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("file", nargs="?", type=Path, metavar="FILE", help=_("工作簿，或放着 households、members 两个文件的文件夹"))
    add("--pack", default="xicheng", help=_("政策包，默认 xicheng"))
    add("--on", metavar="DATE", help=_("按哪一天的政策，如 2020-08-01；默认今天"))
    add("--out", metavar="FILE", help=_("结果文件 .xlsx、.csv 或 .parquet；- 为标准输出（每行一个 JSON），是默认"))
    add("--explain", metavar="HOUSEHOLD", help=_("逐层说明这一户的结果；不写 --out 则只说明"))
    add("--set", action="append", default=[], metavar="NAME=VALUE", help=_("试用另一个数，钱以元计；可以写多次"))
    add("--skip-bad", action="store_true", help=_("略去有错的家庭，照样列出每一处"))
    add("--bad", type=Path, metavar="FILE.csv", help=_("把有错的地方全部写进这个文件，屏幕上只列前 50 处"))
    add("--progress", action="store_true", help=_("不在终端上也显示进度"))
    add("--template", type=Path, metavar="FILE.xlsx", help=_("写一份空白的填报模板"))
    parser.set_defaults(run=_assess)


def _assess(options: argparse.Namespace) -> int:
    # Imported here, so that --help and a mistyped option answer at once.
    from policy_files import assess, template

    if (options.file is None) == (options.template is None):
        raise FileFault(_("请给出要认定的文件，或用 --template 写一份空白模板（只能要一样）"))
    if options.explain is not None and options.out == "-":
        raise FileFault(_("--explain 与 --out - 都写到标准输出，只能要一样"))
    pack = assess.load_pack(options.pack)
    if options.template is not None:
        template.write_template(pack, options.template)
        print(_("已写好 {file}").format(file=options.template), file=sys.stderr)
        return 0
    job = assess.Job(
        file=options.file,
        pack=pack,
        day=_day(options.on),
        overrides=options.set,
        out=options.out or (None if options.explain is not None else "-"),
        explain=options.explain,
        skip_bad=options.skip_bad,
        bad=options.bad,
        progress=options.progress,
    )
    return assess.run(job)


def _day(written: str | None) -> date:
    if written is None:
        today = date.today()
        print(_("按 {day} 的政策").format(day=today), file=sys.stderr)
        return today
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise FileFault(_("“{text}”不是日期；须写成 2020-08-01").format(text=written)) from None


def _check(options: argparse.Namespace) -> int:
    from policy_files import policy_check

    return policy_check.run(options.pack, today=date.today())


if __name__ == "__main__":
    sys.exit(main())
