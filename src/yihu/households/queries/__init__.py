"""What is asked of families, their members and what is known of them."""

from yihu.households.queries.facts import (
    Discrepancy,
    counting,
    discrepancies,
    discrepancies_of,
    facts_on,
    said_of,
    versions_of,
)
from yihu.households.queries.lists import families
from yihu.households.queries.outsiders import disclosed, partner_acting, resident_acting
from yihu.households.queries.people import (
    InShort,
    adults_without_consent,
    consents_on,
    families_of,
    gather,
    in_short,
    kept_households,
    masked_identity_number,
    masked_telephone,
    members_on,
    papers_of,
    signed_in,
    stays_of,
)
from yihu.households.queries.search import Found, Wanted, search, wanted
from yihu.households.queries.timeline import events_of

__all__ = [
    "Discrepancy",
    "Found",
    "InShort",
    "Wanted",
    "adults_without_consent",
    "consents_on",
    "counting",
    "disclosed",
    "discrepancies",
    "discrepancies_of",
    "events_of",
    "facts_on",
    "families",
    "families_of",
    "gather",
    "in_short",
    "kept_households",
    "masked_identity_number",
    "masked_telephone",
    "members_on",
    "papers_of",
    "partner_acting",
    "resident_acting",
    "said_of",
    "search",
    "signed_in",
    "stays_of",
    "versions_of",
    "wanted",
]
