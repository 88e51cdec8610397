"""Families are seen by area, every change of a file is remembered, and what was known stays known."""

from django.db import migrations

from yihu.common.database import Frozen, History, RowSecurity, seen_with_household


class Migration(migrations.Migration):
    dependencies = [("households", "0001_households")]

    operations = [
        RowSecurity("households_household", "app_reaches(division_id)"),
        seen_with_household("households_person"),
        seen_with_household("households_member"),
        RowSecurity(
            "households_fact",
            "EXISTS (SELECT FROM households_household h WHERE h.id = households_fact.household_id)"
            " OR EXISTS (SELECT FROM households_person p WHERE p.id = households_fact.person_id)",
        ),
        RowSecurity(
            "households_consent",
            "EXISTS (SELECT FROM households_person p WHERE p.id = households_consent.person_id)",
        ),
        seen_with_household("households_paper"),
        seen_with_household("households_fileread"),
        # What was changed in a family's file is seen with the family; what belongs to none, by whoever may ask for it.
        RowSecurity(
            "common_change",
            "household IS NULL OR EXISTS (SELECT FROM households_household h WHERE h.id = common_change.household)",
        ),
        Frozen("households_fact", message="事实一经登记不能改动，请登记新的事实。"),
        Frozen("households_fileread", message="查看记录不能改动。"),
        History("households_household", "r.id"),
        History("households_person", "r.household_id"),
        History("households_member", "r.household_id"),
        History(
            "households_fact",
            "coalesce(r.household_id, (SELECT p.household_id FROM households_person p WHERE p.id = r.person_id))",
        ),
        History("households_consent", "(SELECT p.household_id FROM households_person p WHERE p.id = r.person_id)"),
        History("households_paper", "r.household_id"),
    ]
