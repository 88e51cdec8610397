"""Which posts may do what with a family's file; the area comes on top of the post."""

from yihu.organisations.enums import PostKind

# The service loads what other departments answer, and the demonstration.
SERVICE = "service"

AT_THE_STREET = (PostKind.WINDOW_CLERK, PostKind.STREET_EXAMINER, PostKind.STREET_DIRECTOR)

KEEP_FILES = frozenset({SERVICE, PostKind.COMMUNITY_WORKER, *AT_THE_STREET, PostKind.DISTRICT_OFFICER})
# What is true is said by those who judge, not by who took the papers in.
SETTLE_DIFFERENCES = frozenset({SERVICE, PostKind.STREET_EXAMINER, PostKind.STREET_DIRECTOR, PostKind.DISTRICT_OFFICER})
# Neither of two streets can give a family to the other alone.
MOVE_BETWEEN_STREETS = frozenset({SERVICE, PostKind.DISTRICT_OFFICER})

# Whoever pays goes by the holder of the account and its number.
SEE_IDENTITY_NUMBERS = frozenset({*AT_THE_STREET, PostKind.DISTRICT_OFFICER, PostKind.AUDITOR})
# Whoever visits a family calls first.
SEE_TELEPHONES = frozenset({PostKind.COMMUNITY_WORKER, *AT_THE_STREET, PostKind.DISTRICT_OFFICER, PostKind.AUDITOR})
