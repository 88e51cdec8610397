"""Reads what a source answered. A file is taken whole or not at all; whatever is wrong in it is named by its cell."""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yihu.common import identity_numbers, names
from yihu.common.refusals import Refused
from yihu.common.secrets import Kind, digest
from yihu.documents.tables import Table, column_in, only_table
from yihu.households.models import Person
from yihu.organisations.counties import Counties
from yihu.records_checks.enums import RequestState
from yihu.records_checks.models import SourceRequest
from yihu.records_checks.questions import AS_OF, FOUND, IDENTITY, NAME, NEEDED, NUMBER
from yihu.records_checks.sources import Source
from yihu.records_checks.sources.columns import Kind as Written
from yihu.records_checks.sources.columns import parse_day, parse_flag

MOST_FAULTS = 100
# Years after which data are not of today, nor are they likely meant to be.
OLDEST = 5


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """What a source says of one person, by the keys of its columns; a key that is missing was left blank."""

    row: int
    person: Person
    found: bool
    data_as_of: date
    said: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RequestAnswer:
    """The answer to one request: each person who was asked about, once; ``columns`` are the keys that its file has."""

    request: SourceRequest
    people: tuple[PersonAnswer, ...]
    columns: frozenset[str]

    @property
    def data_as_of(self) -> date:
        """How old the oldest of it is."""
        return min(answer.data_as_of for answer in self.people)


class BadFile(Exception):
    """A file that cannot be taken; ``faults`` say where, what and how to mend it, a line each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """The table of an answer as it was sent."""

    source: Source
    table: Table

    @classmethod
    def read(cls, source: Source, content: bytes, *, name: str) -> "AnswerFile":
        """The table with its headings checked. Raises BadFile."""
        try:
            known = [*NEEDED, NAME, *(column.title for column in source.columns)]
            table = only_table(content, name=name, known=known, needed=NEEDED)
        except Refused as refused:
            raise BadFile(refused.message.splitlines()) from None
        faults = [
            _("第 {row} 行“{title}”不是{source}的列。请用提请文件里的表头，或删去这一列。").format(
                row=table.heading_row, title=title, source=source.label
            )
            for title in table.headings
            if title and title not in known
        ]
        if not {column.title for column in source.columns}.intersection(table.headings):
            faults.append(_("一列答复的内容也没有。请用提请文件填写。"))
        if not faults and not table.rows:
            faults.append(_("只有表头，没有内容。请每人填写一行。"))
        if faults:
            raise BadFile(faults)
        return cls(source, table)

    def request_ids(self) -> set[int]:
        """The requests that it names, as far as their numbers can be read."""
        return {pk for _row, cells in self.table.texts() if (pk := _request_id(cells[NUMBER])) is not None}

    def answers(
        self, requests: Mapping[int, SourceRequest], people: Mapping[int, Person], *, on: date
    ) -> list[RequestAnswer]:
        """The answer to each request, in the order of the requests. Raises BadFile with all that is wrong.

        ``requests`` and ``people`` by their numbers: those that the file may speak of.
        """
        faults: list[str] = []
        found: dict[int, list[PersonAnswer]] = defaultdict(list)
        rows: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        counties = Counties() if any(each.kind is Written.DIVISION for each in self.source.columns) else None
        for row, cells in self.table.texts():
            pk = _request_id(cells[NUMBER])
            request = None if pk is None else requests.get(pk)
            if request is None:
                why = _("没有向{source}提过“{number}”。请按提请文件填写请求号。")
                faults.append(self._fault(row, NUMBER, why, source=self.source.label, number=cells[NUMBER]))
                continue
            person = self._person(row, cells, [people[pk] for pk in request.check_round.people if pk in people], faults)
            if person:
                rows[request.pk][person.pk].append(row)
            answer = self._answer(row, cells, person, faults, counties, on=on)
            if answer:
                found[request.pk].append(answer)
        for pk, by_person in rows.items():
            faults += _faults_of_state(requests[pk])
            faults += _faults_of_people(requests[pk], by_person, people)
        if faults:
            raise BadFile(faults)
        columns = frozenset(each.key for each in self.source.columns if each.title in self.table.headings)
        return [RequestAnswer(requests[pk], tuple(found[pk]), columns) for pk in sorted(found)]

    def extract(self, rows: Collection[int]) -> bytes:
        """Some rows as a table of their own: a family's file holds nothing of another family."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self.table.headings)
        writer.writerows(cells.values() for row, cells in self.table.texts() if row in rows)
        return text.getvalue().encode("utf-8-sig")

    def _answer(
        self,
        row: int,
        cells: Mapping[str, str],
        person: Person | None,
        faults: list[str],
        counties: Counties | None,
        *,
        on: date,
    ) -> PersonAnswer | None:
        before = len(faults)
        is_found, data_as_of = None, None
        try:
            is_found = parse_flag(cells[FOUND])
        except Refused as refused:
            faults.append(self._fault(row, FOUND, refused.message))
        try:
            data_as_of = parse_day(cells[AS_OF])
            if data_as_of > on:
                why = _("{day} 晚于今天 {on}。请填写数据实际截止的日期。")
                faults.append(self._fault(row, AS_OF, why, day=data_as_of, on=on))
            if data_as_of.year < on.year - OLDEST:
                why = _("{day} 是 {years} 年多以前，多半写错了年份。请核对。")
                faults.append(self._fault(row, AS_OF, why, day=data_as_of, years=OLDEST))
        except Refused as refused:
            faults.append(self._fault(row, AS_OF, refused.message))
        said = self._said(row, cells, faults, counties, on=data_as_of or on)
        faults += self._impossible_days(row, said, person, on=data_as_of or on)
        if is_found is False and said:
            why = _("填了“否”，后面却有内容。查到的请改为“是”，没有查到的清空后面各列。")
            faults.append(self._fault(row, FOUND, why))
        if is_found and not said and len(faults) == before:
            why = _("填了“是”，后面却是空的。请填写查到的内容；没有的写 0。")
            faults.append(self._fault(row, FOUND, why))
        if len(faults) > before or person is None or is_found is None or data_as_of is None:
            return None
        return PersonAnswer(row, person, is_found, data_as_of, said)

    def _person(self, row: int, cells: Mapping[str, str], asked: Sequence[Person], faults: list[str]) -> Person | None:
        number = identity_numbers.normalise(cells[IDENTITY])
        if "E+" in number:
            why = _("号码被 Excel 改成了数字，后几位已经丢失。请把这一列设为文本，再从提请文件粘贴。")
            faults.append(self._fault(row, IDENTITY, why))
            return None
        key = digest(Kind.IDENTITY, number)
        person = next((each for each in asked if each.identity_digest and bytes(each.identity_digest) == key), None)
        if person is None:
            why = _("“{number}”不在请求 {request} 里。请对照提请文件。")
            faults.append(self._fault(row, IDENTITY, why, number=_masked(number), request=cells[NUMBER]))
        elif cells.get(NAME) and names.normalise(cells[NAME]) != person.name:
            why = _("“{name}”与提请的姓名不一致，可能错了行。请对照提请文件。")
            faults.append(self._fault(row, NAME, why, name=cells[NAME]))
        return person

    def _said(
        self, row: int, cells: Mapping[str, str], faults: list[str], counties: Counties | None, *, on: date
    ) -> dict[str, int]:
        said = {}
        for column in self.source.columns:
            text = cells.get(column.title, "")
            if text:
                try:
                    said[column.key] = column.parse(text)
                except Refused as refused:
                    faults.append(self._fault(row, column.title, refused.message))
                    continue
                if counties is not None and column.kind is Written.DIVISION:
                    # A code that was in use once is understood as what it became.
                    present = counties.now(str(said[column.key]), on=on)
                    if present is None:
                        why = _("没有代码为“{code}”的区县，现在没有，以前也没有。请向{source}核实，改正后再交。")
                        faults.append(self._fault(row, column.title, why, code=text, source=self.source.label))
                        continue
                    said[column.key] = int(present)
        if said:
            said |= {
                each.key: each.blank
                for each in self.source.columns
                if each.key not in said and each.blank is not None and not cells.get(each.title)
            }
        return said

    def _impossible_days(self, row: int, said: Mapping[str, int], person: Person | None, *, on: date) -> list[str]:
        """What happened before the person was born, or after the day of the data."""
        faults = []
        for column in self.source.columns:
            if column.kind is not Written.DATE or column.key not in said:
                continue
            day = column.text(said[column.key])
            if day > on.isoformat():
                why = _("{day} 晚于数据截止日期 {on}。请核对。")
                faults.append(self._fault(row, column.title, why, day=day, on=on))
            if person and day < person.birth_date.isoformat():
                why = _("{day} 早于{name}的出生日期 {born}。请核对。")
                faults.append(self._fault(row, column.title, why, day=day, name=person.name, born=person.birth_date))
        return faults

    def _fault(self, row: int, column: str, why: str, **values: object) -> str:
        sheet = _("工作表“{sheet}”").format(sheet=self.table.sheet) if self.table.sheet else ""
        place = _("第 {row} 行“{column}”：").format(row=row, column=column)
        return f"{sheet}{place}{why.format(**values) if values else why}"


