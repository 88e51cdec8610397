"""What stands in the way of a run: each problem names the family and how to mend it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yihu.households.models import Household, Person
from yihu.payments import bank_format, bank_profiles
from yihu.payments.bank_format import note_of
from yihu.payments.enums import ProblemKind
from yihu.payments.found import InTheWay, lines_in_the_way
from yihu.payments.models import Account, PaymentLine, PaymentRun
from yihu.payments.planning import many_rows


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one family (or of one person in it) in a run. ``line`` is one of its lines.

    ``account_of``: the number of the family whose account is paid into, where the recipient lives; empty if nowhere.
    ``blocking``: the run is not submitted and not approved before it is settled or the line left out.
    """

    kind: ProblemKind
    line: int
    household: str
    name: str
    detail: str
    remedy: str
    account_of: str
    blocking: bool = True

    @property
    def title(self) -> str:
        """What is wrong, in a few words."""
        return str(self.kind.label)


@many_rows()
def problems_of(run: PaymentRun) -> list[Problem]:
    """All problems of a run as things are now, in the order of their kinds and of its lines."""
    return _told(run, lines_in_the_way(run)) + _unwritable(run)


def blocking_problems_of(run: PaymentRun) -> list[Problem]:
    """Those that must be settled first."""
    return [problem for problem in problems_of(run) if problem.blocking]


def _told(run: PaymentRun, found: Sequence[InTheWay]) -> list[Problem]:
    lines = PaymentLine.objects.select_related("household", "account", "award__person")
    known = lines.in_bulk({each.line for each in found})
    homes = Household.objects.filter(pk__in={home for each in found for home in (each.home, each.beside) if home})
    numbers = dict(homes.values_list("pk", "number"))
    names = dict(Person.objects.filter(pk__in={each.person for each in found}).values_list("pk", "name"))
    told: dict[tuple[ProblemKind, int], Problem] = {}
    for each in found:
        kind, line, home = each.kind, known[each.line], numbers.get(each.home or 0, "")
        # A former month that is made up for has the same problem as this one.
        if (kind, line.award_id) not in told:
            told[kind, line.award_id] = Problem(
                kind,
                line.pk,
                line.household.number,
                line.name,
                _counted_twice(each, line, names, numbers)
                if kind is ProblemKind.COUNTED_TWICE
                else _detail(kind, line, run, home),
                _remedy(kind),
                home,
                blocking=kind is not ProblemKind.MEMBER_LEFT,
            )
    return list(told.values())


def _detail(kind: ProblemKind, line: PaymentLine, run: PaymentRun, home: str) -> str:
    account = _("{holder} 尾号 {tail}").format(holder=line.holder, tail=line.account.tail) if line.account else ""
    if kind is ProblemKind.NO_ACCOUNT_WHERE_HE_LIVES:
        return _("现住户 {number}").format(number=home) if home else _("不在任何一户登记")
    if kind is ProblemKind.ACCOUNT_SHARED and line.account:
        others = Account.objects.filter(period__contains=run.pay_on, number_digest=line.account.number_digest)
        numbers = others.exclude(household=line.account.household_id).order_by("household__number")
        shared = "、".join(numbers.values_list("household__number", flat=True))
        return _("{account}，与 {others} 共用").format(account=account, others=shared)
    if kind is ProblemKind.RECIPIENT_DEAD and line.award.person:
        return _("{day} 去世").format(day=line.award.person.died_on)
    if kind is ProblemKind.NOT_IN_FORCE:
        return _("{month:%Y-%m} 应发的已不到这一笔").format(month=line.period)
    if kind in (ProblemKind.MEMBER_DIED, ProblemKind.MEMBER_LEFT):
        return _("现有成员 {count} 人").format(count=line.members)
    return account


def _counted_twice(found: InTheWay, line: PaymentLine, names: Mapping[int, str], numbers: Mapping[int, str]) -> str:
    # His file may have gone with him.
    name = names.get(found.person or 0, _("已迁走的一位成员"))
    if found.beside is None:
        return _("{name}在户 {here} 算了 {month:%Y-%m} 的，别的区的一户也算了他").format(
            name=name, here=line.household.number, month=line.period
        )
    return _("{name}在户 {here} 和户 {there} 都算了 {month:%Y-%m} 的").format(
        name=name,
        here=line.household.number,
        there=numbers.get(found.beside or 0, ""),
        month=line.period,
    )


