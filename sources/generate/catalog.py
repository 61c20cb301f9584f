"""What can be claimed under a plan and what becomes of it, found out from reference data: no code is named twice.

An offer is a service that a plan prices; the plan's own benefits say whether it is paid, excluded, without a benefit,
or wants an authorization. Load other plans and fees, and generated claims follow.
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

Fate = Literal["paid", "excluded", "no_benefit", "needs_authorization"]
# Which forms and kinds of care bill by which code system.
SETTINGS: Mapping[str, Sequence[tuple[Form, ServiceType]]] = {
    "HC": (
        ("professional", "outpatient"), ("professional", "emergency"), ("professional", "maternity"),
        ("professional", "optical"),
    ),
    "RC": (("institutional", "inpatient"), ("institutional", "outpatient")),
    "AD": (("dental", "dental"),),
    "NDC": (("pharmacy", "outpatient"),),
    "LOCAL": (
        ("professional", "outpatient"), ("professional", "emergency"), ("institutional", "inpatient"),
        ("professional", "maternity"), ("professional", "optical"), ("dental", "dental"), ("pharmacy", "outpatient"),
    ),
}  # fmt: skip
# Providers that bill a form.
KINDS: Mapping[Form, Sequence[str]] = {
    "professional": ("clinic", "physician", "hospital", "optical"),
    "institutional": ("hospital",),
    "dental": ("dentist", "clinic"),
    "pharmacy": ("pharmacy",),
}
# A fee where the schedule has none for a code that a benefit excludes, in whole units of the currency.
EXCLUDED_FEE = {0: 250_000, 2: 120}


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
    """A plan with its offers by setting and fate, and the providers in its network by form."""

    plan: Plan
    offers: dict[Fate, dict[Setting, list[Offer]]] = field(default_factory=dict)
    providers: dict[Form, list[Provider]] = field(default_factory=dict)

    def settings(self, fate: Fate) -> list[Setting]:
        """Settings that have offers of that fate and a provider to bill them."""
        return [setting for setting in self.offers.get(fate, {}) if self.providers.get(setting.form)]


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
        _offer(catalog, by_schedule[plan.fee_schedule_id or ""])
        _staff(catalog, providers)
        if not catalog.settings("paid"):
            raise ValueError(f"plan {plan.plan_id} pays nothing that its fees and network name: no claim can be made")
        made.append(catalog)
    return made


def _offer(catalog: PlanCatalog, fees: Sequence[Fee]) -> None:
    plan = catalog.plan
    offers: dict[tuple[str, str], Offer] = {}
    for fee in fees:
        offers[(fee.code_system, fee.service_code)] = Offer(fee.service_code, fee.code_system, fee.amount)
    systems = sorted({fee.code_system for fee in fees})
    exponent = EXPONENTS[plan.currency]
    for benefit in plan.benefits:
        for code in benefit.codes if not benefit.covered else ():
            system = _system_of(code, systems)
            if code.isalnum() and system and (system, code) not in offers:
                amount = EXCLUDED_FEE[exponent] * 10**exponent
                offers[(system, code)] = Offer(code, system, amount)
    for (system, _), offer in sorted(offers.items()):
        for form, service_type in SETTINGS.get(system, ()):
            fate = _fate(offer, form, service_type, plan)
            catalog.offers.setdefault(fate, {}).setdefault(Setting(form, service_type), []).append(offer)


def _system_of(code: str, systems: Sequence[str]) -> str | None:
    """The code system that an excluded code without a fee belongs to, by its form."""
    guess = "AD" if len(code) == 5 and code[0] == "D" and code[1:].isdigit() else "HC" if len(code) == 5 else None
    return guess if guess in systems else None


def _fate(offer: Offer, form: Form, service_type: ServiceType, plan: Plan) -> Fate:
    line = ClaimLine(1, offer.code, offer.code_system, None, (), 1000, offer.fee, 0, 0, (), None, None, None, {})
    benefit = benefit_of(line, blank_claim(form, service_type), plan)
    if benefit is None:
        return "no_benefit"
    if not benefit.covered:
        return "excluded"
    return "needs_authorization" if benefit.needs_authorization else "paid"


def _staff(catalog: PlanCatalog, providers: Sequence[Provider]) -> None:
    network = catalog.plan.network_id
    inside = [p for p in providers if any(s.network_id == network and s.effective_to is None for s in p.networks)]
    for form, kinds in KINDS.items():
        catalog.providers[form] = [provider for provider in inside if provider.kind in kinds]
