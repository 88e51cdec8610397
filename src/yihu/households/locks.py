"""Families are seen by area, every change of a file is remembered, and what was known stays known."""

from yihu.common.locking.declarations import (
    ByMonth,
    Frozen,
    History,
    NotRemembered,
    Policy,
    TableGrant,
    Trigger,
    by_area,
    open_to_read,
    reaches,
    refuse,
    with_household,
    with_row,
)
from yihu.households.functions import FUNCTIONS

OF_PERSON = "(SELECT p.household_id FROM households_person p WHERE p.id = r.person_id)"
OWN = "{column} = ANY ((SELECT app_own())::bigint[])"

LOCKS = (
    *FUNCTIONS,
    by_area("households_household"),
    # The family of a close relative does not exist for an officer who handles files.
    Policy(
        table="households_household",
        name="not_of_a_relative",
        using="id <> ALL ((SELECT app_kept())::bigint[])",
        restrictive=True,
    ),
    # A family that moved away stays readable where its past case is read, for that one page, and so do its papers.
    Policy(table="households_household", name="opened_file", verb="SELECT", using="id = (SELECT app_file())"),
    Policy(
        table="documents_document",
        name="opened_file",
        verb="SELECT",
        using="(SELECT app_file()) IS NOT NULL AND EXISTS (SELECT FROM households_paper p"
        " WHERE p.document_id = documents_document.id AND p.household_id = (SELECT app_file()))",
    ),
    # A street or the whole district is no place to live: every house is in a community.
    Trigger(
        table="households_household",
        name="household_lives_in_a_community",
        when="BEFORE INSERT OR UPDATE OF division_id",
        body=f"""
        BEGIN
            IF NOT EXISTS (
                SELECT FROM organisations_division d WHERE d.path = NEW.division_id AND d.level = 'community'
            ) THEN
                {refuse("家庭要登记在社区里，不能登记在街道或者区。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    # A resident sees the household that is his own, who is on file there and lives there, and nothing else.
    Policy(table="households_household", name="own", verb="SELECT", using=OWN.format(column="id")),
    *open_to_read("households_household", OWN.format(column="id")),
    *open_to_read("households_person", OWN.format(column="household_id")),
    *open_to_read("households_member", OWN.format(column="household_id")),
    with_row("households_resident", "person_id", "households_person"),
    History(table="households_resident", household=OF_PERSON, key="principal_id"),
    # The district that gave one goes on seeing it, and can end it, wherever the family lives by now.
    Policy(
        table="households_grant",
        name="by_area",
        using="EXISTS (SELECT FROM households_household o WHERE o.id = households_grant.household_id)"
        f" OR {reaches('granted_in_id')} AND household_id <> ALL ((SELECT app_kept())::bigint[])",
    ),
    Frozen(table="households_grant", but=("ended_on",), message="授权不能改动，请终止以后另行授权。"),
    Trigger(
        table="households_grant",
        name="keep_ended_grant",
        when="BEFORE UPDATE",
        condition="OLD.ended_on IS NOT NULL",
        body=f"""
        BEGIN
            {refuse("这份授权已经终止，不能再改。请另行授权。")}
        END
        """,
    ),
    # On a day to come it would be shown still, could not be ended any more, and a second one could stand beside it.
    Trigger(
        table="households_grant",
        name="end_grant_by_today",
        when="BEFORE INSERT OR UPDATE OF ended_on",
        condition="NEW.ended_on IS NOT NULL",
        settings=("timezone = 'Asia/Shanghai'",),
        body=f"""
        BEGIN
            IF NEW.ended_on > statement_timestamp()::date THEN
                {refuse("授权不能从以后的日子起终止。要终止，就从今天起。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    History(table="households_grant", household="r.household_id"),
    with_household("households_person"),
    with_household("households_member"),
    Policy(
        table="households_fact",
        name="by_area",
        using="EXISTS (SELECT FROM households_household h WHERE h.id = households_fact.household_id)"
        " OR EXISTS (SELECT FROM households_person p WHERE p.id = households_fact.person_id)",
    ),
    with_row("households_consent", "person_id", "households_person"),
    with_household("households_paper"),
    with_household("households_fileread"),
    # What was changed in a family's file is seen with the family; what belongs to none, by whoever may ask for it.
    Policy(
        table="common_change",
        name="by_area",
        using="household IS NULL OR EXISTS (SELECT FROM households_household h WHERE h.id = common_change.household)",
    ),
    Frozen(table="households_fact", message="事实一经登记不能改动，请登记新的事实。"),
    Frozen(table="households_fileread", message="查看记录不能改动。"),
    History(table="households_household", household="r.id"),
    History(table="households_person", household="r.household_id"),
    History(table="households_member", household="r.household_id"),
    History(table="households_fact", household=f"coalesce(r.household_id, {OF_PERSON})"),
    History(table="households_consent", household=OF_PERSON),
    History(table="households_paper", household="r.household_id"),
    ByMonth(table="households_fileread", column="at"),
    # Who looked, and when, is the database's to say, also in a file that is only opened to read. What waited for its
    # month is moved there by the owner of the tables, as it was (`app_make_months`).
    Trigger(
        table="households_fileread",
        name="sign_file_read",
        when="BEFORE INSERT",
        body=f"""
        BEGIN
            NEW.actor_id := coalesce(NEW.actor_id, app_who());
            IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
                RETURN NEW;
            END IF;
            IF NEW.actor_id <> app_who() THEN
                {refuse("查看记录只能写在正在查看的人名下。")}
            END IF;
            IF NEW.at <> statement_timestamp() THEN
                {refuse("查看的时间由数据库写下，不能另给。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    TableGrant(table="households_fileread", verbs=("SELECT", "INSERT")),
    NotRemembered(table="households_fileread", why="it is a log itself, and frozen"),
)
