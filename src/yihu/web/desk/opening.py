"""在册期初."""

from yihu.common.actor import Actor
from yihu.organisations.enums import PostKind

POSTS = frozenset({PostKind.DISTRICT_OFFICER, PostKind.FINANCE_MAKER})


def may_open(actor: Actor) -> bool:
    """Whether someone may take such a list in."""
    return actor.post in POSTS


urlpatterns: list = []
