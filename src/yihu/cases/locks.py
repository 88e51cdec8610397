"""Cases are seen by their street and with their family; what was decided never changes."""

from yihu.common.locking.declarations import Frozen, History, Policy, Trigger, reaches, refuse, with_row

OF_CASE = "(SELECT c.household_id FROM cases_case c WHERE c.id = r.case_id)"
OF_STEP = "(SELECT c.household_id FROM cases_casestep s JOIN cases_case c ON c.id = s.case_id WHERE s.id = r.step_id)"
# What belongs to a case, and what was done in a step of one.
PARTS = ("cases_casestep", "cases_caseaward", "cases_correctionrequest", "cases_casecheck", "cases_objection")
DONE = (
    "cases_homevisit",
    "cases_communityappraisal",
    "cases_examination",
    "cases_publicnotice",
    "cases_confirmation",
)

LOCKS = (
    # The street that handles a case keeps it when the family moves away afterwards (docs/decisions/0017); the new one
    # sees it with the family.
    Policy(
        table="cases_case",
        name="by_area",
        using=f"{reaches('division_id')}"
        " OR EXISTS (SELECT FROM households_household h WHERE h.id = cases_case.household_id)",
    ),
    Policy(
        table="cases_application",
        name="by_area",
        using="EXISTS (SELECT FROM households_household h WHERE h.id = cases_application.household_id)"
        " OR EXISTS (SELECT FROM cases_case c WHERE c.application_id = cases_application.id)",
    ),
    Policy(
        table="cases_occasion",
        name="by_area",
        using="EXISTS (SELECT FROM households_household h WHERE h.id = cases_occasion.household_id)"
        " OR EXISTS (SELECT FROM cases_case c WHERE c.occasion_id = cases_occasion.id)",
    ),
    # Nobody there could go on with it. The trigger stands on the families' table and only reads.
    Trigger(
        table="households_household",
        name="keep_family_with_its_case",
        when="BEFORE UPDATE OF division_id",
        definer=True,
        body=f"""
        BEGIN
            -- A community lies directly in its street.
            IF NOT NEW.division_id ^@ regexp_replace(OLD.division_id, '[^/]+/$', '') AND EXISTS (
                SELECT FROM cases_case c WHERE c.household_id = NEW.id AND c.state IN ('applied', 'open')
            ) THEN
                {refuse("这一户有案件正在办理，办结或者撤回以后才能迁往别的街道。")}
            END IF;
            RETURN NEW;
        END
        """,
    ),
    # Within its street it moves with the family: whoever moves the one moves the other, before the transaction ends.
    Trigger(
        table="households_household",
        name="keep_case_with_its_family",
        when="AFTER UPDATE OF division_id",
        deferred=True,
        definer=True,
        body=f"""
        BEGIN
            IF EXISTS (
                SELECT FROM cases_case c JOIN households_household h ON h.id = c.household_id
                WHERE h.id = NEW.id AND c.state IN ('applied', 'open') AND c.division_id <> h.division_id
            ) THEN
                {refuse("这一户正在办理的案件没有随户迁移，请从家庭页面办理迁移。")}
            END IF;
            RETURN NULL;
        END
        """,
    ),
    History(table="cases_application", household="r.household_id"),
    History(table="cases_case", household="r.household_id"),
    History(table="cases_occasion", household="r.household_id"),
    *(with_row(table, "case_id", "cases_case") for table in PARTS),
    *(History(table=table, household=OF_CASE) for table in PARTS),
    *(with_row(table, "step_id", "cases_casestep") for table in DONE),
    *(Frozen(table=table, message="已经办结的步骤不能改动。") for table in DONE),
    *(History(table=table, household=OF_STEP) for table in DONE),
)
