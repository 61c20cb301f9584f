"""Random payers: a plan with its fees, contract, edits and members, within what the rules say without doubt.

What the rules leave open is not drawn, so that a difference is always a fault of one side; the comments below name
each such place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from schemas.dates import parse_day
from schemas.reference import (
    Benefit,
    CoinsuranceCap,
    Contract,
    ContractTerm,
    CoverageSegment,
    Edit,
    Fee,
    Limit,
    Member,
    NetworkSegment,
    Plan,
    Provider,
)
from schemas.vocabulary import FamilyLimit, Form, LimitPeriod, Method, Severity, Who
from tests.agents.world import BENEFIT, PLAN
from tests.oracle.figures import Payer

START, END = parse_day("2025-01-01"), parse_day("2026-12-31")
DAY = parse_day("2026-06-29")
VISITS, LABS, KNIVES = ("99211", "99213", "99215"), ("80050", "80053"), ("29880", "29881", "29882")
EXCLUDED, UNKNOWN, IMPLANT, BED = "15780", "00100", "L8600", "99231"
CODES = (*VISITS, *LABS, *KNIVES, EXCLUDED, UNKNOWN)
# Awkward amounts beside any: nothing, one cent, thirds, halves.
CENTS = st.one_of(st.sampled_from([1, 5, 99, 333, 1000, 5000, 10_000, 12_345]), st.integers(1, 20_000))
LEFT = st.one_of(st.none(), st.sampled_from([0, 1, 3_333, 10_000]), st.integers(1, 40_000))
RATES = st.sampled_from(["0", "0.05", "0.15", "0.2", "0.333", "0.5", "1"])
FAMILY_LIMITS: st.SearchStrategy[FamilyLimit] = st.sampled_from(["embedded", "aggregate"])
WHO: st.SearchStrategy[Who] = st.sampled_from(["member", "family"])
PER: st.SearchStrategy[LimitPeriod] = st.sampled_from(["claim", "day", "period", "lifetime"])


@dataclass(frozen=True)
class World:
    """A payer, and what its claims must keep to."""

    payer: Payer
    # Suspects and coding edits: one provider; whether history counts across providers is not said.
    one_provider: bool


@st.composite
def benefits(draw: st.DrawFn) -> tuple[Benefit, ...]:
    """Benefits by code: an exclusion, labs with one condition, visits, surgery; nothing covers UNKNOWN."""
    scope = draw(st.sampled_from(["line", "line", "visit", "day", "admission"]))

    def one(benefit_id: str, *codes: str, copay: st.SearchStrategy[int], **more: Any) -> Benefit:
        return replace(
            BENEFIT,
            benefit_id=benefit_id,
            codes=codes,
            deductible_applies=draw(st.booleans()),
            copay=draw(copay),
            coinsurance=draw(RATES),
            out_of_network_coinsurance=draw(st.one_of(st.none(), RATES)),
            tier_coinsurances=draw(st.sampled_from([(), ("0.25",)])),
            **more,
        )

    condition: dict[str, Any] = draw(
        st.sampled_from([{}, {}, {"age_from": 30}, {"age_to": 40}, {"sex": "F"}, {"diagnoses": ("J0*",)}])
    )
    free = st.just(0)
    return (
        replace(BENEFIT, benefit_id="excluded", codes=(EXCLUDED,), covered=False),
        one("labs", "80000-89999", copay=free, needs_authorization=draw(st.booleans()), **condition),
        one("visits", "992*", copay=st.one_of(free, CENTS), copay_scope=scope),
        one("surgery", *KNIVES, IMPLANT, copay=free, waiting_days=draw(st.sampled_from([None, None, 30]))),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of every order, family limit, cap and limit of money, units or visits."""
    individual = draw(st.sampled_from([0, 0, 500, 5_000, 12_345]))
    maximum = draw(LEFT)
    # An aggregate limit is a family's; an embedded family deductible stands beside an individual one.
    ded_limit = draw(FAMILY_LIMITS) if individual else "embedded"
    oop_limit = draw(FAMILY_LIMITS)
    family_maximum = draw(st.integers(1, 50_000)) if oop_limit == "aggregate" else draw(LEFT)
    caps = draw(
        st.sampled_from([(), (CoinsuranceCap((), 700),), (CoinsuranceCap(("dental",), 0), CoinsuranceCap((), 9))])
    )
    return replace(
        PLAN,
        effective_from=START,
        effective_to=END,
        currency=draw(st.sampled_from(["USD", "IDR"])),
        fee_schedule_id=draw(st.sampled_from([None, "FEES"])),
        further_network_ids=("NET2",),
        lesser_of=draw(st.booleans()),
        out_of_network_rate=draw(st.sampled_from(["0.5", "0.333", "1"])),
        timely_filing_days=draw(st.sampled_from([None, 90])),
        missing_authorization=draw(st.sampled_from(["deny", "pend"])),
        deductible_individual=individual,
        deductible_family=draw(st.sampled_from([0, individual, 2 * individual])) if ded_limit == "embedded" else 9_000,
        deductible_family_limit=ded_limit,
        out_of_pocket_individual=maximum,
        out_of_pocket_family=family_maximum,
        out_of_pocket_family_limit=oop_limit,
        out_of_pocket_counts=draw(
            st.sampled_from([PLAN.out_of_pocket_counts, ("deductible", "coinsurance"), ("copay",)])
        ),
        share_order=draw(st.sampled_from(["deductible_first", "copay_first"])),
        benefit_year_starts=draw(st.sampled_from(["01-01", "07-01"])),
        waiting_days=draw(st.sampled_from([0, 0, 10])),
        coinsurance_caps=caps,
        limits=draw(limits()),
        suspect_duplicates=draw(st.sampled_from(["warn", "warn", "deny", "pend"])),
        review_above=draw(st.sampled_from([None, None, None, 9_000])),
        benefits=draw(benefits()),
    )


