"""What is asked of families, their members and what is known of them."""

from yihu.households.queries.facts import Discrepancy, discrepancies, discrepancies_of, facts_on, versions_of
from yihu.households.queries.lists import Page, Row, families, page
from yihu.households.queries.people import adults_without_consent, consents_on, members_on
from yihu.households.queries.search import Found, search
from yihu.households.queries.timeline import events_of, reads_of

__all__ = [
    "Discrepancy",
    "Found",
    "Page",
    "Row",
    "adults_without_consent",
    "consents_on",
    "discrepancies",
    "discrepancies_of",
    "events_of",
    "facts_on",
    "families",
    "members_on",
    "page",
    "reads_of",
    "search",
    "versions_of",
]
