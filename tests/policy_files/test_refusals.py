"""What is wrong with a file or an argument as a whole is said in one sentence; nothing is written."""

import errno
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.policy_files.conftest import Yihu
from tests.policy_files.files import run, three_adults, write_csv, write_parquet, write_xlsx


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with one family."""
    return write_csv(tmp_path / "in", *three_adults())


ARGUMENTS = [
    (("--on", "2020-8"), "“2020-8”不是日期"),
    (("--on", "2012-12-31"), "2013-01-01"),
    (("--pack", "xichng"), "没有政策包“xichng”；有：beijing、cn"),
    (("--set", "subsistence_standrd=1"), "是不是“subsistence_standard”"),
    (("--set", "qqq=1"), "可以设的有："),
    (("--set", "subsistence_standard"), "名称=数"),
    (("--set", "subsistence_standard=1.001"), "最多两位小数"),
    (("--set", "subsistence_standard=多"), "须为元"),
    (("--set", "subsistence_standard=1", "--set", "subsistence_standard=2"), "给了两次"),
    (("--set", "category_supplement=1"), "是一张表"),
    (("--out", "out.txt"), "须以 .xlsx、.csv、.parquet 结尾"),
    (("--out", "nowhere/out.csv"), "没有文件夹"),
    (("--explain", "Z"), "没有户号“Z”"),
    (("--explain", "A", "--out", "-"), "只能要一样"),
]


@pytest.mark.parametrize(("arguments", "why"), ARGUMENTS)
def test_an_argument_that_cannot_be_used(
    tmp_path: Path, source: Path, yihu: Yihu, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = yihu("assess", source, "--on", "2020-06-01", *arguments)

    assert said.code == 2
    assert why in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == [source]


def test_neither_file_nor_template(yihu: Yihu) -> None:
    assert yihu("assess").code == 2


def test_a_misspelt_heading_does_not_vanish(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults()
    wrong = [{("disabilitys" if key == "tuition" else key): value for key, value in row.items()} for row in members]
    said = yihu("assess", write_csv(tmp_path / "in", households, wrong), "--on", "2020-06-01")

    assert said.code == 2
    assert "members.csv：不认识的表头“disabilitys”；是不是“disabilities”" in said.err
    assert "members.csv：缺少必填的列“学费（年）”（tuition）" in said.err


def test_a_heading_of_the_other_table_is_named(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults()
    said = yihu("assess", write_csv(tmp_path / "in", [{**households[0], "wage": 1}], members))

    assert "“wage”是成员表的列" in said.err


def test_a_heading_twice_as_label_and_name(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults(货币财产="5")
    said = yihu("assess", write_csv(tmp_path / "in", households, members), "--on", "2020-06-01")

    assert said.code == 2
    assert "表头“monetary_assets”和“货币财产”是同一项" in said.err


def test_a_column_without_heading_must_be_empty(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults(**{" ": ""})
    assert yihu("assess", write_csv(tmp_path / "in", households, members), "--on", "2020-06-01").code == 0

    households, members = three_adults(**{" ": "7"})
    said = yihu("assess", write_csv(tmp_path / "in", households, members), "--on", "2020-06-01")
    assert said.code == 2
    assert "第 9 列有内容但没有表头" in said.err


def test_files_that_are_missing_doubled_or_of_another_kind(tmp_path: Path, source: Path, yihu: Yihu) -> None:
    assert "没有这个文件" in yihu("assess", tmp_path / "none.xlsx").err
    assert "须为 .xlsx 工作簿" in yihu("assess", _touched(tmp_path / "a.doc")).err
    assert "不是能读的工作簿" in yihu("assess", _touched(tmp_path / "a.xlsx")).err
    assert "的文件夹" in yihu("assess", source / "members.csv").err
    write_parquet(source, *three_adults())
    assert "同时有 households.csv、households.parquet" in yihu("assess", source).err
    (source / "households.csv").unlink()
    (source / "households.parquet").unlink()
    assert "没有 households.csv，也没有 households.parquet" in yihu("assess", source).err


def _touched(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def test_a_damaged_parquet_file_and_a_column_of_lists(tmp_path: Path, yihu: Yihu) -> None:
    folder = write_parquet(tmp_path / "in", *three_adults())
    table = parquet.read_table(folder / "members.parquet")
    lists = table.set_column(table.schema.get_field_index("wage"), "wage", pa.array([[1], [2], [3]]))
    parquet.write_table(lists, folder / "members.parquet")
    said = yihu("assess", folder, "--on", "2020-06-01")
    assert (said.code, "读不了" in said.err) == (2, True)

    (folder / "members.parquet").write_bytes(b"PAR1 nothing")
    said = yihu("assess", folder, "--on", "2020-06-01")
    assert (said.code, "members.parquet 读不了" in said.err) == (2, True)


def test_a_workbook_without_the_sheet_or_without_rows(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults()
    book = write_xlsx(tmp_path / "in.xlsx", households, members)
    assert yihu("assess", book, "--on", "2020-06-01").code == 0
    blank = write_csv(tmp_path / "blank", [dict.fromkeys(households[0], "")], members)
    assert "没有家庭" in yihu("assess", blank).err


def test_an_empty_csv(tmp_path: Path, source: Path, yihu: Yihu) -> None:
    (source / "households.csv").write_bytes(b"")

    assert "households.csv 是空的" in yihu("assess", source).err


def test_more_rows_than_a_sheet_holds_are_refused_before_any_work(
    tmp_path: Path, source: Path, yihu: Yihu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy_files.assess.MOST_SHEET_ROWS", 5)
    monkeypatch.setattr("policy_files.assess.assess_part", lambda *_arguments: pytest.fail("did work"))
    said = yihu("assess", source, "--on", "2020-06-01", "--out", tmp_path / "out.xlsx")

    assert said.code == 2
    assert "请写成 .csv 或 .parquet" in said.err


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_a_disk_that_is_full_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, source: Path, yihu: Yihu, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    out = tmp_path / f"out.{suffix}"
    out.write_text("old")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    said = yihu("assess", source, "--on", "2020-06-01", "--out", out)

    assert said.code == 2
    assert "No space left on device" in said.err
    assert out.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == sorted([source, out])


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_a_real_disk_that_is_full(tmp_path: Path, source: Path, suffix: str) -> None:
    """A process that may write no more than 100 bytes into a file."""
    out = tmp_path / f"out.{suffix}"
    limited = (
        "import resource, signal, sys; from policy_files.cli import main;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); sys.exit(main(sys.argv[1:]))"
    )
    said = subprocess.run(
        [sys.executable, "-c", limited, "assess", source, "--on", "2020-06-01", "--out", out],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 2, said.stderr
    assert "写不了" in said.stderr
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == [source]


def test_the_file_read_is_never_written_to(tmp_path: Path, yihu: Yihu) -> None:
    book = write_xlsx(tmp_path / "in.xlsx", *three_adults())

    assert yihu("assess", book, "--on", "2020-06-01", "--out", book).code == 2


def test_the_command_as_a_process_of_its_own(source: Path) -> None:
    said = run("assess", source, "--on", "2020-06-01")
    assert said.returncode == 0
    assert '"1406.00"' in said.stdout
    assert run("assess", source, "--oon").returncode == 2
