"""Close relatives: declared once, kept as a digest, and found again in a family."""

from datetime import date, timedelta

import pytest

from tests.organisations.conftest import KEEPER, ON, hire, officer, seated
from yihu.access.actor import Actor
from yihu.access.posts import actor_at
from yihu.common import secrets
from yihu.common.models import Change
from yihu.common.refusals import Refused
from yihu.organisations import actions, queries
from yihu.organisations.enums import Kinship
from yihu.organisations.models import Relative, StaffMember

pytestmark = pytest.mark.usefixtures("district")

NUMBER = "000000195503071824"
COMMUNITY = "11/0102/007/003/"


@pytest.fixture
def worker() -> StaffMember:
    return hire("贾一", ("community_worker", COMMUNITY))


def declare(staff: StaffMember, by: Actor = KEEPER, number: str = NUMBER) -> Relative:
    values = {"kinship": Kinship.PARENT, "name": "郝母", "identity_number": number}
    return actions.declare_relative(staff=staff, by=by, on=ON, **values)  # type: ignore[arg-type]


def found(on: date = ON) -> list[StaffMember]:
    digests = [secrets.digest(secrets.Kind.IDENTITY, NUMBER)]
    return [relative.staff for relative in queries.relatives_among(digests, on=on)]


def test_a_relative_is_found_in_a_family_from_the_day_of_declaration_to_that_of_withdrawal(
    worker: StaffMember,
) -> None:
    relative = declare(worker, number=NUMBER[:6] + " " + NUMBER[6:])

    assert found() == [worker]
    assert found(ON - timedelta(days=1)) == []
    actions.withdraw_relative(relative=relative, reason="填错", by=KEEPER, on=ON + timedelta(days=9))
    assert found(ON + timedelta(days=8)) == [worker]
    assert found(ON + timedelta(days=9)) == []
    assert not queries.relatives_of(worker)


def test_the_number_itself_is_nowhere(worker: StaffMember) -> None:
    relative = declare(worker)

    assert NUMBER[-4:].encode() not in bytes(relative.identity_digest)
    assert len(relative.identity_digest) == 32


def test_a_relative_is_declared_once_but_again_after_a_withdrawal(worker: StaffMember) -> None:
    first = declare(worker)
    with pytest.raises(Refused, match="已经申报过"):
        declare(worker)
    actions.withdraw_relative(relative=first, reason="填错", by=KEEPER, on=ON)
    with pytest.raises(Refused, match="已在 2026-11-02 撤销"):
        actions.withdraw_relative(relative=first, reason="填错", by=KEEPER, on=ON)
    declare(worker)

    assert found() == [worker]


def test_two_officers_may_have_one_mother(worker: StaffMember) -> None:
    brother = hire("贾二", ("window_clerk", "11/0102/007/"))
    declare(worker)
    declare(brother)

    assert set(found()) == {worker, brother}


def test_everyone_declares_his_own_and_a_director_those_of_his_street(worker: StaffMember) -> None:
    own = actor_at(worker.pk, "贾一", "community_worker", (COMMUNITY,))
    director = seated("street_director", "11/0102/007/")
    foreign = seated("street_director", "11/0102/018/")
    clerk = seated("window_clerk", "11/0102/007/")

    actions.withdraw_relative(relative=declare(worker, own), reason="离婚", by=director, on=ON)
    declare(worker, officer())
    for by in (foreign, clerk):
        with pytest.raises(Refused):
            declare(worker, by, "000000195601011518")


def test_nobody_takes_his_own_declaration_back_and_whoever_does_says_why(worker: StaffMember) -> None:
    own = actor_at(worker.pk, "贾一", "community_worker", (COMMUNITY,))
    promoted = actor_at(worker.pk, "贾一", "district_officer", ("11/0102/",))
    relative = declare(worker, own)

    for by in (own, promoted):
        with pytest.raises(Refused, match="不能自己撤销"):
            actions.withdraw_relative(relative=relative, reason="填错", by=by, on=ON)
    with pytest.raises(Refused, match="为什么撤销"):
        actions.withdraw_relative(relative=relative, reason=" ", by=KEEPER, on=ON)
    assert found() == [worker]

    actions.withdraw_relative(relative=relative, reason="申报时填错", by=KEEPER, on=ON)
    change = Change.objects.filter(table="organisations_relative", operation="update").latest("id")
    assert change.reason == "申报时填错"


def test_a_number_that_cannot_be_is_refused(worker: StaffMember) -> None:
    with pytest.raises(Refused, match="校验位") as refusal:
        declare(worker, number=NUMBER[:-1] + "0")

    assert refusal.value.field == "identity_number"
