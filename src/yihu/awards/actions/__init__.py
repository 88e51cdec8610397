"""What is done with awards: granted, stopped, proposed, delivered, taken over."""

from yihu.awards.actions.delivering import deliver, receive, refuse
from yihu.awards.actions.granting import grant, stop
from yihu.awards.actions.proposing import (
    Decided,
    accept_proposal,
    accept_proposals,
    decline_proposals,
    reopen_proposals,
)
from yihu.awards.opening.loading import BadRows, OpeningReport, import_opening

__all__ = [
    "BadRows",
    "Decided",
    "OpeningReport",
    "accept_proposal",
    "accept_proposals",
    "decline_proposals",
    "deliver",
    "grant",
    "import_opening",
    "receive",
    "refuse",
    "reopen_proposals",
    "stop",
]
