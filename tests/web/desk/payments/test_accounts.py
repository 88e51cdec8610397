"""The account that a family is paid into: masked, shown for the record, and shared with a reason."""

from django.test import Client

from tests import many
from tests.payments.conftest import award
from tests.web.desk.conftest import Desk
from tests.web.desk.payments.conftest import MARCH, Money
from tests.web.desk.reading import shown
from yihu.households.enums import ReadKind
from yihu.households.models import FileRead, Household, Person
from yihu.organisations.models import Division
from yihu.payments.models import Account

# ---- accounts


def purpose(client: Client, household: Household) -> None:
    client.post(f"/desk/families/{household.number}/purpose/", {"purpose": "payment", "detail": "登记账户"})


def opened(client: Client, household: Household, **typed: str) -> str:
    head = Person.objects.filter(household=household).earliest("id")
    data = {"do": "open", "holder": str(head.pk), "bank": "某某银行月坛支行", "number": "6222 0000 0000 1234"}
    return client.post(f"/desk/families/{household.number}/account/", {**data, **typed}, follow=True).content.decode()


def test_an_account_is_taken_down_masked_and_shown_whole_for_the_record(desk_of: Desk, family: Household) -> None:
    clerk = desk_of("window_clerk", name="甄经办")
    purpose(clerk, family)
    html = opened(clerk, family)
    assert "账户已登记" in html
    assert "**** 1234" in html
    assert "622200000000" not in html

    account = Account.objects.get()
    address = f"/desk/families/{family.number}/account/{account.pk}/"
    assert "622200000000" not in shown(clerk, address)
    response = clerk.post(address, {"purpose": "payment", "detail": "核对"})
    assert "6222000000001234" in response.content.decode()
    assert FileRead.objects.get(kind=ReadKind.ACCOUNT, detail="尾号 1234").purpose == "payment"


def test_a_bad_account_is_named_and_what_was_typed_stays(desk_of: Desk, family: Household) -> None:
    clerk = desk_of("window_clerk")
    purpose(clerk, family)
    html = opened(clerk, family, number="12345")

    assert "账号应为 8 至 32 位数字" in html
    assert 'value="12345"' in html
    assert not Account.objects.exists()


def test_the_way_from_a_run_leads_back_to_it(money: Money) -> None:
    [household] = many.make_families(1)
    award([household], 1_000, start=MARCH)
    run = money.make()
    purpose(money.maker, household)
    head = Person.objects.get(household=household)
    response = money.maker.post(
        f"/desk/families/{household.number}/account/?run={run.number}",
        {"do": "open", "holder": str(head.pk), "bank": "某某银行", "number": "9550000000000009"},
    )

    assert response["Location"] == f"/desk/runs/{run.number}/"


def test_why_families_share_an_account_is_written_down(desk_of: Desk, family: Household) -> None:
    clerk = desk_of("window_clerk")
    purpose(clerk, family)
    opened(clerk, family)
    address = f"/desk/families/{family.number}/account/"
    html = clerk.post(address, {"do": "explain", "because": "父子两户，父亲代管"}, follow=True).content.decode()

    assert "已登记几户共用的原因" in html
    assert "父子两户，父亲代管" in html


def test_a_foreign_familys_account_does_not_exist(desk_of: Desk, family: Household) -> None:
    far = desk_of("window_clerk", Division.objects.get(code="110102018"))

    assert far.get(f"/desk/families/{family.number}/account/").status_code == 404
