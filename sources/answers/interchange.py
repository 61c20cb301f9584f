"""Segments of an answer as text, in an envelope that goes back where the file came from.

Delimiters are `*`, `:`, `^` and `~`, one segment a line end. Answers are plain ASCII: letters lose their accents, and
what would be a delimiter becomes a blank.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.dates import moment_of
from schemas.edi import EdiEnvelope

_UNFIT = re.compile(r"[*:^~\x00-\x1f\x7f]")
_MINUTE = 60_000
# Most characters of elements that come from a sender, by what they are (X12 005010): names, references, identifiers.
NAME_MAX, REFERENCE_MAX, IDENTIFIER_MAX = 60, 50, 80
_CONTROL_MAX = 999_999_999


@dataclass(frozen=True, slots=True)
class Stamp:
    """The moment that an answer bears, in the payer's time: `day` CCYYMMDD, `time` HHMM."""

    day: str
    time: str

    @classmethod
    def of(cls, milliseconds: int) -> "Stamp":
        """Of milliseconds since 1970-01-01 UTC."""
        local = moment_of(milliseconds + PAYER_UTC_OFFSET_MINUTES * _MINUTE)
        return cls(local.strftime("%Y%m%d"), local.strftime("%H%M"))


def clean(text: str, most: int = REFERENCE_MAX) -> str:
    """A text of a sender as an element of ours."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _UNFIT.sub(" ", plain)[:most].strip()


def segment(name: str, *elements: str) -> str:
    """A segment without its terminator; empty elements at its end are left out."""
    return "*".join((name, *elements)).rstrip("*")


def control_number(answer_id: str) -> int:
    """1 to 999,999,999 out of the hexadecimal digits of an answer's id: the same answer has the same number."""
    return int(answer_id.replace("-", "")[-12:], 16) % _CONTROL_MAX + 1


def interchange(to: EdiEnvelope, answer_id: str, stamp: Stamp, inside: Sequence[str], groups: int) -> bytes:
    """ISA to IEA around segments; sender and receiver of `to` change places."""
    number = f"{control_number(answer_id):09d}"
    header = segment(
        "ISA", "00", " " * 10, "00", " " * 10,
        _qualifier(to.receiver_qualifier), f"{clean(to.receiver_id, 15):15}",
        _qualifier(to.sender_qualifier), f"{clean(to.sender_id, 15):15}",
        stamp.day[2:], stamp.time, "^", "00501", number, "0", to.usage if to.usage in ("P", "T") else "P", ":",
    )  # fmt: skip
    lines = [header, *inside, segment("IEA", str(groups), number)]
    return "".join(f"{line}~\n" for line in lines).encode("ascii")


def _qualifier(text: str) -> str:
    """ISA05 or ISA07 of two characters; ZZ (mutually defined) for anything else."""
    plain = clean(text, 2)
    return plain if len(plain) == 2 else "ZZ"


def group(
    to: EdiEnvelope, answer_id: str, stamp: Stamp, kind: str, guide: str, body: Sequence[str], transaction: str
) -> list[str]:
    """GS to GE around one transaction (ST to SE around `body`); `kind` is GS01, `transaction` ST01."""
    number = str(control_number(answer_id))
    back = clean(to.application_receiver, 15) or clean(to.receiver_id, 15) or "PAYER"
    forth = clean(to.application_sender, 15) or clean(to.sender_id, 15) or "SENDER"
    return [
        segment("GS", kind, back, forth, stamp.day, stamp.time, number, "X", guide),
        segment("ST", transaction, "0001", guide),
        *body,
        segment("SE", str(len(body) + 2), "0001"),
        segment("GE", "1", number),
    ]
