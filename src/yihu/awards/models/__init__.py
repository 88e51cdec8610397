"""The tables of what families receive: claims and their terms, deliveries, proposals, the opening balance."""

from yihu.awards.models.claims import LONGEST_MARK, Award, AwardTerm, AwardTermQuerySet
from yihu.awards.models.openings import OpeningImport, OpeningList

__all__ = ["LONGEST_MARK", "Award", "AwardTerm", "AwardTermQuerySet", "OpeningImport", "OpeningList"]
