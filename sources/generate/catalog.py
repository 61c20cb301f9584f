"""What can be claimed under a plan and what becomes of it, found out from reference data: no code is named twice.

An offer is a service that a plan prices; the plan's own benefits say whether it is paid, excluded, without a benefit,
wants an authorization, or is restricted to some patients or diagnoses. Load other plans and fees, and generated
claims follow.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from agents.benefits import benefit_of
from schemas.claim import ClaimLine
from schemas.dates import text_of
from schemas.money import EXPONENTS
from schemas.reference import Fee, Plan, Provider
from schemas.vocabulary import Form, ServiceType
from sources.generate.blank import blank_claim
from sources.generate.codes import excluded_codes, settings_of

Fate = Literal["paid", "excluded", "no_benefit", "needs_authorization", "restricted"]
# Providers that bill a form, and those that rather give a kind of care.
KINDS: Mapping[Form, Sequence[str]] = {
    "professional": ("clinic", "physician", "hospital"),
    "institutional": ("hospital",),
    "dental": ("dentist",),
    "pharmacy": ("pharmacy",),
}
KINDS_OF_CARE: Mapping[ServiceType, Sequence[str]] = {"optical": ("optical",), "emergency": ("hospital", "clinic")}
# The charge for what a plan excludes and no schedule prices, minor units by the currency's digits.
EXCLUDED_FEE = {0: 750_000, 2: 32_000}


@dataclass(frozen=True, slots=True)
class Offer:
    """A service under a plan; `fee` in minor units of the plan's currency."""

    code: str
    code_system: str
    fee: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A form with its kind of care."""

    form: Form
    service_type: ServiceType


@dataclass
class PlanCatalog:
    """A plan with its offers by setting and fate, and the providers in its network by setting."""

    plan: Plan
    offers: dict[Fate, dict[Setting, list[Offer]]] = field(default_factory=dict)
    providers: dict[Setting, list[Provider]] = field(default_factory=dict)

    def settings(self, fate: Fate) -> list[Setting]:
        """Settings that have offers of that fate and a provider to bill them."""
        return [setting for setting in self.offers.get(fate, {}) if self.providers.get(setting)]


def catalogs(plans: Sequence[Plan], fees: Iterable[Fee], providers: Sequence[Provider], day: int) -> list[PlanCatalog]:
    """One catalog for each plan id, of its version in force on `day`, in the order of their ids.

    Raises ValueError when a plan has no version on that day, or pays nothing that could be claimed.
    """
    latest = {
        plan.plan_id: plan
        for plan in sorted(plans, key=lambda plan: plan.effective_from)
        if plan.effective_from <= day and (plan.effective_to is None or day <= plan.effective_to)
    }
    lacking = sorted({plan.plan_id for plan in plans} - latest.keys())
    if lacking or not plans:
        raise ValueError(f"no version of plan {', '.join(lacking) or '(none)'} is in force on {text_of(day)}")
    by_schedule: dict[str, list[Fee]] = defaultdict(list)
    for fee in fees:
        if fee.modifier is None and fee.effective_from <= day and (fee.effective_to is None or day <= fee.effective_to):
            by_schedule[fee.fee_schedule_id].append(fee)
    made = []
    for _, plan in sorted(latest.items()):
        catalog = PlanCatalog(plan)
        _offer(catalog, by_schedule[plan.fee_schedule_id or _price_list(plan, latest.values())])
        _staff(catalog, providers)
        if not catalog.settings("paid"):
            raise ValueError(f"plan {plan.plan_id} pays nothing that its fees and network name: no claim can be made")
        made.append(catalog)
    return made


def _price_list(plan: Plan, plans: Iterable[Plan]) -> str:
    """A schedule that tells what things cost, for a plan that pays charges: that of another plan of the payer."""
    same = (p for p in plans if p.payer_id == plan.payer_id and p.currency == plan.currency and p.fee_schedule_id)
    return next((p.fee_schedule_id or "" for p in same), "")


def _offer(catalog: PlanCatalog, fees: Sequence[Fee]) -> None:
    plan = catalog.plan
    offers: dict[tuple[str, str], Offer] = {
        key: Offer(key[1], key[0], EXCLUDED_FEE[EXPONENTS[plan.currency]]) for key in excluded_codes(plan)
    }
    for fee in fees:
        offers[(fee.code_system, fee.service_code)] = Offer(fee.service_code, fee.code_system, fee.amount)
    for (system, code), offer in sorted(offers.items()):
        for form, service_type in settings_of(system, code):
            fate = _fate(offer, form, service_type, plan)
            catalog.offers.setdefault(fate, {}).setdefault(Setting(form, service_type), []).append(offer)


def _fate(offer: Offer, form: Form, service_type: ServiceType, plan: Plan) -> Fate:
    line = ClaimLine(1, offer.code, offer.code_system, None, (), 1000, offer.fee, 0, 0, (), None, None, None, {})
    benefit = benefit_of(line, blank_claim(form, service_type), plan)
    if benefit is None:
        return "no_benefit"
    if not benefit.covered:
        return "excluded"
    if benefit.needs_authorization:
        return "needs_authorization"
    # Paid for the right patient or reason only, which a generated claim does not look for.
    ages = (benefit.age_from, benefit.age_to) != (None, None)
    restricted = ages or benefit.sex or benefit.diagnoses or benefit.needs_referral
    return "restricted" if restricted else "paid"


def _staff(catalog: PlanCatalog, providers: Sequence[Provider]) -> None:
    network = catalog.plan.network_id
    inside = [p for p in providers if any(s.network_id == network and s.effective_to is None for s in p.networks)]
    for setting in {setting for offers in catalog.offers.values() for setting in offers}:
        kinds = KINDS_OF_CARE.get(setting.service_type) or KINDS[setting.form]
        catalog.providers[setting] = [provider for provider in inside if provider.kind in kinds]
