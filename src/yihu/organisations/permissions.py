"""Which posts may do what with those who work here, and which posts one person does not hold at the same time."""

from yihu.access.actor import SERVICE
from yihu.organisations.enums import PostKind

KEEPS_STAFF = frozenset({PostKind.DISTRICT_OFFICER, SERVICE})
# Whoever is not among them declares his own relatives only.
DECLARES_FOR_OTHERS = frozenset({PostKind.DISTRICT_OFFICER, PostKind.STREET_DIRECTOR, SERVICE})
# They also see who left, and who has not been appointed yet.
SEES_FORMER_STAFF = KEEPS_STAFF | {PostKind.AUDITOR}
SEES_STAFF = SEES_FORMER_STAFF | DECLARES_FOR_OTHERS
# They pay what others decided.
PAYS = frozenset({PostKind.FINANCE_MAKER, PostKind.FINANCE_CHECKER})
# Whoever makes out what is paid does not check it.
HELD_APART = (PAYS,)
