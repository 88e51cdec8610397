"""What a content really is, whatever its name says."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image
from python_calamine import CalamineError, CalamineWorkbook

from policy_files.cells.kinds import help_with
from policy_files.cells.texts import decoded
from policy_files.errors import FileFault
from yihu.common.refusals import Refused
from yihu.documents.enums import DocumentKind

# The library's own limit: such a picture takes 270 MB to open, and few telephones take one.
MOST_PIXELS = Image.MAX_IMAGE_PIXELS or 0
# What a workbook may unfold to.
MOST_UNPACKED_BYTES = 200 * 1024 * 1024
# One stray value at the far end of a sheet would take all memory there is.
MOST_CELLS = 10_000_000
# Where a cell or a row says that it stands.
PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["']""")
LONGEST_NAME = 120


class ContentType(Enum):
    """The types that are taken: media type, suffix, and how people call it."""

    JPEG = ("image/jpeg", ".jpg", gettext_lazy("JPEG 照片"))
    PNG = ("image/png", ".png", gettext_lazy("PNG 图片"))
    WEBP = ("image/webp", ".webp", gettext_lazy("WebP 图片"))
    PDF = ("application/pdf", ".pdf", gettext_lazy("PDF"))
    XLSX = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
        gettext_lazy("Excel（.xlsx）"),
    )
    CSV = ("text/csv", ".csv", gettext_lazy("CSV"))
    TEXT = ("text/plain", ".txt", gettext_lazy("文本"))

    def __init__(self, media_type: str, suffix: str, label: str) -> None:
        self.media_type = media_type
        self.suffix = suffix
        self.label = label


PAPERS = (ContentType.JPEG, ContentType.PNG, ContentType.WEBP, ContentType.PDF)
TABLES = (ContentType.XLSX, ContentType.CSV, ContentType.TEXT)
TAKEN = {
    DocumentKind.EXCHANGE: TABLES,
    DocumentKind.OPENING: TABLES,
    DocumentKind.BANK_FILE: TABLES,
}
OPENERS = ("JPEG", "PNG", "WEBP")
# A telephone writes a second picture behind the first, and Pillow calls that MPO; it opens as any JPEG does.
_PICTURES = {"JPEG": ContentType.JPEG, "MPO": ContentType.JPEG, "PNG": ContentType.PNG, "WEBP": ContentType.WEBP}


def type_of(content: bytes, *, taken: Collection[ContentType], name: str) -> ContentType:
    """The type by the content itself. Raises Refused for what is damaged or not among those taken."""
    found = _recognised(content, name)
    if (found is None or found not in taken) and ContentType.XLSX in taken and (what := help_with(content, name=name)):
        raise Refused(what, field="file")
    if found is None or found not in taken:
        raise Refused(
            _("“{name}”{is_what}，这里不收。可以交：{taken}。请换一种格式，或重新拍照、扫描后再传。").format(
                name=name,
                is_what=_("是{label}").format(label=found.label) if found else _("不是能识别的文件"),
                taken="、".join(str(each.label) for each in taken),
            ),
            field="file",
        )
    return found


def clean_name(name: str) -> str:
    """A name that is safe to show: no folders, nothing invisible, nothing that a file system refuses."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Invisible characters may turn the direction of writing, by which `gpj.exe` reads as `exe.jpg`.
    plain = "".join(character for character in plain if unicodedata.category(character)[0] != "C")
    plain = re.sub(r'[<>:"|?*]', "_", plain).strip(" .")
    return plain[-LONGEST_NAME:] or _("未命名")


def with_suffix(name: str, suffix: str) -> str:
    """A clean name with the suffix of its type, in place of whatever it had."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    return (stem or _("未命名")) + suffix


def _recognised(content: bytes, name: str) -> ContentType | None:
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or content[8:12] == b"WEBP":
        return _picture(content, name)
    if b"%PDF-" in content[:1024]:
        return _pdf(content, name)
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content, name)
    if not _is_text(content):
        return None
    # Text is text whatever stands in it; a bank that wants a .txt does not take the same as .csv.
    return ContentType.TEXT if name.lower().endswith(".txt") else ContentType.CSV


def _picture(content: bytes, name: str) -> ContentType:
    try:
        with Image.open(io.BytesIO(content), formats=OPENERS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_many_pixels(name)
            found = _PICTURES[str(picture.format)]
            # Reading it whole tells a cut-off picture; a JPEG at an eighth of its size reads as far for less.
            picture.draft("RGB", (picture.width // 8, picture.height // 8))
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    # A crafted file leads the library to any of these.
    except (OSError, ValueError, SyntaxError, EOFError):
        raise _damaged(name) from None
    return found


def _too_many_pixels(name: str) -> Refused:
    return Refused(
        _("“{name}”的像素太多，超过 {most} 万，打不开。请缩小以后再传。").format(name=name, most=MOST_PIXELS // 10_000),
        field="file",
    )


def _pdf(content: bytes, name: str) -> ContentType:
    # The end mark may be followed by a few bytes, as some scanners write.
    if b"%%EOF" not in content[-1024:]:
        raise _damaged(name)
    return ContentType.PDF


def _workbook(content: bytes, name: str) -> ContentType | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
            if "xl/workbook.xml" not in names:
                return None
            if "xl/vbaProject.bin" in names:
                raise Refused(
                    _("“{name}”里有宏，不能收。请另存为不带宏的 .xlsx 再传。").format(name=name), field="file"
                )
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED_BYTES:
                raise Refused(
                    _("“{name}”展开后超过 {most} MB，不能打开。请拆成几个文件再传。").format(
                        name=name, most=MOST_UNPACKED_BYTES // 1024 // 1024
                    ),
                    field="file",
                )
            if max(_spread(parts.read(part)) for part in names) > MOST_CELLS:
                raise Refused(
                    _("“{name}”里有离表很远的单元格，打不开。请删去表外多余的行和列，另存后再传。").format(name=name),
                    field="file",
                )
    # What is cut off, or says another size than it has, ends in one of these.
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error):
        raise _damaged(name) from None
    try:
        CalamineWorkbook.from_filelike(io.BytesIO(content)).close()
    except CalamineError:
        raise _damaged(name) from None
    return ContentType.XLSX


def _spread(part: bytes) -> int:
    """How many cells lie between the first of a sheet and its last; the reader makes room for all of them."""
    places = PLACE.findall(part)
    columns = {letters.upper() for letters, _digits in places}
    row = max((int(digits) for digits in {digits for _letters, digits in places}), default=1)
    column = max(
        (sum(26**at * (letter - 64) for at, letter in enumerate(reversed(each))) for each in columns), default=1
    )
    return row * max(column, 1)


def _is_text(content: bytes) -> bool:
    try:
        text = decoded(content, name="")
    except (FileFault, UnicodeDecodeError):
        return False
    return not any(unicodedata.category(character) == "Cc" for character in set(text) - set("\t\r\n"))


def _damaged(name: str) -> Refused:
    return Refused(
        _("“{name}”不完整或已损坏，打不开。请找到原件，重新拍照、扫描或导出后再传。").format(name=name), field="file"
    )
