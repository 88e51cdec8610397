"""Files that a form brings along, kept where the family lives."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.web.desk.cases.deed import Deed

FILE = {"data-most": settings.DOCUMENT_MOST_BYTES, "accept": "image/jpeg,image/png,image/webp,application/pdf"}


class ManyFiles(forms.FileInput):
    """A field that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files that were chosen."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in chosen if each]


def keep(deed: Deed, file: UploadedFile, kind: DocumentKind) -> Document:
    """Take a file in where the family lives."""
    household = deed.turn.case.household
    return documents.keep(
        kind=kind,
        name=file.name or "",
        content=file.read(),
        division=household.division,
        by=deed.turn.actor,
        on=deed.turn.on,
    )