def requests_named(content: bytes, *, name: str) -> set[int]:
    """The requests that a file names, whatever else is wrong with it; none where it cannot be read."""
    written = column_in(content, name=name, heading=NUMBER)
    return {pk for number in written if (pk := _request_id(number)) is not None}


def _request_id(number: str) -> int | None:
    digits = number.strip().upper().removeprefix("HD")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None


def _masked(number: str) -> str:
    return identity_numbers.mask(number) if len(number) == identity_numbers.LENGTH else number


def _faults_of_state(request: SourceRequest) -> list[str]:
    if request.state == RequestState.ANSWERED:
        why = _("请求 {number} 已于 {day} 答复。答复有误的，请告知民政部门重新提请；其余的请删去这几行再交。")
        return [why.format(number=request.number, day=request.answered_on)]
    return []


def _faults_of_people(
    request: SourceRequest, rows: Mapping[int, Sequence[int]], people: Mapping[int, Person]
) -> list[str]:
    faults = []
    for pk, at in rows.items():
        if len(at) > 1:
            why = _("请求 {number} 里的{name}答复了不止一次，在第 {rows} 行。请只留一行。")
            listed = "、".join(map(str, at))
            faults.append(why.format(number=request.number, name=people[pk].name, rows=listed))
    missing = [people[pk].name for pk in request.check_round.people if pk in people and pk not in rows]
    if missing:
        why = _("请求 {number} 缺{names}的答复。没有查到的也请写一行，“是否查到”填“否”。")
        faults.append(why.format(number=request.number, names="、".join(missing)))
    return faults
