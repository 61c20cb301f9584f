"""Carries out what a person, a scheduler or an outside adjudicator asks for, or refuses it with an event.

Only what earlier stages do not hold gets here: claims that price itself pended, and claims that are decided.
"""

from dataclasses import replace

from agents.benefits import benefit_of
from agents.decided import moved
from agents.instructions import (
    Instruction,
    approval_of,
    form_refusal,
    instruction_of,
    move_of,
    released_too_often,
    state_refusal,
)
from agents.ledger import Ledger
from agents.periods import payer_day
from agents.standing import Standing, with_command
from agents.told import events_of, refused
from schemas.claim import SubmittedClaim
from schemas.decision import Appeal, DecidedLine, Decision
from schemas.envelope import Adjudicated, Adjustment, Authorized, Envelope, Finding, LineVerdict
from schemas.reference import Plan
from schemas.state import DecidedVersion
from schemas.status import STATUS_OF
from schemas.vocabulary import Substatus

# Where the plan of a claim is not known: days to appeal, and days to decide an appeal (45 CFR 147.136: 180 days to
# file; 29 CFR 2560.503-1(i): 60 days to decide a post-service claim).
APPEAL_DAYS = 180
APPEAL_DECISION_DAYS = 60
# CARC 193: the original decision stands after a review.
UPHELD_REASON = "193"
ACTIONS = ("approve", "deny", "release")
# What counts as the word of a person for the payment.
APPROVING = frozenset({"approve", "overturn"})


def carry_out(envelope: Envelope, standing: Standing) -> Envelope | None:
    """Do what the envelope asks; returns a claim that is to be decided (again), None when all is done."""
    wish = instruction_of(envelope, standing.context.codec)
    stored = standing.stored()
    assert stored is not None, "validate forwards instructions about claims it accepted"
    # A void that the register counted ends the claim even under an id that something else was asked with before.
    if wish.command_id in stored.commands and envelope.undoes is None:
        return None
    decision = standing.decision_in(stored)
    refusal = form_refusal(wish) or state_refusal(wish, decision.substatus)
    refusal = refusal or _other_refusal(wish, decision, stored, standing)
    if refusal is not None:
        standing.tell([refused(decision, len(stored.commands), wish, refusal)])
        standing.remember(decision, stored, wish.command_id)
        return None
    if wish.kind in ACTIONS:
        return _resumed(wish, stored, decision, standing)
    if wish.kind == "void":
        _void(wish, envelope, standing)
        return None
    if wish.kind == "overturn":
        return _overturned(wish, envelope, stored, decision, standing)
    changed = _appealed(wish, decision, standing) if wish.kind == "appeal" else _upheld(wish, decision, stored)
    kept = _after(stored, decision, wish)
    last = move_of(wish, changed.substatus, "price", "L-APPEALED" if wish.kind == "appeal" else "L-UPHELD")
    standing.keep(changed, kept, events_of(changed, (), last))
    return None


def _after(stored: DecidedVersion, decision: Decision, wish: Instruction) -> DecidedVersion:
    """What is kept when the amounts stay: which decision posted to the ledger, and the state before an appeal."""
    before = decision.substatus if wish.kind == "appeal" else None
    posted = stored.posted or (stored.decision if decision.ledger else None)
    return with_command(replace(stored, posted=posted, before_appeal=before), wish.command_id)


def _other_refusal(wish: Instruction, decision: Decision, stored: DecidedVersion, standing: Standing) -> Finding | None:
    """Refusals that need more than the state's name."""
    if wish.kind in ACTIONS:
        if released_too_often(wish, stored.moves_told):
            text = "the claim was judged again too often; approve or deny it, or replace it"
            return Finding("L-RELEASED-OFTEN", "kind", text)
        if decision.pend is None or decision.pend.stage != "price" or stored.envelope is None:
            return Finding("L-NOT-HELD", "kind", "the claim waits in no stage that could resume it; void or replace it")
        if wish.kind == "approve" and any(a.actor == wish.actor and a.kind in APPROVING for a in decision.approvals):
            text = "the same person has approved it already; this amount needs a second one"
            return Finding("L-SAME-PERSON", "actor", text)
    if wish.kind == "appeal":
        plan = _plan_of(decision, standing)
        days = plan.appeal_days if plan else APPEAL_DAYS
        decided = max([decision.accepted_at, *(a.at for a in decision.approvals)])
        if payer_day(wish.at) - payer_day(decided) > days:
            return Finding("L-APPEAL-LATE", "at", f"an appeal may be made within {days} days of the decision")
    if wish.kind == "overturn":
        if stored.envelope is None:
            return Finding("L-NOTHING-DENIED", "kind", "nothing was denied; uphold the appeal, or replace the claim")
        if _claim_of(_held(stored, standing), standing).encounter:
            text = "capitation pays for an encounter, never a claim; uphold the appeal, or replace it with no encounter"
            return Finding("L-ENCOUNTER", "kind", text)
        if decision.plan_id is None:
            text = "no plan was in force, so nothing can be priced; load the cover and replace the claim"
            return Finding("L-NO-PLAN", "kind", text)
    return None


def _plan_of(decision: Decision, standing: Standing) -> Plan | None:
    if decision.plan_id is None:
        return None
    return standing.context.reference.plan(decision.plan_id, decision.service_from)


