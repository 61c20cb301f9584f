"""Allowed amount of a line: fee schedule or charge, the lesser of both where the plan says so, less out of network.

Reason codes: 45 above the fee (contractual in network, the member's out of network), 94 paid above the charge
(X12 external code list 139).
"""

from decimal import Decimal
from typing import NamedTuple

from agents.contract import Reference
from schemas.claim import ClaimLine
from schemas.envelope import Adjustment
from schemas.money import round_half_up
from schemas.reference import Plan, Provider


class Allowed(NamedTuple):
    """What the payer recognises of a charge, and the differences."""

    amount: int
    adjustments: tuple[Adjustment, ...]


def in_network(provider: Provider | None, plan: Plan, day: int) -> bool:
    """True when the provider belongs to the plan's network on that day of service."""
    return provider is not None and any(
        segment.network_id == plan.network_id
        and segment.effective_from <= day
        and (segment.effective_to is None or day <= segment.effective_to)
        for segment in provider.networks
    )


def allowed_of(line: ClaimLine, plan: Plan, network: bool, reference: Reference) -> Allowed:
    """The allowed amount with its adjustments: charge = allowed + adjustments."""
    rate = _rate(line, plan, reference)
    amount = line.charge if rate is None else rate
    if plan.lesser_of:
        amount = min(amount, line.charge)
    if not network:
        amount = round_half_up(amount * Decimal(plan.out_of_network_rate))
    difference = line.charge - amount
    if difference == 0:
        return Allowed(amount, ())
    if difference < 0:
        return Allowed(amount, (Adjustment("OA", "94", difference, "P-ABOVE-CHARGE", None),))
    if network:
        return Allowed(amount, (Adjustment("CO", "45", difference, "P-ABOVE-FEE", None),))
    return Allowed(amount, (Adjustment("PR", "45", difference, "P-OUT-OF-NETWORK", None),))


def _rate(line: ClaimLine, plan: Plan, reference: Reference) -> int | None:
    """Fee times units, rounded once; None without a fee, where the charge counts."""
    if plan.fee_schedule_id is None:
        return None
    fee = reference.fee(plan.fee_schedule_id, line.code_system, line.service_code, line.modifiers, line.service_from)
    return None if fee is None else round_half_up(fee.amount * Decimal(line.units_milli) / 1000)
