"""Who acts and how far he reaches, as every policy and every trigger asks; the history itself, which nobody writes."""

from yihu.common.locking.declarations import WEB, ByMonth, Function, NotRemembered, SeenByAll, TableGrant

LOCKS = (
    # Whoever changes something, or looks into a file, is on file himself.
    Function(
        name="app_who",
        callers=WEB,
        returns="bigint",
        volatility="STABLE",
        body="""
        DECLARE found bigint := nullif(current_setting('app.actor', true), '')::bigint;
        BEGIN
            IF NOT EXISTS (SELECT FROM access_principal p WHERE p.id = found) THEN
                RAISE EXCEPTION '每一次变更都要有经办人。' USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN found;
        END
        """,
    ),
    # Every change that matters asks who acts; in a file that is only opened to read, nobody changes anything.
    Function(
        name="app_actor",
        callers=WEB,
        returns="bigint",
        volatility="STABLE",
        body="""
        DECLARE found bigint := app_who();
        BEGIN
            IF app_file() IS NOT NULL THEN
                RAISE EXCEPTION '这一户已经迁出，过去的案件只能查看，不能改动。'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN found;
        END
        """,
    ),
    # Who does not work here, by the kind of principal (access/enums.py: OUTSIDE).
    Function(
        name="app_is_outside",
        callers=WEB,
        returns="boolean",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT coalesce(current_setting('app.kind', true), '') IN ('resident', 'partner')",
    ),
    # The households that are a resident's own.
    Function(
        name="app_own",
        callers=WEB,
        returns="bigint[]",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT coalesce(nullif(current_setting('app.own', true), ''), '{}')::bigint[]",
    ),
    # How far who acts reaches (`declarations.reaches`). An empty setting must reach nothing, and so must an empty area
    # in it: everything begins with ''.
    Function(
        name="app_areas",
        callers=WEB,
        returns="text[]",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT CASE WHEN NOT app_is_outside()"
        " THEN array_remove(nullif(current_setting('app.areas', true), '')::text[], '') END",
    ),
    # Beside the areas, one family's file may be opened to a page that shows a past case of it.
    Function(
        name="app_file",
        callers=WEB,
        returns="bigint",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT nullif(current_setting('app.file', true), '')::bigint",
    ),
    # Families that are kept from whoever acts, since a member is his close relative.
    Function(
        name="app_kept",
        callers=WEB,
        returns="bigint[]",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT coalesce(nullif(current_setting('app.kept', true), ''), '{}')::bigint[]",
    ),
    # After a mass of rows the planner has to look at the tables again, which only their owner may ask for.
    Function(
        name="app_look_again",
        callers=WEB,
        returns="void",
        definer=True,
        body="""
        DECLARE named text;
        BEGIN
            IF app_is_outside() THEN
                RAISE EXCEPTION '不在这里工作的人不能整理数据库。' USING ERRCODE = 'insufficient_privilege';
            END IF;
            FOR named IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user
            LOOP
                EXECUTE format('ANALYZE %I', named);
            END LOOP;
        END
        """,
    ),
    # The months of everything that lies in partitions, from the last one, for a clock that was set back, to 13 ahead;
    # by the clock of the database, which writes the times of the rows. Rows of a month that had none yet go into it.
    Function(
        name="app_make_months",
        callers=WEB,
        returns="integer",
        definer=True,
        settings=("timezone = 'Asia/Shanghai'",),
        body="""
        DECLARE
            parent text; first timestamptz; month text; rest text; waiting boolean; whose text; made integer := 0;
        BEGIN
            IF app_is_outside() THEN
                RAISE EXCEPTION '不在这里工作的人不能整理数据库。' USING ERRCODE = 'insufficient_privilege';
            END IF;
            FOR parent IN
                SELECT c.relname FROM pg_class c
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'p' AND NOT c.relispartition
            LOOP
                rest := parent || '_default';
                FOR first IN
                    SELECT generate_series(
                        date_trunc('month', now()) - interval '1 month', now() + interval '13 months', '1 month'
                    )
                LOOP
                    month := parent || to_char(first, '_YYYY_MM');
                    CONTINUE WHEN to_regclass(month) IS NOT NULL;
                    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE at >= %L AND at < %L)',
                        rest, first, first + interval '1 month') INTO waiting;
                    IF waiting THEN
                        EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, rest);
                    END IF;
                    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                        month, parent, first, first + interval '1 month');
                    IF waiting THEN
                        EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE at >= %L AND at < %L',
                            month, rest, first, first + interval '1 month');
                        EXECUTE format('DELETE FROM %I WHERE at >= %L AND at < %L',
                            rest, first, first + interval '1 month');
                        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I DEFAULT', parent, rest);
                    END IF;
                    -- What a database gives by default on each new table, it does not give on these.
                    FOR whose IN
                        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
                        FROM pg_class c, aclexplode(c.relacl) a
                        WHERE c.oid = month::regclass AND a.grantee <> c.relowner
                    LOOP
                        EXECUTE format('REVOKE ALL ON %I FROM %s', month, whose);
                    END LOOP;
                    made := made + 1;
                END LOOP;
            END LOOP;
            RETURN made;
        END
        """,
    ),
    ByMonth(table="common_change", column="at"),
    # The policy of the history stands with the families, by which it is seen.
    TableGrant(table="common_change", verbs=("SELECT",)),
    NotRemembered(table="common_change", why="it is the memory"),
    SeenByAll(table="common_calendarday", why="holidays are public"),
    NotRemembered(table="common_calendarday", why="holidays are published, and each row names its source"),
    SeenByAll(table="common_numberseries", why="counts of series, nothing of a family"),
    NotRemembered(table="common_numberseries", why="a number given out is remembered with what bears it"),
    # What was migrated is the owner's to say.
    TableGrant(table="django_migrations", verbs=("SELECT",)),
)
