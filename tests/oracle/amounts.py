"""Section 4, the allowed amount of the lines of a claim."""

from dataclasses import dataclass
from fractions import Fraction

from schemas.claim import ClaimLine, SubmittedClaim
from schemas.reference import Contract, ContractTerm, Provider
from tests.oracle.figures import Payer, Row, fits, round_half_up, split


@dataclass(frozen=True)
class Pricing:
    """What a claim is priced by: the tier of the provider (None out of network) and the contract in force."""

    tier: int | None
    contract: Contract | None


def pricing_of(payer: Payer, claim: SubmittedClaim) -> Pricing:
    """The provider's own contract, else that of its network in the plan's order, on the day of service."""
    provider = payer.providers[claim.provider.provider_id or ""]
    networks = [payer.plan.network_id, *payer.plan.further_network_ids]
    mine = _networks_of(provider, claim.service_from)
    tier = next((n for n, network in enumerate(networks) if network in mine), None)
    possible = [
        one
        for one in payer.contracts
        if one.effective_from <= claim.service_from <= (one.effective_to or claim.service_from)
        and (not one.plan_ids or payer.plan.plan_id in one.plan_ids)
    ]
    own = [one for one in possible if one.provider_id == provider.provider_id]
    shared = [one for network in networks if network in mine for one in possible if one.network_id == network]
    return Pricing(tier, next(iter(own + shared), None))


def _networks_of(provider: Provider, day: int) -> set[str]:
    return {n.network_id for n in provider.networks if n.effective_from <= day <= (n.effective_to or day)}


def allow(payer: Payer, claim: SubmittedClaim, rows: list[Row], by: Pricing) -> None:
    """Allowed amount of each line that is left, and what contract and network take off its covered charge."""
    terms = {row.line.line_number: _term(by.contract, claim, row.line) for row in rows}
    case = [row for row in rows if (t := terms[row.line.line_number]) and t.method == "case_rate"]
    visits: dict[tuple[int, str], list[Row]] = {}
    plain: list[Row] = []
    for row in rows:
        term = terms[row.line.line_number]
        if term and term.method == "per_visit":
            visits.setdefault((row.line.service_from, term.term_id), []).append(row)
        elif row not in case:
            plain.append(row)
    for together in [*([case] if case else []), *visits.values()]:
        _together(payer, together, terms[together[0].line.line_number], by)
    rates = {row.line.line_number: _rate(payer, row, terms[row.line.line_number]) for row in plain}
    shares = _ranked(plain, rates, by.contract)
    for row in plain:
        _alone(payer, row, rates[row.line.line_number], shares.get(row.line.line_number), by)


def _term(contract: Contract | None, claim: SubmittedClaim, line: ClaimLine) -> ContractTerm | None:
    """The first term that fits."""
    for term in contract.terms if contract else ():
        if (
            (not term.service_types or claim.service_type in term.service_types)
            and (not term.forms or claim.form in term.forms)
            and fits(term.codes, line.service_code)
            and fits(term.drgs, claim.drg)
        ):
            return term
    return None


def _rate(payer: Payer, row: Row, term: ContractTerm | None) -> Fraction:
    """Step 2: base rate by the method; the charge where there is no fee."""
    if term and term.method == "percent_of_charge":
        return Fraction(term.rate or "0") * row.covered
    if term and term.method == "per_diem":
        return Fraction(term.amount or 0) * max(1, row.line.service_to - row.line.service_from)
    schedule = (term.fee_schedule_id if term else None) or payer.plan.fee_schedule_id
    fee = _fee(payer, schedule, row.line)
    return Fraction(row.covered) if fee is None else Fraction(fee * row.units, 1000)


def _fee(payer: Payer, schedule: str | None, line: ClaimLine) -> int | None:
    """Of the first modifier that has a fee, else of the code alone, on the day of service."""
    for modifier in (*line.modifiers, None):
        for fee in payer.fees:
            if (
                (fee.fee_schedule_id, fee.code_system, fee.service_code)
                == (schedule, line.code_system, line.service_code)
                and fee.modifier == modifier
                and fee.effective_from <= line.service_from <= (fee.effective_to or line.service_from)
            ):
                return fee.amount
    return None


def _ranked(rows: list[Row], rates: dict[int, Fraction], contract: Contract | None) -> dict[int, Fraction]:
    """Step 4: shares by rank of unreduced fee, then charge, then line number, when several are on a day."""
    if contract is None or not contract.multiple_procedure_codes:
        return {}
    days: dict[int, list[Row]] = {}
    for row in rows:
        if fits(contract.multiple_procedure_codes, row.line.service_code):
            days.setdefault(row.line.service_from, []).append(row)
    found = {}
    for together in days.values():
        together.sort(key=lambda row: (-rates[row.line.line_number], -row.line.charge, row.line.line_number))
        for rank, row in enumerate(together if len(together) > 1 else ()):
            listed = contract.multiple_procedure_rates
            found[row.line.line_number] = Fraction(listed[min(rank, len(listed) - 1)])
    return found


def _lesser(payer: Payer, by: Pricing) -> bool:
    return by.contract.lesser_of if by.contract else payer.plan.lesser_of


def _alone(payer: Payer, row: Row, rate: Fraction, share: Fraction | None, by: Pricing) -> None:
    """Steps 3 to 5 of a line: lesser-of, ranked reduction with lesser-of again, CO-59, CO-45 or PR-45 or OA-94."""

    def least(amount: Fraction) -> Fraction:
        return min(amount, Fraction(row.covered)) if _lesser(payer, by) else amount

    if share is not None:
        row.allowed = round_half_up(least(rate * share))
        row.take("CO-59", round_half_up(least(rate)) - row.allowed)
    elif by.tier is None and by.contract is None:
        row.allowed = round_half_up(least(rate) * Fraction(payer.plan.out_of_network_rate))
    else:
        row.allowed = round_half_up(least(rate))
    _difference(row, by)


def _together(payer: Payer, rows: list[Row], term: ContractTerm | None, by: Pricing) -> None:
    """A rate of a case or visit: lesser-of over its lines together, then split by their covered charges."""
    assert term is not None
    charges = [row.covered for row in rows]
    amount = term.amount or 0
    for row, part in zip(
        rows, split(min(amount, sum(charges)) if _lesser(payer, by) else amount, charges), strict=True
    ):
        row.allowed = part
        _difference(row, by)


def _difference(row: Row, by: Pricing) -> None:
    """Step 5: covered charge less CO-59 less allowed."""
    rest = row.covered - row.adjustments.get("CO-59", 0) - row.allowed
    excess = "PR-45" if by.tier is None and by.contract is None else "CO-45"
    row.take(excess if rest > 0 else "OA-94", rest)


def coinsurance_of(row: Row, tier: int | None) -> Fraction:
    """The member's rate: of the benefit, of the provider's tier, or out of network."""
    assert row.benefit is not None
    one = row.benefit
    if tier is None:
        return Fraction(one.coinsurance if one.out_of_network_coinsurance is None else one.out_of_network_coinsurance)
    if tier and tier <= len(one.tier_coinsurances):
        return Fraction(one.tier_coinsurances[tier - 1])
    return Fraction(one.coinsurance)
