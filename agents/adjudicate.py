"""Takes authorized claims; leaves each line passed under a benefit, or denied with its reason, or the claim pended.

Edits of a line in their order: duplicates, coverage, coding. All of them run on a line that authorize let pass, the
first denial gives the adjustment. A claim of which a line pends waits in REVIEWED for a person; the person's word is
carried out here and goes no further, what goes on is the claim. What another version of the claim left behind is
forgotten before the next is judged, so a replacement is no duplicate of its original.
"""

from collections.abc import Sequence
from dataclasses import replace

from agents.benefits import benefit_of
from agents.contract import Context, Emit, Message, Outcome
from agents.history import History, forget, turn
from agents.instructions import Instruction, approval_of, form_refusal, instruction_of, leaves_alone, move_of
from agents.periods import payer_day
from agents.receipt import step
from agents.rules.coding import edits_of, find_quantities, pairs_of
from agents.rules.coverage import Patient, find_uncovered
from agents.rules.duplicates import find_duplicates, stand
from agents.rules.line_edits import EditedLine
from agents.tables import APPEALED, REVIEWED
from schemas import topics
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.envelope import Adjudicated, Adjustment, AuthorizedLine, Envelope, Finding, LineVerdict, Pend
from schemas.reference import Plan
from schemas.state import IdList
from schemas.structure import replaced
from schemas.vocabulary import GroupCode

QUEUE = "review"
STAGE = "adjudicate"
CARRIED_OUT = {"approve": "L-APPROVED", "deny": "L-DENIED", "release": "L-RELEASED"}


def adjudicate(message: Message[Envelope], context: Context) -> Sequence[Outcome]:
    """One envelope: a claim gets a verdict on every line, an instruction resumes one that waits, the rest passes."""
    envelope = message.record
    if envelope.kind in ("command", "adjudication"):
        envelope = _instructed(envelope, context)
    else:
        if envelope.undoes is not None:
            _end(envelope.root_id, context)
        if envelope.kind in ("claim", "replacement"):
            envelope = _judge(envelope, context)
    return [Emit(topics.CLAIMS_ADJUDICATED, envelope.coverage_id, envelope)]


def _judge(envelope: Envelope, context: Context) -> Envelope:
    authorized = envelope.authorized
    assert authorized is not None, "adjudicate takes claims that authorize judged"
    if authorized.verdict == "pended":
        return replace(envelope, adjudicated=Adjudicated("pended", (), ()))
    claim = context.codec.decode_shared(SubmittedClaim, envelope.submitted)
    if authorized.verdict == "denied":
        return replace(envelope, adjudicated=_by_header(envelope, claim, context))
    return _by_line(envelope, claim, context)


def _by_header(envelope: Envelope, claim: SubmittedClaim, context: Context) -> Adjudicated:
    """A header edit denies every line with its code; the lines are kept, since an appeal may turn them.

    No appeal turns an encounter: its lines are nothing to compare with, ever.
    """
    authorized = envelope.authorized
    assert authorized is not None
    assert authorized.reason_group is not None
    assert authorized.reason is not None
    finding = authorized.findings[-1]
    group, reason = authorized.reason_group, authorized.reason
    history = History(envelope, claim.provider, context.state)
    if not claim.encounter:
        for line in claim.lines:
            history.record(line, history.of(line.service_from, line.code_system, line.service_code), passed=False)
        history.save()
    own = {one.line_number: one for one in authorized.lines if one.verdict == "denied"}
    return Adjudicated(
        "denied",
        tuple(
            _stopped(line, None, own[line.line_number])
            if line.line_number in own
            else _denied(line, None, group, reason, finding.code, (finding,))
            for line in claim.lines
        ),
        (),
    )


def _by_line(envelope: Envelope, claim: SubmittedClaim, context: Context) -> Envelope:
    assert envelope.authorized is not None
    assert envelope.authorized.plan_id is not None
    plan = context.reference.plan(envelope.authorized.plan_id, claim.service_from)
    assert plan is not None, "authorize found this plan in the same release"
    history = History(envelope, claim.provider, context.state)
    lines, stopped = _screened(envelope, claim, plan, history, context)
    edits = [edits_of(edited.line, plan, context.reference) for edited in lines]
    if any(edits):
        pairs = [pairs_of(edited, own, lines, history) for edited, own in zip(lines, edits, strict=True)]
        for edited, hits in zip(lines, pairs, strict=True):
            for hit in hits:
                edited.add(hit)
    for edited, own in zip(lines, edits, strict=True):
        if own:
            find_quantities(edited, own, claim, history)
        history.record(edited.line, edited.service, not edited.denied)
    history.save()
    verdicts = [edited.verdict() for edited in lines]
    if stopped:
        # In the order of the claim, whatever numbers its lines have: price takes verdicts and lines side by side.
        by_number = {verdict.line_number: verdict for verdict in (*verdicts, *stopped)}
        verdicts = [by_number[line.line_number] for line in claim.lines]
    return _settled(envelope, plan, lines, verdicts, context)


def _screened(
    envelope: Envelope, claim: SubmittedClaim, plan: Plan, history: History, context: Context
) -> tuple[list[EditedLine], list[LineVerdict]]:
    """Lines after the edits of duplicates and coverage, and verdicts on those that authorize stopped."""
    assert envelope.authorized is not None
    assert envelope.validated is not None
    patient = Patient(envelope.validated.member_id, envelope.validated.provider_id, context.reference)
    refused = {one.line_number: one for one in envelope.authorized.lines if one.verdict == "denied"}
    lines: list[EditedLine] = []
    stopped: list[LineVerdict] = []
    for line in claim.lines:
        benefit = benefit_of(line, claim, plan)
        service = history.of(line.service_from, line.code_system, line.service_code)
        if refused and line.line_number in refused:
            stopped.append(_stopped(line, benefit.benefit_id if benefit else None, refused[line.line_number]))
            history.record(line, service, passed=False)
            continue
        edited = EditedLine(line, benefit, service)
        find_duplicates(edited, history.provider, plan)
        find_uncovered(edited, claim, plan, patient)
        if not edited.denied:
            stand(edited)
        lines.append(edited)
    return lines, stopped


