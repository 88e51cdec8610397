"""Papers are taken by what they are, and lie where nobody loses them."""

import io
import os
import stat
import subprocess
import sys
import time
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import IntegrityError, InternalError, connection, transaction
from PIL import Image
from pytest_django import Settings

from launcher.places import ROOT
from tests import rooms
from tests.documents import samples
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.common.refusals import Refused
from yihu.documents import content, storage
from yihu.documents.actions import keep, move
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document

ON = date(2026, 3, 2)


@pytest.fixture
def kept(district: rooms.District, service: Actor) -> Any:
    def keeping(given: bytes, name: str = "材料.jpg", kind: DocumentKind = DocumentKind.PROOF) -> Document:
        return keep(kind=kind, name=name, content=given, division=district.community, by=service, on=ON)

    return keeping


@pytest.mark.parametrize(
    ("kind", "given", "media_type", "name"),
    [
        (DocumentKind.PROOF, samples.picture("JPEG"), "image/jpeg", "病历.jpg"),
        (DocumentKind.VISIT, samples.picture("PNG"), "image/png", "病历.png"),
        (DocumentKind.PROOF, samples.picture("WEBP"), "image/webp", "病历.webp"),
        (DocumentKind.CONSENT, samples.PDF, "application/pdf", "病历.pdf"),
        (DocumentKind.OPENING, samples.workbook(), content.ContentType.XLSX.media_type, "病历.xlsx"),
        (DocumentKind.EXCHANGE, samples.TEXT.encode(), "text/csv", "病历.csv"),
        (DocumentKind.EXCHANGE, samples.TEXT.encode("utf-8-sig"), "text/csv", "病历.csv"),
        (DocumentKind.BANK_FILE, samples.TEXT.encode("gb18030"), "text/csv", "病历.csv"),
    ],
)
def test_the_content_tells_the_type_and_not_the_name(
    kind: DocumentKind, given: bytes, media_type: str, name: str, kept: Any
) -> None:
    document = kept(given, name="病历.exe", kind=kind)

    assert (document.content_type, document.name, document.size) == (media_type, name, len(given))
    assert storage.open(document) == given


def test_text_keeps_the_one_of_two_suffixes_that_it_came_with(kept: Any) -> None:
    document = kept(samples.TEXT.encode("gb18030"), name="FF202611-00049.TXT", kind=DocumentKind.BANK_FILE)

    assert (document.content_type, document.name) == ("text/plain", "FF202611-00049.txt")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "是空的"),
        (b"MZ\x90\x00" + bytes(60), "不是能识别的文件.*可以交：JPEG 照片、PNG 图片、WebP 图片、PDF"),
        (samples.TEXT.encode(), "是CSV，这里不收"),
        (samples.workbook(), r"是Excel（.xlsx），这里不收"),
        (b"GIF89a" + bytes(60), "不是能识别的文件"),
        (samples.archive(word__document_xml=b"<w/>"), "不是能识别的文件"),
        (samples.picture("JPEG")[:-400], "不完整或已损坏"),
        (samples.picture("PNG")[:-400], "不完整或已损坏"),
        (samples.picture("WEBP")[:-100], "不完整或已损坏"),
        (samples.PDF[:-8], "不完整或已损坏"),
        (b"\xff\xd8\xff" + bytes(100), "不完整或已损坏"),
    ],
)
def test_what_is_not_taken_is_told_with_what_is(given: bytes, said: str, kept: Any) -> None:
    with pytest.raises(Refused, match=said):
        kept(given)

    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (samples.archive(xl__workbook_xml=b"<x/>", xl__vbaProject_bin=b"x"), "有宏"),
        (samples.archive(xl__workbook_xml=b"<x/>"), "不完整或已损坏"),
        (samples.workbook()[:-30], "不完整或已损坏"),
        (samples.picture(), "是JPEG 照片，这里不收。可以交：Excel（.xlsx）、CSV、文本"),
        (b"a,b\n1,\x00", "不是能识别的文件"),
    ],
)
def test_a_table_is_read_before_it_is_taken(given: bytes, said: str, kept: Any) -> None:
    with pytest.raises(Refused, match=said):
        kept(given, name="名单.xlsx", kind=DocumentKind.OPENING)


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 16_383), (1_048_575, 9), (611, 16_383)])
def test_a_workbook_with_a_value_far_outside_is_refused_before_it_takes_all_memory(
    kept: Any, row: int, column: int
) -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "户主")
        sheet.write(row, column, "x")

    with pytest.raises(Refused, match="离表很远的单元格"):
        kept(output.getvalue(), name="答复.xlsx", kind=DocumentKind.EXCHANGE)


