"""Which posts may do what with those who work here."""

from yihu.common.actor import SERVICE
from yihu.organisations.enums import PostKind

KEEPS_STAFF = frozenset({PostKind.DISTRICT_OFFICER, SERVICE})
# Whoever is not among them declares his own relatives only.
DECLARES_FOR_OTHERS = frozenset({PostKind.DISTRICT_OFFICER, PostKind.STREET_DIRECTOR, SERVICE})
