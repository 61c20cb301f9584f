"""Takes adjudicated claims; leaves decisions with amounts, their events, and the ledger of the coverage.

The one door out: every accepted claim gets here, pended and denied ones too. A version that was decided before is not
decided again: its stored decision goes out byte for byte, whatever rules and fees say today.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.contract import Context, Emit, Message, Outcome
from agents.decided import decision_of, events_of
from agents.rules.allowed import allowed_of, in_network
from agents.rules.member_share import DEDUCTIBLE, FAMILY, OUT_OF_POCKET, Accumulators, Share, share_of
from agents.tables import BALANCES, DECIDED
from schemas import topics
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import year_of
from schemas.decision import DecidedLine, LedgerEntry
from schemas.envelope import Adjustment, Envelope, LineVerdict
from schemas.reference import Benefit, Plan
from schemas.state import Balances, DecidedVersion

WAITING_REASON = "133"


@dataclass(frozen=True, slots=True)
class Priced:
    """The lines of a claim with their amounts, and what they post."""

    lines: tuple[DecidedLine, ...]
    ledger: tuple[LedgerEntry, ...]


def price(message: Message[Envelope], context: Context) -> Sequence[Outcome]:
    """One envelope: a claim is priced, posted and decided; a repeat gets its stored decision again."""
    envelope = message.record
    key = f"{envelope.claim_id}:{envelope.version}"
    stored = context.state.get(DECIDED, key)
    if envelope.kind == "repeat":
        # A repeat cannot overtake its claim: both have the same key from the first topic on.
        assert stored is not None, "a repeat of a claim that was never decided"
        return [Emit(topics.CLAIMS_DECIDED, envelope.coverage_id, stored.decision)]
    claim = context.codec.decode_shared(SubmittedClaim, envelope.submitted)
    priced = _price(envelope, claim, context)
    revision = 1 if stored is None else stored.revision + 1
    decision = decision_of(envelope, claim, priced.lines, priced.ledger, revision)
    encoded = context.codec.encode(decision)
    context.state.put(DECIDED, key, DecidedVersion(revision, decision.substatus, encoded))
    events = events_of(envelope, decision)
    return [
        Emit(topics.CLAIMS_DECIDED, envelope.coverage_id, encoded),
        *(Emit(topics.CLAIMS_EVENTS, envelope.coverage_id, event) for event in events),
    ]


def _price(envelope: Envelope, claim: SubmittedClaim, context: Context) -> Priced:
    adjudicated = envelope.adjudicated
    assert adjudicated is not None, "price takes claims that adjudicate judged"
    if adjudicated.verdict == "pended":
        return Priced(tuple(_waiting(line, claim) for line in claim.lines), ())
    if adjudicated.verdict == "denied":
        verdicts = zip(claim.lines, adjudicated.lines, strict=True)
        return Priced(tuple(_denied(line, claim, verdict) for line, verdict in verdicts), ())
    return _price_and_post(envelope, claim, adjudicated.lines, context)


def _price_and_post(
    envelope: Envelope, claim: SubmittedClaim, verdicts: Sequence[LineVerdict], context: Context
) -> Priced:
    assert envelope.authorized is not None
    assert envelope.authorized.plan_id is not None
    assert envelope.validated is not None
    reference = context.reference
    plan = reference.plan(envelope.authorized.plan_id, claim.service_from)
    assert plan is not None, "authorize found this plan in the same release"
    provider = reference.provider(envelope.validated.provider_id) if envelope.validated.provider_id else None
    network = in_network(provider, plan, claim.service_from)
    benefits = {benefit.benefit_id: benefit for benefit in plan.benefits}
    ledger = _Ledger(envelope, claim, context)
    lines = []
    for line, verdict in zip(claim.lines, verdicts, strict=True):
        if verdict.verdict == "denied":
            lines.append(_denied(line, claim, verdict))
            continue
        assert verdict.benefit_id is not None
        allowed = allowed_of(line, plan, network, reference)
        share = ledger.share(line, allowed.amount, benefits[verdict.benefit_id], plan)
        lines.append(_paid(line, claim, verdict, allowed.amount, (*allowed.adjustments, *share.adjustments()), share))
    return Priced(tuple(lines), ledger.post())


class _Ledger:
    """The accumulators of the coverage in the claim's benefit period, and the entries that the claim adds."""

    def __init__(self, envelope: Envelope, claim: SubmittedClaim, context: Context) -> None:
        assert envelope.validated is not None
        self._member = envelope.validated.member_id
        # The benefit period is that of the day of service, whenever the claim comes.
        self._period = str(year_of(claim.service_from))
        self._key = f"{envelope.coverage_id}:{self._period}"
        self._context = context
        balances = context.state.get(BALANCES, self._key)
        self._amounts = dict(balances.amounts) if balances else {}
        self._used = Accumulators(
            self._balance(DEDUCTIBLE, self._member),
            self._balance(DEDUCTIBLE, FAMILY),
            self._balance(OUT_OF_POCKET, self._member),
            self._balance(OUT_OF_POCKET, FAMILY),
        )
        self._entries: list[LedgerEntry] = []

    def share(self, line: ClaimLine, allowed: int, benefit: Benefit, plan: Plan) -> Share:
        """The member's share of the line, entered for member and family."""
        share = share_of(allowed, benefit, plan, self._used)
        for account, amount in ((DEDUCTIBLE, share.deductible), (OUT_OF_POCKET, share.total)):
            if amount:
                for who in (self._member, FAMILY):
                    self._enter(line.line_number, account, who, amount)
        return share

    def post(self) -> tuple[LedgerEntry, ...]:
        """Write the balances; returns the entries."""
        if self._entries:
            self._context.state.put(BALANCES, self._key, Balances(dict(sorted(self._amounts.items()))))
        return tuple(self._entries)

    def _balance(self, account: str, who: str) -> int:
        return self._amounts.get(f"{account}:{who}", 0)

    def _enter(self, line_number: int, account: str, who: str, amount: int) -> None:
        entry = LedgerEntry(len(self._entries) + 1, line_number, account, who, self._period, amount)
        self._entries.append(entry)
        self._amounts[f"{account}:{who}"] = self._balance(account, who) + amount