@st.composite
def limits(draw: st.DrawFn) -> tuple[Limit, ...]:
    """Up to two limits of money; else one of units or visits."""
    money = [
        Limit(f"money{n}", "money", draw(PER), draw(WHO), draw(st.integers(0, 15_000)), draw(_BENEFITS))
        for n in range(draw(st.sampled_from([0, 0, 1, 1, 2])))
    ]
    quantity = draw(st.sampled_from([None, None, None, "units", "visits"]))
    if quantity == "units":
        most = draw(st.integers(0, 6)) * 1000
        money = [Limit("units", "units", draw(PER), draw(WHO), most, ("labs",))]
    if quantity == "visits":
        money = [Limit("visits", "visits", draw(PER), draw(WHO), draw(st.integers(0, 3)), ("visits",))]
    return tuple(money)


_BENEFITS: st.SearchStrategy[tuple[str, ...]] = st.sampled_from([(), ("visits",), ("visits", "labs"), ("surgery",)])
_FORMS: tuple[Form, ...] = ()


def term(term_id: str, method: Method, *codes: str, **more: Any) -> ContractTerm:
    """A term for codes."""
    return ContractTerm(term_id, (), _FORMS, codes, more.pop("drgs", ()), method, **more)


@st.composite
def contracts(draw: st.DrawFn, plan: Plan) -> tuple[Contract, ...]:
    """None; or one for the provider or a network, with a method for all codes."""
    amount = draw(st.integers(0, 25_000))
    terms: Sequence[ContractTerm] | None = draw(
        st.sampled_from(
            [
                None,
                (term("fees", "fee_schedule"),),
                (term("fees", "fee_schedule"),),
                (term("percent", "percent_of_charge", rate="0.625"),),
                (term("visit", "per_visit", *VISITS, amount=amount), term("fees", "fee_schedule")),
                (term("stay", "per_diem", BED, amount=amount), term("fees", "fee_schedule")),
                (
                    term("implants", "fee_schedule", IMPLANT, carve_out=True),
                    term("case", "case_rate", amount=amount, drgs=("470",)),
                    term("percent", "percent_of_charge", rate="0.9"),
                ),
            ]
        )
    )
    if terms is None:
        return ()
    ranked = draw(st.sampled_from([True, True, False])) and terms[-1].method == "fee_schedule" and len(terms) == 1
    whose = draw(st.sampled_from([("P1", None), (None, "NET"), (None, "NET2")]))
    return (
        Contract(
            1, False, "CONTRACT", *whose, (), plan.currency, START, None, ranked or draw(st.booleans()),
            KNIVES if ranked else (), ("1", "0.5", "0.25") if ranked else (), tuple(terms),
        ),
    )  # fmt: skip


