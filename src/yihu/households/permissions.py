"""Which posts may do what with a family's file; the area comes on top of the post."""

from yihu.organisations.enums import PostKind

# The service loads what other departments answer, and the demonstration.
SERVICE = "service"

AT_THE_STREET = (PostKind.WINDOW_CLERK, PostKind.STREET_EXAMINER, PostKind.STREET_DIRECTOR)

KEEP_FILES = frozenset({SERVICE, PostKind.COMMUNITY_WORKER, *AT_THE_STREET, PostKind.DISTRICT_OFFICER})
SETTLE_DIFFERENCES = frozenset({SERVICE, *AT_THE_STREET, PostKind.DISTRICT_OFFICER})
# Neither of two streets can give a family to the other alone.
MOVE_BETWEEN_STREETS = frozenset({SERVICE, PostKind.DISTRICT_OFFICER})

SEE_IDENTITY_NUMBERS = frozenset(
    {*AT_THE_STREET, PostKind.DISTRICT_OFFICER, PostKind.FINANCE_MAKER, PostKind.FINANCE_CHECKER, PostKind.AUDITOR}
)
# Whoever visits a family calls first.
SEE_TELEPHONES = frozenset({PostKind.COMMUNITY_WORKER, *AT_THE_STREET, PostKind.DISTRICT_OFFICER, PostKind.AUDITOR})
