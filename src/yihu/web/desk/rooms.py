"""The rooms of the desk, in the order of the work. A room is found by standing here; nothing else lists them."""

from yihu.web.desk.awards.entry import AWARDS
from yihu.web.desk.cases.entry import CASES
from yihu.web.desk.checks.entry import CHECKS
from yihu.web.desk.entry import Entry
from yihu.web.desk.families.entry import FAMILIES
from yihu.web.desk.inbox.entry import INBOX
from yihu.web.desk.letters.entry import LETTERS
from yihu.web.desk.oversight.entry import OVERSIGHT
from yihu.web.desk.payments.entry import PAYMENTS
from yihu.web.desk.policy.entry import POLICY
from yihu.web.desk.staff.entry import STAFF

# The first is the desk itself: what waits in all the others waits there.
ROOMS: tuple[Entry, ...] = (
    INBOX, FAMILIES, CASES, CHECKS, LETTERS, AWARDS, PAYMENTS, OVERSIGHT, POLICY, STAFF,
)  # fmt: skip
