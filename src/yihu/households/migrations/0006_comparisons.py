"""Whoever is found in another file as someone is registered: that file says who asked."""

from importlib import import_module

from django.db import migrations, models

# Of one number there is one person; two people of one name and birth date have two, unless one of them has none yet.
ON_FILE = """
CREATE FUNCTION people_on_file(digests bytea[], names text[], birth_dates date[], besides bigint)
RETURNS TABLE (digest bytea, name text, birth_date date, street text, household_number text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH found AS (
        SELECT p.* FROM households_person p WHERE p.identity_digest = ANY (digests)
        UNION
        SELECT p.* FROM unnest(digests, names, birth_dates) AS asked (digest, name, birth_date)
        JOIN households_person p ON p.name COLLATE "C" = asked.name AND p.birth_date = asked.birth_date
        WHERE asked.digest IS NULL OR p.identity_digest IS NULL
    ), noted AS (
        INSERT INTO households_fileread (household_id, at, actor, kind, purpose, detail)
        SELECT p.household_id, clock_timestamp(), app_actor(), 'comparison', 'change',
            left(string_agg(p.name, '、' ORDER BY p.id), 200)
        FROM found p WHERE p.household_id IS DISTINCT FROM besides GROUP BY p.household_id
    )
    SELECT p.identity_digest, p.name, p.birth_date, s.name, h.number
    FROM found p
    JOIN households_household h ON h.id = p.household_id
    JOIN organisations_division c ON c.code = h.division_id
    JOIN organisations_division s ON s.code = c.parent_id
    ORDER BY p.id
$$;
"""
WITHOUT_TRACE = import_module("yihu.households.migrations.0003_search").ON_FILE


class Migration(migrations.Migration):
    dependencies = [("households", "0005_relatives_kept_away")]

    operations = [
        migrations.AlterField(
            "fileread",
            "kind",
            models.CharField(
                choices=[
                    ("file", "家庭档案"),
                    ("case", "案卷"),
                    ("identity_number", "身份证号"),
                    ("telephone", "电话"),
                    ("account", "银行账号"),
                    ("document", "文件"),
                    ("history", "全部变更"),
                    ("export", "导出"),
                    ("comparison", "登记时比对"),
                ],
                max_length=20,
                verbose_name="内容",
            ),
        ),
        migrations.RunSQL(
            f"DROP FUNCTION people_on_file(bytea[], text[], date[]); {ON_FILE}",
            f"DROP FUNCTION people_on_file(bytea[], text[], date[], bigint); {WITHOUT_TRACE}",
        ),
    ]
