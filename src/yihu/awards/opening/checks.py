"""Checks every row of an opening balance against the register, and says of each bad one what is wrong and where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.awards.models import AwardTerm
from yihu.awards.opening.columns import Column, amount_of, mark_of, month_of, text_of
from yihu.awards.opening.rows import BadRow, NewAward
from yihu.awards.opening.sheets import SheetRow
from yihu.common import identity_numbers, names, secrets
from yihu.common.fen import yuan
from yihu.common.refusals import Refused
from yihu.common.secrets import Kind
from yihu.households.actions import NewFile, faults_of
from yihu.households.enums import HEAD
from yihu.households.models import Household, Member, Person
from yihu.households.queries import kept_households
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.queries import divisions_by_code
from yihu.policy.facts import is_refused_by_birth
from yihu.policy.labels import ProgrammeLabel, programmes

Read = TypeVar("Read")
# Which cell a fault of a new file is mended in; a head who may be on file already is known by his name.
MENDED_IN = {
    "name": Column.HEAD_NAME,
    "confirmed": Column.HEAD_NAME,
    "division": Column.DIVISION,
    "address": Column.ADDRESS,
    "telephone": Column.TELEPHONE,
}


@dataclass(slots=True)
class _Row:
    """The cells of a row, as far as they could be read."""

    source: SheetRow
    household: str = ""
    head: str = ""
    head_name: str = ""
    person: str = ""
    programme: ProgrammeLabel | None = None
    amount: int = 0
    mark: str = ""
    start: date = date.min
    division: str = ""
    address: str = ""
    telephone: str = ""

    @property
    def hides_somebody(self) -> bool:
        """Whether a number stands there that could not be read: without it the row would speak of somebody else."""
        cells = self.source.cells
        return bool(
            (cells.get(Column.HEAD_NUMBER) and not self.head) or (cells.get(Column.PERSON_NUMBER) and not self.person)
        )


class Check:
    """The rows of one list, taken in portions that are each looked up together.

    ``awards`` are those to be taken over, ``already`` how many rows are known and stay as they are.
    """

    def __init__(self, *, division: Division, by: Actor, on: date) -> None:
        self.awards: list[NewAward] = []
        self.already = 0
        self._bad: list[BadRow] = []
        self._division, self._by, self._on = division, by, on
        # A list is worked at in the background, where nobody is kept away by the page that he is on.
        self._kept = kept_households(by, on=on)
        # By the official code, which is what a list names, and by the path.
        self._communities = {
            code: each
            for code, each in divisions_by_code(on=on, inside=division.path).items()
            if each.level == DivisionLevel.COMMUNITY
        }
        self._places = {each.path: each for each in self._communities.values()}
        self._programmes = {
            text_of(title): programme
            for programme in programmes(division.path)
            for title in (programme.name, programme.short, programme.title)
        }
        self._new: dict[str, NewFile] = {}
        self._claims: dict[tuple[object, ...], tuple[str, int]] = {}

    def take(self, rows: Sequence[SheetRow]) -> None:
        """Check some more rows of the list."""
        readable = [self._read(row) for row in rows]
        self._look_up(readable)
        known = set(self._new)
        self.awards += [award for row in readable if (award := self._resolved(row))]
        new = self._new.keys() - known
        self._try_to_open({row.head: row.source for row in reversed(readable) if row.head in new})

    @property
    def bad(self) -> list[BadRow]:
        """What is wrong, row by row."""
        return sorted(self._bad, key=lambda each: (each.sheet, each.row))

    def _say(self, row: SheetRow, column: Column, message: str) -> None:
        self._bad.append(BadRow(row.sheet, row.number, column.value, message))

    def _read(self, source: SheetRow) -> _Row:
        def cell(column: Column, read: Callable[[Any], Read], empty: Read) -> Read:
            value = source.cells.get(column, "")
            if value in ("", None):
                return empty
            try:
                return read(value)
            except Refused as refused:
                self._say(source, column, refused.message)
                return empty

        def required(column: Column, read: Callable[[Any], Read], empty: Read) -> Read:
            if source.cells.get(column, "") in ("", None):
                self._say(source, column, _("没有填。"))
                return empty
            return cell(column, read, empty)

        return _Row(
            source,
            household=cell(Column.HOUSEHOLD, text_of, "").upper(),
            head=cell(Column.HEAD_NUMBER, self._number, ""),
            head_name=names.normalise(cell(Column.HEAD_NAME, text_of, "")),
            person=cell(Column.PERSON_NUMBER, self._number, ""),
            programme=required(Column.PROGRAMME, self._programme, None),
            amount=required(Column.AMOUNT, amount_of, 0),
            mark=cell(Column.MARK, mark_of, ""),
            start=required(Column.START, lambda value: month_of(value, on=self._on), date.min),
            division=cell(Column.DIVISION, text_of, ""),
            address=cell(Column.ADDRESS, text_of, ""),
            telephone=cell(Column.TELEPHONE, text_of, ""),
        )

    def _number(self, value: Any) -> str:
        return identity_numbers.check(text_of(value), on=self._on)

    def _programme(self, value: Any) -> ProgrammeLabel | None:
        text = text_of(value)
        found = self._programmes.get(text)
        if found is None:
            known = "、".join(each.title for each in programmes(self._division.path) if each.is_paid_monthly)
            raise Refused(_("没有“{text}”这个项目。可填：{known}。").format(text=text, known=known))
        if not found.is_paid_monthly:
            raise Refused(_("{title}不是按月发放的，不列入在册名单。").format(title=found.title))
        return found

    def _look_up(self, rows: list[_Row]) -> None:
        """Everything that these rows speak of, in a few queries."""
        digests = {
            number: secrets.digest(Kind.IDENTITY, number) for row in rows for number in (row.head, row.person) if number
        }
        people = Person.objects.filter(identity_digest__in=list(digests.values()))
        by_digest = {bytes(person.identity_digest): person for person in people if person.identity_digest}
        self._people = {number: by_digest[digest] for number, digest in digests.items() if digest in by_digest}
        numbers = {row.household for row in rows if row.household}
        households = list(Household.objects.filter(number__in=numbers))
        current = Member.objects.filter(period__contains=self._on)
        homes = current.filter(person__in=[person.pk for person in self._people.values()]).select_related("household")
        self._home = {member.person_id: member.household for member in homes}
        self._households = {household.number: household for household in households}
        every = {household.pk for household in [*households, *self._home.values()]}
        heads = current.filter(household__in=every, relation=HEAD).select_related("person")
        self._heads = {member.household_id: member.person for member in heads}
        # Of whatever time: asked for a period too, the database searches by that and not by the few families. Whoever
        # has an award may have got it in another family.
        terms = AwardTerm.objects.filter(stops=False).with_end().select_related("award__household")
        found = {
            term.pk: term
            for same in (
                terms.filter(award__household__in=every),
                terms.filter(award__person__in=self._people.values()),
            )
            for term in same
        }
        self._terms: dict[tuple[object, ...], list[AwardTerm]] = {}
        for term in found.values():
            claim = self._claim(term.award.programme, term.award.household_id, term.award.person_id)
            self._terms.setdefault(claim, []).append(term)

    @staticmethod
    def _claim(programme: str, household: object, person: object) -> tuple[object, ...]:
        return (programme, "person", person) if person else (programme, "household", household)

    def _resolved(self, row: _Row) -> NewAward | None:
        if row.hides_somebody:
            return None
        before = len(self._bad)
        household = self._family(row)
        opens = None if household or len(self._bad) > before else self._to_open(row)
        person = self._recipient(row, household, opens)
        if row.programme is None or not row.amount or row.start == date.min or len(self._bad) > before:
            return None
        if not self._may_be(row, row.programme, person, opens):
            return None
        whose = household.pk if household else opens
        recipient = (person.pk if person else opens) if row.programme.of_member else None
        claim = self._claim(row.programme.name, whose, recipient)
        if not self._is_once(row, claim) or self._is_known(row, claim, household):
            return None
        former = self._terms.get(claim)
        return NewAward(
            programme=row.programme,
            amount=row.amount,
            mark=row.mark,
            start=row.start,
            household=household.pk if household else None,
            person=person.pk if person else None,
            opens=opens,
            claimed=former[0].award if former else None,
        )

    def _may_be(self, row: _Row, programme: ProgrammeLabel, person: Person | None, opens: NewFile | None) -> bool:
        """Whether a member may have what the row says, by what is known of his age."""
        if not programme.of_member:
            return True
        if person is not None:
            name, born = person.name, person.birth_date
        elif opens is not None and opens.identity_number:
            name, born = opens.name, identity_numbers.birth_date_of(opens.identity_number)
        else:
            return True
        if row.start < born.replace(day=1):
            message = _("{name} {born} 出生，不能从 {start:%Y-%m} 起享受。请核对领取人和月份。")
            self._say(row.source, Column.START, message.format(name=name, born=born, start=row.start))
            return False
        if is_refused_by_birth(programme.name, born, division=self._division.path, on=self._on):
            message = _("{name} {born} 出生，按年龄不符合{title}。请核对领取人。")
            self._say(row.source, Column.PERSON_NUMBER, message.format(name=name, born=born, title=programme.title))
            return False
        return True

    def _try_to_open(self, sources: dict[str, SheetRow]) -> None:
        """Whether the families that these rows bring could be opened."""
        heads = list(sources)
        faults = faults_of([self._new[head] for head in heads], by=self._by, on=self._on)
        for at, refused in faults.items():
            self._say(sources[heads[at]], MENDED_IN.get(refused.field, Column.HEAD_NUMBER), refused.message)

    def _family(self, row: _Row) -> Household | None:
        """The family on file that the row names; None if it names none, or something is wrong."""
        if row.household:
            household = self._households.get(row.household)
            if household is None:
                self._say(
                    row.source,
                    Column.HOUSEHOLD,
                    _("没有户号“{number}”。请核对，或不填户号。").format(number=row.household),
                )
                return None
        elif not row.head:
            self._say(row.source, Column.HOUSEHOLD, _("户号和户主身份证号都没有填。请填一样。"))
            return None
        else:
            person = self._people.get(row.head)
            if person is None:
                return None
            household = self._home.get(person.pk)
            if household is None:
                message = _("{name}在档案里已不属于任何家庭（去世或迁出）。请先在家庭档案中登记。").format(
                    name=person.name
                )
                self._say(row.source, Column.HEAD_NUMBER, message)
                return None
        if household.pk in self._kept:
            message = _("户 {number} 是您近亲属的家庭，不能由您载入。请把这一行交给别人。")
            self._say(row.source, Column.HOUSEHOLD, message.format(number=household.number))
            return None
        if not household.division_id.startswith(self._division.path):
            self._say(
                row.source,
                Column.HOUSEHOLD,
                _("户 {number} 不在{place}。").format(number=household.number, place=self._division),
            )
            return None
        lives_in = self._places[household.division_id]
        if row.division and self._communities.get(row.division) != lives_in:
            message = _("档案里这一户住在{place}（{code}）。已经迁居的，请先在家庭档案登记；写错的请改正。")
            self._say(row.source, Column.DIVISION, message.format(place=lives_in, code=lives_in.code))
            return None
        return household if self._head_fits(row, household) else None

    def _head_fits(self, row: _Row, household: Household) -> bool:
        head = self._heads.get(household.pk)
        if head is None:
            self._say(
                row.source, Column.HOUSEHOLD, _("户 {number} 没有户主。请先登记。").format(number=household.number)
            )
        elif row.head and self._people.get(row.head) != head:
            message = _("不是户 {number} 的户主（档案里是{name}）。请核对。").format(
                number=household.number, name=head.name
            )
            self._say(row.source, Column.HEAD_NUMBER, message)
        elif row.head_name and row.head_name != head.name:
            message = _("写的是“{written}”，档案里户主是“{name}”。请核对姓名，或核对是不是这一户。")
            self._say(row.source, Column.HEAD_NAME, message.format(written=row.head_name, name=head.name))
        else:
            return True
        return False

    def _to_open(self, row: _Row) -> NewFile | None:
        missing = [
            (column, value)
            for column, value in (
                (Column.HEAD_NAME, row.head_name), (Column.DIVISION, row.division), (Column.ADDRESS, row.address),
            )
            if not value
        ]  # fmt: skip
        known = self._new.get(row.head)
        if known and not row.division and not row.address:
            return known
        if missing:
            for column, _value in missing:
                self._say(row.source, column, _("这一户还没有建档，要填这一项才能建档。已建档的请填户号。"))
            return None
        division = self._communities.get(row.division)
        if division is None:
            message = _("“{code}”不是{place}的社区代码。社区代码是 12 位数字。").format(
                code=row.division, place=self._division
            )
            self._say(row.source, Column.DIVISION, message)
            return None
        family = NewFile(row.head_name, row.head, division, row.address, row.telephone)
        if known and known != family:
            self._say(
                row.source, Column.HEAD_NUMBER, _("同一位户主的另一行写着不同的姓名、社区、住址或电话。请改成一致。")
            )
            return None
        self._new[row.head] = family
        return family

    def _recipient(self, row: _Row, household: Household | None, opens: NewFile | None) -> Person | None:
        if row.programme is None or not (household or opens):
            return None
        if not row.programme.of_member:
            if row.person:
                message = _("{title}发给全家，不填领取人。").format(title=row.programme.title)
                self._say(row.source, Column.PERSON_NUMBER, message)
            return None
        if household is None:
            if row.person and row.person != row.head:
                message = _("这一户还没有建档，只能先登记户主的待遇。请先为全家建档。")
                self._say(row.source, Column.PERSON_NUMBER, message)
            return None
        person = self._people.get(row.person) if row.person else self._heads[household.pk]
        if person is None or self._home.get(person.pk, household if not row.person else None) != household:
            message = _("领取人不是户 {number} 的成员。请核对，或先登记他为成员。").format(number=household.number)
            self._say(row.source, Column.PERSON_NUMBER, message)
            return None
        if person.died_on:
            message = _("{name}已于 {day} 去世，不能列为在册。").format(name=person.name, day=person.died_on)
            self._say(row.source, Column.PERSON_NUMBER, message)
            return None
        return person

    def _is_once(self, row: _Row, claim: tuple[object, ...]) -> bool:
        place = (row.source.sheet, row.source.number)
        other = self._claims.setdefault(claim, place)
        if other != place:
            message = _("与“{sheet}”第 {row} 行是同一户（人）的同一项目。请删去一行。").format(
                sheet=other[0], row=other[1]
            )
            self._say(row.source, Column.PROGRAMME, message)
        return other == place

    def _is_known(self, row: _Row, claim: tuple[object, ...], household: Household | None) -> bool:
        """Whether the award is there already; another one in its place is a fault."""
        for term in self._terms.get(claim, []):
            began, until = term.period.lower, term.until
            if until is not None and (until <= row.start or until <= began):
                continue
            same = (term.award.household, term.amount, began) == (household, row.amount, row.start)
            if same and term.opening_id and until is None:
                if row.mark in ("", term.mark):
                    self.already += 1
                else:
                    self._say(row.source, Column.MARK, self._other_mark(term))
                return True
            message = _(
                "户 {number} 已有这个项目：从 {start:%Y-%m} 起每月 {amount} 元。请删去这一行，或走重新认定。"
            ).format(number=term.award.household.number, start=began, amount=yuan(term.amount or 0))
            self._say(row.source, Column.PROGRAMME, message)
            return True
        return False

    @staticmethod
    def _other_mark(term: AwardTerm) -> str:
        if term.mark:
            return _("这一笔已在册，金额说明是“{mark}”，不能再改。请照样填，或空着。").format(mark=term.mark)
        return _("这一笔已在册，没有金额说明，不能再补。请空着。")
