"""The papers that a case asks of the family, and which of them are there."""

from dataclasses import dataclass
from datetime import date

from yihu.cases.case import Case
from yihu.cases.procedures import Standing
from yihu.households import queries as households
from yihu.households.models import Paper as FiledPaper
from yihu.households.models import Person
from yihu.policy.procedures import SignedBy


@dataclass(frozen=True, slots=True)
class PaperState:
    """One paper that the family has to bring, and whether it is there. ``lacking`` names who has not signed yet;
    ``may_follow``: the case is admitted without it, and asks for it later.
    """

    key: str
    label: str
    clause: str
    each_adult: bool
    present: bool
    may_follow: bool
    lacking: tuple[Person, ...]
    filed: tuple[FiledPaper, ...]


def paper_subject(case: Case, key: str) -> str:
    """How a paper of a case is marked in the family's file."""
    return f"{case.number}/{key}"


def papers_of(standing: Standing, *, on: date) -> list[PaperState]:
    """The papers that the procedure asks of this family, and which of them are there."""
    case = standing.case
    filed: dict[str, list[FiledPaper]] = {}
    papers = FiledPaper.objects.filter(subject__startswith=f"{case.number}/").select_related("document", "person")
    for paper in papers.order_by("id"):
        filed.setdefault(paper.subject, []).append(paper)
    unsigned = tuple(households.adults_without_consent(case.household, on))
    found = []
    for asked in standing.procedure.asked_papers(standing.circumstances):
        here = tuple(filed.get(paper_subject(case, asked.key), ()))
        each = asked.signed_by is SignedBy.EACH_ADULT
        lacking = unsigned if each else ()
        present = not lacking if each else bool(here)
        later = bool(asked.may_follow & standing.circumstances)
        found.append(PaperState(asked.key, asked.label, asked.clause, each, present, later, lacking, here))
    return found
