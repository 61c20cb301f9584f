"""Which benefit of a plan a line belongs to: the first one that matches, in the plan's order."""

from schemas.claim import ClaimLine, SubmittedClaim
from schemas.reference import Benefit, Plan

# Claims bill the same few codes: what was found is remembered. An entry holds its plan, so that an id names one plan.
FOUND_MAX = 20_000
_found: dict[tuple[int, str, str, str], tuple[Plan, Benefit | None]] = {}


def benefit_of(line: ClaimLine, claim: SubmittedClaim, plan: Plan) -> Benefit | None:
    """The benefit of the line; None when the plan has none for it."""
    key = (id(plan), line.service_code, claim.service_type, claim.form)
    known = _found.get(key)
    if known is not None and known[0] is plan:
        return known[1]
    benefit = _first_match(line, claim, plan)
    if len(_found) >= FOUND_MAX:
        _found.clear()
    _found[key] = (plan, benefit)
    return benefit


def _first_match(line: ClaimLine, claim: SubmittedClaim, plan: Plan) -> Benefit | None:
    for benefit in plan.benefits:
        if (
            (not benefit.service_types or claim.service_type in benefit.service_types)
            and (not benefit.forms or claim.form in benefit.forms)
            and (not benefit.codes or any(_matches(line.service_code, code) for code in benefit.codes))
        ):
            return benefit
    return None


def _matches(code: str, pattern: str) -> bool:
    """A pattern is a code, a prefix that ends in *, or a range A-B of codes of one length."""
    if code == pattern:
        return True
    if pattern.endswith("*"):
        return code.startswith(pattern[:-1])
    first, dash, last = pattern.partition("-")
    return bool(dash) and len(code) == len(first) and first <= code <= last
