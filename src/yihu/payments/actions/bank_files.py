"""Makes the file that the bank gets."""

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.common import secrets
from yihu.common.fen import yuan
from yihu.common.refusals import Refused
from yihu.common.secrets import Kind
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.payments import bank_format
from yihu.payments.bank_format import Order, Payment, note_of
from yihu.payments.bank_profiles import Profile, profile_of
from yihu.payments.enums import RunState
from yihu.payments.models import BankFile, PaymentLine, PaymentRun
from yihu.payments.naming import short_of
from yihu.payments.planning import many_rows
from yihu.payments.queries import verify

LONGEST_REASON = 200


@transaction.atomic
def make_bank_file(*, run: PaymentRun, profile: str, by: Actor, on: date, withdrawn_because: str = "") -> BankFile:
    """The file of an approved run in a format of ``profiles``; made before, it is given back.

    One in another format is withdrawn by it, for ``withdrawn_because``. Raises Refused.
    """
    by.require(Capability.MAKE_BANK_FILES, _("生成银行文件"))
    by.require_area(run.division_id)
    if by.staff is None:
        raise Refused(_("银行文件要由具体的人来生成，不能由程序代办。"))
    chosen = profile_of(profile)
    # The second of two who ask at once waits here, and then finds the file of the first.
    run = PaymentRun.objects.select_for_update().get(pk=run.pk)
    if run.state != RunState.APPROVED:
        raise Refused(_("批次 {number} 还没有复核，不能生成银行文件。").format(number=run.number))
    if not run.total:
        raise Refused(_("批次 {number} 没有要发的，不用生成银行文件。").format(number=run.number))
    made = BankFile.objects.filter(run=run, withdrawn_on__isnull=True).select_related("document", "run").first()
    if made and made.profile == profile:
        return made
    if not verify(run):
        raise Refused(_("批次 {number} 与复核时不一致，不能发放。请立即报告区级监督。").format(number=run.number))
    content, count = content_of(run, chosen)
    if made:
        _withdraw(made, withdrawn_because.strip(), on)
    document = documents.keep(
        kind=DocumentKind.BANK_FILE,
        name=chosen.file_name.format(run=run.number, profile=profile),
        content=content,
        division=run.division,
        by=by,
        on=on,
    )
    return BankFile.objects.create(
        run=run,
        profile=profile,
        document=document,
        lines_count=count,
        total=run.total,
        made_on=on,
        made_by_id=by.staff,
    )


def _withdraw(made: BankFile, because: str, on: date) -> None:
    if not because:
        raise Refused(
            _(
                "这个批次已在 {on} 生成过另一种格式的文件，两份都交银行就会发两次。"
                "请先确认那一份没有交给银行，再写明为什么改用另一种格式。"
            ).format(on=made.made_on),
            field="withdrawn_because",
        )
    if len(because) > LONGEST_REASON:
        raise Refused(_("原因最多 {most} 个字。").format(most=LONGEST_REASON), field="withdrawn_because")
    made.withdrawn_on, made.withdrawn_because = on, because
    made.save(update_fields=["withdrawn_on", "withdrawn_because"])


def content_of(run: PaymentRun, profile: Profile) -> tuple[bytes, int]:
    """The bytes, and how many payments they hold; counted and summed again from the bytes. Raises Refused."""
    payments = _payments(run)
    order = Order(run.number, short_of(run.programmes), run.month, run.pay_on)
    content = bank_format.write(profile, order, payments)
    count, total = bank_format.sums_in(profile, content)
    if (count, total) != (len(payments), run.total):
        raise Refused(
            _(
                "银行文件没有生成：文件里是 {count} 笔 {total} 元，批次是 {payments} 笔 {expected} 元。"
                "请检查格式“{title}”。"
            ).format(
                count=count, total=yuan(total), payments=len(payments), expected=yuan(run.total), title=profile.title
            )
        )
    return content, count


class _Paid(NamedTuple):
    """What the bank is told of one line."""

    award: int
    programme: str
    household: str
    name: str
    holder: str
    amount: int
    account: int | None
    bank: str
    number: bytes
    digest: bytes


@many_rows()
def _payments(run: PaymentRun) -> list[Payment]:
    """One payment for each award that the run pays, former months in the same sum; in the lines' order."""
    rows = PaymentLine.objects.filter(run=run, cancelled=False).order_by("id")
    names = (
        "award", "award__programme", "household__number", "name", "holder", "amount",
        "account", "account__bank", "account__number", "account__number_digest",
    )  # fmt: skip
    found: dict[int, list[_Paid]] = {}
    for values in rows.values_list(*names):
        line = _Paid._make(values)
        found.setdefault(line.award, []).append(line)
    notes = {programme: note_of(run, programme) for programme in run.programmes}
    numbers: dict[int, str] = {}
    return [_payment(run, notes[group[0].programme], group, numbers) for group in found.values()]


def _payment(run: PaymentRun, note: str, group: list[_Paid], numbers: dict[int, str]) -> Payment:
    """``numbers`` are the accounts that were opened already, as of one family several are paid."""
    line = group[-1]
    account = line.account
    if account is None or any(each.account != account for each in group):
        raise ValueError(f"{run} {line.household}: no account, or several")
    if account not in numbers:
        numbers[account] = _opened(line)
    return Payment(
        account=numbers[account],
        holder=line.holder,
        bank=line.bank,
        amount=sum(each.amount for each in group),
        note=note,
        household=line.household,
        name=line.name,
    )


def _opened(line: _Paid) -> str:
    number = secrets.decrypt(Kind.ACCOUNT, line.number)
    # The number itself is not under the seal: what is paid into is the account whose digest is.
    if secrets.digest(Kind.ACCOUNT, number) != bytes(line.digest):
        raise Refused(
            _("户 {household} 的账号与复核时不一致，不能发放。请立即报告区级监督。").format(household=line.household)
        )
    return number
