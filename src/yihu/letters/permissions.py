"""Which posts hand letters over, and which is reminded of it; the area comes on top of the post."""

from yihu.access.actor import SERVICE
from yihu.organisations.enums import PostKind

DELIVER = frozenset({SERVICE, PostKind.COMMUNITY_WORKER, PostKind.WINDOW_CLERK, PostKind.STREET_EXAMINER})
# Whoever else can need not be told of every letter.
REMINDED = frozenset({PostKind.WINDOW_CLERK})
