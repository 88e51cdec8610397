"""What a file is by its content, and what to do with one that cannot be read here."""

from __future__ import annotations

import io
import zipfile
from enum import Enum

from policy_engine.language import _

OLE, ZIP, PARQUET = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"PAR1"
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta")


class Kind(Enum):
    """The kinds of files that hold tables, and those that look as if they did."""

    WORKBOOK = "workbook"
    TEXT = "text"
    PARQUET = "parquet"
    OLD = "old"
    LOCKED = "locked"
    OTHER_OFFICE = "other_office"
    MARKUP = "markup"


# What can be done about the last four.
HELP = {
    Kind.OLD: _(
        "“{name}”是旧格式的表格（.xls 或 .et），改文件名也还是旧格式。"
        "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”再来。"
    ),
    Kind.LOCKED: _("“{name}”加了打开密码。请用 Excel 或 WPS 打开，去掉密码，另存为“Excel 工作簿（.xlsx）”再来。"),
    Kind.OTHER_OFFICE: _("“{name}”是别的办公软件的格式。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”再来。"),
    Kind.MARKUP: _(
        "“{name}”其实是一个网页，不是表格：有的系统导出时只改了文件名。"
        "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”再来。"
    ),
}


def kind_of(content: bytes) -> Kind:
    """The kind of a content; what is nothing else may be text."""
    if content.startswith(OLE):
        # Excel puts a workbook with a password into the shell of the old format.
        return Kind.LOCKED if "EncryptedPackage".encode("utf-16-le") in content else Kind.OLD
    if content.startswith(PARQUET):
        return Kind.PARQUET
    if content.startswith(ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, ValueError):
            return Kind.WORKBOOK
        is_other = "xl/workbook.xml" not in names and ("mimetype" in names or "xl/workbook.bin" in names)
        return Kind.OTHER_OFFICE if is_other else Kind.WORKBOOK
    start = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return Kind.MARKUP if start.startswith(_MARKUP) else Kind.TEXT


def help_with(content: bytes, *, name: str) -> str:
    """The sentence that says what to do with a file that cannot be read as it is; empty for one that can."""
    return HELP.get(kind_of(content), "").format(name=name)
