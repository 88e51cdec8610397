"""Loads an opening balance: all of a list or nothing of it, and the same list again changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.models import Award, AwardTerm, OpeningImport
from yihu.awards.opening.checks import Check
from yihu.awards.opening.rows import BadRow, NewAward
from yihu.awards.opening.sheets import SheetRow, read_list
from yihu.awards.periods import RUNNING
from yihu.common.months import next_month
from yihu.common.refusals import Refused
from yihu.documents import actions as documents
from yihu.documents.content import TABLES, type_of
from yihu.documents.enums import DocumentKind
from yihu.households.actions import open_files
from yihu.organisations.models import Division

SHOWN_ROWS = 5
AT_ONCE = 2_000
MOST_DAYS_APART = 366


class BadRows(Refused):
    """Some rows are bad, so nothing was loaded; ``rows`` names each of them."""

    def __init__(self, rows: tuple[BadRow, ...]) -> None:
        shown = "；".join(str(row) for row in rows[:SHOWN_ROWS])
        super().__init__(
            _("名单里有 {count} 处要改，没有载入任何一行。{shown}{more}").format(
                count=len(rows), shown=shown, more="……" if len(rows) > SHOWN_ROWS else ""
            ),
            field="file",
        )
        self.rows = rows


@dataclass(frozen=True, slots=True)
class OpeningReport:
    """What came of a list. ``opening`` is None where nothing in it was new; amounts in fen a month.

    ``opened``: so many families were not on file; they stand in it now with their head alone.
    """

    opening: OpeningImport | None
    created: int
    already: int
    opened: int
    total: int


@transaction.atomic
def import_opening(
    *, content: bytes, name: str, division: Division, by: Actor, on: date, pays_from: date | None = None
) -> OpeningReport:
    """Take over running awards from a workbook or a CSV file. Raises BadRows, and Refused for what is no such list.

    From ``pays_from``, the first of a month, on they are paid here; None means the month after the import.
    What is there already, by the file or by the award, is counted and left as it is.
    """
    by.require(Capability.LOAD_OPENING_LISTS, _("载入在册名单"))
    by.require_area(division.path)
    pays_from = pays_from or usual_first_month(on)
    check_first_month(pays_from, on=on)
    # One list of a district at a time: the second of two who load the same one finds it loaded.
    Division.objects.select_for_update().get(pk=division.pk)
    digest = sha256(content).hexdigest()
    former = OpeningImport.objects.filter(document__sha256=digest, division=division).order_by("id").first()
    if former:
        return OpeningReport(former, created=0, already=former.awards_count, opened=0, total=0)
    type_of(content, taken=TABLES, name=name)
    check = Check(division=division, by=by, on=on)
    for portion in portions_of(read_list(content, name=name).rows):
        check.take(portion)
    if check.bad:
        raise BadRows(tuple(check.bad))
    if not check.awards:
        return OpeningReport(None, created=0, already=check.already, opened=0, total=0)
    total = sum(award.amount for award in check.awards)
    document = documents.keep(kind=DocumentKind.OPENING, name=name, content=content, division=division, by=by, on=on)
    opening = OpeningImport.objects.create(
        document=document,
        division=division,
        imported_on=on,
        imported_by_id=by.principal,
        awards_count=len(check.awards),
        total=total,
        pays_from=pays_from,
    )
    opened = _load(check.awards, opening, by, on)
    return OpeningReport(opening, created=len(check.awards), already=check.already, opened=opened, total=total)


def usual_first_month(on: date) -> date:
    """From which month on this register usually pays what it takes over on a day: the month after it."""
    return next_month(on)


def check_first_month(pays_from: date, *, on: date) -> None:
    """Refuse what is no first of a month, or lies further from a day than anybody would wait."""
    if pays_from.day != 1:
        raise Refused(_("起发月份要写成月份的 1 日，{day} 不是。").format(day=pays_from), field="pays_from")
    if abs((pays_from - on).days) > MOST_DAYS_APART:
        raise Refused(
            _("起发月份 {month:%Y-%m} 离载入的日期超过一年。请核对年份。").format(month=pays_from), field="pays_from"
        )


def portions_of(rows: list[SheetRow]) -> Iterator[list[SheetRow]]:
    """The rows in portions that are looked up together."""
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def _load(awards: list[NewAward], opening: OpeningImport, by: Actor, on: date) -> int:
    new = list({award.opens.identity_number: award.opens for award in awards if award.opens}.values())
    heads = dict(zip((file.identity_number for file in new), open_files(files=new, by=by, on=on), strict=True))

    def claim(award: NewAward) -> Award:
        household, person = award.household, award.person
        if award.opens:
            head = heads[award.opens.identity_number]
            household, person = head.household_id, head.pk if award.programme.of_member else None
        assert household is not None
        return Award(
            household_id=household,
            person_id=person,
            programme=award.programme.name,
            key=RUNNING,
            kind=award.programme.kind.value,
            form=award.programme.form.value if award.programme.form else "",
            pays_from=opening.pays_from,
        )

    who = by.principal

    def term(award: NewAward, claimed: Award) -> AwardTerm:
        return AwardTerm(
            award=claimed,
            # A claim that ran here before and is taken up again is owed from when this register pays it.
            period=Range(max(award.start, opening.pays_from) if award.claimed else award.start, None),
            amount=award.amount,
            mark=award.mark,
            opening=opening,
            granted_in_id=opening.division_id,
            known_on=on,
            made_by_id=who,
        )

    try:
        with transaction.atomic():
            fresh = [award for award in awards if award.claimed is None]
            made = Award.objects.bulk_create(map(claim, fresh), batch_size=AT_ONCE)
            claims = [*zip(fresh, made, strict=True), *((each, each.claimed) for each in awards if each.claimed)]
            AwardTerm.objects.bulk_create((term(*each) for each in claims), batch_size=AT_ONCE)
    except IntegrityError as error:
        raise Refused(_("载入时有人刚刚登记了其中的待遇，没有载入任何一行。请再载入一次。"), field="file") from error
    if len(awards) >= AT_ONCE:
        _look_again()
    return len(new)


def _look_again() -> None:
    """Let the planner see what was loaded: it would check each reference of the transaction by reading whole tables
    that were small when it last looked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_look_again()")
