"""Does a line need a referral or a prior authorization, and is there one?

Codes (X12 external code list 139): CO-243 without a referral, CO-197 without a prior authorization. An authorization
fits a line by member, provider, code and every day of the line; a number on the line, else on the claim, narrows to
that one. Units and money that it grants are balances, which price counts down (CO-198 there). Indonesian letters of
guarantee are authorizations too. Of several that fit, the latest is used: a further one is granted when the first is
used up.
"""

from collections.abc import Iterable, Sequence

from agents.rules.eligibility import Refusal
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import text_of
from schemas.envelope import Finding, Grant
from schemas.events import AuthorizationEvent
from schemas.reference import Plan

AUTHORIZATION_MISSING = "A-AUTHORIZATION-MISSING"
REFERRAL_MISSING = "A-REFERRAL-MISSING"
REFERRING = "referring"
# Work queues of claims that wait.
QUEUES = {AUTHORIZATION_MISSING: "authorization", REFERRAL_MISSING: "referral"}


def referral_refusal(line: ClaimLine, claim: SubmittedClaim, plan: Plan) -> Refusal | None:
    """What a line that needs a referral comes to without one; None when the claim has one."""
    if claim.referral_number or any(other.role == REFERRING for other in claim.other_providers):
        return None
    text = f"{line.service_code} needs a referral, and the claim has neither its number nor a referring provider"
    remedy = f"a referral for {service_of(line)}"
    finding = Finding(REFERRAL_MISSING, f"lines[{line.line_number}]", text, remedy)
    return Refusal("CO", "243", finding, pends=plan.missing_referral == "pend")


def authorization_of(
    line: ClaimLine, claim: SubmittedClaim, provider_id: str | None, known: Sequence[AuthorizationEvent]
) -> AuthorizationEvent | None:
    """The latest approved authorization that covers the line; None when there is none."""
    wanted = line.authorization_number or claim.authorization_number
    for one in reversed(known):
        if (
            one.state == "approved"
            and (not wanted or one.authorization_number == wanted)
            and one.valid_from <= line.service_from
            and line.service_to <= one.valid_to
            and (one.provider_id is None or one.provider_id == provider_id)
            and (not one.service_codes or line.service_code in one.service_codes)
            and (one.amount is None or one.currency is None or one.currency == claim.currency)
        ):
            return one
    return None


def missing_authorization(line: ClaimLine, claim: SubmittedClaim, plan: Plan) -> Refusal:
    """What a line without a needed authorization comes to."""
    return Refusal("CO", "197", missing_finding(line, claim), pends=plan.missing_authorization == "pend")


def missing_finding(line: ClaimLine, claim: SubmittedClaim) -> Finding:
    """What is said of a line without a needed authorization."""
    wanted = line.authorization_number or claim.authorization_number
    number = f" with the number {wanted}" if wanted else ""
    text = f"no approved authorization{number} covers {service_of(line)}; send one, or its number"
    remedy = f"an authorization covering {service_of(line)}"
    return Finding(AUTHORIZATION_MISSING, f"lines[{line.line_number}].authorization_number", text, remedy)


def service_of(line: ClaimLine) -> str:
    """Code and days of a line, such as `99213 on 2026-03-02`."""
    if line.service_from == line.service_to:
        return f"{line.service_code} on {text_of(line.service_from)}"
    return f"{line.service_code} from {text_of(line.service_from)} to {text_of(line.service_to)}"


def grants_of(used: Iterable[AuthorizationEvent]) -> tuple[Grant, ...]:
    """What the authorizations grant that limit units or money, each once."""
    grants = {
        one.authorization_number: Grant(one.authorization_number, one.units_milli, one.amount)
        for one in used
        if one.units_milli is not None or one.amount is not None
    }
    return tuple(grants.values())
