"""Keeps in mind the files that were not taken, until somebody at the desk has seen to each.

A later file that is taken settles none by itself: the refused one may have named other requests by numbers that nobody
could read, or have mended an answer that was taken before. Its page says how its requests stand.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import because
from yihu.common import identity_numbers
from yihu.common.refusals import Refused
from yihu.households.queries import kept_households
from yihu.organisations.models import Division
from yihu.organisations.paths import parent_of
from yihu.records_checks.answers import MOST_FAULTS, requests_named
from yihu.records_checks.exchange import Dropped
from yihu.records_checks.models import RefusedFile, SourceRequest
from yihu.records_checks.sources import Source

# A cell that is quoted may hold a page of text.
LONGEST_FAULT = 300


def keep_refused(*, source: Source, file: Dropped, name: str, faults: Sequence[str], by: Actor, on: date) -> None:
    """Note that a file was not taken, and why: one row, or one for each district that it may concern.

    The same file again, or a second run after a kill, adds none as long as the first is not settled.
    """
    by.require(Capability.EXCHANGE_FILES, _("登记没有采用的文件"))
    named = SourceRequest.objects.filter(pk__in=requests_named(file.content, name=name)).order_by("pk")
    requests = list(named.select_related("check_round__household"))
    households = {request.check_round.household for request in requests}
    lie_in = smallest_divisions({household.division_id for household in households})
    RefusedFile.objects.bulk_create(
        [
            RefusedFile(
                source=source.name,
                name=identity_numbers.mask_within(name),
                sha256=file.digest,
                division=division,
                requests=[request.pk for request in requests],
                households=sorted(household.pk for household in households),
                faults=[_shown(fault) for fault in faults[:MOST_FAULTS]],
                faults_count=len(faults),
                refused_on=on,
            )
            for division in Division.objects.filter(path__in=lie_in or by.areas).order_by("path")
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def settle_refused(*, file: RefusedFile, reason: str, by: Actor, on: date) -> RefusedFile:
    """Somebody has seen to a file that was not taken, and says how. Raises Refused."""
    by.require(Capability.SETTLE_ANSWER_FILES, _("处理没有采用的答复文件"))
    found = RefusedFile.objects.select_for_update().filter(pk=file.pk).first()
    if found is None or not by.reaches(found.division_id):
        raise Refused(_("这份文件不在您负责的区域内。"))
    if not kept_households(by, on=on).keys().isdisjoint(found.households):
        raise Refused(_("这份文件里有您近亲属的家庭，须由其他人处理。"))
    if found.settled_on is not None:
        raise Refused(_("这份文件已于 {day} 处理，不用再注明。").format(day=found.settled_on))
    if not reason.strip():
        raise Refused(_("请写明怎样处理的。"), field="reason")
    found.settled_on, found.settled_by_id, found.settled_note = on, by.principal, reason.strip()
    with because(reason.strip()):
        found.save(update_fields=["settled_on", "settled_by", "settled_note"])
    return found


def smallest_divisions(communities: set[str]) -> list[str]:
    """The path of the smallest division that holds all these; of their districts where none does."""
    places = sorted(communities)
    for _level in ("street", "district"):
        if len(places) < 2:
            break
        places = sorted({parent_of(place) for place in places})
    return places


def _shown(fault: str) -> str:
    # What the database cannot hold is no reason to leave the file unmentioned.
    plain = identity_numbers.mask_within(fault.replace("\0", ""))
    return plain if len(plain) <= LONGEST_FAULT else f"{plain[:LONGEST_FAULT]}……"
