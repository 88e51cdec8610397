"""The tables of what families receive: claims and their terms, deliveries, proposals, the opening balance."""

from yihu.awards.models.claims import LONGEST_MARK, Award, AwardTerm, AwardTermQuerySet
from yihu.awards.models.deliveries import MOST_AT_ONCE, Delivery
from yihu.awards.models.openings import OpeningImport, OpeningList
from yihu.awards.models.proposals import CalendarLook, Proposal, ProposalQuerySet

__all__ = [
    "LONGEST_MARK",
    "MOST_AT_ONCE",
    "Award",
    "AwardTerm",
    "AwardTermQuerySet",
    "CalendarLook",
    "Delivery",
    "OpeningImport",
    "OpeningList",
    "Proposal",
    "ProposalQuerySet",
]
