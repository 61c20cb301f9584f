"""What a file holds, whatever its format: claims with findings, and findings of the file."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.claim import SubmittedClaim


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding: the line or segment it stands at (0 for the file), a position in it, a code and what to do."""

    place: int
    position: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A claim of a file, None when it cannot be sent; or remarks on the file alone, when `is_claim` is False.

    `raw` is the text it was read from, where that is one line.
    """

    place: int
    is_claim: bool
    claim: SubmittedClaim | None
    control_number: str | None
    remarks: tuple[Remark, ...]
    raw: str | None = None
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What files do not say of their claims."""

    currency: str
    submitter_id: str | None
    accepted_at: Callable[[], int]
    correlation: Callable[[], str]
