"""Judges a claim by eligibility, referral and authorization: its header first, then every line, all edits of each.

The verdict "denied" is that of a header edit, whose finding is the last of the claim's. Lines that are denied are told
one by one; others go on. A claim pends when a line does that nothing denies.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agents.benefits import benefit_of
from agents.contract import Reference
from agents.instructions import Instruction
from agents.periods import payer_day
from agents.rules.authorizations import (
    QUEUES,
    authorization_of,
    grants_of,
    missing_authorization,
    referral_refusal,
)
from agents.rules.eligibility import (
    Cover,
    Refusal,
    cover_of,
    header_refusals,
    line_cover_refusal,
    waiting_refusal,
)
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.envelope import Authorized, AuthorizedLine, Envelope, Finding, Pend
from schemas.events import AuthorizationEvent
from schemas.reference import Benefit, Plan
from schemas.structure import replaced
from schemas.vocabulary import GroupCode

STAGE = "authorize"
# How many missing things a pend names; all of them are findings.
NAMED_MAX = 3
TOO_MANY = "A-PENDED-TOO-MANY"
# Whether a plan asks anything of a line is the same for every claim. An entry holds its plan: an id names one plan.
PLANS_KEPT = 1_000
_asks: dict[int, tuple[Plan, bool]] = {}

Known = Callable[[], Sequence[AuthorizationEvent]]
Judged = tuple[AuthorizedLine, AuthorizationEvent | None]


def judged(envelope: Envelope, claim: SubmittedClaim, reference: Reference, known: Known) -> Envelope:
    """The claim with its verdict. `known`: the member's authorizations, asked for when a line needs one."""
    cover = cover_of(envelope, claim, reference)
    refusals = header_refusals(cover, claim)
    plan = cover.plan
    if plan is None:
        return _denied(envelope, None, refusals, ())
    lines: list[Judged] = []
    if not cover.whole or _asks_of_lines(plan):
        lines = _judged_lines(envelope, claim, cover, plan, known)
    if refusals:
        return _denied(envelope, plan, refusals, [one for line, _ in lines for one in line.findings])
    return _settled(envelope, plan, lines)


def rematched(held: Envelope, claim: SubmittedClaim, known: Sequence[AuthorizationEvent]) -> Envelope | None:
    """A claim that waits for authorizations, passed when every line now has one; None while one has not.

    It needs no plan: what needs an authorization stands in its lines, from the release that it was pinned to.
    """
    assert held.authorized is not None
    assert held.validated is not None
    by_number = {line.line_number: line for line in claim.lines}
    lines: list[AuthorizedLine] = []
    used: list[AuthorizationEvent] = []
    for line in held.authorized.lines:
        if line.verdict == "denied":
            lines.append(line)
            continue
        found = authorization_of(by_number[line.line_number], claim, held.validated.provider_id, known)
        if found is None:
            return None
        used.append(found)
        lines.append(AuthorizedLine(line.line_number, "passed", authorization_number=found.authorization_number))
    number = used[0].authorization_number if used else None
    authorized = replace(
        held.authorized,
        verdict="passed",
        authorization_number=number,
        findings=(),
        lines=tuple(lines),
        grants=grants_of(used),
    )
    return replace(held, authorized=authorized, pend=None)


def denied_by_person(held: Envelope, wish: Instruction) -> Envelope:
    """A claim that waits, denied with the code of its pend."""
    assert held.authorized is not None
    assert held.pend is not None
    finding = Finding("L-DENIED", "", f"denied by {wish.role}: {wish.why}", _wanted(held.authorized.findings))
    return _refused(held, held.pend.group, held.pend.reason, (*held.authorized.findings, finding))


def too_many(pended: Envelope, waiting_max: int) -> Envelope:
    """A claim that would wait where too many do: its pended lines are denied instead, and say so."""
    assert pended.authorized is not None
    text = f"{waiting_max} claims of the member wait already; settle them, or send what is missing and claim again"
    lines = tuple(
        replace(
            line,
            verdict="denied",
            authorization_number=None,
            findings=(Finding(TOO_MANY, f"lines[{line.line_number}]", text), *line.findings),
        )
        if line.verdict == "pended"
        else line
        for line in pended.authorized.lines
    )
    return replace(pended, authorized=replace(pended.authorized, verdict="passed", findings=(), lines=lines), pend=None)


def _asks_of_lines(plan: Plan) -> bool:
    known = _asks.get(id(plan))
    if known is not None and known[0] is plan:
        return known[1]
    asks = bool(plan.waiting_days) or any(
        one.waiting_days or one.needs_referral or one.needs_authorization for one in plan.benefits
    )
    if len(_asks) >= PLANS_KEPT:
        _asks.clear()
    _asks[id(plan)] = (plan, asks)
    return asks


