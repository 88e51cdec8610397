"""What is done with awards: granted, stopped, taken over."""

from yihu.awards.actions.granting import grant, stop
from yihu.awards.opening.loading import BadRows, OpeningReport, import_opening

__all__ = ["BadRows", "OpeningReport", "grant", "import_opening", "stop"]
