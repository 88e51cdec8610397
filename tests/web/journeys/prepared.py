"""What has already happened when a journey begins, led there by the people whose desks it then uses."""

from datetime import date

from demo.accounts import SECOND, SHOWN
from tests import rooms
from tests.cases.street import People
from tests.cases.walk import Walk
from yihu.access.actor import Actor
from yihu.access.posts import actor_at
from yihu.households.models import Household
from yihu.letters import actions as letters
from yihu.letters.enums import Delivery
from yihu.organisations.models import StaffMember

LOW_INCOME = "low_income"


def people() -> People:
    """Those of the demonstration who lead cases."""
    posts = {username: (post, area) for username, _name, post, area in (*SHOWN, *SECOND)}

    def actor(username: str) -> Actor:
        staff = StaffMember.objects.get(login__username=username)
        post, area = posts[username]
        return actor_at(staff.pk, staff.name, post, (area,))

    return People(
        clerk=actor("jingban"),
        examiner=actor("shenhe"),
        second=actor("shenhe2"),
        worker=actor("shegong"),
        director=actor("zhuren"),
        officer=actor("quji"),
        deputy=actor("quji2"),
    )


def walk_of(household: Household, programme: str, service: Actor) -> Walk:
    """A case of a family that has not begun."""
    return Walk(people(), household, service, programme=programme)


def has_low_income(household: Household, on: date) -> None:
    """The family was found to be one of low income, in one day."""
    with rooms.everywhere() as service:
        walk = walk_of(household, LOW_INCOME, service)
        walk.begin(on)
        walk.check(on)
        walk.examine(on)
        walk.confirm(on)
        walk.hand_over(on)
        deliver_letters(walk, on)


def deliver_letters(walk: Walk, on: date) -> None:
    """Whatever was written to the family is handed to it."""
    for letter in walk.household.letters.order_by("id"):
        with walk.by(walk.people.clerk) as clerk:
            letters.deliver(letter=letter, delivery=Delivery.IN_PERSON, received_by=letter.addressee, by=clerk, on=on)
