"""The database's own locks: what is not seen, not written and not forgotten, whatever the code above forgets."""

from datetime import UTC, date, datetime

import pytest
from django.db import DataError, IntegrityError, InternalError, ProgrammingError, connection, transaction

from config.database import PREPARED_AFTER
from tests import rooms
from tests.places import division
from tests.test_harness import needs_roles
from yihu.access.actor import Actor, service
from yihu.access.enums import WORK_OF_THE_SERVICE, PrincipalKind
from yihu.access.models import Principal
from yihu.access.posts import actor_at
from yihu.access.scope import acting, file_open, keep_away
from yihu.common.models import Change
from yihu.households.models import FileRead, Household
from yihu.organisations.models import StaffMember

pytestmark = pytest.mark.django_db

OURS, FOREIGN = "11/0102/007/003/", "11/0102/018/003/"


def rows(statement: str, *parameters: object) -> list[tuple[object, ...]]:
    """What the web's role gets for a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found


def clerk(*areas: str) -> Actor:
    return actor_at(rooms.principal("贾一"), "贾一", "window_clerk", areas)


@pytest.fixture
def households(db: None) -> dict[str, Household]:
    """A family in each of two streets; nobody acts any more."""
    with acting(service("tests", "11/0102/")):
        return {
            place: Household.objects.create(
                number=f"XC-{number}-000001", division=division(place), address="某胡同", opened_on=date(2026, 1, 5)
            )
            for number, place in (("007", OURS), ("018", FOREIGN))
        }


@needs_roles
def test_the_web_neither_empties_a_table_nor_owns_one() -> None:
    powers = rows(
        "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        " AND (has_table_privilege(oid, 'TRUNCATE') OR has_table_privilege(oid, 'TRIGGER')"
        " OR pg_has_role(relowner, 'MEMBER'))"
    )

    assert powers == []


@needs_roles
@pytest.mark.parametrize(
    "statement",
    [
        'INSERT INTO common_change (at, actor_id, reason, origin, "table", row_id, operation)'
        " VALUES (now(), 1, '', '', 'x', 1, 'insert')",
        "UPDATE common_change SET actor_id = 1",
        "DELETE FROM common_change",
    ],
)
def test_the_web_cannot_write_the_memory(statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows(statement)


@needs_roles
def test_without_a_scope_there_are_no_families(households: dict[str, Household]) -> None:
    assert not Household.objects.exists()
    with acting(clerk()):
        assert not Household.objects.exists()


@needs_roles
def test_only_declared_work_of_the_service_acts_under_its_name() -> None:
    for work in WORK_OF_THE_SERVICE:
        assert service(work).principal
    for name in ("notes", "Calendar", ""):
        with pytest.raises(IntegrityError, match="没有这样的程序"), transaction.atomic():
            rows("SELECT app_service(%s)", name)
    with (
        acting(clerk("11/0102/007/")),
        pytest.raises(IntegrityError, match="不能另行登记"),
        transaction.atomic(),
    ):
        Principal.objects.create(kind=PrincipalKind.SERVICE, name="notes")


@needs_roles
@pytest.mark.parametrize(
    ("areas", "seen"),
    [
        (("11/0102/007/",), [OURS]),
        ((OURS,), [OURS]),
        (("11/0102/007/004/",), []),
        (("11/0102/018/", "11/0102/007/"), [OURS, FOREIGN]),
        (("11/0102/",), [OURS, FOREIGN]),
        (("11/0108/",), []),
    ],
)
def test_families_of_other_areas_do_not_exist(
    households: dict[str, Household], areas: tuple[str, ...], seen: list[str]
) -> None:
    with acting(clerk(*areas)):
        assert list(Household.objects.values_list("division_id", flat=True)) == seen
        assert Household.objects.count() == len(seen)


@needs_roles
def test_a_plan_that_is_kept_shows_each_no_more_than_his_own(households: dict[str, Household]) -> None:
    def seen() -> list[str]:
        return list(Household.objects.filter(number__startswith="XC-").values_list("division_id", flat=True))

    with acting(clerk("11/0102/007/")):
        # Twice as often as a plan takes to be prepared and then to serve for all values.
        assert [seen() for _turn in range(4 * PREPARED_AFTER)] == [[OURS]] * 4 * PREPARED_AFTER
        kept = rows(
            "SELECT generic_plans > 0, statement FROM pg_prepared_statements WHERE strpos(statement, %s) > 0", "LIKE $1"
        )
        assert [plan for plan, _statement in kept] == [True]
        assert "XC-" not in str(kept[0][1])
    with acting(clerk("11/0102/018/")):
        assert seen() == [FOREIGN]
    with acting(clerk()):
        assert seen() == []
    with acting(clerk("11/0102/")):
        assert seen() == [OURS, FOREIGN]
        keep_away([households[OURS].pk])
        assert seen() == [FOREIGN]
    assert seen() == []


@needs_roles
def test_a_foreign_family_is_neither_written_nor_made(households: dict[str, Household]) -> None:
    foreign = households[FOREIGN]
    with acting(clerk("11/0102/007/")):
        assert not Household.objects.filter(pk=foreign.pk).update(address="改了")
        assert not Household.objects.filter(pk=foreign.pk).delete()[0]
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Household.objects.create(number="XC-018-000009", division_id=FOREIGN, address="某处", opened_on=date.max)
        households[OURS].division_id = FOREIGN
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            households[OURS].save()


@needs_roles
def test_what_was_changed_in_a_foreign_family_is_not_seen(households: dict[str, Household]) -> None:
    with acting(clerk("11/0102/007/")):
        seen = Change.objects.filter(table="households_household").values_list("row_id", flat=True)
        assert list(seen) == [households[OURS].pk]


def test_a_change_without_an_actor_is_refused(households: dict[str, Household]) -> None:
    with pytest.raises(ProgrammingError, match="每一次变更都要有经办人"), transaction.atomic():
        StaffMember.objects.create_user("nobody", name="贾一")


def test_a_change_says_who_from_where_and_why(households: dict[str, Household]) -> None:
    with acting(clerk("11/0102/007/"), reason="地址登记有误", origin="10.0.0.7"):
        Household.objects.filter(pk=households[OURS].pk).update(address="某胡同 2 号")
        change = Change.objects.filter(table="households_household").last()

    assert change
    assert (str(change.actor), change.reason, change.origin) == ("贾一", "地址登记有误", "10.0.0.7")
    assert change.before["address"] == "某胡同"
    assert change.household == households[OURS].pk


def now() -> tuple[object, ...]:
    """Who acts, and how far he reaches."""
    names = ("app.actor", "app.areas")
    return rows("SELECT coalesce(current_setting(%s, true), ''), coalesce(current_setting(%s, true), '')", *names)[0]


class Undone(Exception):
    """Raised to leave a block."""


def test_the_scope_is_what_it_was_after_acting_within() -> None:
    by = clerk("11/0102/007/")
    outer = (str(by.principal), "{11/0102/007/}")
    with acting(by):
        assert now() == outer
        with acting(service("tests", "11/0102/")):
            assert now() == (str(service("tests").principal), "{11/0102/}")
        assert now() == outer
        with pytest.raises(Undone), acting(service("tests", "11/0102/")):
            raise Undone
        assert now() == outer
        with pytest.raises(InternalError), acting(service("tests", "11/0102/")):
            rows("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'XX000'; END $$")
        assert now() == outer
        with acting(service("tests", "11/0102/")):
            transaction.set_rollback(True)
        assert now() == outer
    assert now() == ("", "")


@pytest.mark.parametrize("area", ["", "%", "11/0102/}", "11/0102/,11/0108/", '"', "1101 02", "1101\n02"])
def test_a_forged_area_is_refused(area: str) -> None:
    with pytest.raises(ValueError, match="11/0102/007/"), acting(clerk("11/0102/007/", area)):
        raise AssertionError(area)


@needs_roles
@pytest.mark.parametrize("areas", ["%", "11/0102/", "{11/0102/", "{", "*"])
def test_the_database_refuses_what_is_no_list_of_areas(households: dict[str, Household], areas: str) -> None:
    rows("SELECT set_config('app.areas', %s, true)", areas)
    with pytest.raises(DataError, match="malformed array"), transaction.atomic():
        rows("SELECT count(*) FROM households_household")


@needs_roles
@pytest.mark.parametrize("areas", ["", "{}", "{NULL}", '{""}', '{"",NULL}'])
def test_an_area_of_nothing_reaches_nothing(households: dict[str, Household], areas: str) -> None:
    rows("SELECT set_config('app.areas', %s, true)", areas)
    assert rows("SELECT count(*) FROM households_household") == [(0,)]


@needs_roles
def test_who_looked_and_when_the_database_says_and_refuses_what_was_forged(households: dict[str, Household]) -> None:
    family, by = households[OURS], clerk("11/0102/007/")
    other = rooms.principal("贾二")
    look = {"household": family, "kind": "file", "purpose": "case"}
    with acting(by):
        read = FileRead.objects.create(**look)
        read.refresh_from_db()
        assert read.actor_id == by.principal
        assert rows("SELECT now() - %s < '1 minute'", read.at) == [(True,)]
        with pytest.raises(IntegrityError, match="正在查看的人名下"), transaction.atomic():
            FileRead.objects.create(**look, actor_id=other)
        for at in (datetime(2026, 1, 5, tzinfo=UTC), read.at):
            with pytest.raises(IntegrityError, match="由数据库写下"), transaction.atomic():
                FileRead.objects.create(**look, at=at)
        # Also where nothing may be changed meanwhile.
        with file_open(family.pk):
            FileRead.objects.create(**look)
    with pytest.raises(ProgrammingError, match="经办人"), transaction.atomic():
        FileRead.objects.create(**look)
    assert set(FileRead.objects.values_list("actor", flat=True)) <= {by.principal}
