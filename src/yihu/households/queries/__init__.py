"""What is asked of families, their members and what is known of them."""

from yihu.households.queries.facts import Discrepancy, discrepancies, discrepancies_of, facts_on, versions_of
from yihu.households.queries.people import adults_without_consent, members_on

__all__ = [
    "Discrepancy",
    "adults_without_consent",
    "discrepancies",
    "discrepancies_of",
    "facts_on",
    "members_on",
    "versions_of",
]
