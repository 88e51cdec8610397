"""Checks are seen with their family; an answer never changes. Files that were not taken are seen by area."""

from yihu.common.locking.declarations import Frozen, History, Policy, by_area, with_household, with_row

ROUND = "SELECT k.household_id FROM records_checks_recordscheck k WHERE k.id"
REQUEST = "records_checks_sourcerequest q JOIN records_checks_recordscheck k ON k.id = q.check_round_id WHERE q.id"

LOCKS = (
    with_household("records_checks_recordscheck"),
    with_row("records_checks_sourcerequest", "check_round_id", "records_checks_recordscheck"),
    with_row("records_checks_sourceanswer", "request_id", "records_checks_sourcerequest"),
    Frozen(table="records_checks_sourceanswer", message="部门的答复不能改动。"),
    History(table="records_checks_recordscheck", household="r.household_id"),
    History(table="records_checks_sourcerequest", household=f"({ROUND} = r.check_round_id)"),
    History(table="records_checks_sourceanswer", household=f"(SELECT k.household_id FROM {REQUEST} = r.request_id)"),
    by_area("records_checks_refusedfile"),
    # A file that names the family of a close relative does not exist for an officer who handles files.
    Policy(
        table="records_checks_refusedfile",
        name="not_of_a_relative",
        using="NOT (households && (SELECT app_kept())::bigint[])",
        restrictive=True,
    ),
    Frozen(
        table="records_checks_refusedfile",
        but=("settled_on", "settled_by_id", "settled_note"),
        message="没有采用的文件为什么没有采用，不能改动。",
    ),
    # The faults quote what stood in the file, and so are remembered where its families' changes are.
    History(
        table="records_checks_refusedfile",
        household=f"(SELECT min(k.household_id) FROM {REQUEST} = ANY(r.requests))",
    ),
)
