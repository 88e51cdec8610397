"""A case says itself whose it is, and goes along with a family that moves within its street."""

from django.db import migrations, models

NAMES = """
    SELECT set_config('app.actor', 'service:migrate', true);
    UPDATE cases_case c SET household_number = h.number, applicant_name = p.name
    FROM households_household h, cases_application a, households_person p
    WHERE h.id = c.household_id AND a.id = c.application_id AND p.id = a.applicant_id;
"""
MOVES = """
CREATE FUNCTION move_case_with_its_family() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    -- To another street it cannot move while a case runs.
    UPDATE cases_case SET division_id = NEW.division_id
    WHERE household_id = NEW.id AND state IN ('applied', 'open') AND division_id <> NEW.division_id;
    RETURN NULL;
END $$;
CREATE TRIGGER move_case_with_its_family AFTER UPDATE OF division_id ON households_household
FOR EACH ROW EXECUTE FUNCTION move_case_with_its_family();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_no_move_away_from_a_running_case"), ("households", "0004_past_cases")]

    operations = [
        migrations.AddField(
            "case", "household_number", models.CharField("户号", max_length=20, default=""), preserve_default=False
        ),
        migrations.AddField(
            "case", "applicant_name", models.CharField("申请人", max_length=60, default=""), preserve_default=False
        ),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.RunSQL(
            MOVES,
            "DROP TRIGGER move_case_with_its_family ON households_household; DROP FUNCTION move_case_with_its_family();",
        ),
    ]
