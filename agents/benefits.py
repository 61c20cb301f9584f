"""Which benefit of a plan a line belongs to: the first one that matches, in the plan's order."""

from agents.patterns import fits, fits_or_any
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.reference import Benefit, Plan

# Claims bill the same few codes: what was found is remembered. An entry holds its plan, so that an id names one plan.
FOUND_MAX = 20_000
_found: dict[tuple[int, str, str, str, str], tuple[Plan, Benefit | None]] = {}


def benefit_of(line: ClaimLine, claim: SubmittedClaim, plan: Plan) -> Benefit | None:
    """The benefit of the line; None when the plan has none for it."""
    place = line.place_of_service or claim.place_of_service or ""
    key = (id(plan), line.service_code, claim.service_type, claim.form, place)
    known = _found.get(key)
    if known is not None and known[0] is plan:
        return known[1]
    benefit = _first_match(line.service_code, claim, place, plan)
    if len(_found) >= FOUND_MAX:
        _found.clear()
    _found[key] = (plan, benefit)
    return benefit


def _first_match(code: str, claim: SubmittedClaim, place: str, plan: Plan) -> Benefit | None:
    for benefit in plan.benefits:
        if (
            (not benefit.service_types or claim.service_type in benefit.service_types)
            and (not benefit.forms or claim.form in benefit.forms)
            and (not benefit.places or fits(place, benefit.places))
            and fits_or_any(code, benefit.codes)
        ):
            return benefit
    return None
