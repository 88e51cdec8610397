"""Reading reference data."""

from pathlib import Path

import pytest
from ruamel.yaml.constructor import DuplicateKeyError

from yihu.common import reference_data


def test_words_that_yaml_once_took_for_truth_values_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "data.yaml"
    path.write_text("on: no\n", encoding="utf-8")

    assert reference_data.read(path) == {"on": "no"}


def test_a_key_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "data.yaml"
    path.write_text("code: 1\ncode: 2\n", encoding="utf-8")

    with pytest.raises(DuplicateKeyError):
        reference_data.read(path)
