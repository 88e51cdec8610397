"""The pack whose policies this installation follows."""

from django.conf import settings

import policy_packs
from policy_engine import Pack


def district_pack() -> Pack:
    """The pack of the district, loaded once a process."""
    return policy_packs.load(settings.POLICY_PACK)
