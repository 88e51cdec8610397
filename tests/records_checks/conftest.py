"""A family that may be asked about, and folders to exchange files in."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from pytest_django import Settings

from tests import rooms
from yihu.access.actor import Actor, service
from yihu.access.scope import acting
from yihu.households import actions as households
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import Fact, Household, Person
from yihu.records_checks import actions
from yihu.records_checks.models import RecordsCheck, SourceRequest
from yihu.records_checks.sources import source_of

ON = rooms.ON
CASE = "XC-007-2026-0001"
COLLECTOR = service("exchange", "11/0102/", may=actions.EXCHANGES)
BALANCE, CARS, WAGE, PENSION = "存款余额合计（元）", "机动车辆数（残疾人代步车不计）", "月工资（元）", "月养老金（元）"
HEADINGS = ("请求号", "姓名", "身份证号", "是否查到", "数据截止日期")


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> Path:
    """The exchange and the papers of this test alone."""
    settings.EXCHANGE_ROOT = tmp_path / "exchange"
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return tmp_path / "exchange"


@pytest.fixture
def district(db: None) -> rooms.District:
    return rooms.make_district()


@dataclass(frozen=True)
class Setting:
    """A family of three whose adults have consented, and who asks about it."""

    district: rooms.District
    household: Household
    people: tuple[Person, ...]
    examiner: Actor

    @property
    def numbers(self) -> tuple[str, ...]:
        return (
            rooms.identity_number(date(1980, 5, 1), 1),
            rooms.identity_number(date(1982, 6, 2), 2),
            rooms.identity_number(date(2015, 9, 1), 4),
        )

    def ask(self, *sources: str, on: date = ON) -> RecordsCheck:
        """A round of questions, laid out."""
        with acting(self.examiner):
            check = actions.ask(
                household=self.household, people=self.people, subject=CASE, sources=sources, by=self.examiner, on=on
            )
        actions.send_questions(by=COLLECTOR, on=on)
        return check

    def rows(
        self, request: SourceRequest, *said: Mapping[str, object] | None, on: date = ON
    ) -> list[dict[str, object]]:
        """Rows of an answer: one for each person, None for who was not found."""
        blank = {column.title: "" for column in source_of(request.source).columns}
        return [
            {
                "请求号": request.number,
                "姓名": person.name,
                "身份证号": number,
                "是否查到": "否" if one is None else "是",
                "数据截止日期": on.isoformat(),
                **blank,
                **(one or {}),
            }
            for person, number, one in zip(self.people, self.numbers, said, strict=True)
        ]


@pytest.fixture
def family(district: rooms.District) -> Setting:
    return make_setting(district)


def make_setting(district: rooms.District, *, consents: bool = True) -> Setting:
    """The family, its adults' consents, and the examiner of its street."""
    with rooms.everywhere() as by:
        household = rooms.make_family(district.community, by=by)
        people = tuple(household.people.order_by("pk"))
        for person in people[:2] if consents else ():
            households.sign_consent(person=person, document=None, by=by, on=ON)
    return Setting(district, household, people, rooms.actor("street_examiner", district.street))


def declare(family: Setting, **values: int) -> None:
    """What the family says of itself, by the names of facts of one value."""
    with rooms.everywhere() as by:
        facts = [NewFact(name, {name: value}) for name, value in values.items()]
        households.record_facts(household=family.household, facts=facts, source=FactSource.DECLARED, by=by, on=ON)


def request_of(check: RecordsCheck, source: str) -> SourceRequest:
    """The question to one source."""
    with rooms.everywhere():
        return SourceRequest.objects.select_related("check_round").get(check_round=check, source=source)


def collect(on: date = ON) -> actions.Collected:
    """Take in whatever was dropped."""
    return actions.collect_answers(by=COLLECTOR, on=on)


def workbook(rows: Sequence[Mapping[str, object]], *, sheet: str = "核对") -> bytes:
    """Rows as Excel would save them; numbers stay numbers."""
    content = BytesIO()
    titles = list(dict.fromkeys(title for row in rows for title in row)) or list(HEADINGS)
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, titles)
        for at, row in enumerate(rows, 1):
            page.write_row(at, 0, [row.get(title, "") for title in titles])
    return content.getvalue()


def drop(root: Path, source: str, content: bytes, name: str = "答复.xlsx") -> Path:
    """Put a file into the answers, as if it had lain there for a while."""
    path = root / source / "answers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (0, 1_700_000_000))
    return path


def reasons(root: Path, source: str) -> str:
    """What the texts beside refused files say."""
    return "\n".join(path.read_text() for path in sorted((root / source / "refused").glob("*.txt")))


@contextmanager
def seen() -> Iterator[None]:
    """As someone who sees the whole district."""
    with rooms.everywhere():
        yield


def received(name: str = "") -> list[Fact]:
    """The facts that departments told, of that name or all."""
    with seen():
        facts = Fact.objects.filter(source=FactSource.RECEIVED).select_related("evidence", "person").order_by("pk")
        return list(facts.filter(name=name) if name else facts)
