"""Which posts may do what with awards. Who begins and ends one, the procedure of its case says."""

from yihu.common.actor import SERVICE
from yihu.organisations.enums import PostKind

# What was paid before this register began is the district's word; the service loads the demonstration.
IMPORT_OPENING = frozenset({PostKind.DISTRICT_OFFICER, SERVICE})
