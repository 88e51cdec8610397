"""Who acts and how he gets in is remembered; whoever works here may see whom he works with."""

from yihu.access.enums import WORK_OF_THE_SERVICE
from yihu.common.locking.declarations import WEB, Frozen, Function, History, SeenByAll, Trigger, refuse

LOCKS = (
    # Each work that the service does has a principal of its own, made when it is first needed: by itself, for whoever
    # acts must be on file before anything that he does. What is no work of the service acts under no such name.
    Function(
        name="app_service",
        callers=WEB,
        arguments="called text",
        returns="bigint",
        definer=True,
        body=f"""
        DECLARE known bigint; acts text := current_setting('app.actor', true);
        BEGIN
            IF app_is_outside() THEN
                RAISE EXCEPTION '不在这里工作的人不能以程序的名义办事。' USING ERRCODE = 'insufficient_privilege';
            END IF;
            SELECT id INTO known FROM access_principal WHERE kind = 'service' AND name = called;
            IF known IS NULL THEN
                IF called NOT IN ({", ".join(f"'{name}'" for name in WORK_OF_THE_SERVICE)}) THEN
                    {refuse("没有这样的程序，不能以它的名义办事。")}
                END IF;
                known := nextval(pg_get_serial_sequence('access_principal', 'id'));
                PERFORM set_config('app.actor', known::text, true);
                INSERT INTO access_principal (id, kind, name, is_active) VALUES (known, 'service', called, true)
                ON CONFLICT (name) WHERE kind = 'service' DO NOTHING;
                PERFORM set_config('app.actor', coalesce(acts, ''), true);
                -- Somebody else may have been quicker.
                SELECT id INTO known FROM access_principal WHERE kind = 'service' AND name = called;
            END IF;
            RETURN known;
        END
        """,
    ),
    # The role of the web makes no program by itself: that function acts as the owner of the tables.
    Trigger(
        table="access_principal",
        name="service_is_made_by_its_name",
        when="BEFORE INSERT",
        condition="NEW.kind = 'service'",
        body=f"""
        BEGIN
            IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
                {refuse("程序由系统自己登记，不能另行登记。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    Frozen(table="access_principal", but=("name", "is_active"), message="办过事的人和程序不能删除，可以停用。"),
    SeenByAll(table="access_principal", why="whom one works with, and who did what"),
    History(table="access_principal"),
    SeenByAll(table="access_login", why="names of accounts; whoever logs in is found here before anybody acts"),
    History(table="access_login", key="principal_id"),
)
