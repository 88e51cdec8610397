"""What a letter of a case says, from the packs; the room of letters sets it into its frame."""

from collections.abc import Mapping
from datetime import date

from policy_engine import Scope
from policy_procedures.letters import About, letter_text
from policy_procedures.words import Letter
from yihu.policy.labels import programme_of
from yihu.policy.packs import pack_name


def paragraphs_of(letter: str, *, programme: str, division: str, on: date, values: Mapping[str, str]) -> list[str]:
    """The paragraphs of a letter of that day about a programme, as a division has it. An empty value is not known.

    Raises Refused for a programme that the district has not, KeyError for a blank that the caller does not fill, and
    NoLetter where no text is written: ``yihu policy check`` finds that beforehand.
    """
    label = programme_of(programme, division)
    about = About(label.kind, label.form, Scope.MEMBER if label.of_member else Scope.HOUSEHOLD)
    said = {"programme": label.title, "form": label.form_text, "opens": label.opens, **values}
    return letter_text(pack_name(division, on), Letter(letter), on).told(about, said)
