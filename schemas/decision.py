"""What leaves the chain: decisions and front-end rejections."""

from dataclasses import dataclass

from schemas.envelope import Adjustment, Approval, Finding, Pend, Step
from schemas.quick_init import quick_init
from schemas.vocabulary import Form, ServiceType, Settlement, Status, Substatus, Verdict


class UnbalancedError(AssertionError):
    """A decision that does not balance: a bug in a rule, which stops the worker before anything is written."""


@quick_init
@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A posting to an accumulator of the coverage."""

    sequence: int
    line_number: int
    account: str
    who: str
    period: str
    amount: int


@quick_init
@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A line with its amounts; charge = paid + adjustments."""

    line_number: int
    service_code: str
    code_system: str
    diagnosis_code: str | None
    modifiers: tuple[str, ...]
    units_milli: int
    verdict: Verdict
    benefit_id: str | None
    charge: int
    allowed: int
    paid: int
    member_share: int
    adjustments: tuple[Adjustment, ...]
    findings: tuple[Finding, ...]
    service_from: int | None = None
    units_denied_milli: int = 0
    other_paid: int = 0
    authorization_number: str | None = None
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        adjusted = sum(adjustment.amount for adjustment in self.adjustments)
        if self.charge != self.paid + adjusted:
            raise UnbalancedError(
                f"line {self.line_number}: {self.charge} is not {self.paid} paid + {adjusted} adjusted"
            )


@quick_init
@dataclass(frozen=True, slots=True)
class AccountAmount:
    """An amount of an account of the trial balance."""

    account: str
    amount: int


@quick_init
@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal against a decision."""

    at: int
    actor: str
    role: str
    reason: str | None
    due_on: int


@quick_init
@dataclass(frozen=True, slots=True)
class Decision:
    """A claim with its outcome so far; the one door out."""

    claim_id: str
    claim_number: str
    root_id: str
    version: int
    revision: int
    status: Status
    substatus: Substatus
    coverage_id: str
    member_id: str
    provider_id: str | None
    plan_id: str | None
    submitter_id: str
    form: Form
    settlement: Settlement
    service_type: ServiceType
    currency: str
    service_from: int
    service_to: int
    channel: str
    correlation_id: str
    accepted_at: int
    release: int
    charged: int
    allowed: int
    paid: int
    member_share: int
    lines: tuple[DecidedLine, ...]
    findings: tuple[Finding, ...]
    ledger: tuple[LedgerEntry, ...]
    frequency_code: str = "1"
    replaces: str | None = None
    plan_from: int | None = None
    contract_id: str | None = None
    pend: Pend | None = None
    approvals: tuple[Approval, ...] = ()
    appeal: Appeal | None = None
    paid_out: int = 0
    superseded: tuple[AccountAmount, ...] = ()
    reversal: tuple[DecidedLine, ...] = ()

    def __post_init__(self) -> None:
        for name, total in (
            ("charge", self.charged),
            ("allowed", self.allowed),
            ("paid", self.paid),
            ("member_share", self.member_share),
        ):
            lines = sum(getattr(line, name) for line in self.lines)
            if total != lines:
                raise UnbalancedError(f"claim total of {name} is {total}, its lines make {lines}")


@quick_init
@dataclass(frozen=True, slots=True)
class RejectedClaim:
    """A claim rejected at the front end: never adjudicated, may be resubmitted."""

    claim_id: str
    claim_number: str
    root_id: str
    digest: str
    submitter_id: str
    member_id: str | None
    provider_id: str | None
    form: Form
    settlement: Settlement
    service_type: ServiceType
    currency: str
    service_from: int
    service_to: int
    charged: int
    channel: str
    correlation_id: str
    accepted_at: int
    findings: tuple[Finding, ...]
