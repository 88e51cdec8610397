"""What the database refuses about divisions and offices."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from tests import places, rooms
from yihu.organisations.enums import DivisionLevel, OrganisationKind
from yihu.organisations.models import Division, FormerCode, Office, Organisation
from yihu.organisations.paths import below, chain, district_of, number_of, parent_of, street_of
from yihu.organisations.queries import divisions_by_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Iterator[Division]:
    with rooms.everywhere():
        yield places.division("11/0102/007/")


def office(division: Division, **changed: Any) -> Office:
    charity, _made = Organisation.objects.get_or_create(name="某照料中心", kind=OrganisationKind.CHARITY)
    values = {
        "organisation": charity,
        "name": "月坛街道民生保障办",
        "telephone": "010-51813784",
        "source_document": "西政办发〔2020〕7号",
        "source_clause": "附件2",
        "source_date": datetime.date(2020, 5, 19),
    }
    return Office(division=division, **{**values, **changed})


LEVELS = {
    DivisionLevel.PROVINCE: ("22/", None, "220000"),
    DivisionLevel.CITY: ("11/02/", "11/", "110200"),
    DivisionLevel.DISTRICT: ("11/0108/", "11/", "110108"),
    DivisionLevel.STREET: ("11/0102/009/", "11/0102/", "110102009"),
    DivisionLevel.COMMUNITY: ("11/0102/007/009/", "11/0102/007/", "110102007009"),
}


def made(level: DivisionLevel, **changed: Any) -> Division:
    path, parent, code = LEVELS[level]
    return Division.objects.create(
        **{"path": path, "code": code, "name": "某地", "level": level, "parent_id": parent, **changed}
    )


@pytest.mark.parametrize("level", LEVELS)
def test_of_each_level_a_division_can_be_made(street: Division, level: DivisionLevel) -> None:
    assert made(level).level == level


@pytest.mark.parametrize(
    ("level", "code"),
    [
        *((DivisionLevel.PROVINCE, code) for code in ("", "220100", "22", "020000")),
        *((DivisionLevel.CITY, code) for code in ("110201", "1102", "11020")),
        *((DivisionLevel.DISTRICT, code) for code in ("", "11010", "1101020", "11010２", "x10102", "010102")),
        *((DivisionLevel.STREET, code) for code in ("110103", "11010200", "11010200七")),
        *((DivisionLevel.COMMUNITY, code) for code in ("110102007", "11010200700")),
    ],
)
def test_a_code_is_as_long_as_its_level_says(street: Division, level: DivisionLevel, code: str) -> None:
    with pytest.raises(IntegrityError, match="division_code_fits_level"):
        made(level, code=code)


@pytest.mark.parametrize(
    "changed",
    [
        {"parent_id": None},
        {"parent_id": "11/"},
        {"path": "11/0108/009/"},
        {"path": "11/0102/009"},
        {"path": "11/0102/009/001/"},
        {"path": "11/0102/"},
        {"path": "11/0102/x/"},
    ],
)
def test_a_path_is_that_of_the_parent_and_one_segment(street: Division, changed: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=r"division_lies_in_its_parent|division_pkey"):
        made(DivisionLevel.STREET, **changed)


def test_a_province_lies_in_nothing_and_no_code_is_given_twice(street: Division) -> None:
    with pytest.raises(IntegrityError, match="division_lies_in_its_parent"), transaction.atomic():
        made(DivisionLevel.PROVINCE, parent_id="11/")
    with pytest.raises(IntegrityError, match="division_code"):
        made(DivisionLevel.STREET, code=street.code)


def test_a_code_of_another_time_means_what_it_was_merged_into(street: Division) -> None:
    merged = {"code": "110102999", "name": "某旧街道", "division": street, "source": "虚构文件"}
    FormerCode.objects.create(**merged, period=(None, datetime.date(2010, 7, 1)))

    assert divisions_by_code(on=datetime.date(2010, 6, 30), codes=["110102999"]) == {"110102999": street}
    assert divisions_by_code(on=datetime.date(2026, 7, 1), codes=["110102999"]) == {"110102999": street}
    assert divisions_by_code(on=datetime.date(2010, 6, 30), codes=[street.code]) == {street.code: street}
    with pytest.raises(IntegrityError, match="former_code_of_one_division_at_a_time"):
        FormerCode.objects.create(**merged, period=(datetime.date(2010, 1, 1), None))


def test_a_code_of_what_lies_outside_says_what_it_is_now(street: Division) -> None:
    outside = {"code": "110103", "name": "某旧区", "source": "虚构文件", "period": (None, datetime.date(2010, 7, 1))}
    for said in ({}, {"now_code": "110101"}, {"division": street, "now_code": "110101", "now_name": "东城区"}):
        with pytest.raises(IntegrityError, match="former_code_says_what_it_is_now"), transaction.atomic():
            FormerCode.objects.create(**outside, **said)
    found = FormerCode.objects.create(**outside, now_code="110101", now_name="东城区")

    assert found.present_code == "110101"
    assert divisions_by_code(on=datetime.date(2010, 6, 30), codes=["110103"]) == {}


def test_what_a_path_says_by_itself() -> None:
    path = "61/01/03/007/001/"
    assert chain(path) == ["61/", "61/01/", "61/01/03/", "61/01/03/007/", path]
    assert (street_of(path), district_of(path)) == ("61/01/03/007/", "61/01/03/")
    assert (parent_of("61/"), number_of("11/0102/007/")) == ("", "007")
    assert below("11/0102/007/", "110102007", "110102007003") == "11/0102/007/003/"


@pytest.mark.parametrize("telephone", ["", "51813784", "13800000000", "010-1813784", "010 51813784", "010-5181转84"])
def test_an_office_has_a_fixed_line_with_area_code(street: Division, telephone: str) -> None:
    with pytest.raises(IntegrityError, match="office_telephone_is_fixed_line"):
        office(street, telephone=telephone).save()


def test_the_reason_is_told_in_words(street: Division) -> None:
    with pytest.raises(ValidationError, match="固定电话"):
        office(street, telephone="13800000000").full_clean()


def test_an_organisation_has_one_office_in_a_division(street: Division) -> None:
    office(street).save()

    with pytest.raises(IntegrityError, match="office_once_per_division_and_organisation"):
        office(street).save()


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"source_date": None},
        *({field: value} for field in ("source_document", "source_clause") for value in ("", None)),
    ],
)
def test_an_office_has_a_name_and_its_telephone_a_source(street: Division, changed: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="office_has_name_and_telephone_has_source"):
        office(street, **changed).save()


def test_the_telephone_of_an_office_may_be_unknown_and_so_is_its_source(street: Division) -> None:
    unknown = dict.fromkeys(("telephone", "source_document", "source_clause", "source_date"))
    made = office(street, **unknown)
    made.save()

    assert (made.telephone, made.source) == (None, None)


def test_a_division_has_one_office_of_its_own_body(street: Division) -> None:
    other = Organisation.objects.create(name="另一个办事处", kind=OrganisationKind.STREET_OFFICE)

    with pytest.raises(DatabaseError, match="已有同类单位的机构"):
        office(street, organisation=other).save()


def test_where_an_office_is_and_whose_it_is_stay(street: Division) -> None:
    own = places.office(street.path)
    far = places.division("11/0102/018/")
    for change in ({"division": far}, {"organisation": places.office(far.path).organisation}):
        with pytest.raises(DatabaseError, match="请另设机构"), transaction.atomic():
            Office.objects.filter(pk=own.pk).update(**change)
    with pytest.raises(DatabaseError, match="单位的类别不能改"):
        Organisation.objects.filter(pk=own.organisation_id).update(kind=OrganisationKind.CHARITY)


def test_an_office_has_no_field_for_the_name_of_a_person() -> None:
    assert {field.name for field in Office._meta.get_fields()} == {
        "id",
        "posts",
        "division",
        "organisation",
        "name",
        "telephone",
        "source_document",
        "source_clause",
        "source_date",
    }
