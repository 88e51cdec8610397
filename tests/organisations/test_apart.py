"""Of two posts that exclude each other nobody holds both at once, whatever writes it: the database itself refuses."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests import places
from tests.organisations.conftest import hire
from yihu.access.posts import posts
from yihu.organisations.models import Appointment, Post, StaffMember

pytestmark = pytest.mark.usefixtures("district")

PLACES = {"community": "11/0102/007/003/", "street": "11/0102/007/", "district": "11/0102/"}
JUNE = (date(2026, 6, 1), date(2026, 7, 1))
APART = sorted({tuple(sorted((kind, other))) for kind, post in posts().items() for other in post.never_with or {}})


def give(staff: StaffMember, kind: str, period: tuple[date, date | None]) -> Appointment:
    """A post, written straight into the table."""
    post = places.post(kind, PLACES[posts()[kind].level])
    return Appointment.objects.create(post=post, staff=staff, period=period)


def look() -> None:
    """What the end of the transaction looks at."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(("one", "other"), APART)
def test_each_pair_of_the_file_is_held_apart_both_ways(one: str, other: str) -> None:
    why = (posts()[one].never_with or {})[other]
    for first, second in ((one, other), (other, one)):
        staff = hire("贾一")
        give(staff, first, JUNE)
        look()
        with transaction.atomic():
            give(staff, second, (date(2026, 6, 30), None))
            with pytest.raises(DatabaseError, match=f"贾一 不能同时担任.*：{why}。"):
                look()
            transaction.set_rollback(True)
        give(staff, second, (date(2026, 7, 1), None))
        look()


def test_posts_that_exclude_nothing_are_held_together_and_others_hold_the_other() -> None:
    one, other = hire("贾一"), hire("甄二")
    give(one, "finance_maker", JUNE)
    give(one, "community_worker", JUNE)
    give(other, "finance_checker", JUNE)
    look()


def test_what_is_exchanged_within_one_transaction_is_looked_at_when_it_is_whole() -> None:
    staff = hire("贾一")
    held = give(staff, "finance_maker", (date(2026, 1, 1), None))
    look()
    give(staff, "finance_checker", (date(2026, 6, 1), None))
    held.period = (date(2026, 1, 1), date(2026, 6, 1))
    held.save()
    look()
    with transaction.atomic():
        Appointment.objects.filter(pk=held.pk).update(period=(date(2026, 1, 1), None))
        with pytest.raises(DatabaseError, match="不能同时担任"):
            look()
        transaction.set_rollback(True)


def test_a_post_never_becomes_another() -> None:
    post = give(hire("贾一"), "finance_maker", JUNE).post
    for change in ({"kind": "finance_checker"}, {"office": places.office("11/0102/007/")}):
        with pytest.raises(DatabaseError, match="请另设岗位"), transaction.atomic():
            Post.objects.filter(pk=post.pk).update(**change)
