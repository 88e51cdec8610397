"""Where contents lie: outside the database and the web, each once, named by its hash, readable by the service alone.

A content is safe on disk before a row names it. After a kill in between a file without a row is left, which harms
nothing and is used when the same content comes again; a row without its file cannot come about.
"""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from yihu.common import files
from yihu.documents.models import Document


class Damaged(Exception):
    """The content of a document is gone, or is not what was stored."""


def store(content: bytes) -> str:
    """Keep a content and return its SHA-256. What is there already stays; if it was damaged, it is made whole."""
    digest = sha256(content).hexdigest()
    path = path_of(digest)
    if path.is_file() and sha256(path.read_bytes()).hexdigest() == digest:
        return digest
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write(path, content)
    # The folders may be new themselves.
    for folder in (path.parent.parent, Path(settings.DOCUMENT_ROOT)):
        files.sync(folder)
    return digest


def open(document: Document) -> bytes:
    """The content of a document. Raises Damaged when it is not what was stored."""
    path = path_of(document.sha256)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Damaged(
            _("文件“{name}”不在存放处（{path}）。请从备份中取回它。").format(name=document.name, path=path)
        ) from None
    if sha256(content).hexdigest() != document.sha256:
        raise Damaged(
            _("文件“{name}”与收存时不一致，可能已损坏或被改动（{path}）。请从备份中取回它。").format(
                name=document.name, path=path
            )
        )
    return content


def path_of(digest: str) -> Path:
    """Where the content with this hash lies."""
    return Path(settings.DOCUMENT_ROOT) / digest[:2] / digest[2:4] / digest
