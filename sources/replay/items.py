"""What a file holds, whatever its format: claims with findings, and findings of the file."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.claim import SubmittedClaim


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding: the line or segment it stands at (0 for the file), a position in it, a code and what to do.

    `channel` names the answer that tells the sender (TA1, 999, 277CA; empty for what no answer of EDI carries), and
    `severity` is error or warning.
    """

    place: int
    position: str
    code: str
    text: str
    channel: str = ""
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Item:
    """A claim of a file, None when it cannot be sent; or remarks on the file alone, when `is_claim` is False.

    `raw` is the text it was read from, where that is one line; `found` what the reader of the format handed out.
    Places of claims grow from the beginning of a file to its end.
    """

    place: int
    is_claim: bool
    claim: SubmittedClaim | None
    control_number: str | None
    remarks: tuple[Remark, ...]
    raw: str | None = None
    fatal: bool = False
    found: object = None


@dataclass(frozen=True, slots=True)
class Source:
    """What files do not say of their claims; `accepted_at` in milliseconds since 1970-01-01 UTC.

    `strict_seconds`: how long the strict check of an X12 transaction may take; None for no such check.
    """

    currency: str
    submitter_id: str | None
    accepted_at: Callable[[], int]
    correlation: Callable[[], str]
    strict_seconds: float | None = None
