"""Papers are seen by area and never change."""

from yihu.common.locking.declarations import Frozen, History, by_area

LOCKS = (
    by_area("documents_document"),
    # A family that moves takes its papers along.
    Frozen(table="documents_document", but=("division_id",), message="文件一经收存不能改动，请另存一份。"),
    History(table="documents_document"),
)
