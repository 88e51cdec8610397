"""What stands in the way of a run: each problem names the family and how to mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from yihu.households.models import Household, Member
from yihu.payments import bank_format, bank_profiles, counted
from yihu.payments.bank_format import note_of
from yihu.payments.enums import ProblemKind
from yihu.payments.models import Account, PaymentLine, PaymentRun
from yihu.payments.owed import last_day
from yihu.payments.planning import many_rows

MORE_THAN_DUE = """
WITH mine AS (
    SELECT id, award_id, period FROM payments_paymentline WHERE run_id = %(run)s AND NOT cancelled
),
due AS MATERIALIZED (
    SELECT * FROM awards_due(
        %(programmes)s::text[], NULL, (SELECT array_agg(DISTINCT award_id) FROM mine), %(until)s::date, 'infinity'
    )
),
paid AS (
    SELECT l.award_id, l.period, sum(l.amount) AS amount
    FROM payments_paymentline l JOIN payments_paymentrun r ON r.id = l.run_id
    WHERE NOT l.cancelled AND (r.id = %(run)s OR r.state = 'approved') AND l.award_id IN (SELECT award_id FROM mine)
    GROUP BY l.award_id, l.period
)
SELECT mine.id FROM mine JOIN paid USING (award_id, period) LEFT JOIN due USING (award_id, period)
WHERE paid.amount > coalesce(due.amount, 0)
"""


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
    lines = _paid(run)
    return _told(run, lines, _affected(_found(run, lines))) + _unwritable(run, lines)


def blocking_problems_of(run: PaymentRun) -> list[Problem]:
    """Those that must be settled first."""
    return [problem for problem in problems_of(run) if problem.blocking]


def _paid(run: PaymentRun) -> QuerySet[PaymentLine]:
    """The lines, each with ``home``: the family into whose account it is to be paid."""
    day = Least(Value(run.pay_on, DateField()), OuterRef("award__person__died_on"))
    lives = Member.objects.filter(person=OuterRef("award__person"), period__contains=day)
    return PaymentLine.objects.filter(run=run, cancelled=False).annotate(
        home=Case(
            When(award__person__isnull=True, then=F("household")),
            default=Subquery(lives.values("household")),
            output_field=BigIntegerField(),
        )
    )


def _found(run: PaymentRun, lines: QuerySet[PaymentLine]) -> Iterable[tuple[ProblemKind, QuerySet[PaymentLine]]]:
    day = run.pay_on
    holder_dead = Q(account__holder__died_on__lte=day)
    holds_membership = Member.objects.filter(
        household=OuterRef("home"), person=OuterRef("account__holder"), period__contains=day
    )
    without, is_at_home = lines.filter(account__isnull=True), Q(home=F("household"))
    yield ProblemKind.NO_ACCOUNT, without.filter(is_at_home)
    yield ProblemKind.NO_ACCOUNT_WHERE_HE_LIVES, without.filter(~is_at_home | Q(home__isnull=True))
    yield (
        ProblemKind.ACCOUNT_CHANGED,
        lines.filter(account__isnull=False).exclude(
            account__in=Account.objects.filter(household=OuterRef("home"), period__contains=day).values("pk"),
            holder=F("account__holder__name"),
        ),
    )
    yield (
        ProblemKind.ACCOUNT_SHARED,
        lines.filter(account__shared_because="", account__number_digest__in=_shared_without_reason(run)),
    )
    yield ProblemKind.HOLDER_DEAD, lines.filter(holder_dead)
    yield (
        ProblemKind.HOLDER_NOT_MEMBER,
        lines.filter(~Exists(holds_membership), account__isnull=False).exclude(holder_dead),
    )
    yield ProblemKind.RECIPIENT_DEAD, lines.filter(award__person__died_on__lt=F("period"))
    yield ProblemKind.MEMBER_DIED, counted.with_someone_who_died(lines)
    yield ProblemKind.MEMBER_LEFT, counted.with_someone_who_left(lines)
    yield ProblemKind.NO_MEMBER, lines.filter(members=0)
    yield ProblemKind.NOT_IN_FORCE, lines.filter(pk__in=_more_than_due(run))


def _more_than_due(run: PaymentRun) -> list[int]:
    """Lines that, with what was paid of their award and period, come to more than is due as things are now."""
    with connection.cursor() as cursor:
        cursor.execute(MORE_THAN_DUE, {"run": run.pk, "programmes": run.programmes, "until": last_day(run.month)})
        return [line for (line,) in cursor.fetchall()]


def _shared_without_reason(run: PaymentRun) -> list[bytes]:
    """Numbers that two families or more give without saying why; of so many that share one, all but one must say it."""
    in_use = Account.objects.filter(period__contains=run.pay_on, shared_because="").order_by()
    shared = in_use.values("number_digest").annotate(families=Count("household")).filter(families__gt=1)
    # Fetched, since the planner would search each of thousands of lines for them.
    return [bytes(digest) for digest in shared.values_list("number_digest", flat=True)]


def _affected(found: Iterable[tuple[ProblemKind, QuerySet[PaymentLine]]]) -> list[tuple[ProblemKind, list[int]]]:
    """The lines that each question finds, in their order: asked in one statement, since most find nothing."""
    kinds: list[tuple[ProblemKind, list[int]]] = []
    asked: list[QuerySet[PaymentLine, tuple[int, int]]] = []
    for kind, lines in found:
        asked.append(lines.order_by().annotate(question=Value(len(kinds))).values_list("question", "pk"))
        kinds.append((kind, []))
    for question, line in sorted(asked[0].union(*asked[1:], all=True)):
        kinds[question][1].append(line)
    return kinds


def _told(
    run: PaymentRun, lines: QuerySet[PaymentLine], affected: Sequence[tuple[ProblemKind, Sequence[int]]]
) -> list[Problem]:
    wanted = {pk for _kind, found in affected for pk in found}
    if not wanted:
        return []
    homes = Household.objects.filter(pk=OuterRef("home")).values("number")
    shown = lines.select_related("household", "account", "award__person")
    known = shown.annotate(home_number=Coalesce(Subquery(homes), Value(""))).in_bulk(wanted)
    told: dict[tuple[ProblemKind, int], Problem] = {}
    for kind, found in affected:
        for line in (known[pk] for pk in found):
            # A former month that is made up for has the same problem as this one.
            if (kind, line.award_id) in told:
                continue
            home: str = line.home_number
            told[kind, line.award_id] = Problem(
                kind,
                line.pk,
                line.household.number,
                line.name,
                _detail(kind, line, run, home),
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
        ProblemKind.NO_MEMBER: _("终止待遇，或登记现有成员，再刷新批次。"),
        ProblemKind.NOT_IN_FORCE: _("刷新批次。"),
    }[kind]


def _unwritable(run: PaymentRun, lines: QuerySet[PaymentLine]) -> list[Problem]:
    """What the bank's formats cannot hold. It blocks in the format that holds most, unless that one holds everything:
    a run goes to the bank in one file.
    """
    names = ("pk", "household__number", "name", "holder", "account__bank", "award__programme")
    rows = list(lines.order_by("id").values_list(*names))
    found = []
    for profile in bank_profiles.profiles().values():
        faults: dict[int, str] = {}
        for field, texts in (
            ("household", [row[1] for row in rows]),
            ("name", [row[2] for row in rows]),
            ("holder", [row[3] for row in rows]),
            ("bank", [row[4] or "" for row in rows]),
            ("note", [note_of(run, row[5]) for row in rows]),
        ):
            bad = profile.faults(field, texts)
            if bad:
                label = bank_format.LABELS.get(field, "")
                faults |= {row[0]: label + bad[text] for row, text in zip(rows, texts, strict=True) if text in bad}
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