def _settled(
    envelope: Envelope, plan: Plan, lines: Sequence[EditedLine], verdicts: Sequence[LineVerdict], context: Context
) -> Envelope:
    """The claim: pended when a line is, denied when all are. A pended one waits here, never to undo anything twice."""
    pending = next(((edited, hit) for edited in lines if (hit := edited.pending()) is not None), None)
    if pending is None:
        return replaced(envelope, adjudicated=_adjudicated(verdicts))
    edited, hit = pending
    text = f"{edited.place}: {hit.finding.text}"
    due_on = payer_day(max([envelope.accepted_at, *(move.at for move in envelope.moves)])) + plan.pend_days
    pend = Pend(hit.finding.code, QUEUE, STAGE, due_on, text, hit.group, hit.reason)
    pended = replace(envelope, adjudicated=Adjudicated("pended", tuple(verdicts), ()), pend=pend)
    context.state.put(REVIEWED, envelope.root_id, replace(pended, undoes=None))
    return pended


def _instructed(envelope: Envelope, context: Context) -> Envelope:
    """Carries out what is asked of a claim that waits here; everything else goes on as it came, for price to answer."""
    wish = instruction_of(envelope, context.codec)
    if form_refusal(wish) is not None:
        return envelope
    if envelope.undoes is not None:
        _end(envelope.root_id, context)
        return envelope
    held = context.state.get(REVIEWED, envelope.root_id)
    if held is None:
        _follow_appeal(envelope.root_id, wish, context)
        return envelope
    if wish.kind not in CARRIED_OUT or leaves_alone(wish, held):
        return envelope
    context.state.delete(REVIEWED, envelope.root_id)
    return _resumed(held, wish, context)


def _follow_appeal(root_id: str, wish: Instruction, context: Context) -> None:
    """The lines of a claim count again when its appeal succeeds; an overturn without an appeal is refused by price."""
    if wish.kind == "appeal":
        context.state.put(APPEALED, root_id, IdList())
    elif wish.kind in ("uphold", "overturn") and context.state.get(APPEALED, root_id) is not None:
        context.state.delete(APPEALED, root_id)
        if wish.kind == "overturn":
            turn(root_id, True, context.state)


def _resumed(held: Envelope, wish: Instruction, context: Context) -> Envelope:
    move = move_of(wish, "in_process", STAGE, CARRIED_OUT[wish.kind])
    resumed = replace(held, moves=(*held.moves, move), pend=None)
    if wish.kind == "release":
        return _judge(replace(resumed, adjudicated=None), context)
    assert held.adjudicated is not None
    resumed = replace(resumed, approvals=(*held.approvals, approval_of(wish)))
    if wish.kind == "approve":
        return replace(resumed, adjudicated=_adjudicated([_approved(one) for one in held.adjudicated.lines]))
    assert held.pend is not None
    turn(held.root_id, False, context.state)
    claim = context.codec.decode_shared(SubmittedClaim, held.submitted)
    finding = Finding(
        "L-DENIED", "", f"denied by a person: {wish.why}", "a corrected claim that replaces it, or an appeal"
    )
    lines = tuple(
        _denied_by_person(line, verdict, held.pend, finding)
        for line, verdict in zip(claim.lines, held.adjudicated.lines, strict=True)
    )
    return replace(resumed, adjudicated=Adjudicated("denied", lines, (finding,)))


def _approved(verdict: LineVerdict) -> LineVerdict:
    """The line with its findings as warnings; what edits took of it stays off."""
    return replace(verdict, verdict="passed") if verdict.verdict == "pended" else verdict


def _denied_by_person(line: ClaimLine, verdict: LineVerdict, pend: Pend, finding: Finding) -> LineVerdict:
    if verdict.verdict == "denied":
        return verdict
    return _denied(line, verdict.benefit_id, pend.group, pend.reason, finding.code, (*verdict.findings, finding))


def _stopped(line: ClaimLine, benefit_id: str | None, refused: AuthorizedLine) -> LineVerdict:
    """A line that authorize denied; the first of its findings is the decisive one."""
    assert refused.group is not None
    assert refused.reason is not None
    return _denied(line, benefit_id, refused.group, refused.reason, refused.findings[0].code, refused.findings)


def _denied(
    line: ClaimLine, benefit_id: str | None, group: GroupCode, reason: str, rule: str, findings: tuple[Finding, ...]
) -> LineVerdict:
    adjustments = (Adjustment(group, reason, line.charge, rule, None),) if line.charge else ()
    return LineVerdict(line.line_number, "denied", benefit_id, adjustments, findings, 0, (step(rule, line.charge, 0),))


def _adjudicated(verdicts: Sequence[LineVerdict]) -> Adjudicated:
    passed = any(verdict.verdict == "passed" for verdict in verdicts)
    return Adjudicated("passed" if passed else "denied", tuple(verdicts), ())


def _end(root_id: str, context: Context) -> None:
    """A version ends: its lines count no more, and nobody waits for it."""
    forget(root_id, context.state)
    context.state.delete(REVIEWED, root_id)
    if context.state.get(APPEALED, root_id) is not None:
        context.state.delete(APPEALED, root_id)
