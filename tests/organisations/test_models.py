"""What the database refuses about divisions and offices."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from yihu.organisations.enums import DivisionLevel, OfficeKind
from yihu.organisations.models import Division, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> Division:
    return Division.objects.create(code="110102", name="西城区", level=DivisionLevel.DISTRICT)


@pytest.fixture
def street(district: Division) -> Division:
    return Division.objects.create(code="110102007", name="月坛街道", level=DivisionLevel.STREET, parent=district)


def office(division: Division, **changed: Any) -> Office:
    values = {
        "kind": OfficeKind.STREET_ASSISTANCE_WINDOW,
        "name": "月坛街道民生保障办",
        "telephone": "010-51813784",
        "source_document": "西政办发〔2020〕7号",
        "source_clause": "附件2",
        "source_date": datetime.date(2020, 5, 19),
    }
    return Office(division=division, **{**values, **changed})


@pytest.mark.parametrize("code", ["", "11010", "1101020", "11010２", "x10102", "010102"])
def test_a_district_has_six_digits(code: str) -> None:
    with pytest.raises(IntegrityError, match="division_code_fits_level"):
        Division.objects.create(code=code, name="某区", level=DivisionLevel.DISTRICT)


@pytest.mark.parametrize("code", ["110102", "11010200", "11010200七"])
def test_a_street_has_nine_digits(district: Division, code: str) -> None:
    with pytest.raises(IntegrityError, match=r"division_code_fits_level|division_pkey"):
        Division.objects.create(code=code, name="某街道", level=DivisionLevel.STREET, parent=district)


def test_a_street_lies_in_the_district_that_its_code_names(district: Division) -> None:
    with pytest.raises(IntegrityError, match="division_lies_in_its_parent"):
        Division.objects.create(code="110108001", name="某街道", level=DivisionLevel.STREET, parent=district)


def test_a_street_is_not_without_a_district() -> None:
    with pytest.raises(IntegrityError, match="division_lies_in_its_parent"):
        Division.objects.create(code="110102007", name="月坛街道", level=DivisionLevel.STREET)


@pytest.mark.parametrize("telephone", ["", "51813784", "13800000000", "010-1813784", "010 51813784", "010-5181转84"])
def test_an_office_has_a_fixed_line_with_area_code(street: Division, telephone: str) -> None:
    with pytest.raises(IntegrityError, match="office_telephone_is_fixed_line"):
        office(street, telephone=telephone).save()


def test_the_reason_is_told_in_words(street: Division) -> None:
    with pytest.raises(ValidationError, match="固定电话"):
        office(street, telephone="13800000000").full_clean()


def test_a_street_has_one_office_of_a_kind(street: Division) -> None:
    office(street).save()

    with pytest.raises(IntegrityError, match="office_once_per_division_and_kind"):
        office(street).save()


@pytest.mark.parametrize("field", ["name", "source_document", "source_clause"])
def test_an_office_has_a_name_and_a_source(street: Division, field: str) -> None:
    with pytest.raises(IntegrityError, match="office_has_name_and_source"):
        office(street, **{field: ""}).save()


def test_an_office_has_no_field_for_the_name_of_a_person() -> None:
    assert {field.name for field in Office._meta.get_fields()} == {
        "id",
        "division",
        "kind",
        "name",
        "telephone",
        "source_document",
        "source_clause",
        "source_date",
    }
