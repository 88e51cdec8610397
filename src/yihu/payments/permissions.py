"""Which posts may do what with money; the area comes on top of the post."""

from yihu.access.actor import SERVICE
from yihu.organisations.enums import PostKind

# Who takes down where a family's money goes. The service loads the demonstration.
KEEP_ACCOUNTS = frozenset({PostKind.WINDOW_CLERK, PostKind.FINANCE_MAKER, SERVICE})
# Whoever makes a run and whoever checks it are two people at two posts; the service is nobody and does neither.
MAKE_RUNS = frozenset({PostKind.FINANCE_MAKER})
CHECK_RUNS = frozenset({PostKind.FINANCE_CHECKER})
MAKE_BANK_FILES = MAKE_RUNS | CHECK_RUNS
SEE_RUNS = MAKE_BANK_FILES | {PostKind.AUDITOR, PostKind.DISTRICT_OFFICER}
SEE_ACCOUNTS = SEE_RUNS | {PostKind.WINDOW_CLERK, PostKind.STREET_EXAMINER, PostKind.STREET_DIRECTOR}
# Whole numbers are for those who take them down, check them, or answer for both.
SEE_ACCOUNT_NUMBERS = SEE_RUNS | {PostKind.WINDOW_CLERK}
