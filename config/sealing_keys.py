"""Keys of sealed columns as they stand in the settings: `id:base64`, the newest first, separated by commas."""

import base64
import binascii
import re
import secrets

KEY_BYTES = 32
KEYS_MAX = 20
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
# Known to everybody who can read this file: refused outside development.
DEVELOPMENT_KEYS = "development:" + base64.b64encode(b"development-only-sealing-key-32b").decode()
DEVELOPMENT_INDEX_KEY = base64.b64encode(b"development-only-index-key-32byt").decode()


class KeyTextError(ValueError):
    """Keys that cannot be used; the text says which and why, and never quotes one."""


def parse_keys(text: str) -> dict[str, bytes]:
    """Keys by id, the newest first. Raises KeyTextError for none, too many, an id twice, a bad id or a bad key."""
    found: dict[str, bytes] = {}
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not 1 <= len(parts) <= KEYS_MAX:
        raise KeyTextError(f"there are {len(parts)} keys; name 1 to {KEYS_MAX} as id:base64, the newest first")
    for number, part in enumerate(parts, start=1):
        key_id, colon, key = part.partition(":")
        if not colon or not _ID.fullmatch(key_id):
            raise KeyTextError(f"key {number} has no id; write id:base64, an id of a-z, 0-9 and -, at most 32 of them")
        if key_id in found:
            raise KeyTextError(f"the id {key_id} stands twice; each key needs an id of its own")
        found[key_id] = parse_key(key, f"the key {key_id}")
    return found


def parse_key(text: str, name: str) -> bytes:
    """The 32 bytes of a key in base64. Raises KeyTextError."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise KeyTextError(f"{name} is not base64; `claims keys new` makes one") from None
    if len(key) != KEY_BYTES:
        raise KeyTextError(f"{name} has {len(key)} bytes and needs {KEY_BYTES}; `claims keys new` makes one")
    return key


def new_key() -> str:
    """A fresh random key, base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
