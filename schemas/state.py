"""Records that stages keep in their state."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.events import AuthorizationEvent
from schemas.quick_init import quick_init
from schemas.vocabulary import Substatus


@quick_init
@dataclass(frozen=True, slots=True)
class Submission:
    """A void or replacement under a root; state of validate."""

    claim_id: str
    digest: str
    version: int
    coverage_id: str
    release: int
    rejected: bool
    frequency_code: str


@quick_init
@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What validate knows of a claim; state of validate."""

    claim_id: str
    digest: str
    version: int
    coverage_id: str
    release: int
    rejected: bool
    submissions: tuple[Submission, ...] = ()
    waiting: tuple[bytes, ...] = ()
    voided: bool = False
    claim_year: int = 0
    commands: tuple[bytes, ...] = ()
    submitter_id: str | None = None
    provider_id: str | None = None
    member_id: str | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class AuthorizationList:
    """Authorizations of a member; state of authorize."""

    authorizations: tuple[AuthorizationEvent, ...]


@quick_init
@dataclass(frozen=True, slots=True)
class DecidedVersion:
    """The stored decision of a claim version; state of price."""

    revision: int
    substatus: Substatus
    decision: bytes
    envelope: bytes | None = None
    posted: bytes | None = None
    moves_told: int = 0
    commands: tuple[str, ...] = ()
    before_appeal: Substatus | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Balances:
    """Accumulators of a coverage in a period; state of price."""

    amounts: Mapping[str, int]


@quick_init
@dataclass(frozen=True, slots=True)
class Progress:
    """What a session has processed, in the same transaction as its outputs."""

    next_offsets: Mapping[str, int]
    last_offsets: Mapping[str, int]


@quick_init
@dataclass(frozen=True, slots=True)
class IdList:
    """Ids; an index in the state of a stage."""

    ids: tuple[str, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A line that was seen; state of adjudicate."""

    claim_id: str
    root_id: str
    line_number: int
    code_system: str
    service_code: str
    provider_id: str | None
    modifiers: tuple[str, ...]
    tooth: str | None
    units_milli: int
    charge: int
    service_to: int
    passed: bool


@quick_init
@dataclass(frozen=True, slots=True)
class HistoryLines:
    """Lines of a member and day; state of adjudicate."""

    lines: tuple[HistoryLine, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class RootState:
    """What price knows of a root claim; state of price."""

    claim_id: str
    version: int
    live: bool
    requested: int
    paid_out: int


@quick_init
@dataclass(frozen=True, slots=True)
class CoverageLedger:
    """The periods of a coverage that the ledger holds; state of price."""

    periods: tuple[str, ...]
