"""Papers come into a file by what they are, and go out only to those who may read it, with a line in the file."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests import rooms
from tests.cases.walk import SHEET
from tests.web.desk.conftest import Desk
from yihu.documents import storage
from yihu.households.models import Consent, FileRead, Household, Paper


@pytest.fixture(autouse=True)
def cellar(settings: Settings, tmp_path: Path) -> Path:
    """Where papers lie in these tests."""
    settings.DOCUMENT_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def clerk(desk_of: Desk, family: Household) -> Client:
    client = desk_of()
    client.post(f"/desk/families/{family.number}/purpose/", {"purpose": "change"})
    return client


def sheet(name: str = "户口簿.pdf", content: bytes = SHEET) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(client: Client, family: Household, file: SimpleUploadedFile) -> str:
    typed = {"file": file, "kind": "proof", "person": ""}
    return str(client.post(f"/desk/families/{family.number}/papers/add/", typed, follow=True).content.decode())


def test_a_paper_comes_in_and_goes_out_and_both_are_on_record(clerk: Client, family: Household) -> None:
    html = upload(clerk, family, sheet())
    paper = Paper.objects.get()
    answer = clerk.get(f"/desk/papers/{paper.pk}/")

    assert "“户口簿.pdf”已放进档案" in html
    assert f'href="/desk/papers/{paper.pk}/"' in html
    assert answer.content == SHEET
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    (read,) = FileRead.objects.filter(kind="document")
    assert (read.household, read.purpose, read.detail) == (family, "change", "户口簿.pdf")


def test_what_is_no_paper_is_refused_at_the_field(clerk: Client, family: Household) -> None:
    page = upload(clerk, family, sheet("照片.jpg", b"<script>alert(1)</script>"))
    nothing = upload(clerk, family, sheet(content=b""))

    assert not Paper.objects.exists()
    assert 'id="id_file_error"' in page
    assert "这个文件是空的" in nothing


def test_a_paper_of_another_street_does_not_exist(
    desk_of: Desk, clerk: Client, family: Household, district: rooms.District
) -> None:
    upload(clerk, family, sheet())
    paper = Paper.objects.get()

    assert desk_of(division=district.far_street).get(f"/desk/papers/{paper.pk}/").status_code == 404
    assert not FileRead.objects.filter(kind="document").exists()


def test_a_paper_is_not_handed_out_without_a_purpose(desk_of: Desk, clerk: Client, family: Household) -> None:
    upload(clerk, family, sheet())
    paper = Paper.objects.get()

    answer = desk_of("auditor").get(f"/desk/papers/{paper.pk}/")

    assert answer.status_code == 302
    assert answer.url.startswith(f"/desk/families/{family.number}/purpose/")


def test_a_damaged_paper_says_so(clerk: Client, family: Household) -> None:
    upload(clerk, family, sheet())
    paper = Paper.objects.get()
    storage.path_of(paper.document.sha256).write_bytes(b"something else")

    answer = clerk.get(f"/desk/papers/{paper.pk}/")

    assert answer.status_code == 409
    assert "从备份中取回" in answer.content.decode()


# ---- consents


def test_an_adult_consents_and_takes_it_back(clerk: Client, family: Household) -> None:
    head = family.people.get(name="贾一鸣")
    address = f"/desk/families/{family.number}/consents"
    typed = {"person": head.pk, "signed_on": "2026-03-01", "file": sheet("授权书.pdf")}

    asked = clerk.get(f"{address}/add/").content.decode()
    signed = clerk.post(f"{address}/add/", typed, follow=True).content.decode()
    taken_back = clerk.post(f"{address}/{head.pk}/withdraw/", {"reason": "本人要求"}, follow=True).content.decode()

    assert "贾小样" not in asked
    assert "贾一鸣的核对授权已登记" in signed
    assert "2026-03-01 签" in signed
    assert "授权已撤回" in taken_back
    consent = Consent.objects.get()
    assert (consent.signed_on, consent.withdrawn_on) == (date(2026, 3, 1), rooms.ON)
    assert consent.document == Paper.objects.get().document


def test_a_consent_needs_the_signed_paper(clerk: Client, family: Household) -> None:
    head = family.people.get(name="贾一鸣")
    typed = {"person": head.pk, "signed_on": "2026-03-01"}

    html = clerk.post(f"/desk/families/{family.number}/consents/add/", typed).content.decode()

    assert 'id="id_file_error"' in html
    assert not Consent.objects.exists()
