"""Where a family's money goes."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg.types.range import Range

from tests import many
from tests.payments.conftest import Office
from yihu.access.actor import Actor
from yihu.common import secrets
from yihu.common.refusals import Refused
from yihu.households.models import Household
from yihu.payments import actions, queries
from yihu.payments.actions import OpenedAccount
from yihu.payments.models import Account

ON = date(2026, 9, 1)
LATER = date(2026, 9, 20)
# A card number of an issuer that does not exist; its check digit is right.
CARD = "6299990000000009"
PASSBOOK = "9550000000000001"


def opened(family: Household, by: Actor, number: str = PASSBOOK, on: date = ON, **changed: Any) -> OpenedAccount:
    values = {"holder": many.people_of(family)[0], "bank": "某某银行", **changed}
    return actions.open_account(household=family, number=number, by=by, on=on, **values)


@pytest.fixture
def family(office: Office) -> Household:
    return many.make_family(members=2)


def test_the_number_is_kept_encrypted_and_found_by_its_digest(office: Office, family: Household) -> None:
    account = opened(family, office.maker, " 9550 0000-0000 ０００１ ").account

    stored = Account.objects.get()
    assert secrets.decrypt(secrets.Kind.ACCOUNT, stored.number) == PASSBOOK
    assert PASSBOOK.encode() not in bytes(stored.number)
    assert bytes(stored.number_digest) == secrets.digest(secrets.Kind.ACCOUNT, PASSBOOK)
    assert (stored.tail, stored.period, str(account)) == ("0001", Range(ON, None), f"{family.number} *0001")


def test_another_account_closes_the_former(office: Office, family: Household) -> None:
    former = opened(family, office.maker).account
    later = opened(family, office.maker, CARD, LATER).account

    former.refresh_from_db()
    assert former.period == Range(ON, LATER)
    assert [queries.account_of(family.pk, on=day) for day in (date(2026, 9, 19), LATER)] == [former, later]


def test_the_same_account_again_changes_nothing(office: Office, family: Household) -> None:
    assert opened(family, office.maker).account == opened(family, office.maker, on=LATER).account
    assert Account.objects.count() == 1


def test_a_slip_is_put_right_on_its_own_day(office: Office, family: Household) -> None:
    opened(family, office.maker)
    opened(family, office.maker, CARD)

    assert [account.tail for account in Account.objects.filter(period__contains=ON)] == ["0009"]
    assert len(queries.events_of(family)) == 1


def test_an_account_does_not_begin_before_the_one_in_use(office: Office, family: Household) -> None:
    opened(family, office.maker, on=LATER)
    with pytest.raises(Refused, match="从 2026-09-20 起使用"):
        opened(family, office.maker, CARD)


@pytest.mark.parametrize(
    ("number", "said"),
    [("", "请填写账号"), ("1234567", "现在是 7 个字符"), ("62" * 17, "8 至 32 位"), ("9550abcd00000001", "8 至 32 位")],
)
def test_a_number_that_cannot_be_is_refused(office: Office, family: Household, number: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        opened(family, office.maker, number)
    assert refused.value.field == "number"


def test_the_name_of_a_bank_can_be_written_into_the_banks_file(office: Office, family: Household) -> None:
    long = "中国工商银行股份有限公司北京西城区月坛北街支行"
    assert opened(family, office.maker, bank=f"　{long}１２").account.bank == f"{long}12"
    for bank, said in (("工商银行，西城支行", "会打乱文件的列"), ("工行\u200b西城", "看不见的字符")):
        with pytest.raises(Refused, match=said) as refused:
            opened(family, office.maker, bank=bank)
        assert refused.value.field == "bank"


@pytest.mark.parametrize(("number", "warned"), [(CARD, False), ("6299990000000000", True), (PASSBOOK, False)])
def test_the_check_digit_of_a_card_warns_and_does_not_refuse(
    office: Office, family: Household, number: str, warned: bool
) -> None:
    warnings = opened(family, office.maker, number).warnings
    assert any("校验位" in warning for warning in warnings) is warned


def test_the_account_is_a_living_members(office: Office, family: Household) -> None:
    stranger = many.people_of(many.make_family(first=2))[0]
    with pytest.raises(Refused, match="不是这一户的成员"):
        opened(family, office.maker, holder=stranger)
    head = many.people_of(family)[0]
    head.died_on = date(2026, 8, 1)
    head.save()
    with pytest.raises(Refused, match="已于 2026-08-01 去世"):
        opened(family, office.maker, holder=head)


def test_a_shared_account_is_taken_down_with_a_warning(office: Office, family: Household) -> None:
    other = many.make_family(first=2)
    opened(family, office.maker)

    [warning] = opened(other, office.maker).warnings
    assert family.number in warning
    assert opened(other, office.maker, shared_because="同住的母女，女儿代管").warnings == ()


def test_only_those_who_may_take_accounts_down(office: Office, family: Household) -> None:
    clerk = many.make_actor("window_clerk", "11/0102/007/")
    assert opened(family, clerk).account.tail == "0001"
    with pytest.raises(Refused, match="岗位不能登记收款账户"):
        opened(family, office.checker, CARD)
    with pytest.raises(Refused, match="不在您负责的区域"):
        opened(family, many.make_actor("window_clerk", "11/0102/009/"), CARD)


def test_the_database_keeps_accounts(office: Office, family: Household) -> None:
    account = opened(family, office.maker).account
    row = Account.objects.filter(pk=account.pk)
    with pytest.raises(DatabaseError, match="账户不能改动"), transaction.atomic():
        row.update(tail="0002")
    with pytest.raises(DatabaseError, match="账户不能改动"), transaction.atomic():
        row._raw_delete("default")
    copy = Account.objects.get(pk=account.pk)
    copy.pk = None
    with pytest.raises(IntegrityError, match="account_one_of_a_household_at_a_time"), transaction.atomic():
        Account.objects.bulk_create([copy])
