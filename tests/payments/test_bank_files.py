"""The file that the bank gets: its bytes, its sums, and what it refuses to write."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from tests import many
from tests.payments.conftest import AUGUST, SEPTEMBER, Office, award, families, give_accounts
from yihu.common import secrets
from yihu.common.refusals import Refused
from yihu.documents import storage
from yihu.documents.models import Document
from yihu.payments import actions, bank_format, bank_profiles, queries
from yihu.payments.bank_format import Order, Payment
from yihu.payments.bank_profiles import BadProfile, Profile, profile_of
from yihu.payments.models import Account, BankFile, PaymentRun

CSV, FIXED = "csv_utf8", "fixed_gb18030"
ORDER = Order(run="FF202609-00001", programme="低保", month=SEPTEMBER, pay_on=date(2026, 9, 10))
ONE = Payment("9550000000000001", "贾一鸣", "某某银行", 161_600, "202609低保", "XC-007-000001", "贾一鸣")
TWO = Payment("9550000000000002", "𠮷氏", "某某银行", 5, "202609低保", "XC-007-000002", "𠮷氏")


@pytest.fixture
def run(office: Office) -> PaymentRun:
    """An approved run of three families, one of which is made up for a month."""
    one, *others = families(3)
    award([one], 161_600, start=AUGUST)
    award(others, [67_005, 1])
    return office.pay(SEPTEMBER)


def test_a_table_with_titles_and_a_sum() -> None:
    content = bank_format.write(profile_of(CSV), ORDER, [ONE, TWO])

    assert content.decode("utf-8-sig") == (
        "序号,账号,户名,开户银行,金额（元）,摘要,户号\r\n"
        "1,9550000000000001,贾一鸣,某某银行,1616.00,202609低保,XC-007-000001\r\n"
        "2,9550000000000002,𠮷氏,某某银行,0.05,202609低保,XC-007-000002\r\n"
        "合计,2,,,1616.05,20260910,FF202609-00001\r\n"
    )
    assert content.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == 4


def test_fixed_widths_count_bytes() -> None:
    content = bank_format.write(profile_of(FIXED), ORDER, [ONE, TWO])

    lines = content.split(b"\r\n")
    assert [len(line) for line in lines] == [146, 146, 146, 146, 0]
    assert lines[0].startswith(b"HFF202609-00001 ")
    assert lines[0][41:].rstrip() == b"2026091000000002000000000161605"
    # Three characters of two bytes each; then one of four, past the two-byte range, and one of two.
    assert lines[1][:101].rstrip() == b"D000000019550000000000001".ljust(41) + bytes.fromhex("BCD6D2BBC3F9")
    assert lines[1][101:116] == b"000000000161600"
    assert lines[2][41:47] == bytes.fromhex("9534B235CACF")
    assert lines[3].rstrip() == b"T00000002000000000161605"


@pytest.mark.parametrize("profile", [CSV, FIXED])
@settings(deadline=None)
@given(amounts=st.lists(st.integers(1, 10**11), min_size=0, max_size=30))
def test_the_bytes_hold_what_was_to_be_paid(profile: str, amounts: list[int]) -> None:
    payments = [replace(TWO, amount=amount) for amount in amounts]
    content = bank_format.write(profile_of(profile), ORDER, payments)

    assert bank_format.sums_in(profile_of(profile), content) == (len(amounts), sum(amounts))
    assert content == bank_format.write(profile_of(profile), ORDER, payments)


@pytest.mark.parametrize(
    ("profile", "holder", "said"),
    [
        *((CSV, f"{sign}贾一鸣", f"以“{sign}”开头") for sign in "=-@"),
        (CSV, "+贾一鸣", r"以“\+”开头"),
        (CSV, "贾,鸣", "有“,”，会打乱文件的列"),
        (CSV, '贾"鸣', "会打乱文件的列"),
        (CSV, "贾\n鸣", r"看不见的字符（U\+000A）"),
        (FIXED, "贾\u200b鸣", r"看不见的字符（U\+200B）"),
        (FIXED, "贾" * 31, "有 62 字节，格式只容 60 字节"),
        ("gbk", "𠮷氏", r"“𠮷”（U\+20BB7）用 GBK 写不出"),
    ],
)
def test_what_cannot_be_written_is_named_and_never_altered(profile: str, holder: str, said: str) -> None:
    chosen = replace(profile_of(FIXED), encoding="gbk") if profile == "gbk" else profile_of(profile)
    with pytest.raises(Refused, match=f"有 1 处.*第 2 笔（XC-007-000001 贾一鸣）户名.*{said}"):
        bank_format.write(chosen, ORDER, [ONE, replace(ONE, holder=holder)])


def test_many_faults_are_counted_and_the_first_ten_shown() -> None:
    with pytest.raises(Refused, match="有 12 处") as refused:
        bank_format.write(profile_of(CSV), ORDER, [replace(ONE, holder="=1")] * 12)
    assert refused.value.message.count("第 ") == 10


@pytest.mark.parametrize("profile", [CSV, FIXED])
def test_a_file_is_made_once(office: Office, run: PaymentRun, profile: str) -> None:
    made = actions.make_bank_file(run=run, profile=profile, by=office.maker, on=SEPTEMBER)
    again = actions.make_bank_file(run=run, profile=profile, by=office.checker, on=date(2026, 9, 30))

    assert made == again
    assert (BankFile.objects.count(), Document.objects.count()) == (1, 1)
    assert (made.lines_count, made.total, made.made_on) == (3, 2 * 161_600 + 67_006, SEPTEMBER)
    content = storage.open(made.document)
    assert content == actions.bank_files.content_of(run, profile_of(profile))[0]
    assert bank_format.sums_in(profile_of(profile), content) == (3, run.total)


def test_one_file_of_a_run_stands(office: Office, run: PaymentRun) -> None:
    first = actions.make_bank_file(run=run, profile=CSV, by=office.maker, on=SEPTEMBER)
    for because in (" ", "字" * 201):
        with pytest.raises(Refused, match=r"另一种格式|最多 200 个字") as refused:
            actions.make_bank_file(run=run, profile=FIXED, withdrawn_because=because, by=office.maker, on=SEPTEMBER)
        assert refused.value.field == "withdrawn_because"
    assert BankFile.objects.get() == first

    second = actions.make_bank_file(
        run=run, profile=FIXED, withdrawn_because="银行要定长的", by=office.checker, on=date(2026, 9, 11)
    )
    first.refresh_from_db()
    assert (first.withdrawn_on, first.withdrawn_because) == (date(2026, 9, 11), "银行要定长的")
    assert storage.open(first.document)
    assert (first.is_late, second.is_late) == (False, True)
    back = actions.make_bank_file(
        run=run, profile=CSV, withdrawn_because="还是要表格", by=office.maker, on=date(2026, 9, 12)
    )
    assert back.document.sha256 == first.document.sha256
    assert [each.pk for each in BankFile.objects.filter(withdrawn_on__isnull=True)] == [back.pk]
    with pytest.raises(DatabaseError, match="不能改动"), transaction.atomic():
        BankFile.objects.filter(pk=back.pk).update(total=1)


def test_former_months_are_paid_in_the_same_sum(office: Office, run: PaymentRun) -> None:
    content, _count = actions.bank_files.content_of(run, profile_of(CSV))

    first = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1]
    account = queries.account_of(run.lines.order_by("pk")[0].household_id, on=SEPTEMBER)
    assert (first[1][-4:], first[2], first[4]) == (account.tail, account.holder.name, "3232.00")


def test_only_an_approved_run_goes_to_the_bank(office: Office) -> None:
    award(families(1))
    run = office.make(SEPTEMBER)
    with pytest.raises(Refused, match="还没有复核"):
        actions.make_bank_file(run=run, profile=CSV, by=office.maker, on=SEPTEMBER)
    office.approve(run)
    with pytest.raises(Refused, match="没有“no_such”这种"):
        actions.make_bank_file(run=run, profile="no_such", by=office.maker, on=SEPTEMBER)
    with pytest.raises(Refused, match="岗位不能生成银行文件"):
        actions.make_bank_file(run=run, profile=CSV, by=many.make_actor("auditor"), on=SEPTEMBER)
    assert not Document.objects.exists()


def test_a_refused_file_leaves_nothing_and_another_format_serves(office: Office) -> None:
    [family] = many.make_families(1)
    many.Person.objects.update(name="贾" * 25)
    give_accounts([family])
    award([family])
    run = office.pay(SEPTEMBER)

    with pytest.raises(Refused, match="有 75 字节，格式只容 60 字节"):
        actions.make_bank_file(run=run, profile=CSV, by=office.maker, on=SEPTEMBER)
    assert not Document.objects.exists()
    assert actions.make_bank_file(run=run, profile=FIXED, by=office.maker, on=SEPTEMBER).lines_count == 1


def test_a_run_that_was_tampered_with_is_not_paid(
    office: Office, run: PaymentRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the owner of the tables could do it; the seal tells."""
    monkeypatch.setattr("yihu.payments.queries.seal_of", lambda _run: "0" * 64)
    with pytest.raises(Refused, match="与复核时不一致"):
        actions.make_bank_file(run=run, profile=CSV, by=office.maker, on=SEPTEMBER)


