"""Builds decisions: of a claim with its lines, of the end of a version, and of the void that asked for the end."""

from collections.abc import Sequence
from dataclasses import replace

from schemas.accounts import accounts_of
from schemas.claim import SubmittedClaim
from schemas.decision import AccountAmount, DecidedLine, Decision, LedgerEntry
from schemas.envelope import Adjustment, Envelope, Finding, Pend
from schemas.status import STATUS_OF
from schemas.vocabulary import Substatus

NOTHING_DECIDED = ("pended", "denied")


def decision_of(
    envelope: Envelope,
    claim: SubmittedClaim,
    lines: tuple[DecidedLine, ...],
    ledger: tuple[LedgerEntry, ...],
    before: Decision | None,
    *,
    substatus: Substatus,
    contract_id: str | None = None,
    pend: Pend | None = None,
    paid_out: int = 0,
    findings: tuple[Finding, ...] = (),
) -> Decision:
    """The decision after `before` of the same version; it cannot be built unless lines and totals balance."""
    validated, authorized = envelope.validated, envelope.authorized
    return Decision(
        *(envelope.claim_id, envelope.claim_number, envelope.root_id, envelope.version),
        1 if before is None else before.revision + 1,
        STATUS_OF[substatus],
        substatus,
        envelope.coverage_id,
        *((validated.member_id, validated.provider_id) if validated else ("", None)),
        authorized.plan_id if authorized else None,
        claim.submitter_id,
        claim.form,
        claim.settlement,
        claim.service_type,
        claim.currency,
        claim.service_from,
        claim.service_to,
        claim.channel,
        envelope.correlation_id,
        envelope.accepted_at,
        envelope.release,
        *_totals(lines),
        lines,
        _findings(envelope, findings),
        ledger,
        frequency_code=claim.frequency_code,
        replaces=_replaces(envelope, before),
        plan_from=authorized.plan_from if authorized else None,
        contract_id=contract_id,
        pend=pend,
        approvals=envelope.approvals,
        paid_out=paid_out,
        superseded=superseded_by(before),
    )


def _totals(lines: Sequence[DecidedLine]) -> tuple[int, int, int, int]:
    """Charged, allowed, paid and member share of the lines."""
    return (
        sum([line.charge for line in lines]),
        sum([line.allowed for line in lines]),
        sum([line.paid for line in lines]),
        sum([line.member_share for line in lines]),
    )


def _findings(envelope: Envelope, own: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings on the claim: of authorize, of price, of adjudicate."""
    before = envelope.authorized.findings if envelope.authorized else ()
    after = envelope.adjudicated.findings if envelope.adjudicated else ()
    return (*before, *own, *after)


def _replaces(envelope: Envelope, before: Decision | None) -> str | None:
    if envelope.undoes is not None:
        return envelope.undoes.claim_id
    return before.replaces if before else None


def superseded_by(before: Decision | None) -> tuple[AccountAmount, ...]:
    """What the revision before said by account: the next one takes its place in the trial balance."""
    if before is None:
        return ()
    return tuple(AccountAmount(account, amount) for account, amount in accounts_of(before.lines).items())


def substatus_of(lines: Sequence[DecidedLine]) -> Substatus:
    """A claim is denied when all its lines are; one that pays 0 because of the deductible is approved."""
    verdicts = {line.verdict for line in lines}
    if "pended" in verdicts:
        return "pended"
    if verdicts == {"denied"}:
        return "denied"
    if "denied" in verdicts or any(line.units_denied_milli for line in lines):
        return "partially_approved"
    return "approved"


def ended(before: Decision, substatus: Substatus, ledger: tuple[LedgerEntry, ...], finding: Finding) -> Decision:
    """The decision that ends a version: nothing is charged or paid any more, and the reversal negates what was."""
    return replace(
        before,
        revision=before.revision + 1,
        status=STATUS_OF[substatus],
        substatus=substatus,
        charged=0,
        allowed=0,
        paid=0,
        member_share=0,
        lines=(),
        findings=(finding,),
        ledger=ledger,
        pend=None,
        superseded=superseded_by(before),
        reversal=tuple(_negated(line) for line in before.lines),
    )


def _negated(line: DecidedLine) -> DecidedLine:
    return replace(
        line,
        units_milli=-line.units_milli,
        charge=-line.charge,
        allowed=-line.allowed,
        paid=-line.paid,
        member_share=-line.member_share,
        adjustments=tuple(_negated_adjustment(one) for one in line.adjustments),
        units_denied_milli=-line.units_denied_milli,
        other_paid=-line.other_paid,
        findings=(),
        steps=(),
    )


def _negated_adjustment(one: Adjustment) -> Adjustment:
    return replace(one, amount=-one.amount, quantity_milli=None if one.quantity_milli is None else -one.quantity_milli)


def moved(before: Decision, substatus: Substatus, **changes: object) -> Decision:
    """The next revision of a decision whose amounts stay, in another state."""
    changed: Decision = replace(
        before,
        revision=before.revision + 1,
        status=STATUS_OF[substatus],
        substatus=substatus,
        ledger=(),
        superseded=superseded_by(before),
        **changes,  # type: ignore[arg-type]  # each caller names fields of Decision
    )
    return changed
