"""What identifies a person is unreadable without the key, and found again with it."""

import time

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from yihu.common import secrets
from yihu.common.secrets import Keyring, Kind, Unreadable

OLD, NEW, OTHER = "1a" * 32, "2b" * 32, "3c" * 32
NUMBER = "00000019900307068X"


@pytest.fixture
def keyring() -> Keyring:
    return Keyring([OLD])


@given(st.sampled_from(Kind), st.text())
def test_any_text_comes_back(kind: Kind, text: str) -> None:
    keyring = Keyring([OLD])

    assert keyring.decrypt(kind, keyring.encrypt(kind, text)) == text


def test_what_is_stored_shows_nothing_and_never_repeats(keyring: Keyring) -> None:
    first, second = keyring.encrypt(Kind.IDENTITY, NUMBER), keyring.encrypt(Kind.IDENTITY, NUMBER)

    assert first != second
    assert len(first) == len(NUMBER) + 32
    assert not any(NUMBER[at : at + 4].encode() in first for at in range(len(NUMBER) - 3))


def test_a_database_hands_back_memory_that_reads_the_same(keyring: Keyring) -> None:
    assert keyring.decrypt(Kind.ACCOUNT, memoryview(keyring.encrypt(Kind.ACCOUNT, "6222"))) == "6222"


def test_one_changed_bit_anywhere_is_noticed(keyring: Keyring) -> None:
    stored = keyring.encrypt(Kind.IDENTITY, NUMBER)
    for bit in range(len(stored) * 8):
        altered = bytearray(stored)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unreadable):
            keyring.decrypt(Kind.IDENTITY, bytes(altered))


@pytest.mark.parametrize("kept", range(32))
def test_a_value_cut_short_is_noticed(keyring: Keyring, kept: int) -> None:
    with pytest.raises(Unreadable):
        keyring.decrypt(Kind.IDENTITY, keyring.encrypt(Kind.IDENTITY, "")[:kept])


def test_a_value_moved_to_a_column_of_another_kind_does_not_open(keyring: Keyring) -> None:
    with pytest.raises(Unreadable, match="放错"):
        keyring.decrypt(Kind.TELEPHONE, keyring.encrypt(Kind.ACCOUNT, "6222000000000000"))


def test_without_its_key_the_message_names_the_key_and_not_the_text(keyring: Keyring) -> None:
    stored = keyring.encrypt(Kind.IDENTITY, NUMBER)

    with pytest.raises(Unreadable, match=stored[:4].hex()) as raised:
        Keyring([OTHER]).decrypt(Kind.IDENTITY, stored)

    assert NUMBER not in str(raised.value)


def test_digests_tell_text_kind_and_key_apart(keyring: Keyring) -> None:
    digests = [
        keyring.digest(Kind.IDENTITY, NUMBER),
        keyring.digest(Kind.IDENTITY, NUMBER[:-1] + "1"),
        keyring.digest(Kind.ACCOUNT, NUMBER),
        Keyring([OTHER]).digest(Kind.IDENTITY, NUMBER),
    ]

    assert keyring.digest(Kind.IDENTITY, NUMBER) == digests[0]
    assert len(set(digests)) == 4
    assert {len(each) for each in digests} == {32}


def test_after_a_new_key_old_values_open_digests_stay_and_new_values_need_the_new_key(keyring: Keyring) -> None:
    before = keyring.encrypt(Kind.IDENTITY, NUMBER)
    rotated = Keyring([NEW, OLD])

    assert rotated.decrypt(Kind.IDENTITY, before) == NUMBER
    assert rotated.digest(Kind.IDENTITY, NUMBER) == keyring.digest(Kind.IDENTITY, NUMBER)
    after = rotated.encrypt(Kind.IDENTITY, NUMBER)
    assert Keyring([NEW]).decrypt(Kind.IDENTITY, after) == NUMBER
    with pytest.raises(Unreadable):
        keyring.decrypt(Kind.IDENTITY, after)


def test_the_keys_are_those_of_the_settings() -> None:
    with override_settings(FIELD_KEYS=[OLD]):
        stored = secrets.encrypt(Kind.TELEPHONE, "13900000000")
        digest = secrets.digest(Kind.TELEPHONE, "13900000000")
    with override_settings(FIELD_KEYS=[NEW, OLD]):
        assert secrets.decrypt(Kind.TELEPHONE, stored) == "13900000000"
        assert secrets.digest(Kind.TELEPHONE, "13900000000") == digest
    with override_settings(FIELD_KEYS=[NEW]), pytest.raises(Unreadable):
        secrets.decrypt(Kind.TELEPHONE, stored)


def test_a_district_is_encrypted_in_a_moment(keyring: Keyring) -> None:
    began = time.process_time()
    for _ in range(20_000):
        keyring.encrypt(Kind.IDENTITY, NUMBER)

    assert time.process_time() - began < 3


def test_a_keyring_does_not_print_its_keys(keyring: Keyring) -> None:
    assert OLD not in repr(keyring) + str(vars(keyring))
