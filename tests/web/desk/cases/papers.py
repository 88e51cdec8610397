"""A paper as it comes along with a form."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cases.walk import SHEET


def pdf(name: str = "纸.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, SHEET, content_type="application/pdf")
