"""Writes the bank's file as bytes, always the same for the same run, and reads back what it says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yihu.common.refusals import Refused
from yihu.payments.bank_profiles import Cell, Profile
from yihu.payments.models import PaymentRun
from yihu.policy.labels import programme_short

SHOWN_FAULTS = 10
# Which field a fault is in, as people call it.
LABELS = {"account": "账号", "holder": "户名", "bank": "开户银行", "note": "摘要", "name": "领取人"}


@dataclass(frozen=True, slots=True)
class Payment:
    """What the bank is to pay into one account; ``amount`` in fen."""

    account: str
    holder: str
    bank: str
    amount: int
    note: str
    household: str
    name: str


@dataclass(frozen=True, slots=True)
class Order:
    """The whole that the payments belong to."""

    run: str
    programme: str
    month: date
    pay_on: date


def note_of(run: PaymentRun, programme: str) -> str:
    """What is written beside each payment of a programme in a run."""
    return f"{run.month:%Y%m}{programme_short(programme, run.division_id)}"


def write(profile: Profile, order: Order, payments: Sequence[Payment]) -> bytes:
    """The file. Raises Refused, naming line and character, when a cell cannot hold what belongs into it."""
    whole = {
        "run": order.run,
        "programme": order.programme,
        "month": f"{order.month:%Y%m}",
        "pay_on": f"{order.pay_on:%Y%m%d}",
        "count": str(len(payments)),
        "total": _money(profile, sum(payment.amount for payment in payments)),
    }
    faults: list[str] = []
    lines = [_joined(profile, [cell.title for cell in profile.detail])] if profile.titles else []
    if profile.header:
        line, bad = _line(profile, profile.header, whole)
        lines.append(line)
        faults += [_("表头") + fault for fault in bad]
    for sequence, payment in enumerate(payments, 1):
        values = whole | {
            "sequence": str(sequence),
            "account": payment.account,
            "holder": payment.holder,
            "bank": payment.bank,
            "amount": _money(profile, payment.amount),
            "note": payment.note,
            "household": payment.household,
            "name": payment.name,
        }
        line, bad = _line(profile, profile.detail, values)
        lines.append(line)
        if bad:
            place = _("第 {sequence} 笔（{household} {name}）").format(
                sequence=sequence, household=payment.household, name=payment.name
            )
            faults += [place + fault for fault in bad]
    if profile.trailer:
        line, bad = _line(profile, profile.trailer, whole)
        lines.append(line)
        faults += [_("合计行") + fault for fault in bad]
    if faults:
        raise Refused(
            _("银行文件没有生成，有 {count} 处写不进“{title}”：{faults}。请更换账户，或用别的格式生成。").format(
                count=len(faults), title=profile.title, faults="；".join(faults[:SHOWN_FAULTS])
            )
        )
    return "".join(line + profile.newline for line in lines).encode(profile.encoding)


def sums_in(profile: Profile, content: bytes) -> tuple[int, int]:
    """How many payments of how many fen the bytes hold, read as the bank reads them. Raises ValueError."""
    lines = content.decode(profile.encoding).split(profile.newline)
    if lines.pop():
        raise ValueError("the last line is not ended")
    first = profile.titles + bool(profile.header)
    details = lines[first : len(lines) - bool(profile.trailer)]
    at = next(index for index, cell in enumerate(profile.detail) if cell.field == "amount")
    return len(details), sum(_fen(profile, _cells(profile, line)[at]) for line in details)


def _line(profile: Profile, cells: Sequence[Cell], values: Mapping[str, str]) -> tuple[str, list[str]]:
    """The line, and what its cells cannot hold."""
    texts, faults = [], []
    for cell in cells:
        text = values[cell.field] if cell.field else cell.text
        fault = profile.fault(cell, text)
        if fault:
            faults.append(LABELS.get(cell.field, "") + fault)
        texts.append(_filled(profile, cell, text) if cell.width else text)
    return _joined(profile, texts), faults


def _filled(profile: Profile, cell: Cell, text: str) -> str:
    # What cannot be encoded is a fault already; its length does not matter any more.
    blank = cell.fill * max(0, cell.width - len(text.encode(profile.codec, "replace")))
    return blank + text if cell.align == "right" else text + blank


def _joined(profile: Profile, texts: Iterable[str]) -> str:
    return profile.separator.join(texts)


def _cells(profile: Profile, line: str) -> list[str]:
    if profile.separator:
        return line.split(profile.separator)
    # Widths are of bytes: a Chinese character takes two or four in GB18030.
    rest, found = line.encode(profile.codec), []
    for cell in profile.detail:
        found.append(rest[: cell.width].decode(profile.codec))
        rest = rest[cell.width :]
    if rest:
        raise ValueError(f"{len(rest)} bytes too many")
    return found


def _money(profile: Profile, fen: int) -> str:
    return str(fen) if profile.money == "fen" else f"{fen // 100}.{fen % 100:02d}"


def _fen(profile: Profile, text: str) -> int:
    if profile.money == "fen":
        return int(text)
    whole, _point, decimals = text.partition(".")
    if len(decimals) != 2:
        raise ValueError(text)
    return int(whole) * 100 + int(decimals)
