"""Allowed amount of a claim's lines: the rate by the contract's method, the lesser of charge and rate, the network.

Methods (what CMS and private contracts know): fee schedule times units; an amount a day, days being through less from
and at least 1 (CMS, Medicare Claims Processing Manual, ch. 3, 40.2.2: the day of discharge does not count); a case
rate (DRG, INA-CBG) with carve-outs priced apart; a percentage of the charge; an amount a visit. Amounts of a claim or
visit are compared with the charge in total, then split by charge with largest remainder.

Codes (X12 external code list 139): 45 above the rate, contractual in network and under a contract, the member's where
there is neither; 59 several procedures; 94 a contract that pays above the charge, negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.contract import Reference
from agents.lines import TEXTS_KEPT, OpenLine, amount_text, units_text
from agents.patterns import fits_or_any
from agents.receipt import step
from agents.rules.reductions import Rank, Rate, ranked
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.envelope import Adjustment
from schemas.money import MAXIMUM_MINOR, ratio_of, round_half_up, split
from schemas.reference import Contract, ContractTerm, Plan, Provider

OUT_OF_NETWORK = "P-OUT-OF-NETWORK"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a claim is priced by."""

    claim: SubmittedClaim
    plan: Plan
    contract: Contract | None
    reference: Reference

    @property
    def lesser_of(self) -> bool:
        """Whether the charge counts where it is below the rate."""
        return self.plan.lesser_of if self.contract is None else self.contract.lesser_of


def tier_of(provider: Provider | None, plan: Plan, day: int) -> int | None:
    """Place of the provider's best network of that day among those of the plan, 0 the first; None out of network."""
    if provider is None:
        return None
    for tier, network_id in enumerate((plan.network_id, *plan.further_network_ids)):
        for segment in provider.networks:
            if (
                segment.network_id == network_id
                and segment.effective_from <= day
                and (segment.effective_to is None or day <= segment.effective_to)
            ):
                return tier
    return None


def unprotected(one: OpenLine, contract: Contract | None) -> bool:
    """True where no network and no contract binds the provider: the excess over the allowed amount is the member's."""
    return one.tier is None and contract is None


def allow(lines: Sequence[OpenLine], basis: Basis) -> None:
    """Set the allowed amount of each line and the reductions from its covered charge to it."""
    contract = basis.contract
    alone = lines
    ranks: dict[int, Rank] = {}
    if contract is not None:
        alone = _priced_together(lines, basis, contract)
    rates = [_rate(one, basis) for one in alone]
    if contract is not None and contract.multiple_procedure_codes:
        ranks = ranked(alone, rates, contract)
    lesser_of = basis.lesser_of
    for one, rate in zip(alone, rates, strict=True):
        if unprotected(one, contract):
            _out_of_network(one, rate, lesser_of, basis.plan.out_of_network_rate)
            continue
        _by_rate(one, rate, lesser_of, ranks.get(one.line.line_number) if ranks else None)
        difference = one.covered - one.allowed
        # A rank may lower a rate above the charge to just the charge: the reduction then stands against an excess.
        if difference or one.reductions:
            _contractual(one, difference)


def days_of(first: int, last: int) -> int:
    """Days of a stay: through less from, at least 1."""
    return max(1, last - first)


def _priced_together(lines: Sequence[OpenLine], basis: Basis, contract: Contract) -> Sequence[OpenLine]:
    """Price what a contract pays by claim or visit; returns the lines that are priced each for itself."""
    claim = basis.claim
    for one in lines:
        one.term = _term(contract, claim, one.line)
    case = next((one.term for one in lines if one.term is not None and one.term.method == "case_rate"), None)
    groups: dict[tuple[str, str, int], list[OpenLine]] = {}
    alone = []
    for one in lines:
        if case is not None:
            one.term = _term(contract, claim, one.line, carve_out=True) or case
        term = one.term
        if term is None or not _is_shared(term):
            alone.append(one)
            continue
        day = one.line.service_from if term.method == "per_visit" else 0
        groups.setdefault((term.method, term.term_id, day), []).append(one)
    for group in groups.values():
        _share(group, basis, contract)
    return alone


def _term(contract: Contract, claim: SubmittedClaim, line: ClaimLine, carve_out: bool = False) -> ContractTerm | None:
    """The first term that fits; of the carve-outs alone when asked for one."""
    for term in contract.terms:
        if (
            (not carve_out or term.carve_out)
            and (not term.service_types or claim.service_type in term.service_types)
            and (not term.forms or claim.form in term.forms)
            and (not term.drgs or (claim.drg is not None and fits_or_any(claim.drg, term.drgs)))
            and fits_or_any(line.service_code, term.codes)
        ):
            return term
    return None


def _is_shared(term: ContractTerm) -> bool:
    """Whether its amount is for several lines; an amount a day that names codes (a room) is for each line."""
    return term.method in ("case_rate", "per_visit") or (term.method == "per_diem" and not term.codes)


