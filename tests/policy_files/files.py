"""Writes the files that the tests read: families given as texts, in each format."""

import csv
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import xlsxwriter

Row = Mapping[str, object]

HOUSEHOLD = {
    "monetary_assets": "0",
    "homes": "1",
    "non_residential": "0",
    "cars": "0",
    "has_heating": "否",
    "emergency_need": "0",
    "current_awards": "无",
}
MEMBER = {
    "birth_date": "1980-06-15",
    "relation": "户主",
    "hukou": "110102",
    "counted_member": "是",
    "disabilities": "无",
    "wage": "0",
    "business_income": "0",
    "property_income": "0",
    "pension": "0",
    "transfer_income": "0",
    "serious_illness": "否",
    "medical_self_paid": "0",
    "school_stage": "不在学",
    "tuition": "0",
}


def household(number: str, **facts: object) -> dict[str, object]:
    """A row of the households' table."""
    return {"household": number, **HOUSEHOLD, **facts}


def member(household: str, person: str, **facts: object) -> dict[str, object]:
    """A row of the members' table."""
    return {"household": household, "person": person, **MEMBER, **facts}


def three_adults(number: str = "A", wage: object = "1894.00", **facts: object) -> tuple[list[Row], list[Row]]:
    """The family of three with a monthly income of 1,894 yuan."""
    return [household(number, **facts)], [
        member(number, f"{number}1", wage=wage),
        member(number, f"{number}2", relation="配偶"),
        member(number, f"{number}3", relation="子"),
    ]


def several(*families: tuple[list[Row], list[Row]]) -> tuple[list[Row], list[Row]]:
    """Families one after the other."""
    return [row for rows, _members in families for row in rows], [row for _rows, rows in families for row in rows]


def write_csv(folder: Path, households: Sequence[Row], members: Sequence[Row], encoding: str = "utf-8") -> Path:
    """The two CSV files of a folder."""
    folder.mkdir(exist_ok=True)
    for name, rows in (("households", households), ("members", members)):
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_parquet(folder: Path, households: Sequence[Row], members: Sequence[Row]) -> Path:
    """The two Parquet files of a folder, every column typed by its values."""
    folder.mkdir(exist_ok=True)
    for name, rows in (("households", households), ("members", members)):
        columns = {key: pa.array([row[key] for row in rows]) for key in rows[0]}
        parquet.write_table(pa.table(columns), folder / f"{name}.parquet")
    return folder


def write_xlsx(path: Path, households: Sequence[Row], members: Sequence[Row]) -> Path:
    """A workbook; texts stay texts, numbers numbers."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in (("家庭", households), ("成员", members)):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, list(rows[0]))
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row.values()):
                    if hasattr(value, "year"):
                        sheet.write_datetime(number, column, value, day)
                    elif isinstance(value, Decimal):
                        sheet.write_number(number, column, float(value))
                    else:
                        sheet.write(number, column, value)
    return path


def read_results(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV of results."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def run(*arguments: object, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, as a person runs it."""
    return subprocess.run(
        [sys.executable, "-m", "policy_files.cli", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False,
    )  # fmt: skip
