"""Writes the bank's file as bytes, always the same for the same run, and reads back what it says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

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
    detail, bad_payments = _detail(profile, payments, whole)
    lines += detail
    faults += bad_payments
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


def _detail(profile: Profile, payments: Sequence[Payment], whole: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """A line for each payment, and what cells cannot hold. Cell by cell, as many payments say the same in one."""
    texts = {
        "sequence": [str(sequence) for sequence in range(1, len(payments) + 1)],
        "account": [payment.account for payment in payments],
        "holder": [payment.holder for payment in payments],
        "bank": [payment.bank for payment in payments],
        "amount": [_money(profile, payment.amount) for payment in payments],
        "note": [payment.note for payment in payments],
        "household": [payment.household for payment in payments],
        "name": [payment.name for payment in payments],
    }
    columns: list[list[str]] = []
    bad: list[tuple[int, str]] = []
    for cell in profile.detail:
        of_cell = texts[cell.field] if cell.field in texts else [_text(cell, whole)] * len(payments)
        faults = profile.faults(cell, of_cell)
        if faults:
            label = LABELS.get(cell.field, "")
            bad += [(at, label + faults[text]) for at, text in enumerate(of_cell) if text in faults]
        if cell.width:
            filled = {text: _filled(profile, cell, text) for text in set(of_cell)}
            of_cell = [filled[text] for text in of_cell]
        columns.append(of_cell)
    # Sorting is stable: of one payment its cells stay in their order.
    told = [
        _("第 {sequence} 笔（{household} {name}）").format(
            sequence=at + 1, household=payments[at].household, name=payments[at].name
        )
        + fault
        for at, fault in sorted(bad, key=itemgetter(0))
    ]
    return list(map(profile.separator.join, zip(*columns, strict=True))), told


def sums_in(profile: Profile, content: bytes) -> tuple[int, int]:
    """How many payments of how many fen the bytes hold, read as the bank reads them. Raises ValueError."""
    lines = content.decode(profile.encoding).split(profile.newline)
    if lines.pop():
        raise ValueError("the last line is not ended")
    first = profile.titles + bool(profile.header)
    details = lines[first : len(lines) - bool(profile.trailer)]
    return len(details), sum(_fen(profile, text) for text in _amounts(profile, details))


def _line(profile: Profile, cells: Sequence[Cell], values: Mapping[str, str]) -> tuple[str, list[str]]:
    """The line, and what its cells cannot hold."""
    texts, faults = [], []
    for cell in cells:
        text = _text(cell, values)
        fault = profile.fault(cell, text)
        if fault:
            faults.append(LABELS.get(cell.field, "") + fault)
        texts.append(_filled(profile, cell, text) if cell.width else text)
    return _joined(profile, texts), faults


def _text(cell: Cell, values: Mapping[str, str]) -> str:
    return values[cell.field] if cell.field else cell.text


def _filled(profile: Profile, cell: Cell, text: str) -> str:
    # What cannot be encoded is a fault already; its length does not matter any more.
    blank = cell.fill * max(0, cell.width - profile.size(text, "replace"))
    return blank + text if cell.align == "right" else text + blank


def _joined(profile: Profile, texts: Iterable[str]) -> str:
    return profile.separator.join(texts)


def _amounts(profile: Profile, details: Iterable[str]) -> Iterator[str]:
    at = next(index for index, cell in enumerate(profile.detail) if cell.field == "amount")
    if profile.separator:
        yield from (line.split(profile.separator)[at] for line in details)
        return
    # Widths are of bytes: a Chinese character takes two or four in GB18030.
    start = sum(cell.width for cell in profile.detail[:at])
    stop, length = start + profile.detail[at].width, sum(cell.width for cell in profile.detail)
    for line in details:
        written = line.encode(profile.codec)
        if len(written) != length:
            raise ValueError(f"{len(written)} bytes, not {length}")
        yield written[start:stop].decode(profile.codec)


def _money(profile: Profile, fen: int) -> str:
    return str(fen) if profile.money == "fen" else f"{fen // 100}.{fen % 100:02d}"


def _fen(profile: Profile, text: str) -> int:
    if profile.money == "fen":
        return int(text)
    whole, _point, decimals = text.partition(".")
    if len(decimals) != 2:
        raise ValueError(text)
    return int(whole) * 100 + int(decimals)
