"""Plan versions with their benefits, from plans.yaml."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import get_args

from schemas.dates import text_of
from schemas.reference import Benefit, Plan
from schemas.vocabulary import Form, MissingAuthorization, ServiceType
from sources.reference.fields import Fields
from sources.reference.people import Terms
from sources.reference.problems import Place, Problems
from sources.reference.rows import LINE, Columns, Row, named_values, rows_of

PLANS = Columns(
    ("plan_id", "name", "payer_id", "currency", "network_id", "effective_from", "benefits"),
    (
        "effective_to",
        "fee_schedule_id",
        "lesser_of",
        "out_of_network_rate",
        "timely_filing_days",
        "missing_authorization",
        "deductible_individual",
        "deductible_family",
        "out_of_pocket_individual",
        "out_of_pocket_family",
    ),
)
BENEFITS = Columns(
    ("benefit_id",),
    (
        "service_types",
        "forms",
        "codes",
        "covered",
        "needs_authorization",
        "deductible_applies",
        "copay",
        "coinsurance",
    ),
)
MISSING: tuple[MissingAuthorization, ...] = get_args(MissingAuthorization)
SERVICE_TYPES: tuple[ServiceType, ...] = get_args(ServiceType)
FORMS: tuple[Form, ...] = get_args(Form)
CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,29}")
TIMELY_FILING_DAYS_MAX = 3_650
BENEFITS_MAX = 200
CODES_MAX = 500

PlanKey = tuple[str, int]


def plans_of(
    folder: Path, networks: Collection[str], schedules: Mapping[str, str], problems: Problems
) -> dict[PlanKey, Plan]:
    """Plan versions by plan id and first day. `networks` and `schedules` (with their currency) are those there are."""
    found: dict[PlanKey, Plan] = {}
    for row in rows_of(folder, "plans", PLANS, problems):
        fields = Fields(row, problems)
        plan = _plan(fields, row, problems)
        key = (plan.plan_id, plan.effective_from)
        if key in found:
            fields.bad("effective_from", f"{plan.plan_id} has a version from {text_of(key[1])} already")
        if networks and plan.network_id not in networks:
            fields.bad("network_id", f"{plan.network_id} has no provider in networks")
        if plan.fee_schedule_id is not None:
            currency = schedules.get(plan.fee_schedule_id)
            if currency is None:
                fields.bad("fee_schedule_id", f"{plan.fee_schedule_id} has no row in fees; leave it out to pay charges")
            elif currency != plan.currency:
                fields.bad("currency", f"is {plan.currency}, that of fees in {plan.fee_schedule_id} {currency}")
        _refuse_clash(plan, [other for other in found.values() if other.plan_id == plan.plan_id], fields)
        found[key] = plan
    return found


def terms_of(plans: Mapping[PlanKey, Plan]) -> dict[str, Terms]:
    """Payer and currency of each plan."""
    return {plan.plan_id: Terms(plan.payer_id, plan.currency) for plan in plans.values()}


def _plan(fields: Fields, row: Row, problems: Problems) -> Plan:
    currency = fields.currency("currency")
    first_day, last_day = fields.period()
    return Plan(
        release=0,
        removed=False,
        plan_id=fields.id("plan_id"),
        name=fields.text("name"),
        payer_id=fields.id("payer_id"),
        currency=currency,
        network_id=fields.id("network_id"),
        effective_from=first_day,
        effective_to=last_day,
        fee_schedule_id=fields.id("fee_schedule_id") or None,
        lesser_of=fields.flag("lesser_of", default=True),
        out_of_network_rate=fields.rate("out_of_network_rate", "1"),
        timely_filing_days=fields.whole_or_none("timely_filing_days", TIMELY_FILING_DAYS_MAX),
        missing_authorization=fields.word("missing_authorization", MISSING, "deny"),
        deductible_individual=fields.amount_or("deductible_individual", currency, 0),
        deductible_family=fields.amount_or("deductible_family", currency, 0),
        out_of_pocket_individual=fields.amount_or_none("out_of_pocket_individual", currency),
        out_of_pocket_family=fields.amount_or_none("out_of_pocket_family", currency),
        benefits=_benefits(fields, row, currency, problems),
    )


def _benefits(fields: Fields, row: Row, currency: str, problems: Problems) -> tuple[Benefit, ...]:
    entries = row.values["benefits"]
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        fields.bad("benefits", "must be a list of benefits; the first that matches a line is its benefit")
        return ()
    if len(entries) > BENEFITS_MAX:
        fields.bad("benefits", f"more than {BENEFITS_MAX}")
        return ()
    benefits: dict[str, Benefit] = {}
    for entry in entries:
        place = Place(row.place.file, entry[LINE])
        values = named_values(entry, BENEFITS, place, problems)
        if values is None:
            continue
        benefit = _benefit(Fields(Row(place, values), problems), currency)
        if benefit.benefit_id in benefits:
            problems.add(place, "benefit_id", f"{benefit.benefit_id} stands twice in this plan")
        benefits[benefit.benefit_id] = benefit
    return tuple(benefits.values())


def _benefit(fields: Fields, currency: str) -> Benefit:
    if not fields.given("benefit_id"):
        fields.bad("benefit_id", "is empty; every benefit needs one")
    return Benefit(
        benefit_id=fields.id("benefit_id"),
        service_types=fields.words("service_types", SERVICE_TYPES),
        forms=fields.words("forms", FORMS),
        codes=_patterns(fields),
        covered=fields.flag("covered", default=True),
        needs_authorization=fields.flag("needs_authorization", default=False),
        deductible_applies=fields.flag("deductible_applies", default=False),
        copay=fields.amount_or("copay", currency, 0),
        coinsurance=fields.rate("coinsurance", "0"),
    )


def _patterns(fields: Fields) -> tuple[str, ...]:
    patterns = fields.items("codes")
    if len(patterns) > CODES_MAX:
        fields.bad("codes", f"more than {CODES_MAX}; use a prefix such as 99* or a range such as D0100-D0999")
        return ()
    for pattern in patterns:
        fault = _fault_of(pattern)
        if fault is not None:
            fields.bad("codes", f"{pattern[:60]!r} {fault}")
    return tuple(patterns)


def _fault_of(pattern: str) -> str | None:
    """What is wrong with a pattern: a code, a prefix that ends in *, or a range A-B of codes of one length."""
    if not CODE.fullmatch(pattern.removesuffix("*")):
        return "is no code, prefix (99*) or range (D0100-D0999); quote it in YAML when it begins with a star"
    first, dash, last = pattern.partition("-")
    if not dash or pattern.endswith("*"):
        return None
    if len(first) != len(last):
        return f"reads as a range of codes that differ in length; write {pattern}* for codes that begin so"
    return "is a range whose last code is before its first" if last < first else None


def _refuse_clash(plan: Plan, others: list[Plan], fields: Fields) -> None:
    """Versions of a plan follow one another: a later one ends an open one, and all have one payer and currency."""
    for other in others:
        if (other.payer_id, other.currency) != (plan.payer_id, plan.currency):
            fields.bad(
                "payer_id", f"another version of {plan.plan_id} has another payer or currency; use a new plan id"
            )
        earlier, later = sorted((plan, other), key=lambda version: version.effective_from)
        if earlier.effective_to is not None and later.effective_from <= earlier.effective_to:
            until = text_of(earlier.effective_to)
            fields.bad("effective_from", f"overlaps the version from {text_of(earlier.effective_from)} to {until}")
