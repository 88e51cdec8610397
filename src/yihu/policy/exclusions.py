"""Which help by the month nobody is paid twice: the packs say what excludes what, and a family's own counts each person
in one family alone.
"""

from datetime import date

from policy_engine import HelpForm, Programme, ProgrammeKind, Scope
from yihu.policy.packs import district_pack


def never_together(name: str, division: str, *, on: date) -> tuple[str, ...]:
    """The programmes of a division that are never paid for the same month for somebody whom this one counts,
    by the pack of a day.

    Of help for whole families the programme itself is among them: who is counted in one family is not in another.
    """
    known = district_pack(division, on).programmes
    own = known.get(name)
    if own is None or not _is_monthly(own):
        return ()
    return tuple(
        other.name
        for other in known.values()
        if _is_monthly(other)
        and (other.name in own.excluded_by or name in other.excluded_by or (other is own and own.of is Scope.HOUSEHOLD))
    )


def _is_monthly(programme: Programme) -> bool:
    return programme.kind is ProgrammeKind.MONTH and programme.form is HelpForm.MONEY
