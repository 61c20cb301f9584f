"""Lines on their way to a decision: what is left of a passed line step by step, and the decided line that comes of it.

What the rules take between the covered charge and the allowed amount are `reductions`; then come the member's parts,
what lies over money limits, and what earlier payers did. So charge = removed + reductions + parts + other + paid, which
a decided line checks when it is built.
"""

from functools import lru_cache

from agents.receipt import step
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.decision import DecidedLine
from schemas.envelope import Adjustment, Finding, LineVerdict, Step
from schemas.money import decimal_of, split
from schemas.reference import Benefit, ContractTerm, Limit
from schemas.vocabulary import GroupCode, Verdict

TEXTS_KEPT = 65_536


class OpenLine:
    """A line that passed the edits; the rules of price fill it in their order."""

    __slots__ = (
        "adjustments",
        "allowed",
        "authorization_number",
        "benefit",
        "coinsurance",
        "copay",
        "covered",
        "deductible",
        "denied",
        "findings",
        "line",
        "other",
        "other_paid",
        "over",
        "own_benefit",
        "paid",
        "period",
        "reductions",
        "steps",
        "term",
        "tier",
        "tranche",
        "units_milli",
        "verdict",
    )

    def __init__(self, line: ClaimLine, verdict: LineVerdict, benefit: Benefit, period: str) -> None:
        self.line = line
        self.verdict = verdict
        self.benefit = benefit
        # Name of the benefit period of the line's day.
        self.period = period
        # Place of the provider's network among those of the plan, 0 the first; None out of network.
        self.tier: int | None = None
        self.term: ContractTerm | None = None
        self.authorization_number: str | None = None
        # Covered charge and units: what edits, authorizations and limits of quantity left.
        self.covered = line.charge
        self.units_milli = line.units_milli - verdict.units_denied_milli
        self.adjustments: list[Adjustment] = []
        if verdict.adjustments:
            self.adjustments.extend(verdict.adjustments)
            self.covered -= sum(one.amount for one in verdict.adjustments)
        self.denied = False
        self.steps: list[Step] = list(verdict.steps)
        self.findings: list[Finding] = list(verdict.findings)
        # A limit with tranches, what it had counted before the line, and what the line counts; None for most lines.
        self.tranche: tuple[Limit, int, int] | None = None
        self.reductions: list[Adjustment] = []
        self.allowed = 0
        self.deductible = 0
        self.copay = 0
        self.coinsurance = 0
        self.over: list[Adjustment] = []
        self.other: Adjustment | None = None
        self.other_paid = 0
        # What the plan would pay without earlier payers.
        self.own_benefit = 0
        self.paid = 0

    @property
    def place(self) -> str:
        """Where the line stands on the claim."""
        return f"lines[{self.line.line_number}]"

    def take(
        self, over: int, of: int, group: GroupCode, reason: str, rule: str, text: str, remedy: str | None = None
    ) -> None:
        """Deny `over` of `of` parts of what is left, charge and units by largest remainder; the line when it is all."""
        before = self.covered
        if over >= of:
            left, amount, units = 0, before, self.units_milli
            self.denied = True
        else:
            left, amount = split(before, (of - over, over))
            units = split(self.units_milli, (of - over, over))[1]
        if amount:
            self.adjustments.append(Adjustment(group, reason, amount, rule, None, units))
        self.covered = left
        self.units_milli -= units
        self.findings.append(Finding(rule, self.place, text, remedy))
        self.steps.append(step(rule, before, left, text))

    def reduce_payment(self, paid: int, rule: str, detail: str | None) -> None:
        """Lower what the plan pays; the caller says who takes the difference."""
        self.steps.append(step(rule, self.paid, paid, detail))
        self.paid = paid

    def reduce(self, allowed: int, adjustment: Adjustment, detail: str) -> None:
        """Lower the allowed amount; `adjustment` takes the difference."""
        self.steps.append(step(adjustment.rule, self.allowed, allowed, detail))
        self.reductions.append(adjustment)
        self.allowed = allowed


def decided_line(one: OpenLine, claim: SubmittedClaim) -> DecidedLine:
    """A line with its amounts; nothing but OA-94 may be negative, and nothing is paid above the allowed amount."""
    adjustments = one.adjustments
    if one.denied:
        return _decided(one.line, claim, "denied", one.benefit.benefit_id, adjustments, one.findings, one.steps)
    assert one.allowed >= one.paid >= 0, f"line {one.line.line_number}: {one.allowed} allowed, {one.paid} paid"
    if one.other is not None:
        adjustments.append(one.other)
    adjustments += one.reductions
    if one.deductible:
        adjustments.append(Adjustment("PR", "1", one.deductible, "P-DEDUCTIBLE", None))
    if one.copay:
        adjustments.append(Adjustment("PR", "3", one.copay, "P-COPAY", None))
    if one.coinsurance:
        adjustments.append(Adjustment("PR", "2", one.coinsurance, "P-COINSURANCE", None))
    adjustments += one.over
    return _decided(
        one.line, claim, "passed", one.benefit.benefit_id, adjustments, one.findings, one.steps,
        one.allowed, one.paid, one.line.units_milli - one.units_milli, one.other_paid, one.authorization_number,
    )  # fmt: skip


def denied_line(line: ClaimLine, claim: SubmittedClaim, verdict: LineVerdict) -> DecidedLine:
    """A line that an edit denied whole: its charge stands under the edit's code."""
    adjustments, findings, steps = list(verdict.adjustments), list(verdict.findings), list(verdict.steps)
    return _decided(line, claim, verdict.verdict, verdict.benefit_id, adjustments, findings, steps)


def waiting_line(line: ClaimLine, claim: SubmittedClaim) -> DecidedLine:
    """A line of a pended claim: nothing paid yet, the whole charge accounted for as waiting (CARC 133)."""
    adjustments = [Adjustment("OA", "133", line.charge, "P-PENDED", None)] if line.charge else []
    return _decided(line, claim, "pended", None, adjustments, [], [])


def _decided(
    line: ClaimLine,
    claim: SubmittedClaim,
    verdict: Verdict,
    benefit_id: str | None,
    adjustments: list[Adjustment],
    findings: list[Finding],
    steps: list[Step],
    allowed: int = 0,
    paid: int = 0,
    units_denied_milli: int = 0,
    other_paid: int = 0,
    authorization_number: str | None = None,
) -> DecidedLine:
    members = 0
    for adjustment in adjustments:
        assert adjustment.amount > 0 or adjustment.reason == "94", f"line {line.line_number}: {adjustment}"
        if adjustment.group == "PR":
            members += adjustment.amount
    pointer = line.diagnosis_pointers[0] if line.diagnosis_pointers else None
    return DecidedLine(
        line.line_number,
        line.service_code,
        line.code_system,
        claim.diagnoses[pointer - 1].code if pointer else None,
        line.modifiers,
        line.units_milli,
        verdict,
        benefit_id,
        line.charge,
        allowed,
        paid,
        members,
        tuple(adjustments),
        tuple(findings),
        line.service_from,
        units_denied_milli,
        other_paid,
        authorization_number,
        tuple(steps),
    )


@lru_cache(maxsize=TEXTS_KEPT)
def amount_text(minor: int, currency: str) -> str:
    """An amount in the words of a receipt: `120.00`."""
    return str(decimal_of(minor, currency))


@lru_cache(maxsize=TEXTS_KEPT)
def units_text(milli: int) -> str:
    """Thousandths of units as a number: 3, or 1.5."""
    whole, rest = divmod(milli, 1000)
    return f"{whole}.{rest:03}".rstrip("0") if rest else str(whole)