def _remedy(kind: ProblemKind) -> str:
    out = _("来不及的，先暂缓这一户，下个月补发。")
    return {
        ProblemKind.NO_ACCOUNT: _("登记收款账户，再刷新批次。") + out,
        ProblemKind.NO_ACCOUNT_WHERE_HE_LIVES: _(
            "不能再发到原来那一户。在他现住的户登记收款账户，再刷新批次；不住本区的，终止待遇。"
        )
        + out,
        ProblemKind.ACCOUNT_CHANGED: _("刷新批次，换成现在的账户和户名。"),
        ProblemKind.ACCOUNT_SHARED: _("核实后登记几户共用的原因，或更换账户，再刷新批次。") + out,
        ProblemKind.HOLDER_DEAD: _("更换账户，再刷新批次。") + out,
        ProblemKind.HOLDER_NOT_MEMBER: _("换成家庭成员的账户，再刷新批次。") + out,
        ProblemKind.RECIPIENT_DEAD: _("终止待遇，再刷新批次。"),
        ProblemKind.MEMBER_DIED: _(
            "金额是连同去世的人算的。请街道终止这笔待遇，家庭按现在的人口重新申请；办好以前先暂缓这一户，再补发或者不再补发。"
        ),
        ProblemKind.MEMBER_LEFT: _(
            "金额是连同离开的人算的，可以照发，也可以先暂缓。请街道核实：要按现在的人口重新认定的，终止这笔待遇，由家庭重新申请。"
        ),
        ProblemKind.COUNTED_TWICE: _(
            "同一个月一个人只能在一处领取。请街道终止不该发的那一笔，按现有人口重新认定；来不及的，先暂缓其中一处，再补发或者不再补发。"
        ),
        ProblemKind.NO_MEMBER: _("终止待遇，或登记现有成员，再刷新批次。"),
        ProblemKind.NOT_IN_FORCE: _("刷新批次。"),
    }[kind]


def _unwritable(run: PaymentRun) -> list[Problem]:
    """What the bank's formats cannot hold. It blocks in the format that holds most, unless that one holds everything:
    a run goes to the bank in one file.
    """
    lines = PaymentLine.objects.filter(run=run, cancelled=False).order_by("id")
    names = ("pk", "household__number", "name", "holder", "account__bank", "award__programme")
    rows = list(lines.values_list(*names))
    notes = {programme: note_of(run, programme) for programme in {row[5] for row in rows}}
    texts = {
        "household": [row[1] for row in rows],
        "name": [row[2] for row in rows],
        "holder": [row[3] for row in rows],
        "bank": [row[4] or "" for row in rows],
        "note": [notes[row[5]] for row in rows],
    }
    found = []
    for profile in bank_profiles.profiles().values():
        faults: dict[int, str] = {}
        for field, of_field in texts.items():
            bad = profile.faults_of(field, of_field)
            if bad:
                label = bank_format.LABELS.get(field, "")
                faults |= {row[0]: label + bad[text] for row, text in zip(rows, of_field, strict=True) if text in bad}
        found.append((profile, faults))
    best = min(found, key=lambda each: len(each[1]))[0]
    return [
        Problem(
            ProblemKind.UNWRITABLE,
            pk,
            number,
            name,
            f"{profile.title}：{faults[pk]}",
            _writable_by(profile is best),
            account_of=number,
            blocking=profile is best,
        )
        for profile, faults in found
        for pk, number, name, _holder, _bank, _programme in rows
        if pk in faults
    ]


def _writable_by(is_needed: bool) -> str:
    if not is_needed:
        return _("用别的格式生成银行文件，或请银行确认写法。")
    return _("哪种格式都写不全。请改正姓名或更换账户，再刷新批次；来不及的，先暂缓这一户。")