def test_a_long_list_is_taken(kept: Any) -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet()
        for place in range(12):
            sheet.write(80_000, place, "x")

    assert kept(output.getvalue(), name="名单.xlsx", kind=DocumentKind.OPENING)


def test_a_telephone_s_picture_of_two_is_a_picture(kept: Any) -> None:
    output = io.BytesIO()
    second = Image.new("RGB", (32, 32))
    Image.new("RGB", (64, 64)).save(output, "MPO", save_all=True, append_images=[second])

    document = kept(output.getvalue(), name="IMG_0001.HEIC.jpg")

    assert (document.content_type, document.name) == ("image/jpeg", "IMG_0001.HEIC.jpg")


def test_a_workbook_that_unfolds_without_end_is_refused(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MOST_UNPACKED_BYTES", 1024)

    with pytest.raises(Refused, match="展开后超过"):
        kept(samples.workbook(), kind=DocumentKind.OPENING)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_opened(kept: Any) -> None:
    # Twice as wide, the library itself refuses.
    for width in (12_000, 24_000):
        with pytest.raises(Refused, match="像素太多"):
            kept(samples.blank(width, 12_000))


def test_the_limit_of_size_is_told(kept: Any, settings: Settings) -> None:
    settings.DOCUMENT_MOST_BYTES = 1024 * 1024
    kept(samples.PDF.replace(b"endobj", b" " * (1024 * 1024 - len(samples.PDF) + 6)))

    with pytest.raises(Refused, match="有 2 MB，超过 1 MB"):
        kept(samples.PDF + b" " * 1024 * 1024)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        (r"C:\Users\x\证明.PDF", "证明.jpg"),
        ("证明\u202egpj.exe", "证明gpj.jpg"),
        ('a<b>:"|?*\n\x00.jpg', "a_b______.jpg"),
        ("", "未命名.jpg"),
        ("...", "未命名.jpg"),
        ("𠮷祥 住院.2026年.jpg", "𠮷祥 住院.2026年.jpg"),
        ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
    ],
)
def test_names_are_made_safe(name: str, shown: str, kept: Any) -> None:
    assert kept(samples.picture(), name=name).name == shown


def test_a_content_is_stored_once_for_the_service_alone(kept: Any, root: Path) -> None:
    first, second = kept(samples.PDF), kept(samples.PDF, name="另一份.pdf")

    (path,) = (path for path in root.rglob("*") if path.is_file())
    assert first != second
    assert path == storage.path_of(first.sha256) == storage.path_of(second.sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_row_that_failed_leaves_a_file_that_harms_nothing(kept: Any, root: Path) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        kept(samples.PDF, kind="nonsense")

    assert [path.name for path in root.rglob("*") if path.is_file()]
    assert storage.open(kept(samples.PDF)) == samples.PDF


def test_a_kill_leaves_no_content_half_written(root: Path) -> None:
    writer = """
import os, django
django.setup()
from yihu.documents import storage
print("writing", flush=True)
while True:
    storage.store(os.urandom(3_000_000))
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DOCUMENT_ROOT": str(root)}
    with subprocess.Popen([sys.executable, "-c", writer], cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline()
        time.sleep(0.3)
        process.kill()

    named = [path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert named
    assert all(sha256(path.read_bytes()).hexdigest() == path.name for path in named)


def test_damage_is_told_and_mended_by_the_same_content(kept: Any) -> None:
    document = kept(samples.PDF)
    path = storage.path_of(document.sha256)

    path.write_bytes(samples.PDF + b" ")
    with pytest.raises(storage.Damaged, match="与收存时不一致"):
        storage.open(document)
    path.unlink()
    with pytest.raises(storage.Damaged, match="不在存放处"):
        storage.open(document)

    kept(samples.PDF)
    assert storage.open(document) == samples.PDF


def test_papers_are_seen_in_their_area_and_go_where_the_family_goes(
    kept: Any, district: rooms.District, service: Actor
) -> None:
    document = kept(samples.PDF)
    clerk = rooms.actor("window_clerk", district.far_street)
    with acting(clerk):
        assert not Document.objects.exists()
        with pytest.raises(Refused, match="不在您负责的区域"):
            keep(kind=DocumentKind.PROOF, name="x", content=samples.PDF, division=district.community, by=clerk, on=ON)

    move(documents=[document], division=district.far_community, by=service)
    with acting(clerk):
        assert Document.objects.get() == document


@pytest.mark.parametrize("statement", ["UPDATE documents_document SET name = 'x'", "DELETE FROM documents_document"])
def test_a_paper_is_never_altered(statement: str, kept: Any) -> None:
    kept(samples.PDF)

    with (
        pytest.raises((IntegrityError, InternalError), match="文件一经收存不能改动"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