def _judged_lines(envelope: Envelope, claim: SubmittedClaim, cover: Cover, plan: Plan, known: Known) -> list[Judged]:
    """The lines that are not simply passed."""
    overruled = any(approval.kind == "approve" for approval in envelope.approvals)
    benefits = [benefit_of(line, claim, plan) for line in claim.lines]
    authorizations = known() if any(_needs_authorization(benefit) for benefit in benefits) else ()
    judged_lines: list[Judged] = []
    for line, benefit in zip(claim.lines, benefits, strict=True):
        used = None
        found = [line_cover_refusal(line, cover), waiting_refusal(line, benefit, cover)]
        if benefit is not None and benefit.needs_referral and benefit.covered:
            found.append(referral_refusal(line, claim, plan))
        if _needs_authorization(benefit):
            assert envelope.validated is not None
            used = authorization_of(line, claim, envelope.validated.provider_id, authorizations)
            found.append(missing_authorization(line, claim, plan) if used is None else None)
        refusals = [one for one in found if one is not None and not (one.pends and overruled)]
        if refusals:
            judged_lines.append((_stopped(line, refusals, used), None))
        elif used is not None:
            passed = AuthorizedLine(line.line_number, "passed", authorization_number=used.authorization_number)
            judged_lines.append((passed, used))
    return judged_lines


def _needs_authorization(benefit: Benefit | None) -> bool:
    return benefit is not None and benefit.needs_authorization and benefit.covered


def _stopped(line: ClaimLine, refusals: Sequence[Refusal], used: AuthorizationEvent | None) -> AuthorizedLine:
    """A line that is denied by its first denial, or pends when it has none. All findings are told, that one first."""
    ranked = sorted(refusals, key=lambda refusal: refusal.pends)
    decisive = ranked[0]
    number = used.authorization_number if decisive.pends and used else None
    return AuthorizedLine(
        line_number=line.line_number,
        verdict="pended" if decisive.pends else "denied",
        group=decisive.group,
        reason=decisive.reason,
        authorization_number=number,
        findings=tuple(refusal.finding for refusal in ranked),
    )


def _settled(envelope: Envelope, plan: Plan, lines: Sequence[Judged]) -> Envelope:
    """The claim that no header edit denies: passed, or pended when a line is."""
    if not lines:
        authorized = Authorized("passed", plan.plan_id, None, None, None, (), plan.effective_from)
        return replaced(envelope, authorized=authorized, pend=None)
    used = [one for _, one in lines if one is not None]
    pended = [line for line, _ in lines if line.verdict == "pended"]
    authorized = Authorized(
        verdict="pended" if pended else "passed",
        plan_id=plan.plan_id,
        authorization_number=used[0].authorization_number if used else None,
        reason_group=None,
        reason=None,
        findings=tuple(finding for line in pended for finding in line.findings),
        plan_from=plan.effective_from,
        lines=tuple(line for line, _ in lines),
        grants=grants_of(used),
    )
    return replace(envelope, authorized=authorized, pend=_pend(envelope, plan, pended) if pended else None)


def _pend(envelope: Envelope, plan: Plan, pended: Sequence[AuthorizedLine]) -> Pend:
    """Why the claim waits: for a referral where one is missing, else for authorizations, which come by themselves."""
    first = min(pended, key=lambda line: line.reason != "243")
    assert first.group is not None
    assert first.reason is not None
    code = first.findings[0].code
    return Pend(
        code=code,
        queue=QUEUES[code],
        stage=STAGE,
        due_on=payer_day(envelope.accepted_at) + plan.pend_days,
        text=f"waits for {_wanted([finding for line in pended for finding in line.findings])}",
        group=first.group,
        reason=first.reason,
    )


def _wanted(findings: Sequence[Finding]) -> str:
    """What is missing, in words, each thing once."""
    wanted = list(dict.fromkeys(finding.remedy or finding.text for finding in findings))
    more = len(wanted) - NAMED_MAX
    return ", ".join(wanted[:NAMED_MAX]) + (f" and {more} more" if more > 0 else "")


def _denied(envelope: Envelope, plan: Plan | None, refusals: Sequence[Refusal], further: Sequence[Finding]) -> Envelope:
    """The claim denied by the first refusal of its header, whose finding comes last: it is the one that decides."""
    decisive = refusals[0]
    findings = (*further, *(refusal.finding for refusal in reversed(refusals)))
    authorized = Authorized(
        "denied",
        plan.plan_id if plan else None,
        None,
        decisive.group,
        decisive.reason,
        findings,
        plan.effective_from if plan else None,
    )
    return replace(envelope, authorized=authorized, pend=None)


def _refused(held: Envelope, group: GroupCode, reason: str, findings: tuple[Finding, ...]) -> Envelope:
    assert held.authorized is not None
    authorized = replace(
        held.authorized,
        verdict="denied",
        authorization_number=None,
        reason_group=group,
        reason=reason,
        findings=findings,
        # What denies a line by itself stays its reason.
        lines=tuple(line for line in held.authorized.lines if line.verdict == "denied"),
        grants=(),
    )
    return replace(held, authorized=authorized, pend=None)
