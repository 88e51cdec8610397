"""Who someone is: checked as he comes into a file, so that nobody stands in two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.common import identity_numbers, names, secrets
from yihu.common.refusals import Refused
from yihu.common.secrets import Kind
from yihu.documents import actions as documents
from yihu.documents.models import Document
from yihu.households.enums import Sex
from yihu.households.models import Household, Member, Paper, Person
from yihu.households.noting import note

# Nobody who lives was born before.
EARLIEST_BIRTH = date(1900, 1, 1)
LONGEST_NAME = 60
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class NewMember:
    """Someone who comes into a family on ``since``, or on the day of registration.

    The identity number tells sex and date of birth; they are typed for whoever has none. ``person`` is someone on file
    whose membership elsewhere has ended; then only ``relation`` and ``since`` are read.
    """

    name: str
    relation: int
    identity_number: str = ""
    birth_date: date | None = None
    sex: str = ""
    since: date | None = None
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who someone is, checked. ``number`` is empty for whoever has none yet."""

    name: str
    birth_date: date
    sex: Sex
    number: str

    @property
    def digest(self) -> bytes | None:
        """By which the number is found; None without one."""
        return secrets.digest(Kind.IDENTITY, self.number) if self.number else None

    def written_to(self, person: Person) -> Person:
        """The person with this identity, not yet saved."""
        pinyin = names.pinyin_of(self.name)
        person.name, person.pinyin, person.initials = self.name, pinyin.full, pinyin.initials
        person.birth_date, person.sex = self.birth_date, self.sex
        person.identity_number = secrets.encrypt(Kind.IDENTITY, self.number) if self.number else None
        person.identity_digest = self.digest
        person.identity_tail = identity_numbers.tail(self.number) if self.number else ""
        return person


