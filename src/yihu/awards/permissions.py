"""Which posts may do what with awards. Who grants or takes one away in a case, the procedure of the case says."""

from yihu.access.actor import SERVICE
from yihu.organisations.enums import PostKind

# What was paid before this register began is the district's word; the service loads the demonstration.
IMPORT_OPENING = frozenset({PostKind.DISTRICT_OFFICER, SERVICE})
# Deaths, moves and renunciations end an award without a case.
END_AWARDS = frozenset({PostKind.STREET_DIRECTOR, PostKind.DISTRICT_OFFICER, SERVICE})
