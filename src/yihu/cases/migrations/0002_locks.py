"""Cases are seen by their street and with their family; what was decided never changes."""

from django.db import migrations

from yihu.common.database import Frozen, History, RowSecurity

OF_STEP = "(SELECT c.household_id FROM cases_casestep s JOIN cases_case c ON c.id = s.case_id WHERE s.id = r.step_id)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases"), ("households", "0002_locks")]

    operations = [
        # The street that handles a case keeps it when the family moves away; the new one sees it with the family.
        RowSecurity(
            "cases_case",
            "app_reaches(division_id)"
            " OR EXISTS (SELECT FROM households_household h WHERE h.id = cases_case.household_id)",
        ),
        RowSecurity(
            "cases_application",
            "EXISTS (SELECT FROM households_household h WHERE h.id = cases_application.household_id)"
            " OR EXISTS (SELECT FROM cases_case c WHERE c.application_id = cases_application.id)",
        ),
        RowSecurity(
            "cases_casestep",
            "EXISTS (SELECT FROM cases_case c WHERE c.id = cases_casestep.case_id)",
        ),
        RowSecurity(
            "cases_correctionrequest",
            "EXISTS (SELECT FROM cases_case c WHERE c.id = cases_correctionrequest.case_id)",
        ),
        RowSecurity(
            "cases_casecheck",
            "EXISTS (SELECT FROM cases_case c WHERE c.id = cases_casecheck.case_id)",
        ),
        RowSecurity(
            "cases_objection",
            "EXISTS (SELECT FROM cases_case c WHERE c.id = cases_objection.case_id)",
        ),
        RowSecurity(
            "cases_homevisit",
            "EXISTS (SELECT FROM cases_casestep s WHERE s.id = cases_homevisit.step_id)",
        ),
        RowSecurity(
            "cases_communityappraisal",
            "EXISTS (SELECT FROM cases_casestep s WHERE s.id = cases_communityappraisal.step_id)",
        ),
        RowSecurity(
            "cases_examination",
            "EXISTS (SELECT FROM cases_casestep s WHERE s.id = cases_examination.step_id)",
        ),
        RowSecurity(
            "cases_publicnotice",
            "EXISTS (SELECT FROM cases_casestep s WHERE s.id = cases_publicnotice.step_id)",
        ),
        RowSecurity(
            "cases_confirmation",
            "EXISTS (SELECT FROM cases_casestep s WHERE s.id = cases_confirmation.step_id)",
        ),
        Frozen("cases_homevisit", message="已经办结的步骤不能改动。"),
        Frozen("cases_communityappraisal", message="已经办结的步骤不能改动。"),
        Frozen("cases_examination", message="已经办结的步骤不能改动。"),
        Frozen("cases_publicnotice", message="已经办结的步骤不能改动。"),
        Frozen("cases_confirmation", message="已经办结的步骤不能改动。"),
        History("cases_application", "r.household_id"),
        History("cases_case", "r.household_id"),
        History("cases_casestep", "(SELECT c.household_id FROM cases_case c WHERE c.id = r.case_id)"),
        History("cases_correctionrequest", "(SELECT c.household_id FROM cases_case c WHERE c.id = r.case_id)"),
        History("cases_casecheck", "(SELECT c.household_id FROM cases_case c WHERE c.id = r.case_id)"),
        History("cases_objection", "(SELECT c.household_id FROM cases_case c WHERE c.id = r.case_id)"),
        History("cases_homevisit", OF_STEP),
        History("cases_communityappraisal", OF_STEP),
        History("cases_examination", OF_STEP),
        History("cases_publicnotice", OF_STEP),
        History("cases_confirmation", OF_STEP),
    ]
