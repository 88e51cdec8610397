"""The other departments, which find a question in their folder and drop an answer into it, as their people do."""

import csv
import io
import os
import time
from collections.abc import Mapping
from datetime import date

from python_calamine import CalamineWorkbook

from yihu.organisations.queries import service_everywhere
from yihu.records_checks import exchange
from yihu.records_checks.actions import EXCHANGES, collect_answers, send_questions
from yihu.records_checks.questions import AS_OF, FOUND, SHEET
from yihu.records_checks.sources import SOURCES

# By source and person, what stands in the columns that are theirs; "" is everybody of whom nothing else is said.
Known = Mapping[str, Mapping[str, Mapping[str, str]]]


def answer_everything(known: Known, *, on: date, as_of: date) -> int:
    """What the worker does every minute, with the departments at work in between; how many files were taken in."""
    service = service_everywhere("exchange", may=EXCHANGES)
    send_questions(by=service, on=on)
    for source in SOURCES:
        for question in sorted(exchange.folder(source.name, exchange.QUESTIONS).iterdir()):
            # Whoever is found has nothing else: a family's sum is not known where anything is left blank.
            none = {column.title: "0" for column in source.columns if column.of_household}
            said = {name: {**none, **cells} for name, cells in known.get(source.name, {}).items()}
            filled = _filled(question.read_bytes(), said, as_of)
            dropped = exchange.folder(source.name, exchange.ANSWERS) / f"答复-{question.stem}.csv"
            dropped.write_bytes(filled)
            # A file that was written just now may not be whole yet.
            long_ago = time.time() - 60
            os.utime(dropped, (long_ago, long_ago))
    collected = collect_answers(by=service, on=on)
    assert not collected.refused
    return len(collected.taken)


def _filled(question: bytes, people: Mapping[str, Mapping[str, str]], as_of: date) -> bytes:
    titles, *rows = CalamineWorkbook.from_filelike(io.BytesIO(question)).get_sheet_by_name(SHEET).to_python()
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [str(title) for title in titles], restval="")
    writer.writeheader()
    for row in rows:
        person = dict(zip(map(str, titles), map(str, row), strict=True))
        said = people.get(person["姓名"], people.get("", {}))
        writer.writerow({**person, **said, FOUND: "是" if said else "否", AS_OF: as_of.isoformat()})
    return text.getvalue().encode("utf-8-sig")
