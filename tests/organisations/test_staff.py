"""Who works where: appointments, their limits, and who may make them."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from pytest_django import Settings

from tests import places
from tests.organisations.conftest import KEEPER, ON, hire, officer, seated
from yihu.access.capabilities import Capability
from yihu.access.models import Login
from yihu.access.posts import label_of, posts
from yihu.common.models import Change
from yihu.common.refusals import Refused
from yihu.organisations import actions, queries
from yihu.organisations.enums import OWN_BODIES, OrganisationKind
from yihu.organisations.models import Appointment, Office, Organisation, StaffMember

pytestmark = pytest.mark.usefixtures("district")

STREET, COMMUNITY = "11/0102/007/", "11/0102/007/003/"


def office(path: str = STREET) -> Office:
    return places.office(path)


def appoint(staff: StaffMember, since: date, until: date | None = None, **changed: object) -> None:
    values = {"post_kind": "window_clerk", "office": office(), "by": KEEPER, **changed}
    actions.appoint(staff=staff, since=since, until=until, on=ON, **values)  # type: ignore[arg-type]


def test_a_post_is_held_from_its_first_day_until_the_day_before_its_last() -> None:
    staff = hire("贾一")
    appoint(staff, date(2026, 1, 1), date(2026, 7, 1))

    def posts(on: date) -> int:
        return queries.appointments_of(staff, on=on).count()

    assert [posts(date(2025, 12, 31)), posts(date(2026, 1, 1)), posts(date(2026, 6, 30))] == [0, 1, 1]
    assert queries.actor_of(staff, on=date(2026, 7, 1)) is None


def test_the_chosen_post_is_acted_at_and_no_other_can_be_chosen() -> None:
    staff = hire("贾一", ("window_clerk", STREET), ("community_worker", COMMUNITY))
    second = queries.appointments_of(staff, on=ON)[1].post
    foreign = hire("甄二", ("auditor", "11/0102/")).appointments.get().post

    def areas(post: int | None) -> tuple[str, ...]:
        found = queries.actor_of(staff, post=post, on=ON)
        assert found
        return found.areas

    assert areas(second.pk) == (COMMUNITY,)
    assert areas(foreign.pk) == areas(None) == (STREET,)


@pytest.mark.parametrize(
    ("kind", "code"),
    [("window_clerk", "11/0102/"), ("community_worker", STREET), ("auditor", COMMUNITY)],
)
def test_a_post_stands_at_its_own_level(kind: str, code: str) -> None:
    with pytest.raises(Refused, match="设在") as refusal:
        appoint(hire("贾一"), ON, post_kind=kind, office=office(code))

    assert refusal.value.field == "office"


def test_a_post_stands_at_its_division_s_own_body_and_nowhere_else() -> None:
    assert {each.level for each in posts().values()} <= set(OWN_BODIES)
    charity = Organisation.objects.create(name="某照料中心", kind=OrganisationKind.CHARITY)
    elsewhere = Office.objects.create(division=office().division, organisation=charity, name="某照料中心")

    with pytest.raises(Refused, match="窗口经办设在街道办事处、乡镇政府，而某照料中心不是") as refusal:
        appoint(hire("贾一"), ON, office=elsewhere)
    assert refusal.value.field == "office"


def test_one_post_is_not_held_twice_at_a_time_but_may_be_shared() -> None:
    staff, other = hire("贾一"), hire("甄二")
    appoint(staff, date(2026, 1, 1))
    appoint(other, date(2026, 1, 1))

    with pytest.raises(Refused, match="已经担任月坛街道 · 窗口经办"):
        appoint(staff, date(2026, 6, 1))

    assert {each.staff for each in queries.colleagues(COMMUNITY, may=Capability.SEE_INBOX, on=ON)} == {staff, other}


def test_an_appointment_ends_and_can_be_taken_up_again() -> None:
    staff = hire("贾一", ("window_clerk", STREET))
    held = staff.appointments.get()

    with pytest.raises(Refused, match="最后一天不能早于"):
        actions.end_appointment(appointment=held, until=date(2024, 1, 1), by=KEEPER, on=ON)
    actions.end_appointment(appointment=held, until=date(2026, 6, 1), by=KEEPER, on=ON)
    with pytest.raises(Refused, match="任职到 2026-05-31 为止，不能再往后改"):
        actions.end_appointment(appointment=held, until=date(2026, 7, 1), by=KEEPER, on=ON)
    appoint(staff, date(2026, 6, 1))

    assert queries.appointments_of(staff, on=ON).count() == 1


def test_an_appointment_that_has_not_begun_can_be_cancelled_and_is_remembered() -> None:
    staff = hire("贾一", ("window_clerk", STREET))
    appoint(staff, ON + timedelta(days=1), post_kind="street_examiner")
    begun, coming = staff.appointments.order_by("id")

    with pytest.raises(Refused, match="已经开始，不能撤销"):
        actions.cancel_appointment(appointment=begun, by=KEEPER, on=ON)
    with pytest.raises(Refused, match="已经开始，不能撤销"):
        actions.cancel_appointment(appointment=coming, by=KEEPER, on=ON + timedelta(days=1))
    number = coming.pk
    actions.cancel_appointment(appointment=coming, by=officer(), on=ON)

    assert staff.appointments.get() == begun
    assert Change.objects.filter(table="organisations_appointment", row_id=number, operation="delete").exists()


@pytest.mark.parametrize(
    ("post", "area"), [("street_director", STREET), ("auditor", "11/0102/"), ("district_officer", "11/0108/")]
)
def test_only_the_district_appoints_and_only_in_itself(post: str, area: str) -> None:
    staff = hire("贾一")

    with pytest.raises(Refused):
        appoint(staff, ON, by=seated(post, area))


# The maker's post is held in June 2026; the checker's is asked for from when until when, and may be held or not.
AROUND_JUNE = [
    (date(2026, 5, 1), date(2026, 5, 31), True),
    (date(2026, 5, 1), date(2026, 6, 1), True),
    (date(2026, 5, 1), date(2026, 6, 2), False),
    (date(2026, 6, 30), None, False),
    (date(2026, 7, 1), None, True),
    (date(2026, 7, 2), None, True),
    (date(2026, 6, 10), date(2026, 6, 11), False),
    (date(2026, 1, 1), None, False),
]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("finance_maker", "finance_checker"),
        ("finance_checker", "finance_maker"),
    ],
)
@pytest.mark.parametrize(("since", "until", "may"), AROUND_JUNE)
def test_nobody_makes_and_checks_payments_at_the_same_time(
    first: str, second: str, since: date, until: date | None, may: bool
) -> None:
    staff, district = hire("贾一"), office("11/0102/")
    appoint(staff, date(2026, 6, 1), date(2026, 7, 1), post_kind=first, office=district)

    if may:
        appoint(staff, since, until, post_kind=second, office=district)
    else:
        held = f"2026-06-01 至 2026-06-30担任西城区 · {label_of(first)}"
        with pytest.raises(Refused, match=held) as refusal:
            appoint(staff, since, until, post_kind=second, office=district)
        assert refusal.value.field == "post_kind"
    assert staff.appointments.count() == 1 + may


def test_the_other_money_post_is_free_for_others_and_after_the_first_has_ended() -> None:
    staff, other, district = hire("贾一"), hire("甄二"), office("11/0102/")
    appoint(staff, date(2026, 1, 1), post_kind="finance_maker", office=district)
    appoint(other, date(2026, 1, 1), post_kind="finance_checker", office=district)
    appoint(staff, date(2026, 1, 1), post_kind="community_worker", office=office(COMMUNITY))

    with pytest.raises(Refused, match="2026-01-01 起担任西城区 · 发放制单"):
        appoint(staff, ON, post_kind="finance_checker", office=district)
    held = staff.appointments.get(post__kind="finance_maker")
    actions.end_appointment(appointment=held, until=ON, by=KEEPER, on=ON)
    appoint(staff, ON, post_kind="finance_checker", office=district)

    assert queries.appointments_of(staff, on=ON).filter(post__kind="finance_checker").exists()


def test_an_officer_has_no_right_over_those_of_another_district() -> None:
    staff, new = hire("贾一", ("window_clerk", STREET)), hire("甄二")
    far = officer("11/0108/")

    for change in (actions.deactivate, actions.reactivate):
        with pytest.raises(Refused, match="不在您负责的区域任职"):
            change(staff=staff, by=far, on=ON)
    with pytest.raises(Refused, match="不在您负责的区域任职"):
        actions.give_password(staff=staff, password_hash="x", by=far, on=ON)
    # Whoever was never appointed belongs to no district yet.
    assert list(queries.staff_of(far, on=ON)) == [new]


def test_a_director_sees_who_works_in_his_street_and_the_district_also_who_left() -> None:
    clerk = hire("贾一", ("window_clerk", STREET))
    worker = hire("贾二", ("community_worker", COMMUNITY))
    gone = hire("贾三", ("window_clerk", STREET))
    actions.end_appointment(appointment=gone.appointments.get(), until=ON, by=KEEPER, on=ON)
    far, new = hire("贾四", ("window_clerk", "11/0102/018/")), hire("贾五")
    director = seated("street_director", STREET)
    auditor = seated("auditor", "11/0102/")

    assert set(queries.staff_of(director, on=ON)) == {clerk, worker}
    for by in (officer(), auditor):
        assert set(queries.staff_of(by, on=ON)) == {clerk, worker, gone, far, new}


def test_a_new_password_takes_the_place_of_the_old_one() -> None:
    staff = hire("贾一", ("window_clerk", STREET))
    actions.give_password(staff=staff, password_hash=make_password("correct horse"), by=officer(), on=ON)
    assert staff.login.check_password("correct horse")

    actions.deactivate(staff=staff, by=officer(), on=ON)
    with pytest.raises(Refused, match="先恢复账号"):
        actions.give_password(staff=staff, password_hash=make_password("battery staple"), by=officer(), on=ON)
    for by in (officer(staff=staff.pk), seated("street_director", STREET)):
        with pytest.raises(Refused):
            actions.give_password(staff=staff, password_hash="x", by=by, on=ON)


def test_whoever_cannot_log_in_does_not_stand_in_for_another() -> None:
    first, second = (hire(name, ("window_clerk", STREET)) for name in ("贾一", "甄二"))
    held = first.appointments.get()

    assert not queries.others_at(held, on=ON)
    actions.give_password(staff=second, password_hash=make_password("correct horse"), by=officer(), on=ON)
    assert queries.others_at(held, on=ON).get().staff == second
    assert not queries.others_at(second.appointments.get(), on=ON)
    actions.deactivate(staff=second, by=officer(), on=ON)
    assert not queries.others_at(held, on=ON)


def test_an_account_is_named_after_its_owner_where_nobody_names_it() -> None:
    made = [actions.create_staff(username="", name=name, by=KEEPER, on=ON) for name in ("甄新人", "甄欣仁", "007")]

    assert [each.username for each in made] == ["zhenxinren", "zhenxinren2", "staff"]


def test_nobody_appoints_himself() -> None:
    staff = hire("甄督", ("district_officer", "11/0102/"))

    with pytest.raises(Refused, match="自己"):
        appoint(staff, ON, post_kind="finance_checker", office=office("11/0102/"), by=officer(staff=staff.pk))


@pytest.mark.parametrize(
    ("username", "name", "field"),
    [("staff1", "甄二", "username"), ("甄二", "甄二", "username"), ("Zhen", "甄二", "username"), ("zhen", " ", "name")],
)
def test_an_account_has_a_name_of_its_own(username: str, name: str, field: str) -> None:
    hire("贾一")

    with pytest.raises(Refused) as refusal:
        actions.create_staff(username=username, name=name, by=KEEPER, on=ON)

    assert refusal.value.field == field


def test_whoever_has_no_password_matches_none() -> None:
    staff = hire("贾一")

    assert not any(staff.login.check_password(guess) for guess in ("", "!", "password"))


def test_whoever_left_is_no_colleague_until_he_is_back() -> None:
    staff = hire("贾一", ("window_clerk", STREET))
    actions.deactivate(staff=staff, by=officer(), on=ON)

    assert not queries.colleagues(COMMUNITY, may=Capability.SEE_INBOX, on=ON)
    with pytest.raises(Refused, match="已停用"):
        appoint(staff, ON, post_kind="street_examiner")
    actions.reactivate(staff=staff, by=officer(), on=ON)
    assert queries.colleagues(COMMUNITY, may=Capability.SEE_INBOX, on=ON).get().staff == staff


def test_colleagues_are_those_whose_area_holds_the_community() -> None:
    worker = hire("贾一", ("community_worker", COMMUNITY))
    hire("贾二", ("community_worker", "11/0102/007/004/"))
    clerk = hire("贾三", ("window_clerk", STREET))
    hire("贾四", ("window_clerk", "11/0102/018/"))
    district = hire("贾五", ("district_officer", "11/0102/"))

    assert [each.staff for each in queries.colleagues(COMMUNITY, may=Capability.SEE_INBOX, on=ON)] == [
        worker,
        clerk,
        district,
    ]
    assert [each.staff for each in queries.colleagues(COMMUNITY, may=Capability.FOLLOW_UP_LETTERS, on=ON)] == [clerk]


def test_changes_of_people_and_posts_are_remembered() -> None:
    staff = hire("贾一", ("window_clerk", STREET))
    actions.deactivate(staff=staff, by=officer(), on=ON)

    change = Change.objects.get(table="access_principal", row_id=staff.pk, operation="update")
    assert (str(change.actor), change.before["is_active"]) == ("tests", True)


def test_a_hash_made_the_old_way_is_renewed_by_the_service(settings: Settings) -> None:
    staff = hire("贾一")
    Login.objects.filter(pk=staff.pk).update(password=make_password("correct horse"))
    staff = StaffMember.objects.get(pk=staff.pk)
    hashers = "django.contrib.auth.hashers"
    settings.PASSWORD_HASHERS = [f"{hashers}.ScryptPasswordHasher", f"{hashers}.MD5PasswordHasher"]

    assert not staff.login.check_password("wrong horse")
    assert staff.login.check_password("correct horse")

    assert Login.objects.get(pk=staff.pk).password.startswith("scrypt$")
    change = Change.objects.filter(table="access_login", row_id=staff.pk).last()
    assert change
    assert str(change.actor) == "login"


def test_who_works_in_another_district_by_now_is_not_the_former_one_s_to_keep() -> None:
    moved = hire("贾迁", ("window_clerk", "11/0102/007/"))
    actions.end_appointment(appointment=moved.appointments.get(), until=ON, by=KEEPER, on=ON)
    assert moved in queries.staff_of(officer(), on=ON)
    post = places.post("district_officer", places.division("11/0108/").path)
    Appointment.objects.create(post=post, staff=moved, period=(ON, None))

    assert moved not in queries.staff_of(officer(), on=ON)
    with pytest.raises(Refused):
        actions.give_password(staff=moved, password_hash="!x", by=officer(), on=ON)
