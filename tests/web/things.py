"""A family with everything that a page can be about: a case led to a grant, another under way, papers, letters,
an award, an account and a run that pays it. Everybody is invented, and called as nobody else in the tests is.
"""

from dataclasses import dataclass
from datetime import date

from psycopg.types.range import Range

from tests import rooms
from tests.cases.street import People, appoint, load_calendar, make_people, make_poor_family, say
from tests.cases.walk import PROGRAMME, Walk
from tests.places import division
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.awards.enums import ListState
from yihu.awards.models import Award, OpeningImport, OpeningList
from yihu.awards.opening import lists
from yihu.cases.models import PublicNotice
from yihu.common import secrets
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.households.enums import FactSource
from yihu.households.models import Paper
from yihu.letters.models import Letter
from yihu.organisations.models import Appointment, Division
from yihu.organisations.paths import district_of
from yihu.organisations.queries import service_everywhere
from yihu.payments import actions as payments
from yihu.payments.models import Account, PaymentRun
from yihu.payments.queries import seal_of
from yihu.records_checks.models import RefusedFile, SourceRequest

# The day on which the pages are opened: after the grant, in the month that is paid first.
ON = date(2026, 4, 8)
PROFILE = "csv_utf8"
NAMES = ("甄远客", "梅远亲", "郝远邻")
OTHERS = ("吴远行", "贾远游", "甄远望")


@dataclass(frozen=True)
class Things:
    """What addresses name, each as it stands in the address; ``marks`` are what must show nowhere else."""

    name: str
    household: str
    person: int
    case: str
    notice: int
    letter: int
    letter_number: str
    determination: int
    award: int
    paper: int
    declared: int
    received: int
    account: int
    run: str
    line: int
    profile: str
    opening: int
    refused_file: int
    staff: int
    appointment: int
    opening_list: int
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Furnished:
    """A street in which such a family lives, who works there, and a community of another district."""

    district: rooms.District
    people: People
    far: Division
    things: Things


def furnish() -> Furnished:
    """All of that in an empty database."""
    district = rooms.make_district()
    with rooms.everywhere() as service:
        load_calendar()
        people = make_people(district)
        return Furnished(district, people, make_far_district(), make_things(district.community, people, service))


def make_things(place: Division, people: People, service: Actor) -> Things:
    """The family and all of that, in a community where these people work."""
    walk = Walk(people, make_poor_family(place, by=service, names=NAMES), service)
    walk.apply(date(2026, 3, 2))
    walk.bring(date(2026, 3, 2))
    walk.admit(date(2026, 3, 3))
    walk.check(date(2026, 3, 4))
    walk.visit(date(2026, 3, 5))
    walk.examine(date(2026, 3, 6))
    walk.post(date(2026, 3, 6))
    walk.unpost(date(2026, 3, 14))
    walk.confirm(date(2026, 3, 16))
    walk.publish(date(2026, 3, 16))

    other = Walk(people, make_poor_family(place, by=service, names=OTHERS), service)
    other.begin(date(2026, 4, 7))

    head = walk.household.people.order_by("id")[0]
    declared = say(walk.household, "wage", "1894", person=head, by=service, on=ON, source=FactSource.DECLARED)
    received = say(walk.household, "wage", "2900", person=head, by=service, on=ON, source=FactSource.RECEIVED)
    number = "6222000000001234560"
    account = Account.objects.create(
        household=walk.household,
        holder=head,
        bank="某某银行远行支行",
        number=secrets.encrypt(secrets.Kind.ACCOUNT, number),
        number_digest=secrets.digest(secrets.Kind.ACCOUNT, number),
        tail=number[-4:],
        period=Range(date(2026, 3, 1), None),
    )
    run = pay(place)
    award = Award.objects.get(household=walk.household)
    letter = Letter.objects.filter(household=walk.household).latest("id")
    paper = Paper.objects.filter(household=walk.household).latest("id")
    file = refuse_file(walk)
    return Things(
        name=NAMES[0],
        household=walk.household.number,
        person=head.pk,
        case=walk.number,
        notice=PublicNotice.objects.filter(step__case=walk.case).latest("id").pk,
        letter=letter.pk,
        letter_number=letter.number,
        determination=award.terms.get().determination_id,
        award=award.pk,
        paper=paper.pk,
        declared=declared.pk,
        received=received.pk,
        account=account.pk,
        run=run.number,
        line=run.lines.get().pk,
        profile=PROFILE,
        opening=take_over(place, service).pk,
        refused_file=file.pk,
        staff=people.clerk.person,
        appointment=Appointment.objects.get(staff=people.clerk.person).pk,
        opening_list=hand_in(place).pk,
        marks=(
            *NAMES,
            *OTHERS,
            walk.household.number,
            other.household.number,
            walk.number,
            other.number,
            letter.number,
            file.name,
            "远行新名单",
        ),
    )


def refuse_file(walk: Walk) -> RefusedFile:
    """A file about the family's requests that was not taken."""
    asked = SourceRequest.objects.filter(check_round__subject=walk.number).order_by("id")
    return RefusedFile.objects.create(
        source=asked[0].source,
        name="远行答复.xlsx",
        sha256="0" * 64,
        division_id=walk.household.division_id,
        requests=[request.pk for request in asked],
        households=[walk.household.pk],
        faults=[f"请求 {asked[0].number} 缺{NAMES[0]}的答复。"],
        faults_count=1,
        refused_on=ON,
    )


def pay(place: Division) -> PaymentRun:
    """The month's run, from the draft to the bank's file."""
    district = Division.objects.get(path=district_of(place.path))
    maker, checker = (
        appoint(f"paid-{kind}", "甄发放", kind, district) for kind in ("finance_maker", "finance_checker")
    )
    with acting(maker):
        run = payments.make_run(programmes=[PROGRAMME], month=ON.replace(day=1), by=maker, on=ON)
        payments.submit(run=run, by=maker, on=ON)
    with acting(checker):
        run = payments.approve(run=run, seen=seal_of(run), by=checker, on=ON)
        payments.make_bank_file(run=run, profile=PROFILE, by=checker, on=ON)
    return run


def take_over(place: Division, service: Actor) -> OpeningImport:
    """A list of awards from before, as it came in."""
    district = Division.objects.get(path=district_of(place.path))
    document = documents.keep(
        kind=DocumentKind.OPENING,
        name="远行名单.csv",
        content="户主,金额\n".encode(),
        division=district,
        by=service,
        on=ON,
    )
    return OpeningImport.objects.create(
        document=document, division=district, imported_on=ON, imported_by_id=service.principal, awards_count=0, total=0,
        pays_from=ON.replace(day=1),
    )  # fmt: skip


def hand_in(place: Division) -> OpeningList:
    """A list that was checked: its only row is bad."""
    district = Division.objects.get(path=district_of(place.path))
    officer = appoint("listing", "甄远名", "district_officer", district)
    with acting(officer):
        content = "项目,月金额,起始月份,户号\n高龄津贴,无,2019-03,无\n".encode()
        handed_in = lists.hand_in(content=content, name="远行新名单.csv", division=district, by=officer, on=ON)
    lists.take_up(by=service_everywhere("opening lists"), on=ON)
    handed_in.refresh_from_db()
    assert handed_in.state == ListState.BAD
    return handed_in


def make_far_district() -> Division:
    """A street's community in another district, where posts of a district are foreign to ours."""
    return division("11/0108/001/001/", "远方社区居委会")
