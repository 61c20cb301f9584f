"""Plan versions with their benefits, limits and rooms, from plans.yaml."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import get_args

from schemas.dates import parse_day, text_of
from schemas.reference import Plan
from schemas.vocabulary import (
    Allowable,
    Coordination,
    FamilyLimit,
    MissingAuthorization,
    Severity,
    ShareKind,
    ShareOrder,
)
from sources.reference.benefits import NETWORKS_MAX, WAITING_DAYS_MAX, benefits_of
from sources.reference.fields import Fields
from sources.reference.limits import coinsurance_caps_of, limits_of, room_classes_of
from sources.reference.patterns import diagnoses_of
from sources.reference.people import Terms
from sources.reference.problems import Problems
from sources.reference.rows import Columns, Row, rows_of

PLANS = Columns(
    ("plan_id", "name", "payer_id", "currency", "network_id", "effective_from", "benefits"),
    (
        "effective_to", "further_network_ids", "fee_schedule_id", "lesser_of", "out_of_network_rate",
        "timely_filing_days", "waiting_days", "missing_authorization", "missing_referral", "excluded_diagnoses",
        "benefit_year_starts", "share_order", "deductible_individual", "deductible_family", "deductible_family_limit",
        "out_of_pocket_individual", "out_of_pocket_family", "out_of_pocket_family_limit", "out_of_pocket_counts",
        "coinsurance_caps", "limits", "coordination", "coordination_allowable", "suspect_duplicates", "room_class",
        "room_classes", "room_pro_rata", "review_above", "second_approval_above", "pend_days", "appeal_days",
    ),
)  # fmt: skip
MISSING: tuple[MissingAuthorization, ...] = get_args(MissingAuthorization)
ORDERS: tuple[ShareOrder, ...] = get_args(ShareOrder)
FAMILY_LIMITS: tuple[FamilyLimit, ...] = get_args(FamilyLimit)
SHARES: tuple[ShareKind, ...] = get_args(ShareKind)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
COORDINATIONS: tuple[Coordination, ...] = get_args(Coordination)
ALLOWABLES: tuple[Allowable, ...] = get_args(Allowable)
MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
TIMELY_FILING_DAYS_MAX = 3_650
APPEAL_DAYS_MAX = 3_650
PEND_DAYS_MAX = 365

PlanKey = tuple[str, int]


def plans_of(
    folder: Path, networks: Collection[str], schedules: Mapping[str, str], problems: Problems
) -> dict[PlanKey, Plan]:
    """Plan versions by plan id and first day. `networks` and `schedules` (with their currency) are those there are."""
    found: dict[PlanKey, Plan] = {}
    for row in rows_of(folder, "plans", PLANS, problems, usual=".yaml"):
        fields = Fields(row, problems)
        plan = _plan(fields, row, problems)
        key = (plan.plan_id, plan.effective_from)
        if key in found:
            fields.bad("effective_from", f"{plan.plan_id} has a version from {text_of(key[1])} already")
        _refuse_unknown(plan, networks, schedules, fields)
        _refuse_contradictions(plan, fields)
        _refuse_clash(plan, [other for other in found.values() if other.plan_id == plan.plan_id], fields)
        found[key] = plan
    return found


def terms_of(plans: Mapping[PlanKey, Plan]) -> dict[str, Terms]:
    """Payer and currency of each plan."""
    return {plan.plan_id: Terms(plan.payer_id, plan.currency) for plan in plans.values()}


def _plan(fields: Fields, row: Row, problems: Problems) -> Plan:
    currency = fields.currency("currency")
    first_day, last_day = fields.period()
    benefits = benefits_of(row, currency, problems)
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
        benefits=benefits,
        further_network_ids=fields.ids("further_network_ids", NETWORKS_MAX),
        share_order=fields.word("share_order", ORDERS, "deductible_first"),
        deductible_family_limit=fields.word("deductible_family_limit", FAMILY_LIMITS, "embedded"),
        out_of_pocket_family_limit=fields.word("out_of_pocket_family_limit", FAMILY_LIMITS, "embedded"),
        out_of_pocket_counts=fields.words("out_of_pocket_counts", SHARES) or SHARES,
        benefit_year_starts=_month_day(fields),
        waiting_days=fields.whole("waiting_days", WAITING_DAYS_MAX, 0),
        missing_referral=fields.word("missing_referral", MISSING, "deny"),
        coinsurance_caps=coinsurance_caps_of(row, currency, problems),
        limits=limits_of(row, currency, [benefit.benefit_id for benefit in benefits], problems),
        excluded_diagnoses=diagnoses_of(fields, "excluded_diagnoses"),
        suspect_duplicates=fields.word("suspect_duplicates", SEVERITIES, "pend"),
        coordination=fields.word("coordination", COORDINATIONS, "standard"),
        coordination_allowable=fields.word("coordination_allowable", ALLOWABLES, "higher"),
        room_class=fields.text("room_class") or None,
        room_classes=room_classes_of(row, currency, problems),
        room_pro_rata=fields.flag("room_pro_rata", default=False),
        review_above=fields.amount_or_none("review_above", currency),
        second_approval_above=fields.amount_or_none("second_approval_above", currency),
        pend_days=fields.whole("pend_days", PEND_DAYS_MAX, 30),
        appeal_days=fields.whole("appeal_days", APPEAL_DAYS_MAX, 180),
    )


def _month_day(fields: Fields) -> str:
    if not fields.given("benefit_year_starts"):
        return "01-01"
    value = fields.text("benefit_year_starts")
    try:
        if MONTH_DAY.fullmatch(value):
            parse_day(f"2023-{value}")  # No leap year: the day must be in every year.
            return value
    except ValueError:
        pass
    fields.bad("benefit_year_starts", f"{value[:60]!r} is no day of every year; write month and day such as 07-01")
    return "01-01"


def _refuse_unknown(plan: Plan, networks: Collection[str], schedules: Mapping[str, str], fields: Fields) -> None:
    """What a plan names must be there, and in its currency."""
    for column, network_id in (
        ("network_id", plan.network_id),
        *(("further_network_ids", one) for one in plan.further_network_ids),
    ):
        if networks and network_id not in networks:
            fields.bad(column, f"{network_id} has no provider in networks")
    if plan.network_id in plan.further_network_ids:
        fields.bad("further_network_ids", f"{plan.network_id} is the first network already")
    if plan.fee_schedule_id is not None:
        currency = schedules.get(plan.fee_schedule_id)
        if currency is None:
            fields.bad("fee_schedule_id", f"{plan.fee_schedule_id} has no row in fees; leave it out to pay charges")
        elif currency != plan.currency:
            fields.bad("currency", f"is {plan.currency}, that of fees in {plan.fee_schedule_id} {currency}")


def _refuse_contradictions(plan: Plan, fields: Fields) -> None:
    """What a plan says in one place must make sense with what it says in another."""
    if plan.deductible_family_limit == "aggregate" and plan.deductible_individual and not plan.deductible_family:
        fields.bad("deductible_family_limit", "is aggregate: in a family its own counts alone; give deductible_family")
    if (
        plan.out_of_pocket_family_limit == "aggregate"
        and plan.out_of_pocket_individual is not None
        and plan.out_of_pocket_family is None
    ):
        fields.bad("out_of_pocket_family_limit", "is aggregate: in a family its own counts alone; give its maximum")
    names = [room.name for room in plan.room_classes]
    if plan.room_class is not None and plan.room_class not in names:
        fields.bad("room_class", f"{plan.room_class} is not in room_classes; they are {', '.join(names) or 'none'}")
    if plan.room_pro_rata and plan.room_class is None:
        fields.bad("room_pro_rata", "needs the room_class that members are entitled to")
    tiers = max((len(benefit.tier_coinsurances) for benefit in plan.benefits), default=0)
    if tiers > len(plan.further_network_ids):
        text = f"a benefit has {tiers} tier_coinsurances, the plan {len(plan.further_network_ids)} further networks"
        fields.bad("further_network_ids", f"{text}; name a network for each")


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
