"""What travels between stages, and what each stage appends."""

from dataclasses import dataclass

from schemas.quick_init import quick_init
from schemas.vocabulary import CommandKind, GroupCode, Kind, Substatus, Undoing, Verdict


@quick_init
@dataclass(frozen=True, slots=True)
class Finding:
    """Something an edit has to say about a claim."""

    code: str
    place: str
    text: str
    remedy: str | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Adjustment:
    """A difference between a charge and what was paid."""

    group: GroupCode
    reason: str
    amount: int
    rule: str
    remark: str | None
    quantity_milli: int | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Step:
    """A step of the receipt of a line: a rule that fired, and the amount before and after."""

    rule: str
    version: int
    before: int
    after: int
    detail: str | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Move:
    """A step of the claim's life, made by a stage; price turns it into an event."""

    substatus: Substatus
    stage: str
    at: int
    reason: str | None
    actor: str | None = None
    role: str | None = None
    note: str | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Pend:
    """Why a claim waits, and for whom."""

    code: str
    queue: str
    stage: str
    due_on: int
    text: str
    group: GroupCode
    reason: str


@quick_init
@dataclass(frozen=True, slots=True)
class Approval:
    """A person's word on a pended claim."""

    command_id: str
    kind: CommandKind
    actor: str
    role: str
    reason: str | None
    at: int


@quick_init
@dataclass(frozen=True, slots=True)
class Undone:
    """The version that a void or replacement ends."""

    claim_id: str
    version: int
    outcome: Undoing
    answered: bool


@quick_init
@dataclass(frozen=True, slots=True)
class Validated:
    """What validate found out."""

    member_id: str
    provider_id: str | None
    digest: str
    warnings: tuple[Finding, ...]


@quick_init
@dataclass(frozen=True, slots=True)
class AuthorizedLine:
    """What authorize decided of a line."""

    line_number: int
    verdict: Verdict
    group: GroupCode | None = None
    reason: str | None = None
    authorization_number: str | None = None
    findings: tuple[Finding, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class Grant:
    """What an authorization grants in all; price counts its use."""

    authorization_number: str
    units_milli: int | None = None
    amount: int | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Authorized:
    """What authorize decided."""

    verdict: Verdict
    plan_id: str | None
    authorization_number: str | None
    reason_group: GroupCode | None
    reason: str | None
    findings: tuple[Finding, ...]
    plan_from: int | None = None
    lines: tuple[AuthorizedLine, ...] = ()
    grants: tuple[Grant, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What adjudicate decided of a line."""

    line_number: int
    verdict: Verdict
    benefit_id: str | None
    adjustments: tuple[Adjustment, ...]
    findings: tuple[Finding, ...]
    units_denied_milli: int = 0
    steps: tuple[Step, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class Adjudicated:
    """What adjudicate decided."""

    verdict: Verdict
    lines: tuple[LineVerdict, ...]
    findings: tuple[Finding, ...]


@quick_init
@dataclass(frozen=True, slots=True)
class Envelope:
    """What travels from stage to stage, keyed by coverage."""

    kind: Kind
    claim_id: str
    claim_number: str
    root_id: str
    version: int
    coverage_id: str
    correlation_id: str
    accepted_at: int
    release: int
    submitted: bytes
    validated: Validated | None
    authorized: Authorized | None
    adjudicated: Adjudicated | None
    moves: tuple[Move, ...]
    undoes: Undone | None = None
    approvals: tuple[Approval, ...] = ()
    pend: Pend | None = None
