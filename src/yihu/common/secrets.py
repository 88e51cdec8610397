"""Encrypts what identifies a person: identity numbers, bank accounts, telephone numbers.

Rows hold ``encrypt(kind, text)`` to be read back and ``digest(kind, text)`` to be looked up and kept unique by, both in
binary columns. Text is brought into its normal form before it comes here: the digest of another spelling is another.

Keys are ``settings.FIELD_KEYS``, newest first. The newest encrypts, and every stored value names its key, so that
values under older keys stay readable. Digests cannot name theirs: equal text must give equal bytes, before and after
a new key. They come from the oldest key, which therefore stays last in the list for as long as its digests are used.
"""

import os
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

# Lengths in bytes. A stored value is: id of the key, nonce, tag, encrypted text.
ID, NONCE, TAG = 4, 12, 16
CIPHER_KEY, DIGEST_KEY = 16, 32


class Kind(StrEnum):
    """What is encrypted. Each kind has keys of its own, so a value of one kind does not open as another."""

    IDENTITY = "identity"
    ACCOUNT = "account"
    TELEPHONE = "telephone"


class Unreadable(Exception):
    """A stored value cannot be opened: it was made with another key or as another kind, or it was altered."""


class Keyring:
    """Keys of 32 bytes in hexadecimal, newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        masters = [bytes.fromhex(key) for key in keys]
        self._ciphers = {_derived(master, "id", ID): _ciphers(master) for master in masters}
        self._newest = next(iter(self._ciphers))
        oldest = masters[-1]
        self._digests = {kind: HMAC(_derived(oldest, f"digest {kind}", DIGEST_KEY), SM3()) for kind in Kind}

    def encrypt(self, kind: Kind, text: str) -> bytes:
        """The text under the newest key by SM4-GCM, 32 bytes longer than the text; twice the same gives two values."""
        nonce = os.urandom(NONCE)
        encryptor = Cipher(self._ciphers[self._newest][kind], modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(kind.encode())
        hidden = encryptor.update(text.encode()) + encryptor.finalize()
        return self._newest + nonce + encryptor.tag + hidden

    def decrypt(self, kind: Kind, stored: bytes | memoryview) -> str:
        """The text again. Raises Unreadable."""
        stored = bytes(stored)
        key, rest = stored[:ID], stored[ID:]
        nonce, tag, hidden = rest[:NONCE], rest[NONCE : NONCE + TAG], rest[NONCE + TAG :]
        if len(rest) < NONCE + TAG:
            raise Unreadable(_("加密的数据不完整，无法读出。"))
        if key not in self._ciphers:
            raise Unreadable(
                _("这条数据由编号 {key} 的密钥加密，它不在 FIELD_KEYS 里。请从备份中取回这把密钥。").format(
                    key=key.hex()
                )
            )
        decryptor = Cipher(self._ciphers[key][kind], modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(kind.encode())
        try:
            return (decryptor.update(hidden) + decryptor.finalize()).decode()
        except InvalidTag:
            raise Unreadable(_("加密的数据与当初写入的不一致：它被改动过，或被放错了位置。")) from None

    def digest(self, kind: Kind, text: str) -> bytes:
        """32 bytes by HMAC-SM3, the same for the same kind and text."""
        keyed = self._digests[kind].copy()
        keyed.update(text.encode())
        return keyed.finalize()


def encrypt(kind: Kind, text: str) -> bytes:
    """The text encrypted with the keys of this installation."""
    return _keyring(tuple(settings.FIELD_KEYS)).encrypt(kind, text)


def decrypt(kind: Kind, stored: bytes | memoryview) -> str:
    """The text that was encrypted. Raises Unreadable."""
    return _keyring(tuple(settings.FIELD_KEYS)).decrypt(kind, stored)


def digest(kind: Kind, text: str) -> bytes:
    """32 bytes by which the text is found again without being readable."""
    return _keyring(tuple(settings.FIELD_KEYS)).digest(kind, text)


@cache
def _keyring(keys: tuple[str, ...]) -> Keyring:
    return Keyring(keys)


def _derived(master: bytes, purpose: str, length: int) -> bytes:
    return HKDF(SM3(), length, salt=None, info=f"yihu {purpose}".encode()).derive(master)


def _ciphers(master: bytes) -> dict[Kind, algorithms.SM4]:
    return {kind: algorithms.SM4(_derived(master, f"encrypt {kind}", CIPHER_KEY)) for kind in Kind}
