"""Sealing of columns that name or reach a person: AES-256-GCM under a key that can be rotated, and blind indexes.

A sealed value is `CS1`, the length of the key's id, the id, a random nonce of 12 bytes, and the ciphertext with its
tag. The context (table.column, with the row's key where the row never changes it) is bound to it as associated data:
a value copied into another column or row does not open. Nonces are random, so a key seals at most 2**32 values
(NIST SP 800-38D, 8.3): rotate before that.
"""

import hashlib
import hmac
import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.sealing_keys import parse_key, parse_keys

if TYPE_CHECKING:
    from config.settings import SealingSettings

MAGIC = b"CS1"
NONCE_BYTES = 12


class SealError(Exception):
    """A value that does not open: another context, an unknown key, or changed bytes. The text quotes no value."""


class Sealer:
    """Seals with the newest key, opens with all of them. Safe to share between threads."""

    def __init__(self, keys: dict[str, bytes], index_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.key_id = next(iter(keys))
        self._index_key = index_key

    @classmethod
    def from_settings(cls, sealing: "SealingSettings") -> "Sealer":
        """The sealer of CLAIMS_SEALING__KEYS and __INDEX_KEY. Raises KeyTextError."""
        index_key = parse_key(sealing.index_key.get_secret_value(), "the index key")
        return cls(parse_keys(sealing.keys.get_secret_value()), index_key)

    @property
    def header(self) -> bytes:
        """How every value begins that the newest key sealed: what begins otherwise is due for rotation."""
        return header_of(self.key_id)

    def seal(self, text: str, context: str) -> bytes:
        """Text, sealed with the newest key for that context."""
        return self.seal_bytes(text.encode(), context)

    def open(self, sealed: bytes, context: str) -> str:
        """The text again. Raises SealError."""
        return self.open_bytes(sealed, context).decode()

    def seal_bytes(self, value: bytes, context: str) -> bytes:
        """Bytes, sealed with the newest key for that context."""
        nonce = os.urandom(NONCE_BYTES)
        return self.header + nonce + self._ciphers[self.key_id].encrypt(nonce, value, context.encode())

    def open_bytes(self, sealed: bytes, context: str) -> bytes:
        """The bytes again. Raises SealError."""
        key_id = key_id_of(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealError(f"{context}: sealed with the key {key_id}, which CLAIMS_SEALING__KEYS does not hold")
        start = len(header_of(key_id))
        try:
            return cipher.decrypt(sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :], context.encode())
        except (InvalidTag, ValueError):
            raise SealError(f"{context}: the sealed value was changed, or belongs to another place") from None

    def index(self, text: str, context: str) -> bytes:
        """A blind index: equal texts of a context have the same 32 bytes, which tell nothing without the key."""
        return hmac.digest(self._index_key, context.encode() + b"\0" + text.encode(), hashlib.sha256)


def is_sealed(value: bytes) -> bool:
    """Whether a value begins as sealed ones do."""
    return value.startswith(MAGIC)


def header_of(key_id: str) -> bytes:
    """How values begin that this key sealed."""
    return MAGIC + bytes([len(key_id)]) + key_id.encode()


def key_id_of(sealed: bytes) -> str:
    """The id of the key that sealed a value. Raises SealError for what is no sealed value."""
    if not is_sealed(sealed) or len(sealed) < len(MAGIC) + 1:
        raise SealError("the value is not sealed")
    start = len(MAGIC) + 1
    return sealed[start : start + sealed[len(MAGIC)]].decode("ascii", "replace")