def test_the_number_that_is_paid_into_is_the_one_under_the_seal(office: Office) -> None:
    """An account whose encrypted number is another one than its digest says: only its owner could make it so."""
    [family] = many.make_families(1)
    [account] = give_accounts([family])
    other = secrets.encrypt(secrets.Kind.ACCOUNT, "9550000000000666")
    Account.objects.filter(pk=account.pk).update(period=Range(many.SINCE, SEPTEMBER))
    account.pk, account.number, account.period = None, other, Range(SEPTEMBER, None)
    account.save()
    award([family])
    run = office.pay(SEPTEMBER)

    with pytest.raises(Refused, match="账号与复核时不一致"):
        actions.make_bank_file(run=run, profile=CSV, by=office.maker, on=SEPTEMBER)
    assert not Document.objects.exists()


GOOD = """
title: 竖线
file_name: "{run}.txt"
encoding: gb18030
newline: "\\n"
separator: "|"
money: fen
detail:
  - {field: account}
  - {field: holder}
  - {field: amount}
"""


def read(folder: Path, text: str) -> Profile:
    path = folder / "bank.yaml"
    path.write_text(text, encoding="utf-8")
    return bank_profiles.read(path)


def test_a_new_format_is_a_file(tmp_path: Path) -> None:
    profile = read(tmp_path, GOOD)

    content = bank_format.write(profile, ORDER, [ONE, TWO])
    assert content == "9550000000000001|贾一鸣|161600\n9550000000000002|𠮷氏|5\n".encode("gb18030")
    assert bank_format.sums_in(profile, content) == (2, 161_605)