def _share(group: list[OpenLine], basis: Basis, contract: Contract) -> None:
    """Split an amount over the covered charges of its lines, after the lesser of both totals."""
    term, claim = group[0].term, basis.claim
    assert term is not None
    assert term.amount is not None, f"contract {contract.contract_id}, term {term.term_id}: no amount"
    amount = term.amount
    detail = f"{contract.contract_id}/{term.term_id}: {amount_text(amount, contract.currency)}"
    rule = "P-VISIT-RATE"
    if term.method == "case_rate":
        rule, detail = "P-CASE-RATE", f"{detail} a case{f', group {claim.drg}' if claim.drg else ''}"
    elif term.method == "per_diem":
        days = _stay(claim)
        amount = min(amount * days, MAXIMUM_MINOR)
        rule, detail = "P-PER-DIEM", f"{detail} x {days} days"
    charges = [one.covered for one in group]
    lesser = basis.lesser_of and amount > sum(charges)
    for one, part in zip(group, split(amount, charges), strict=True):
        one.steps.append(step(rule, one.covered, part, detail))
        one.allowed = part
        if lesser:
            one.steps.append(step("P-LESSER", part, one.covered, "the charges of its lines are below the rate"))
            one.allowed = one.covered
        if one.covered != one.allowed:
            _contractual(one, one.covered - one.allowed)


def _stay(claim: SubmittedClaim) -> int:
    """Days of the stay that this claim bills: an interim bill of a long stay is paid for its own days alone."""
    first, last = claim.service_from, claim.service_to
    if claim.admission_date is not None and claim.discharge_date is not None:
        first, last = max(first, claim.admission_date), min(last, claim.discharge_date)
    return days_of(first, last)


def _rate(one: OpenLine, basis: Basis) -> Rate:
    """The exact rate of a line that is priced for itself; what is more than any amount is the most there is."""
    rate = _exact_rate(one, basis)
    if rate.numerator > MAXIMUM_MINOR * rate.denominator:
        return rate._replace(numerator=MAXIMUM_MINOR, denominator=1)
    return rate


def _exact_rate(one: OpenLine, basis: Basis) -> Rate:
    term, line, plan = one.term, one.line, basis.plan
    if term is not None:
        assert basis.contract is not None
        name = f"{basis.contract.contract_id}/{term.term_id}"
        if term.method == "percent_of_charge":
            assert term.rate is not None, f"{name}: no rate"
            numerator, denominator = ratio_of(term.rate)
            return Rate(one.covered * numerator, denominator, "P-PERCENT", f"{name}: {term.rate} of the charge")
        if term.method == "per_diem":
            assert term.amount is not None, f"{name}: no amount"
            days = days_of(line.service_from, line.service_to)
            detail = f"{name}: {amount_text(term.amount, plan.currency)} x {days} days"
            return Rate(term.amount * days, 1, "P-PER-DIEM", detail)
    schedule = (term.fee_schedule_id if term is not None else None) or plan.fee_schedule_id
    if schedule is None:
        return Rate(one.covered, 1, "P-CHARGE", "no fee schedule")
    fee = basis.reference.fee(schedule, line.code_system, line.service_code, line.modifiers, line.service_from)
    if fee is None:
        return Rate(one.covered, 1, "P-CHARGE", f"no fee in {schedule}")
    detail = _fee_text(schedule, fee.modifier, fee.amount, one.units_milli, plan.currency)
    return Rate(fee.amount * one.units_milli, 1000, "P-FEE", detail)


@lru_cache(maxsize=TEXTS_KEPT)
def _fee_text(schedule: str, modifier: str | None, fee: int, units_milli: int, currency: str) -> str:
    which = f"{schedule} with {modifier}" if modifier else schedule
    return f"{which}: {amount_text(fee, currency)} x {units_text(units_milli)}"


def _by_rate(one: OpenLine, rate: Rate, lesser_of: bool, rank: Rank | None) -> None:
    """Lesser of charge and rate; where procedures are ranked, of charge and reduced rate again."""
    numerator, denominator, rule, detail = rate
    covered = one.covered
    full = amount = round_half_up(numerator, denominator)
    if lesser_of and amount > covered:
        amount = covered
    one.steps.append(step(rule, covered, full, detail))
    if amount != full:
        one.steps.append(step("P-LESSER", full, amount))
    if rank is not None:
        reduced = round_half_up(numerator * rank.numerator, denominator * rank.denominator)
        if lesser_of and reduced > covered:
            reduced = covered
        if reduced < amount:
            one.reductions.append(Adjustment("CO", "59", amount - reduced, "P-MULTIPLE", None))
            one.steps.append(step("P-MULTIPLE", amount, reduced, rank.detail))
            amount = reduced
    one.allowed = amount


def _out_of_network(one: OpenLine, rate: Rate, lesser_of: bool, recognised: str) -> None:
    """The plan's share of the lesser of charge and rate, rounded once; the excess is the member's."""
    numerator, denominator, rule, detail = rate
    covered = one.covered
    full = round_half_up(numerator, denominator)
    one.steps.append(step(rule, covered, full, detail))
    if lesser_of and numerator > covered * denominator:
        numerator, denominator = covered, 1
        one.steps.append(step("P-LESSER", full, covered))
        full = covered
    share, whole = ratio_of(recognised)
    one.allowed = round_half_up(numerator * share, denominator * whole)
    one.steps.append(step(OUT_OF_NETWORK, full, one.allowed, f"{recognised} of it"))
    difference = covered - one.allowed
    if difference > 0:
        one.reductions.append(Adjustment("PR", "45", difference, OUT_OF_NETWORK, None))
    elif difference:
        _contractual(one, difference)


def _contractual(one: OpenLine, difference: int) -> None:
    """What lies between covered and allowed and is no ranked reduction."""
    if one.reductions:
        difference -= sum(reduction.amount for reduction in one.reductions)
    if difference > 0:
        one.reductions.append(Adjustment("CO", "45", difference, "P-ABOVE-FEE", None))
    elif difference:
        one.reductions.append(Adjustment("OA", "94", difference, "P-ABOVE-CHARGE", None))
