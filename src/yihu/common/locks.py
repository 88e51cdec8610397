"""Who acts and how far he reaches, as every policy and every trigger asks; the history itself, which nobody writes."""

from yihu.common.locking.declarations import Function, NotRemembered, SeenByAll, TableGrant

LOCKS = (
    # Every change that matters asks who acts; in a file that is only opened to read, nobody changes anything.
    Function(
        name="app_actor",
        returns="text",
        volatility="STABLE",
        body="""
        DECLARE found text := nullif(current_setting('app.actor', true), '');
        BEGIN
            IF found IS NULL THEN
                RAISE EXCEPTION '每一次变更都要有经办人。' USING ERRCODE = 'insufficient_privilege';
            END IF;
            IF app_file() IS NOT NULL THEN
                RAISE EXCEPTION '这一户已经迁出，过去的案件只能查看，不能改动。'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN found;
        END
        """,
    ),
    # Who does not work here, by the kind with which an actor's id begins (access/enums.py: OUTSIDE).
    Function(
        name="app_is_outside",
        returns="boolean",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT coalesce(current_setting('app.actor', true), '') ~ '^(resident|partner):'",
    ),
    # The households that are a resident's own.
    Function(
        name="app_own",
        returns="bigint[]",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT coalesce(nullif(current_setting('app.own', true), ''), '{}')::bigint[]",
    ),
    # An empty setting must reach nothing, and so must an empty area in it: everything begins with ''.
    Function(
        name="app_reaches",
        arguments="division text",
        returns="boolean",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT NOT app_is_outside()"
        " AND division ^@ ANY (array_remove(nullif(current_setting('app.areas', true), '')::text[], ''))",
    ),
    # Beside the areas, one family's file may be opened to a page that shows a past case of it.
    Function(
        name="app_file",
        returns="bigint",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT nullif(current_setting('app.file', true), '')::bigint",
    ),
    # Families that are kept from whoever acts, since a member is his close relative.
    Function(
        name="app_kept",
        returns="bigint[]",
        language="sql",
        volatility="STABLE PARALLEL SAFE",
        body="SELECT coalesce(nullif(current_setting('app.kept', true), ''), '{}')::bigint[]",
    ),
    # After a mass of rows the planner has to look at the tables again, which only their owner may ask for.
    Function(
        name="app_look_again",
        returns="void",
        definer=True,
        body="""
        DECLARE named text;
        BEGIN
            FOR named IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user
            LOOP
                EXECUTE format('ANALYZE %I', named);
            END LOOP;
        END
        """,
    ),
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
