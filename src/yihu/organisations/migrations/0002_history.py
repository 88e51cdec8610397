"""Who works where and who is related to whom is remembered."""

from django.db import migrations

from yihu.common.database import History


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_divisions_offices_and_people")]

    operations = [
        History("organisations_staffmember"),
        History("organisations_post"),
        History("organisations_appointment"),
        History("organisations_relative"),
    ]
