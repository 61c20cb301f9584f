"""Where a page ended, as text that means nothing to the caller: `next` of one page is `after` of the next.

It holds the position in the order of the list (a number and an id) and a digest of what was asked. It is no secret and
grants nothing: every page checks anew what the caller may see. A cursor of another question is refused.
"""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from uuid import UUID

from api.problems import Problem

# An order key of 64 bits, the id, and the digest of the question.
_LAYOUT = struct.Struct(">q16s8s")
CURSOR_CHARACTERS_MAX = 64
# The last moment and the last day of the year 9999. No list goes beyond, nor before 1970.
MICROSECONDS_MAX = 253_402_300_799_999_999
DAYS_MAX = 2_932_896


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list: `at` is microseconds since 1970 or a day, as the list is ordered; then the id."""

    at: int
    claim_id: UUID


def cursor_of(position: Position, question: object) -> str:
    """The position as a cursor of this question (anything whose repr says all that was asked)."""
    packed = _LAYOUT.pack(position.at, position.claim_id.bytes, _digest(question))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def position_of(cursor: str | None, question: object, at_max: int = MICROSECONDS_MAX) -> Position | None:
    """The position behind a cursor; raises a 400 problem when it is none, or one of another question.

    A cursor is not signed: whoever changes its place asks for another part of what they may see, within `at_max`.
    """
    if cursor is None:
        return None
    try:
        if len(cursor) > CURSOR_CHARACTERS_MAX:
            raise ValueError
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        at, claim_id, digest = _LAYOUT.unpack(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not 0 <= at <= at_max:
            raise ValueError
    except (ValueError, binascii.Error, struct.error):
        raise Problem(400, "bad_cursor", "cursor must be the next of a page before, as it was.") from None
    if digest != _digest(question):
        detail = "This cursor belongs to a list with other conditions; send the same conditions, or no cursor."
        raise Problem(400, "bad_cursor", detail)
    return Position(at, UUID(bytes=claim_id))


def _digest(question: object) -> bytes:
    return hashlib.blake2b(repr(question).encode(), digest_size=8).digest()
