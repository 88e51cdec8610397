"""Takes down where a family's money goes."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import Range
from stdnum import luhn

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.common import secrets
from yihu.common.refusals import Refused
from yihu.common.secrets import Kind
from yihu.households.actions import record_read
from yihu.households.enums import ReadKind
from yihu.households.models import Household, Member, Person
from yihu.payments.bank_profiles import profiles
from yihu.payments.models import Account

# Accounts of Chinese banks have 8 (old passbooks) to 32 digits.
NUMBER = re.compile(r"[0-9]{8,32}")
# Cards of UnionPay carry a check digit; the numbers of passbooks and settlement accounts follow no common rule.
CARD = re.compile(r"62[0-9]{14,17}")
MOST_CHARACTERS = {"bank": 60, "shared_because": 200}


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """The account, and what should be looked at again though it was taken down."""

    account: Account
    warnings: tuple[str, ...]


@transaction.atomic
def open_account(
    *,
    household: Household,
    holder: Person,
    bank: str,
    number: str,
    by: Actor,
    on: date,
    shared_because: str = "",
) -> OpenedAccount:
    """From ``on`` the family's money goes here; its former account is closed. Raises Refused.

    The same account again changes nothing, unless it comes with another reason why several families share it.
    """
    by.require(Capability.KEEP_ACCOUNTS, _("登记收款账户"))
    by.require_area(household.division_id)
    by.require_unrelated(household.pk)
    # Two clerks at once: the second waits here and then sees the account of the first.
    Household.objects.select_for_update().get(pk=household.pk)
    bank, shared_because = unicodedata.normalize("NFKC", bank).strip(), shared_because.strip()
    number = _checked_number(number)
    _check_holder(household, holder, on)
    if not bank:
        raise Refused(_("请填写开户银行。"), field="bank")
    for text, field in ((bank, "bank"), (shared_because, "shared_because")):
        most = MOST_CHARACTERS[field]
        if len(text) > most:
            raise Refused(
                _("这一项最多 {most} 个字，现在有 {length} 个。").format(most=most, length=len(text)), field=field
            )
    for profile in profiles().values():
        for fault in profile.faults_of("bank", [bank]).values():
            raise Refused(_("{fault}，写不进银行文件。请改成普通的名称。").format(fault=fault), field="bank")
    digest = secrets.digest(Kind.ACCOUNT, number)
    former = Account.objects.filter(household=household, period__upper_inf=True).first()
    if former is None or _differs(former, holder, bank, digest, shared_because):
        if former:
            _close(former, on)
        former = Account.objects.create(
            household=household,
            holder=holder,
            bank=bank,
            number=secrets.encrypt(Kind.ACCOUNT, number),
            number_digest=digest,
            tail=number[-4:],
            period=Range(on, None),
            shared_because=shared_because,
        )
    return OpenedAccount(former, tuple(_warnings(former, number, on)))


@transaction.atomic
def explain_sharing(*, account: Account, because: str, by: Actor, on: date) -> Account:
    """Write down why several families share an account that is in use: from ``on`` it stands with its reason."""
    if not because.strip():
        raise Refused(_("请写明几户为什么共用这个账户。"), field="shared_because")
    return open_account(
        household=account.household,
        holder=account.holder,
        bank=account.bank,
        number=secrets.decrypt(Kind.ACCOUNT, account.number),
        shared_because=because,
        by=by,
        on=on,
    ).account


@transaction.atomic
def reveal_account(*, account: Account, purpose: str, by: Actor) -> str:
    """The whole number; that it was shown is recorded first. Raises Refused."""
    by.require(Capability.SEE_ACCOUNT_NUMBERS, _("查看完整的账号"))
    detail = _("尾号 {tail}").format(tail=account.tail)
    record_read(household=account.household, kind=ReadKind.ACCOUNT, purpose=purpose, detail=detail, by=by)
    return secrets.decrypt(Kind.ACCOUNT, account.number)


def _close(former: Account, on: date) -> None:
    if former.period.lower > on:
        raise Refused(
            _("现在的账户从 {since} 起使用，新账户不能早于它。").format(since=former.period.lower), field="on"
        )
    # A slip that is put right on its own day leaves an account that was never in use.
    former.period = Range(empty=True) if former.period.lower == on else Range(former.period.lower, on)
    former.save(update_fields=["period"])


def _differs(former: Account, holder: Person, bank: str, digest: bytes, shared_because: str) -> bool:
    now = (former.holder_id, former.bank, bytes(former.number_digest), former.shared_because)
    return now != (holder.pk, bank, digest, shared_because)


def _checked_number(text: str) -> str:
    number = re.sub(r"[\s\-‐-―−]", "", unicodedata.normalize("NFKC", text))
    if not number:
        raise Refused(_("请填写账号。"), field="number")
    if not NUMBER.fullmatch(number):
        raise Refused(
            _("账号应为 8 至 32 位数字，现在是 {length} 个字符。请对照银行卡或存折改正。").format(length=len(number)),
            field="number",
        )
    return number


def _check_holder(household: Household, holder: Person, on: date) -> None:
    if holder.died_on:
        raise Refused(
            _("{name}已于 {day} 去世，不能作户名。").format(name=holder.name, day=holder.died_on), field="holder"
        )
    if not Member.objects.filter(household=household, person=holder, period__contains=on).exists():
        raise Refused(
            _("{name}不是这一户的成员。收款账户要用家庭成员本人的。").format(name=holder.name), field="holder"
        )


def _warnings(account: Account, number: str, on: date) -> list[str]:
    found = []
    if CARD.fullmatch(number) and not luhn.is_valid(number):
        found.append(_("卡号的校验位对不上，可能抄错了一位。请对照银行卡再看一遍。"))
    # Families in other streets are not seen from here; the run, which sees the whole district, tells of them.
    others = Account.objects.filter(number_digest=account.number_digest, period__contains=on)
    shared = others.exclude(household=account.household_id).order_by("household__number")
    numbers = "、".join(shared.values_list("household__number", flat=True))
    if numbers and not account.shared_because:
        found.append(
            _("这个账号也是户 {numbers} 的收款账户。请核实；确需共用的，请写明原因，否则不能发放。").format(
                numbers=numbers
            )
        )
    return found
