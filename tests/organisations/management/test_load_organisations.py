"""The reference data of real divisions and offices, and its loading."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yihu.access.actor import service
from yihu.access.scope import acting
from yihu.common import reference_data
from yihu.organisations import actions
from yihu.organisations.management.commands import load_organisations
from yihu.organisations.models import Division, Office
from yihu.organisations.queries import communities, divisions_by_code, own_offices


def load() -> str:
    said = io.StringIO()
    call_command("load_organisations", stdout=said)
    return said.getvalue()


def versions() -> list[tuple[Any, ...]]:
    """The rows with the transaction that last wrote each: a row written anew with the same values would differ."""
    found = []
    with connection.cursor() as cursor:
        for table, key in (("division", "path"), ("organisation", "id"), ("office", "id")):
            cursor.execute(f"SELECT xmin::text, ctid::text, * FROM organisations_{table} ORDER BY {key}")
            found += cursor.fetchall()
    return found


@pytest.mark.django_db
def test_loads_the_streets_and_communities_of_xicheng_and_their_windows() -> None:
    assert "新增 840，修改 0，未变 0" in load()
    assert Division.objects.get(code="110102").divisions.count() == 15
    assert communities().count() == 263
    assert communities("11/0102/007/").count() == Division.objects.get(code="110102007").divisions.count() == 26
    assert Office.objects.get(division="11/0102/007/").telephone == "010-51813784"


@pytest.mark.django_db
def test_loading_asks_the_database_a_handful_of_times() -> None:
    with CaptureQueriesContext(connection) as queries:
        load()

    # A few for each table, and the words of who acts; none for each of the 840 rows.
    assert len(queries) < 25


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    load()
    before = versions()

    assert "新增 0，修改 0，未变 840" in load()
    assert versions() == before


@pytest.mark.django_db
def test_a_district_that_was_merged_is_known_by_its_former_code_on_whatever_day() -> None:
    load()

    for day in (date(2010, 6, 27), date(2010, 6, 28), date(2026, 6, 28)):
        assert str(divisions_by_code(on=day)["110104"]) == "西城区"
    assert divisions_by_code(on=date(2009, 1, 1), inside="11/0102/007/").keys().isdisjoint({"110102", "110104"})


@pytest.mark.django_db
def test_a_row_that_differs_is_put_right() -> None:
    load()
    Office.objects.filter(division="11/0102/007/").update(telephone="010-66000000")

    assert "新增 0，修改 1，未变 839" in load()
    assert Office.objects.get(division="11/0102/007/").telephone == "010-51813784"


@pytest.mark.django_db
def test_each_division_has_its_own_body_with_an_office_of_which_no_more_is_said_than_is_known() -> None:
    load()

    names = ("11/0102/", "11/0102/007/", "11/0102/001/004/")
    assert [(office.name, office.organisation.name) for office in own_offices().filter(division__in=names)] == [
        ("西城区民政局", "北京市西城区民政局"),
        ("府右街南社区居委会", "北京市西城区西长安街街道府右街南社区居委会"),
        ("月坛街道民生保障办", "北京市西城区月坛街道办事处"),
    ]
    assert own_offices().filter(telephone=None, source_date=None).count() == 264
    assert not Office.objects.filter(telephone="").exists()


@pytest.mark.django_db
def test_the_body_of_a_street_that_is_renamed_stays_the_same() -> None:
    load()
    before = Office.objects.get(division="11/0102/007/")
    Division.objects.filter(path="11/0102/007/").update(name="新坛街道")
    with acting(service("tests")):
        actions.open_offices()

    after = Office.objects.get(division="11/0102/007/")
    assert (after.pk, after.organisation_id) == (before.pk, before.organisation_id)
    assert after.organisation.name == "北京市西城区新坛街道办事处"


@pytest.mark.django_db
def test_nothing_is_loaded_when_one_row_is_wrong() -> None:
    divisions = [
        {"path": "11/", "code": "110000", "level": "province", "name": "北京市", "parent_id": None},
        {"path": "11/0102/", "code": "110102", "level": "district", "name": "", "parent_id": "11/"},
    ]

    with pytest.raises(ValidationError):
        actions.load_reference_data(divisions=divisions, offices=[])

    assert not Division.objects.exists()


@pytest.mark.django_db
def test_a_column_that_does_not_exist_is_an_error() -> None:
    division = {"path": "11/", "code": "110000", "level": "province", "name": "北京市", "leader": "某某"}

    with pytest.raises(FieldDoesNotExist, match="leader"):
        actions.load_reference_data(divisions=[division], offices=[])


@pytest.mark.parametrize("path", sorted(load_organisations.DATA.glob("*.yaml")), ids=lambda path: path.stem)
def test_offices_of_the_files_are_named_by_street_and_section_only(path: Path) -> None:
    content = reference_data.read(path)
    streets = {division["code"]: division["name"] for division in content.get("divisions", ())}

    for directory in content.get("directories", ()):
        for office in directory["offices"]:
            assert set(office) == {"division", "name", "telephone"}
            assert office["name"] == f"{streets[office['division']]}民生保障办"


def test_communities_lie_under_their_streets() -> None:
    content = reference_data.read(load_organisations.DATA / "xicheng-communities.yaml")["communities"]

    assert all(code.startswith(street) for street, names in content.items() for code in names)
    assert all(name.endswith("居委会") for names in content.values() for name in names.values())
