"""Database addresses, as Django wants them."""

import pytest

from config.database import from_address
from tests import many
from yihu.households.models import Person


def test_an_address_of_a_server() -> None:
    settings = from_address("postgresql://yihu:p%40ss@db.example:5433/yihu?sslmode=require")

    assert settings["NAME"] == "yihu"
    assert settings["USER"] == "yihu"
    assert settings["PASSWORD"] == "p@ss"
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "5433")
    assert settings["OPTIONS"].items() >= {"sslmode": "require"}.items()


def test_a_socket_in_a_folder_with_a_space_and_chinese_characters() -> None:
    settings = from_address("postgresql:///yihu?host=/tmp/%E4%B8%80%E6%88%B7%20demo&user=yihu_web")

    assert settings["HOST"] == "/tmp/一户 demo"
    assert settings["USER"] == "yihu_web"
    assert "PORT" not in settings


def test_a_pool_goes_to_the_driver() -> None:
    options = from_address("postgresql:///yihu", pool={"max_size": 4})["OPTIONS"]

    assert options["pool"] == {"max_size": 4}
    assert "pool" not in from_address("postgresql:///yihu")["OPTIONS"]


def test_what_is_no_address_is_named_as_such() -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        from_address("postgresql://yihu?nonsense=1")


def test_rows_of_arrays_and_ranges_are_written_whatever_number_of_values_they_come_to(db: None) -> None:
    with many.district_at_work():
        many.make_district()
        many.make_families(4_400, members=2)
        assert Person.objects.count() == 8_800
