"""Help for a season is paid once, whatever is decided of it afterwards."""

from datetime import date

from psycopg.types.range import Range

from tests import many
from tests.payments.conftest import NOVEMBER, Office, award, families
from yihu.access.actor import service
from yihu.awards import actions as awards
from yihu.awards.enums import EndReason
from yihu.awards.models import Award, AwardTerm
from yihu.payments import queries
from yihu.payments.models import PaymentLine

SEASON = "heating_assistance"
START, UNTIL, DECEMBER = date(2026, 11, 16), date(2027, 7, 1), date(2026, 12, 1)


def paid(office: Office) -> Award:
    [claim] = award(families(1), 80_000, start=START, until=UNTIL, programme=SEASON)
    office.pay(NOVEMBER, SEASON)
    return claim


def test_a_second_grant_of_it_pays_the_difference_of_the_one_period(office: Office) -> None:
    claim = paid(office)
    AwardTerm.objects.create(
        award=claim, period=Range(NOVEMBER, UNTIL), amount=90_000, determination=claim.terms.get().determination,
        granted_in_id=many.DISTRICT, known_on=date(2026, 11, 20),
        made_by_id=service("tests").principal,
    )  # fmt: skip
    office.pay(DECEMBER, SEASON)

    lines = PaymentLine.objects.filter(award=claim).order_by("pk").values_list("period", "amount")
    assert list(lines) == [(START, 80_000), (START, 10_000)]
    assert queries.overpaid(many.DISTRICT, known_on=DECEMBER) == []


def test_what_was_paid_and_is_renounced_is_paid_too_much(office: Office) -> None:
    claim = paid(office)
    with many.district_at_work() as service:
        awards.stop(award=claim, from_day=DECEMBER, reason=EndReason.RENOUNCED, by=service, on=DECEMBER)

    [found] = queries.overpaid(many.DISTRICT, known_on=DECEMBER)
    assert (found.award, found.period, found.amount) == (claim.pk, START, 80_000)
