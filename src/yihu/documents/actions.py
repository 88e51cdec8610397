"""Takes papers in."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.common.refusals import Refused
from yihu.documents import storage
from yihu.documents.content import PAPERS, TAKEN, clean_name, type_of, with_suffix
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.organisations.models import Division

MEGABYTE = 1024 * 1024


@transaction.atomic
def keep(*, kind: DocumentKind, name: str, content: bytes, division: Division, by: Actor, on: date) -> Document:
    """Take a paper in; what it is, its content tells and not its name. Raises Refused.

    The content is on disk before the row is written. The same content again takes no more room, but is a document of
    its own: one sheet may belong to two families.
    """
    by.require_area(division.path)
    shown = clean_name(name)
    if not content:
        raise Refused(_("“{name}”是空的，没有内容。请重新选择文件。").format(name=shown), field="file")
    if len(content) > settings.DOCUMENT_MOST_BYTES:
        raise Refused(
            _("“{name}”有 {size} MB，超过 {most} MB。请降低分辨率，或分成几个文件再传。").format(
                name=shown, size=-(-len(content) // MEGABYTE), most=settings.DOCUMENT_MOST_BYTES // MEGABYTE
            ),
            field="file",
        )
    found = type_of(content, taken=TAKEN.get(kind, PAPERS), name=shown)
    return Document.objects.create(
        kind=kind,
        name=with_suffix(shown, found.suffix),
        content_type=found.media_type,
        size=len(content),
        sha256=storage.store(content),
        division=division,
        received_on=on,
    )


@transaction.atomic
def move(*, documents: Iterable[Document], division: Division, by: Actor) -> None:
    """Papers go along with the family that they belong to."""
    by.require_area(division.path)
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(division=division)
