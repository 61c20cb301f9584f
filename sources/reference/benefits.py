"""Benefits of a plan version: what they match, and what they do."""

from typing import get_args

from schemas.reference import Benefit
from schemas.vocabulary import CopayScope, Form, ServiceType
from sources.reference.entries import entries_of
from sources.reference.fields import Fields
from sources.reference.patterns import diagnoses_of, patterns_of, places_of
from sources.reference.problems import Problems
from sources.reference.rows import Columns, Row

BENEFITS = Columns(
    ("benefit_id",),
    (
        "service_types", "forms", "codes", "places", "age_from", "age_to", "sex", "diagnoses", "network_only", "room",
        "covered", "needs_authorization", "needs_referral", "waiting_days", "deductible_applies", "copay",
        "copay_scope", "coinsurance", "out_of_network_coinsurance", "tier_coinsurances",
    ),
)  # fmt: skip
SERVICE_TYPES: tuple[ServiceType, ...] = get_args(ServiceType)
FORMS: tuple[Form, ...] = get_args(Form)
SCOPES: tuple[CopayScope, ...] = get_args(CopayScope)
SEXES = ("F", "M")
BENEFITS_MAX = 200
NETWORKS_MAX = 10
AGE_MAX = 150
WAITING_DAYS_MAX = 3_650


def benefits_of(row: Row, currency: str, problems: Problems) -> tuple[Benefit, ...]:
    """The benefits of a plan in their order; there must be one."""
    benefits: dict[str, Benefit] = {}
    known = problems.total
    for fields in entries_of(row, "benefits", BENEFITS, BENEFITS_MAX, problems):
        benefit = _benefit(fields, currency)
        if benefit.benefit_id in benefits:
            fields.bad("benefit_id", f"{benefit.benefit_id} stands twice in this plan")
        benefits[benefit.benefit_id] = benefit
    if not benefits and problems.total == known:
        problems.add(row.place, "benefits", "is empty; the first benefit that matches a line is its benefit")
    return tuple(benefits.values())


def _benefit(fields: Fields, currency: str) -> Benefit:
    age_from, age_to = fields.whole_or_none("age_from", AGE_MAX), fields.whole_or_none("age_to", AGE_MAX)
    if age_from is not None and age_to is not None and age_to < age_from:
        fields.bad("age_to", "is less than age_from")
    covered = fields.flag("covered", default=True)
    copay_scope = fields.word("copay_scope", SCOPES, "line")
    if fields.given("copay_scope") and not fields.given("copay"):
        fields.bad("copay_scope", "is of a copay, and there is none; give copay or leave it out")
    return Benefit(
        benefit_id=fields.id("benefit_id"),
        service_types=fields.words("service_types", SERVICE_TYPES),
        forms=fields.words("forms", FORMS),
        codes=patterns_of(fields),
        covered=covered,
        needs_authorization=fields.flag("needs_authorization", default=False),
        deductible_applies=fields.flag("deductible_applies", default=False),
        copay=fields.amount_or("copay", currency, 0),
        coinsurance=fields.rate("coinsurance", "0"),
        places=places_of(fields, "places"),
        age_from=age_from,
        age_to=age_to,
        sex=fields.word("sex", SEXES) if fields.given("sex") else None,
        diagnoses=diagnoses_of(fields, "diagnoses"),
        network_only=fields.flag("network_only", default=False),
        waiting_days=fields.whole_or_none("waiting_days", WAITING_DAYS_MAX),
        needs_referral=fields.flag("needs_referral", default=False),
        copay_scope=copay_scope,
        out_of_network_coinsurance=fields.rate_or_none("out_of_network_coinsurance"),
        tier_coinsurances=fields.rates("tier_coinsurances", NETWORKS_MAX),
        room=fields.flag("room", default=False),
    )
