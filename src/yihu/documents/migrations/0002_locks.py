"""Papers are seen by area and never change."""

from django.db import migrations

from yihu.common.database import Frozen, History, RowSecurity


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_documents")]

    operations = [
        RowSecurity("documents_document", "app_reaches(division_id)"),
        # A family that moves takes its papers along.
        Frozen("documents_document", but=["division_id"], message="文件一经收存不能改动，请另存一份。"),
        History("documents_document"),
    ]
