"""What travels between stages, and what each stage appends."""

from dataclasses import dataclass

from schemas.vocabulary import GroupCode, Kind, Substatus, Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an edit has to say about a claim."""

    code: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A difference between a charge and what was paid."""

    group: GroupCode
    reason: str
    amount: int
    rule: str
    remark: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """A step of the claim's life, made by a stage; price turns it into an event."""

    substatus: Substatus
    stage: str
    at: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Validated:
    """What validate found out."""

    member_id: str
    provider_id: str | None
    digest: str
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Authorized:
    """What authorize decided."""

    verdict: Verdict
    plan_id: str | None
    authorization_number: str | None
    reason_group: GroupCode | None
    reason: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What adjudicate decided of a line."""

    line_number: int
    verdict: Verdict
    benefit_id: str | None
    adjustments: tuple[Adjustment, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """What adjudicate decided."""

    verdict: Verdict
    lines: tuple[LineVerdict, ...]
    findings: tuple[Finding, ...]


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