@st.composite
def edits(draw: st.DrawFn, currency: str) -> tuple[Edit, ...]:
    """None or one of: a pair, units a day, a charge over an amount."""

    def edit(kind: Any, code: str, severity: Severity, reason: str, **more: Any) -> Edit:
        empty = {"other_code": None, "bypass_modifiers": (), "units_milli": None, "amount": None, "currency": None}
        return Edit(
            1, False, f"E-{kind}", kind, code, severity=severity, priority=1, group="CO", reason=reason,
            plan_ids=(), effective_from=START, **{**empty, **more},
        )  # fmt: skip

    pair = edit("pair", "29881", "deny", "97", other_code="29880", bypass_modifiers=("59",))
    units = edit("units_per_day", "80053", "deny", "222", units_milli=2000)
    over = {"amount": 8_000, "currency": currency}
    found = [(), (), (pair,), (units,), (edit("charge_over", "29880", "deny", "16", **over),)]
    return draw(st.sampled_from([*found, (edit("charge_over", "29880", "pend", "16", **over),)]))


def people() -> dict[str, Member]:
    """Two families: F with four members of different age, sex and cover; G with two."""

    def member(name: str, born: str, sex: str, *cover: CoverageSegment) -> Member:
        return Member(1, False, name, (), name, parse_day(born), sex, "self", cover)

    def covered(family: str, first: int = START, last: int | None = None, **more: Any) -> CoverageSegment:
        return CoverageSegment(family, "PLAN", first, last, **more)

    members = [
        member("F1", "1980-01-01", "F", covered("F")),
        member("F2", "1996-06-30", "M", covered("F", DAY - 17)),
        member("F3", "2015-03-03", "F", covered("F", START, DAY + 1)),
        member("F4", "1985-12-31", "M", covered("F", START, DAY), covered("MOVED", DAY + 1, enrolled_from=START)),
        member("G1", "1990-02-28", "F", covered("G", DAY - 199)),
        member("G2", "1986-06-29", "M", covered("G")),
    ]
    return {one.member_id: one for one in members}


def providers() -> dict[str, Provider]:
    """P1 of the first network, P2 of the second, OUT of none."""
    return {
        name: Provider(1, False, name, (), name, "clinic", tuple(NetworkSegment(net, START, None) for net in networks))
        for name, networks in (("P1", ("NET",)), ("P2", ("NET2",)), ("OUT", ()))
    }


@st.composite
def fees(draw: st.DrawFn, currency: str) -> tuple[Fee, ...]:
    """A fee for most codes, and one for a modifier."""
    listed = [(code, None, draw(CENTS)) for code in (*CODES[:-3], IMPLANT)] + [("99213", "26", draw(CENTS))]
    return tuple(
        Fee(1, False, "FEES", "HC", code, modifier, START, None, currency, amount) for code, modifier, amount in listed
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A payer and its restrictions."""
    plan = draw(plans())
    found = draw(edits(plan.currency))
    # A ranked reduction needs lesser-of to be defined below the charge; out of network nothing pays above it.
    payer = Payer(plan, people(), providers(), draw(fees(plan.currency)), draw(contracts(plan)), found)
    strict = bool(found) or plan.suspect_duplicates != "warn"
    return World(payer, strict)
