"""Which posts may do what with records checks; the area comes on top of the post."""

from yihu.access.actor import SERVICE
from yihu.organisations.enums import PostKind

ASK = frozenset({PostKind.STREET_EXAMINER, PostKind.DISTRICT_OFFICER})
# Whoever may end a case ends its questions with it.
TAKE_BACK = ASK | {PostKind.WINDOW_CLERK, PostKind.STREET_DIRECTOR}
# The exchange of files is the service's own work; nobody carries answers in by hand.
EXCHANGE = frozenset({SERVICE})
# A file that was not taken is a matter between the desk and the department.
SETTLE_FILES = ASK