def _resumed(wish: Instruction, stored: DecidedVersion, decision: Decision, standing: Standing) -> Envelope:
    """A claim that price pended goes on: approved, denied line by line, or judged again."""
    held = _held(stored, standing)
    approvals = (*held.approvals, approval_of(wish)) if wish.kind != "release" else held.approvals
    code = {"approve": "L-APPROVED", "deny": "L-DENIED", "release": "L-RELEASED"}[wish.kind]
    moves = (*held.moves, move_of(wish, "in_process", "price", code))
    resumed = replace(held, approvals=approvals, moves=moves, pend=None, undoes=None)
    if wish.kind == "release":
        standing.remember(decision, stored, wish.command_id)
    if wish.kind != "deny":
        return resumed
    assert decision.pend is not None
    assert held.adjudicated is not None
    finding = Finding("L-DENIED", "", f"denied by a person: {wish.why}")
    group, reason = decision.pend.group, decision.pend.reason
    claim = _claim_of(held, standing)
    lines = tuple(
        verdict
        if verdict.verdict == "denied"
        else replace(
            verdict,
            verdict="denied",
            units_denied_milli=0,
            adjustments=(Adjustment(group, reason, line.charge, "L-DENIED", None),) if line.charge else (),
            findings=(*verdict.findings, finding),
        )
        for line, verdict in zip(claim.lines, held.adjudicated.lines, strict=True)
    )
    return replace(resumed, adjudicated=Adjudicated("denied", lines, (*held.adjudicated.findings, finding)))


def _held(stored: DecidedVersion, standing: Standing) -> Envelope:
    assert stored.envelope is not None
    return standing.context.codec.decode(Envelope, stored.envelope)


def _claim_of(held: Envelope, standing: Standing) -> SubmittedClaim:
    return standing.context.codec.decode_shared(SubmittedClaim, held.submitted)


def _void(wish: Instruction, envelope: Envelope, standing: Standing) -> None:
    move = move_of(wish, "voided", "price", "L-VOIDED")
    finding = Finding("L-VOIDED", "", f"voided by {wish.role}: {wish.reason}")
    gone = standing.end("voided", Ledger(envelope.coverage_id, standing.context.state), finding, move)
    assert gone is not None, "the state table lets only claims in force be voided"
    stored = standing.stored()
    assert stored is not None
    standing.remember(gone, stored, wish.command_id)
    standing.ask_for_payment(gone, 0, envelope, None, wish.at)


def _appealed(wish: Instruction, decision: Decision, standing: Standing) -> Decision:
    due_on = payer_day(wish.at) + APPEAL_DECISION_DAYS
    appeal = Appeal(wish.at, wish.actor, wish.role, wish.reason, due_on)
    return moved(decision, "appealed", appeal=appeal)


def _upheld(wish: Instruction, decision: Decision, stored: DecidedVersion) -> Decision:
    """The decision stands: what the payer denied by contract is told with the code of a review that changed nothing."""
    lines = tuple(_recoded(line) for line in decision.lines)
    finding = Finding("L-UPHELD", "", f"the decision stands after a review: {wish.reason}")
    approvals = (*decision.approvals, approval_of(wish))
    changed = moved(decision, "upheld", lines=lines, findings=(*decision.findings, finding), approvals=approvals)
    # What was approved or paid before the appeal is so after it.
    return replace(changed, status=STATUS_OF[stored.before_appeal or "denied"])


def _recoded(line: DecidedLine) -> DecidedLine:
    if line.verdict != "denied":
        return line
    adjustments = tuple(
        replace(one, reason=UPHELD_REASON, rule="L-UPHELD") if one.group == "CO" else one for one in line.adjustments
    )
    return replace(line, adjustments=adjustments)


def _overturned(
    wish: Instruction, envelope: Envelope, stored: DecidedVersion, decision: Decision, standing: Standing
) -> Envelope:
    """Ends the version that was appealed and makes a new one, in which what denied it is set aside."""
    held = _held(stored, standing)
    claim = _claim_of(held, standing)
    plan = _plan_of(decision, standing)
    assert plan is not None
    outcome: Substatus = "overturned"
    finding = Finding("L-OVERTURNED", "", f"the appeal succeeded: {wish.reason}")
    move = move_of(wish, outcome, "price", "L-OVERTURNED")
    standing.end(outcome, Ledger(envelope.coverage_id, standing.context.state), finding, move)
    return replace(
        held,
        version=envelope.version,
        authorized=_set_aside(held.authorized),
        adjudicated=_passed(held, claim, plan),
        approvals=(*held.approvals, approval_of(wish)),
        # The moves of the version before were told under that version.
        moves=(move_of(wish, "in_process", "price", "L-OVERTURNED"),),
        undoes=None,
        pend=None,
    )


def _set_aside(authorized: Authorized | None) -> Authorized:
    assert authorized is not None
    return replace(authorized, verdict="passed", reason_group=None, reason=None, findings=(), lines=())


def _passed(held: Envelope, claim: SubmittedClaim, plan: Plan) -> Adjudicated:
    """Every line passes under its benefit; one for which the plan has none, under its first covered benefit."""
    assert held.adjudicated is not None
    covered = next((benefit for benefit in plan.benefits if benefit.covered), plan.benefits[0])
    verdicts = []
    for line, verdict in zip(claim.lines, held.adjudicated.lines, strict=True):
        benefit = benefit_of(line, claim, plan)
        benefit_id = verdict.benefit_id or (benefit.benefit_id if benefit and benefit.covered else covered.benefit_id)
        verdicts.append(LineVerdict(line.line_number, "passed", benefit_id, (), ()))
    return Adjudicated("passed", tuple(verdicts), ())
