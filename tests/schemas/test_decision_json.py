"""What leaves the engine as JSON: exact amounts, and the schema that ships holds for every record that can be built."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dates import parse_day
from schemas.decision import Decision, LedgerEntry, RejectedClaim
from schemas.decision_json import decision_json, schema_text, unit_of
from schemas.envelope import Finding
from schemas.event_json import dead_json, event_json, input_error_json, payment_request_json, rejection_json
from schemas.events import BusinessEvent, DeadLetter, PaymentRequest
from schemas.json_values import amount_json, units_json
from schemas.vocabulary import Measure
from tests.schemas.json_schema import Validator
from tests.schemas.strategies import record

SCHEMA = Validator(json.loads(schema_text()))
DAY = parse_day("2026-03-02")
MEASURES: dict[str, Measure] = {"nights": "days", "physio": "visits", "frames": "units", "dental": "money"}
# What random records cannot have: the schema names currencies, reason codes and times of the calendar.
CURRENCIES = st.sampled_from(["USD", "IDR"])
DAYS = st.integers(0, 80_000)
MOMENTS = st.integers(0, 4_000_000_000_000)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "USD", "0.00"), (5, "USD", "0.05"), (-5, "USD", "-0.05"), (1250, "USD", "12.50"), (150000, "IDR", "150000"),
        (-1, "IDR", "-1"), (10**15, "USD", "10000000000000.00"),
    ],
)  # fmt: skip
def test_amounts_have_the_digits_of_their_currency(minor: int, currency: str, text: str) -> None:
    """Never an exponent, never a float."""
    assert amount_json(minor, currency) == text


@pytest.mark.parametrize(
    ("thousandths", "text"),
    [(1000, "1"), (2500, "2.5"), (1, "0.001"), (0, "0"), (-1500, "-1.5"), (-2000, "-2"), (10_000, "10")],
)
def test_units_have_no_zeros_at_their_end(thousandths: int, text: str) -> None:
    """1.000 units are 1."""
    assert units_json(thousandths) == text


@pytest.mark.parametrize(
    ("account", "unit"),
    [
        ("deductible", "money"), ("out_of_pocket", "money"), ("limit:nights", "days"), ("limit:physio", "visits"),
        ("limit:frames", "units"), ("limit:dental:allowed", "money"), ("limit:physio:2026-03-02", "visits"),
        ("limit:gone", "recorded"), ("authorization:PA-1:units", "units"), ("authorization:PA-1:amount", "money"),
        ("other", "recorded"),
    ],
)  # fmt: skip
def test_an_account_says_what_it_counts(account: str, unit: str) -> None:
    """By its kind, and for limits by the plan."""
    assert unit_of(account, MEASURES) == unit


@given(record(Decision), CURRENCIES, DAYS, MOMENTS)
def test_every_decision_fits_the_schema(decision: Decision, currency: str, day: int, at: int) -> None:
    """With whatever is null in it."""
    lines = tuple(
        replace(
            line,
            service_from=None if line.service_from is None else day,
            adjustments=tuple(replace(one, reason="45") for one in line.adjustments),
            steps=tuple(replace(step, version=1) for step in line.steps),
            line_number=1,
        )
        for line in decision.lines
    )
    decision = replace(
        decision, currency=currency, lines=lines, reversal=(), service_from=day, service_to=day, accepted_at=at,
        version=1, revision=1, release=1, plan_from=None if decision.plan_from is None else day,
        ledger=tuple(replace(entry, sequence=1, line_number=0) for entry in decision.ledger),
        pend=decision.pend and replace(decision.pend, due_on=day),
        appeal=decision.appeal and replace(decision.appeal, at=at, due_on=day),
        approvals=tuple(replace(one, at=at) for one in decision.approvals),
    )  # fmt: skip
    check(decision_json(decision, MEASURES))


@given(record(RejectedClaim), MOMENTS)
def test_every_rejection_fits_the_schema(rejected: RejectedClaim, at: int) -> None:
    """A rejected claim may have any days and any currency: that may be why."""
    check(rejection_json(replace(rejected, accepted_at=at)))


@given(record(BusinessEvent), record(PaymentRequest), record(DeadLetter), MOMENTS, CURRENCIES)
def test_everything_else_fits_the_schema(
    event: BusinessEvent, request: PaymentRequest, letter: DeadLetter, at: int, currency: str
) -> None:
    """Events, requests for payment, dead letters, and lines that are no input."""
    check(event_json(replace(event, at=at, version=1, revision=1, sequence=1)))
    check(payment_request_json(replace(request, at=at, version=1, revision=1, currency=currency)))
    check(dead_json(letter))
    check(input_error_json(3, [Finding("not_json", "", "no JSON")]))


@pytest.mark.parametrize(
    "change",
    [{"paid": 5}, {"status": "done"}, {"extra": 1}, {"acceptedAt": "2026-03-02"}, {"currency": "ABC"}, {"format": "2"}],
)
def test_the_schema_refuses_what_is_no_record(change: dict[str, Any]) -> None:
    """It is strict: a reader may rely on it."""
    good = decision_json(decision_with(()))
    check(good)
    assert list(SCHEMA.faults(good | change))


def test_entries_are_in_their_unit() -> None:
    """Money as a decimal, units without thousandths, counts as they are."""
    entries = (
        LedgerEntry(1, 1, "deductible", "M", "2026", 1250),
        LedgerEntry(2, 1, "limit:frames", "M", "2026", 1500),
        LedgerEntry(3, 1, "limit:nights", "M", "2026", -3),
        LedgerEntry(4, 1, "limit:unknown", "M", "2026", 7),
    )
    decision = decision_with(entries)
    shown = [(entry["amount"], entry["unit"]) for entry in decision_json(decision, MEASURES)["ledger"]]
    assert shown == [("12.50", "money"), ("1.5", "units"), ("-3", "days"), ("7", "recorded")]


def decision_with(entries: tuple[LedgerEntry, ...]) -> Decision:
    """A decision of no lines, in dollars."""
    return Decision(
        "C", "CLM", "C", 1, 1, "approved", "approved", "F", "M", None, None, "S", "professional", "cashless",
        "outpatient", "USD", DAY, DAY, "file", "x", 0, 1, 0, 0, 0, 0, (), (), entries,
    )  # fmt: skip


def check(made: dict[str, Any]) -> None:
    """The schema has nothing to say, and the record is plain JSON."""
    assert list(SCHEMA.faults(json.loads(json.dumps(made)))) == []