@dataclass(frozen=True, slots=True)
class OnFile:
    """Someone in a file anywhere in the district: no more of him than a stranger's window may know."""

    digest: bytes | None
    name: str
    birth_date: date
    street: str
    household_number: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Newcomers by their place, without those who are on file by a person, and whoever on file may be one of them."""

    identities: Mapping[int, Identity]
    found: Sequence[OnFile]


def checked(name: str, *, identity_number: str, birth_date: date | None, sex: str, on: date) -> Identity:
    """Who someone is. Raises Refused, naming him and the entry that is wrong."""
    name = _checked_name(name)
    if identity_number.strip():
        return _by_number(name, identity_number, birth_date, sex, on)
    if birth_date is None:
        raise _wrong(name, _("没有身份证号码时，请填写出生日期。"), "birth_date")
    if birth_date > on:
        raise _wrong(name, _("出生日期 {day} 晚于 {on}。请改正。").format(day=birth_date, on=on), "birth_date")
    if birth_date < EARLIEST_BIRTH:
        raise _wrong(name, _("出生日期 {day} 早于 1900 年。请改正。").format(day=birth_date), "birth_date")
    if sex not in Sex.values:
        raise _wrong(name, _("没有身份证号码时，请选择性别。"), "sex")
    return Identity(name, birth_date, Sex(sex), "")


def compared(newcomers: Sequence[NewMember], *, besides: Household | None = None, on: date) -> Compared:
    """These newcomers, checked and held against everybody on file in the district. Raises Refused.

    Each file in which someone was found says who asked, but for ``besides``, which is open anyway. It goes on saying so
    when he is refused: what a refusal undoes must begin after this.
    """
    identities = {
        at: checked(new.name, identity_number=new.identity_number, birth_date=new.birth_date, sex=new.sex, on=on)
        for at, new in enumerate(newcomers)
        if new.person is None
    }
    return Compared(identities, on_file(list(identities.values()), besides=besides))


def bring_in(
    household: Household,
    newcomers: Sequence[NewMember],
    known_as: Compared,
    *,
    confirmed: bool,
    by: Actor,
    on: date,
) -> list[Member]:
    """These newcomers as members, in their order. Raises Refused for whoever is in another family.

    ``confirmed``: someone has made sure that people of the same name and birth date are not the same.
    """
    identities = known_as.identities
    known = _already_here(list(identities.values()), known_as.found, confirmed=confirmed)
    given = Person.objects.select_for_update(of=("self",)).in_bulk([new.person.pk for new in newcomers if new.person])
    members = []
    for at, new in enumerate(newcomers):
        since = new.since or on
        person = given[new.person.pk] if new.person else known.get(identities[at].digest or b"")
        if person is None:
            person = identities[at].written_to(Person(household=household))
        else:
            _require_free(person, since)
            take_along([person], household, by=by)
        _require_day(person, since, on)
        members.append(Member(household=household, person=person, relation=new.relation, period=DateRange(since, None)))
    save_new([member.person for member in members if member.person.pk is None])
    return Member.objects.bulk_create(members)


def take_along(people: Sequence[Person], household: Household, *, by: Actor) -> None:
    """What is known of these people, and the papers that are about them alone, go into the file of this family."""
    papers = Paper.objects.filter(person__in=people).exclude(household=household)
    documents.move(documents=Document.objects.filter(paper__in=papers), division=household.division, by=by)
    papers.update(household=household)
    Person.objects.filter(pk__in=[person.pk for person in people]).update(household=household)


def faults_of_strangers(identities: Sequence[Identity]) -> dict[int, Refused]:
    """Why some of them cannot come in as people who are on file nowhere in the district, by their place."""
    found = on_file(identities)
    faults = {}
    for at, identity in enumerate(identities):
        try:
            _refuse_if_taken(identity, found)
            _refuse_if_alike(identity, found, confirmed=False)
        except Refused as refused:
            faults[at] = refused
    return faults


def on_file(identities: Sequence[Identity], *, besides: Household | None = None) -> list[OnFile]:
    """Whoever in the district has one of these numbers or, one of the two having none, the same name and birth date.

    Each file but ``besides`` says who found somebody in it.
    """
    note(lambda: _compared(identities, besides))
    return _compared(identities, besides)


def _compared(identities: Sequence[Identity], besides: Household | None) -> list[OnFile]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT digest, name, birth_date, street, household_number"
            " FROM people_on_file(%s::bytea[], %s::text[], %s::date[], %s)",
            [
                [identity.digest for identity in identities],
                [identity.name for identity in identities],
                [identity.birth_date for identity in identities],
                besides.pk if besides else None,
            ],
        )
        return [OnFile(digest and bytes(digest), *rest) for digest, *rest in cursor.fetchall()]


def require_unknown(identity: Identity, found: Sequence[OnFile], *, but: Person, confirmed: bool) -> None:
    """Raise Refused if someone else in the district has this number or, unless confirmed, may be the same."""
    others = [one for one in found if not _is(one, but)]
    _refuse_if_taken(identity, others)
    _refuse_if_alike(identity, others, confirmed=confirmed)


def _may_stand_in_a_name(character: str) -> bool:
    return character.isalpha() or names.is_ideograph(character) or character in "· '’.-"


def _checked_name(name: str) -> str:
    plain = names.normalise(name)
    if not plain:
        raise Refused(_("请填写姓名。"), field="name")
    if len(plain) > LONGEST_NAME:
        raise Refused(_("姓名最多 {most} 个字。").format(most=LONGEST_NAME), field="name")
    strange = next((character for character in plain if not _may_stand_in_a_name(character)), None)
    if strange and names.is_private(strange):
        raise Refused(
            _(
                "姓名“{name}”里有一个自造的字（编码 U+{code:04X}），换一台电脑就看不出是什么字。"
                "请用生僻字输入法重新输入。"
            ).format(name=plain, code=ord(strange)),
            field="name",
        )
    if strange or not names.pinyin_of(plain).full:
        raise Refused(
            _("姓名“{name}”里有“{strange}”，它不是字。请照证件改正。").format(name=plain, strange=strange or plain),
            field="name",
        )
    return plain


def _by_number(name: str, text: str, birth_date: date | None, sex: str, on: date) -> Identity:
    try:
        number = identity_numbers.check(text, on=on, field="identity_number")
    except Refused as refused:
        raise _wrong(name, refused.message, refused.field) from None
    born, told = identity_numbers.birth_date_of(number), Sex(identity_numbers.sex_of(number))
    if born < EARLIEST_BIRTH:
        raise _wrong(name, _("身份证号码里的出生日期 {day} 早于 1900 年。请改正。").format(day=born), "identity_number")
    if birth_date is not None and birth_date != born:
        raise _wrong(
            name,
            _("填写的出生日期 {typed} 与身份证号码里的 {told} 不一致。请对照证件改正其中一项。").format(
                typed=birth_date, told=born
            ),
            "birth_date",
        )
    if sex and sex != told:
        raise _wrong(
            name,
            _("填写的性别与身份证号码不一致：号码第 17 位说明是{told}。请对照证件改正其中一项。").format(
                told=told.label
            ),
            "sex",
        )
    return Identity(name, born, told, number)


def _already_here(identities: Sequence[Identity], found: Sequence[OnFile], *, confirmed: bool) -> dict[bytes, Person]:
    """Those of them who are on file within reach, by digest. Raises Refused for the others who are on file."""
    _refuse_twice(identities, confirmed=confirmed)
    within_reach = {
        bytes(person.identity_digest or b""): person
        for person in Person.objects.select_for_update(of=("self",))
        .filter(identity_digest__in=[identity.digest for identity in identities if identity.number])
        .select_related("household")
    }
    for identity in identities:
        person = within_reach.get(identity.digest or b"")
        if person is None:
            _refuse_if_taken(identity, found)
            _refuse_if_alike(identity, found, confirmed=confirmed)
        elif person.name != identity.name:
            raise _wrong(
                identity.name,
                _(
                    "这个身份证号码在户 {number} 的档案里属于“{name}”。"
                    "请对照证件：号码抄错的改号码，姓名变了的先在那一户更正姓名。"
                ).format(number=person.household.number, name=person.name),
                "identity_number",
            )
    return within_reach


def _require_day(person: Person, since: date, on: date) -> None:
    if since > on:
        raise _wrong(person.name, _("加入日期 {day} 晚于 {on}。请到那一天再登记。").format(day=since, on=on), "since")
    if since < person.birth_date:
        raise _wrong(
            person.name,
            _("加入日期 {day} 早于出生日期 {birth}。请改正。").format(day=since, birth=person.birth_date),
            "since",
        )


def _require_free(person: Person, since: date) -> None:
    if person.died_on:
        raise _wrong(
            person.name,
            _("档案里登记他已于 {day} 死亡。请先核实并更正。").format(day=person.died_on),
            "identity_number",
        )
    last = person.memberships.select_related("household__division__parent").order_by("period").last()
    if last and last.period.upper is None:
        raise _wrong(
            person.name,
            _("他现在是{street}户 {number} 的成员，一个人不能同时在两户。请先在那一户办理迁出，再登记到这里。").format(
                street=last.household.division.parent, number=last.household.number
            ),
            "identity_number",
        )
    if last and since < last.period.upper:
        raise _wrong(
            person.name,
            _("他到 {day} 才离开户 {number}，加入日期不能早于这一天。请改正。").format(
                day=last.period.upper, number=last.household.number
            ),
            "since",
        )


def _refuse_twice(identities: Sequence[Identity], *, confirmed: bool) -> None:
    seen: dict[bytes, str] = {}
    for at, identity in enumerate(identities):
        alike = any(
            (other.name, other.birth_date) == (identity.name, identity.birth_date)
            and not (other.number and identity.number)
            for other in identities[:at]
        )
        if alike and not confirmed:
            raise _wrong(
                identity.name,
                _(
                    "这次登记里有两位同名、同日（{day}）出生，可能是同一个人填了两次。"
                    "填重了的删去一位；确认不是的，请勾选“确认不是同一人”再登记。"
                ).format(day=identity.birth_date),
                "confirmed",
            )
        digest = identity.digest
        if digest and digest in seen:
            raise _wrong(
                identity.name,
                _("他与“{other}”的身份证号码相同。请对照证件改正。").format(other=seen[digest]),
                "identity_number",
            )
        if digest:
            seen[digest] = identity.name


def _refuse_if_taken(identity: Identity, found: Sequence[OnFile]) -> None:
    taken = next((one for one in found if identity.number and one.digest == identity.digest), None)
    if taken:
        raise _wrong(
            identity.name,
            _(
                "这个身份证号码已在{street}户 {number} 建档，一个人不能同时在两户。"
                "号码抄错的请改正；已经搬来的，请与{street}联系，由区级监督办理迁入。"
            ).format(street=taken.street, number=taken.household_number),
            "identity_number",
        )


def _refuse_if_alike(identity: Identity, found: Sequence[OnFile], *, confirmed: bool) -> None:
    # Two different numbers are two people.
    alike = next(
        (
            one
            for one in found
            if (one.name, one.birth_date) == (identity.name, identity.birth_date)
            and not (one.digest and identity.number)
        ),
        None,
    )
    if alike and not confirmed:
        raise _wrong(
            identity.name,
            _(
                "{street}户 {number} 已有一位同名、同日（{day}）出生的人，可能是同一个人。"
                "是同一个人的，请先在那一户办理迁出；确认不是的，请勾选“确认不是同一人”再登记。"
            ).format(street=alike.street, number=alike.household_number, day=alike.birth_date),
            "confirmed",
        )


def _is(one: OnFile, person: Person) -> bool:
    digest = person.identity_digest and bytes(person.identity_digest)
    return (one.digest, one.name, one.birth_date, one.household_number) == (
        digest,
        person.name,
        person.birth_date,
        person.household.number,
    )


def save_new(people: Sequence[Person]) -> None:
    """Write people down for the first time. Raises Refused where somebody else was quicker."""
    try:
        with transaction.atomic():
            Person.objects.bulk_create(people, batch_size=AT_ONCE)
    except IntegrityError as error:
        if "identity_digest" not in str(error):
            raise
        # Another window was quicker by a moment.
        raise Refused(_("刚才有人登记了同一个身份证号码。请刷新后查看他在哪一户。"), field="identity_number") from None


def _wrong(name: str, message: str, field: str) -> Refused:
    return Refused(f"{name}：{message}", field=field)
