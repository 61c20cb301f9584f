"""Records that stages keep in their state."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.envelope import Envelope
from schemas.events import AuthorizationEvent
from schemas.vocabulary import Substatus


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What validate knows of a claim; state of validate."""

    claim_id: str
    digest: str
    version: int
    coverage_id: str
    release: int
    rejected: bool


@dataclass(frozen=True, slots=True)
class AuthorizationList:
    """Authorizations of a member; state of authorize."""

    authorizations: tuple[AuthorizationEvent, ...]


@dataclass(frozen=True, slots=True)
class PendedList:
    """Claims of a member that wait for an authorization; state of authorize."""

    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class LinePassed:
    """A line that passed; state of adjudicate, by coverage and fingerprint."""

    claim_id: str
    line_number: int


@dataclass(frozen=True, slots=True)
class DecidedVersion:
    """The stored decision of a claim version; state of price."""

    revision: int
    substatus: Substatus
    decision: bytes


@dataclass(frozen=True, slots=True)
class Balances:
    """Accumulators of a coverage in a period; state of price."""

    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Progress:
    """What a session has processed, in the same transaction as its outputs."""

    next_offsets: Mapping[str, int]
    last_offsets: Mapping[str, int]
