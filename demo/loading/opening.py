"""Awards that ran before: they come in as the older books would hand them over, in a workbook a month."""

import io
from collections.abc import Iterator, Sequence
from datetime import date

import xlsxwriter

from demo.loading.register import Filed
from demo.loading.staff import Offices
from demo.story import Event
from yihu.access.scope import acting
from yihu.awards.opening.columns import Column
from yihu.awards.opening.loading import import_opening
from yihu.common.fen import yuan
from yihu.organisations.models import Division
from yihu.organisations.paths import district_of
from yihu.policy.everyone import given_to
from yihu.policy.labels import programme_title

COLUMNS = (Column.HOUSEHOLD, Column.PERSON_NUMBER, Column.PROGRAMME, Column.AMOUNT, Column.MARK, Column.START)


def take_over(offices: Offices, community: str, families: Sequence[tuple[Filed, Event]], *, month: date) -> None:
    """Take over what began in a month; the amounts are what the rules give by what is known of the families."""
    if not families:
        return
    by = offices.at("district_officer", community).actor
    with acting(by, origin="示范"):
        import_opening(
            content=_workbook(list(_rows(families, month))),
            name=f"在册名单 {month:%Y-%m}.xlsx",
            division=Division.objects.get(pk=district_of(community)),
            by=by,
            on=month,
            pays_from=month,
        )


def _rows(families: Sequence[tuple[Filed, Event]], month: date) -> Iterator[tuple[str, ...]]:
    for programme in sorted({event.programme for _filed, event in families if event.programme}):
        mine = [(filed, event.member) for filed, event in families if event.programme == programme]
        ids = {filed.household.pk for filed, _member in mine}
        given = given_to(ids, programme=programme, on=month, known_on=month, held={})
        found = {(each.household, each.person): each for each in given}
        for filed, member in mine:
            each = found[filed.household.pk, None if member is None else filed.people[member].pk]
            if not each.amount:
                raise LookupError(f"{filed.household.number} 的{programme}算不出金额")
            number = "" if member is None else filed.story.family.members[member].person.identity_number
            plain = yuan(each.amount).replace(",", "")
            yield filed.household.number, number, programme_title(programme), plain, each.mark, f"{month:%Y-%m}"


def _workbook(rows: Sequence[tuple[str, ...]]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("在册")
        sheet.write_row(0, 0, [column.value for column in COLUMNS])
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, row)
    return written.getvalue()
