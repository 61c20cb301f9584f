"""What claims of one plan, setting and fate have in common, made once: a claim then costs a few random picks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.claim import Diagnosis, Identifier, ProviderReference
from schemas.reference import Plan, Provider
from sources.generate import medicine
from sources.generate.catalog import Fate, Offer, PlanCatalog, Setting

# Charges are round numbers, as on real bills: Rupiah in five hundreds, cents as they come.
ROUNDED_TO = {"IDR": 500}


@dataclass(frozen=True, slots=True)
class Template:
    """Everything for claims of a plan in a setting; `offers` are what its lines are picked from."""

    plan: Plan
    setting: Setting
    offers: Sequence[Offer]
    extras: Sequence[Offer]
    providers: Sequence[ProviderReference]
    diagnoses: Sequence[tuple[Diagnosis, ...]]
    place_of_service: str | None
    bill_type: str | None
    inpatient: bool
    has_room_class: bool
    reimbursed_share: float
    needs_authorization: bool
    by_member_number: bool
    rounded_to: int


def templates_of(catalog: PlanCatalog, seed: int, fate: Fate) -> list[Template]:
    """Templates of a fate, each as often as its share of claims: a uniform pick from the list has those shares."""
    made: list[Template] = []
    for setting in catalog.settings(fate):
        share = medicine.SETTING_SHARES.get((setting.form, setting.service_type), 1)
        made += [_template(catalog, setting, fate, seed)] * share
    return made


def _template(catalog: PlanCatalog, setting: Setting, fate: Fate, seed: int) -> Template:
    plan = catalog.plan
    rupiah = plan.currency == "IDR"
    excluded: Mapping[Setting, Sequence[Offer]] = catalog.offers.get("excluded", {})
    return Template(
        plan=plan,
        setting=setting,
        offers=catalog.offers[fate][setting],
        extras=excluded.get(setting, ()) if fate == "paid" else (),
        providers=[_reference(provider, rupiah) for provider in catalog.providers[setting]],
        diagnoses=medicine.diagnosis_lists(seed, setting.service_type, "icd10" if rupiah else "icd10cm"),
        place_of_service=medicine.PLACES.get((setting.form, setting.service_type)),
        bill_type=medicine.BILL_TYPES.get(setting.service_type) if setting.form == "institutional" else None,
        inpatient=setting.service_type == "inpatient",
        has_room_class=rupiah and (setting.form, setting.service_type) == ("institutional", "inpatient"),
        reimbursed_share=_reimbursed_share(plan),
        needs_authorization=fate == "needs_authorization",
        by_member_number=not rupiah,
        rounded_to=ROUNDED_TO.get(plan.currency, 1),
    )


def _reimbursed_share(plan: Plan) -> float:
    """A plan that pays charges is for those who paid themselves; others see that now and then, in Indonesia."""
    if plan.fee_schedule_id is None:
        return 1.0
    return 0.05 if plan.currency == "IDR" else 0.0


def _reference(provider: Provider, by_id: bool) -> ProviderReference:
    """As a submitter names it: by our id in Indonesia, by its NPI on an X12-style claim."""
    npi = tuple(Identifier(i.system, i.value) for i in provider.identifiers if i.system == "npi")
    if by_id or not npi:
        return ProviderReference(provider.provider_id, (), provider.name)
    return ProviderReference(None, npi, provider.name)