def _paid(
    line: ClaimLine,
    claim: SubmittedClaim,
    verdict: LineVerdict,
    allowed: int,
    adjustments: tuple[Adjustment, ...],
    share: Share,
) -> DecidedLine:
    return _line(line, claim, verdict, allowed, allowed - share.total, adjustments)


def _denied(line: ClaimLine, claim: SubmittedClaim, verdict: LineVerdict) -> DecidedLine:
    return _line(line, claim, verdict, 0, 0, verdict.adjustments)


def _waiting(line: ClaimLine, claim: SubmittedClaim) -> DecidedLine:
    """A pended line: nothing paid yet, the whole charge accounted for as waiting (OA-133)."""
    adjustments = (Adjustment("OA", WAITING_REASON, line.charge, "P-PENDED", None),) if line.charge else ()
    return _line(line, claim, LineVerdict(line.line_number, "pended", None, (), ()), 0, 0, adjustments)


def _line(
    line: ClaimLine,
    claim: SubmittedClaim,
    verdict: LineVerdict,
    allowed: int,
    paid: int,
    adjustments: tuple[Adjustment, ...],
) -> DecidedLine:
    pointer = line.diagnosis_pointers[0] if line.diagnosis_pointers else None
    return DecidedLine(
        line_number=line.line_number,
        service_code=line.service_code,
        code_system=line.code_system,
        diagnosis_code=claim.diagnoses[pointer - 1].code if pointer else None,
        modifiers=line.modifiers,
        units_milli=line.units_milli,
        verdict=verdict.verdict,
        benefit_id=verdict.benefit_id,
        charge=line.charge,
        allowed=allowed,
        paid=paid,
        member_share=sum(a.amount for a in adjustments if a.group == "PR"),
        adjustments=adjustments,
        findings=verdict.findings,
    )
