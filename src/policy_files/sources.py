"""What is given on the command line, as two tables."""

from __future__ import annotations

from pathlib import Path

from policy_engine.language import _
from policy_files.errors import FileFault
from policy_files.folders import read_folder
from policy_files.sheets import Source
from policy_files.workbook import SUFFIXES, read_workbook


def read_source(path: Path) -> Source:
    """A workbook, or a folder with CSV or Parquet files. Raises FileFault saying what is expected."""
    try:
        if path.is_dir():
            return read_folder(path)
        if not path.exists():
            raise FileFault(_("没有这个文件：{path}").format(path=path))
        if path.suffix.lower() in SUFFIXES:
            return read_workbook(path)
    except OSError as error:
        raise FileFault(_("{path} 读不了：{error}").format(path=path, error=error.strerror or error)) from None
    if path.suffix.lower() in (".csv", ".parquet"):
        raise FileFault(
            _("请给出同时放着 households{suffix} 和 members{suffix} 的文件夹：{folder}").format(
                suffix=path.suffix, folder=path.parent
            )
        )
    raise FileFault(
        _("{name} 不是认得的文件；须为 .xlsx 工作簿，或放着两个 CSV（或 Parquet）文件的文件夹").format(name=path.name)
    )