@pytest.mark.parametrize(
    ("former", "wrong", "said"),
    [
        ("gb18030", "utf-16", "encoding 是“utf-16”"),
        ("money: fen", "money: jiao", "money 是“jiao”"),
        ("money: fen", "", "money"),
        ('"|"', '"||"', "separator 只能是一个字符"),
        ('separator: "|"', "", "每格都要有 width"),
        ("field: amount", "field: total", "一格 amount"),
        ("field: holder", "field: holders", "没有 holders"),
        ("field: holder", "feld: holder", "要么有 field"),
        ("{field: holder}", "{field: holder, align: middle}", "align 只能是"),
        ("{run}", "{ruin}", "ruin"),
        ("title: 竖线", "title: 竖线\ncolour: red", "colour"),
        ("title: 竖线", "title: [", "bank.yaml"),
    ],
)
def test_a_format_that_cannot_be_used_is_refused(tmp_path: Path, former: str, wrong: str, said: str) -> None:
    with pytest.raises(BadProfile, match=f"(?s)bank.yaml：.*{said}" if said != "bank.yaml" else said):
        read(tmp_path, GOOD.replace(former, wrong))


def test_every_format_that_comes_with_the_code_can_be_used() -> None:
    assert set(bank_profiles.profiles()) == {CSV, FIXED}
