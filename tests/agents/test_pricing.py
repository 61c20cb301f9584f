"""A claim priced as a whole: receipts, authorizations that are used up, lines that are not priced, assertions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from agents.lines import OpenLine, amount_text, decided_line, denied_line, units_text, waiting_line
from schemas.decision import DecidedLine, UnbalancedError
from schemas.envelope import Adjustment, Finding, Grant, LineVerdict, Step
from schemas.reference import CoinsuranceCap, Limit, RoomClass
from tests.agents.till import Till, benefits, contract, cut, denied, payer, plan_with, reasons, term
from tests.agents.world import BENEFIT, claim, line


def steps(found: DecidedLine) -> list[tuple[str, int, int, str | None]]:
    """The receipt of a line."""
    return [(one.rule, one.before, one.after, one.detail) for one in found.steps]


def test_the_receipt_tells_every_amount() -> None:
    plan = plan_with(
        {"copay": 1000, "coinsurance": "0.20"},
        deductible_individual=3000,
        out_of_pocket_individual=5000,
        coinsurance_caps=(CoinsuranceCap((), 1400),),
        limits=(Limit("L", "money", "period", "member", 5000),),
    )
    found = Till(plan, {"99213": 12000}).lines(claim(line(15000)))[0]
    assert steps(found) == [
        ("P-FEE", 15000, 12000, "FEES: 120.00 x 1"),
        ("P-DEDUCTIBLE", 12000, 9000, "30.00 was left"),
        ("P-COPAY", 9000, 8000, "10.00 a line"),
        ("P-COINSURANCE", 8000, 6400, "0.20"),
        ("P-COINSURANCE-CAP", 6400, 6600, "at most 14.00 a claim"),
        ("P-OOP-MAXIMUM", 6600, 7000, "50.00 was left, 54.00 asked"),
        ("P-LIMIT:L", 7000, 5000, "limit L: 50.00 a period, 0.00 was used"),
    ]
    assert reasons(found) == {"CO-45": 3000, "PR-1": 3000, "PR-3": 1000, "PR-2": 1000, "PR-119": 2000}
    assert (found.paid, found.member_share) == (5000, 7000)


RANKED = contract(term("fee_schedule"), multiple_procedure_codes=("298*",), multiple_procedure_rates=("1", "0.5"))
RECEIPTS: list[tuple[str, Till, Any, list[tuple[str, int, int, str | None]]]] = [
    # case, till, claim, steps of the last line
    ("no fee", Till(plan_with()), claim(line(100)), [("P-CHARGE", 100, 100, "no fee in FEES")]),
    ("no schedule", Till(plan_with(fee_schedule_id=None)), claim(line(100)), [("P-CHARGE", 100, 100, "no fee schedule")]),
    ("lesser of", Till(plan_with(), {"99213": 300}), claim(line(100)), [("P-FEE", 100, 300, "FEES: 3.00 x 1"), ("P-LESSER", 300, 100, None)]),
    ("out of network", Till(plan_with(), {"99213": 300}), claim(line(100), provider_id="OUT"), [("P-FEE", 100, 300, "FEES: 3.00 x 1"), ("P-LESSER", 300, 100, None), ("P-OUT-OF-NETWORK", 100, 50, "0.50 of it")]),
    ("percent", Till(contracts=[contract(term("percent_of_charge", rate="0.8"))]), claim(line(100)), [("P-PERCENT", 100, 80, "CON/percent_of_charge: 0.8 of the charge")]),
    ("case rate", Till(contracts=[contract(term("case_rate", amount=150))]), claim(line(100), line(100), drg="470"), [("P-CASE-RATE", 100, 75, "CON/case_rate: 1.50 a case, group 470")]),
    ("case rate above the charges", Till(contracts=[contract(term("case_rate", amount=300))]), claim(line(100)), [("P-CASE-RATE", 100, 300, "CON/case_rate: 3.00 a case"), ("P-LESSER", 300, 100, "the charges of its lines are below the rate")]),
    ("per diem", Till(contracts=[contract(term("per_diem", amount=70))]), claim(line(100)), [("P-PER-DIEM", 100, 70, "CON/per_diem: 0.70 x 1 days")]),
    ("per visit", Till(contracts=[contract(term("per_visit", amount=70))]), claim(line(100)), [("P-VISIT-RATE", 100, 70, "CON/per_visit: 0.70")]),
    ("ranked", Till(fees={"29880": 90, "29881": 80}, contracts=[RANKED]), claim(line(100, "29880"), line(100, "29881")), [("P-FEE", 100, 80, "FEES: 0.80 x 1"), ("P-MULTIPLE", 80, 40, "CON: 0.5 as procedure 2 of 2")]),
    (
        "room class",
        Till(plan_with(currency="IDR", room_class="II", room_classes=(RoomClass("II", 2, 500),), benefits=benefits(room={"room": True}))),
        claim(line(2400, units=3)),
        [("P-CHARGE", 2400, 2400, "no fee in FEES"), ("P-ROOM-CLASS", 2400, 1500, "class II: 500 x 3 days")],
    ),
    ("other payer", Till(plan_with({"coinsurance": "0.2"})), claim(line(1000), other_payers=(payer(700),)), [("P-CHARGE", 1000, 1000, "no fee in FEES"), ("P-COINSURANCE", 1000, 800, "0.2"), ("P-COB-STANDARD", 800, 300, "earlier payers paid 7.00 of 10.00")]),
    ("maintenance of benefits", Till(plan_with({"coinsurance": "0.2"}, coordination="maintenance")), claim(line(1000), other_payers=(payer(700),)), [("P-CHARGE", 1000, 1000, "no fee in FEES"), ("P-COB-MAINTENANCE", 1000, 300, "earlier payers paid 7.00"), ("P-COINSURANCE", 300, 240, "0.2")]),
]  # fmt: skip


@pytest.mark.parametrize(("till", "given", "expected"), [pytest.param(*row[1:], id=row[0]) for row in RECEIPTS])
def test_receipts(till: Till, given: Any, expected: list[tuple[str, int, int, str | None]]) -> None:
    assert steps(till.lines(given)[-1]) == expected


def test_the_receipt_goes_on_from_the_edits() -> None:
    before = Step("D-BENEFIT", 1, 9000, 9000, "visit")
    verdicts = {1: replace(cut(1, 1, 3000)[1], steps=(before,), findings=(Finding("D-EDIT", "lines[1]", "one over"),))}
    found = Till(plan_with()).lines(claim(line(9000, units=3)), verdicts=verdicts)[0]
    assert [one.rule for one in found.steps] == ["D-BENEFIT", "P-CHARGE"]
    assert [one.code for one in found.findings] == ["D-EDIT"]


UNITS, MONEY = Grant("A1", units_milli=5000), Grant("A2", amount=10000)
BOTH = Grant("A3", units_milli=2000, amount=10000)
AUTHORIZED: list[tuple[str, Grant, list[tuple[int, int]], list[tuple[str, int, dict[str, int], int]], tuple[int, int]]] = [
    # case, grant, charge and units of claims in order, expected: verdict, paid, adjustments, units denied; balances
    ("units are left", UNITS, [(3000, 3)], [("passed", 3000, {}, 0)], (3000, 0)),
    ("units run out within a line", UNITS, [(3000, 3), (3000, 3)], [("passed", 3000, {}, 0), ("passed", 2000, {"CO-198": 1000}, 1000)], (5000, 0)),
    ("a thousandth of a unit over it", Grant("A1", units_milli=999), [(1000, 1)], [("passed", 999, {"CO-198": 1}, 1)], (999, 0)),
    ("a cent over it", Grant("A1", amount=999), [(1000, 1)], [("passed", 999, {"CO-198": 1}, 0)], (0, 999)),
    ("no units are left", UNITS, [(5000, 5), (3000, 3)], [("passed", 5000, {}, 0), ("denied", 0, {"CO-198": 3000}, 0)], (5000, 0)),
    ("money is left", MONEY, [(10000, 1)], [("passed", 10000, {}, 0)], (0, 10000)),
    ("money runs out within a line", MONEY, [(6000, 1), (6000, 1)], [("passed", 6000, {}, 0), ("passed", 4000, {"CO-198": 2000}, 0)], (0, 10000)),
    ("no money is left", MONEY, [(10000, 1), (6000, 1)], [("passed", 10000, {}, 0), ("passed", 0, {"CO-198": 6000}, 0)], (0, 10000)),
    # Three units for 180.00: two of them are 120.00, of which 100.00 are granted.
    ("units, then money", BOTH, [(18000, 3)], [("passed", 10000, {"CO-198": 8000}, 1000)], (2000, 10000)),
    ("neither is limited", Grant("A4"), [(6000, 3)], [("passed", 6000, {}, 0)], (0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("grant", "charges", "expected", "balances"), [pytest.param(*row[1:], id=row[0]) for row in AUTHORIZED]
)
def test_authorizations_are_used_up(
    grant: Grant,
    charges: list[tuple[int, int]],
    expected: list[tuple[str, int, dict[str, int], int]],
    balances: tuple[int, int],
) -> None:
    till, found = Till(plan_with()), []
    for number, (charge, units) in enumerate(charges):
        one = till.lines(claim(line(charge, units=units), number=str(number)), grants={1: grant})[0]
        found.append((one.verdict, one.paid, reasons(one), one.units_denied_milli))
        assert one.authorization_number == (None if one.verdict == "denied" else grant.authorization_number)
    assert found == expected
    account = f"authorization:{grant.authorization_number}"
    assert (
        till.used(f"{account}:units", period="lifetime"),
        till.used(f"{account}:amount", period="lifetime"),
    ) == balances


def test_an_excess_over_an_authorization_names_its_units_and_what_would_help() -> None:
    till = Till(plan_with())
    found = till.lines(claim(line(9000, units=9)), grants={1: UNITS})[0]
    assert [(one.rule, one.quantity_milli, one.amount) for one in found.adjustments] == [
        ("P-AUTHORIZATION-USED", 4000, 4000)
    ]
    assert found.findings == (
        Finding(
            "P-AUTHORIZATION-USED",
            "lines[1]",
            "authorization A1 grants 5 units, 0 were used",
            "an authorization for 4 more units",
        ),
    )


def test_two_lines_use_one_authorization() -> None:
    found = Till(plan_with()).lines(claim(line(3000, units=3), line(4000, units=4)), grants={1: UNITS, 2: UNITS})
    assert [(one.paid, reasons(one)) for one in found] == [(3000, {}), (2000, {"CO-198": 2000})]


def test_money_of_an_authorization_is_what_is_allowed_not_what_is_paid() -> None:
    till = Till(plan_with({"coinsurance": "0.20"}), {"99213": 6000})
    found = till.lines(claim(line(9000)), grants={1: MONEY})[0]
    assert (found.paid, till.used("authorization:A2:amount", period="lifetime")) == (4800, 6000)


def test_lines_stand_in_the_claims_order_whatever_became_of_them() -> None:
    till = Till(plan_with())
    found = till.price(claim(line(1000), line(2000), line(3000)), verdicts=denied(2, 2000))
    assert [(one.line_number, one.verdict, one.paid) for one in found.lines] == [
        (1, "passed", 1000),
        (2, "denied", 0),
        (3, "passed", 3000),
    ]
    assert found.contract_id is None
    assert {entry.line_number for entry in till.entries} <= {1, 3}


def test_a_denied_line_keeps_its_reason_and_receipt() -> None:
    verdict = replace(denied(1, 9000)[1], benefit_id="visit", steps=(Step("D-BENEFIT", 1, 9000, 0),))
    given = claim(line(9000))
    found = denied_line(given.lines[0], given, verdict)
    assert (found.verdict, found.benefit_id, found.allowed, found.paid, found.member_share) == (
        "denied",
        "visit",
        0,
        0,
        9000,
    )
    assert (reasons(found), found.diagnosis_code, found.service_from) == ({"PR-96": 9000}, "J069", given.service_from)
    assert [one.rule for one in found.steps] == ["D-BENEFIT"]


@pytest.mark.parametrize(("charge", "adjustments"), [(9000, {"OA-133": 9000}), (0, {})])
def test_a_waiting_line_accounts_for_its_charge(charge: int, adjustments: dict[str, int]) -> None:
    given = claim(line(charge))
    found = waiting_line(given.lines[0], given)
    assert (found.verdict, found.allowed, found.paid, reasons(found)) == ("pended", 0, 0, adjustments)


def open_line(**amounts: Any) -> OpenLine:
    """A passed line of 10.00 with amounts as a faulty rule might leave them."""
    one = OpenLine(line(1000), LineVerdict(1, "passed", "visit", (), ()), BENEFIT, "2026")
    for name, value in amounts.items():
        setattr(one, name, value)
    return one


CO_45 = Adjustment("CO", "45", 200, "P-ABOVE-FEE", None)
FAULTS: list[tuple[str, dict[str, Any], type[AssertionError]]] = [
    ("a cent is missing", {"allowed": 800, "paid": 799, "reductions": [CO_45]}, UnbalancedError),
    ("more is paid than allowed", {"allowed": 800, "paid": 1000}, AssertionError),
    ("less than nothing is paid", {"allowed": 800, "paid": -1, "deductible": 1001}, AssertionError),
    ("a negative reduction", {"allowed": 1000, "paid": 1000, "reductions": [CO_45, replace(CO_45, amount=-200)]}, AssertionError),
]  # fmt: skip


@pytest.mark.parametrize(("amounts", "fault"), [pytest.param(*row[1:], id=row[0]) for row in FAULTS])
def test_a_line_that_cannot_be_is_not_built(amounts: dict[str, Any], fault: type[AssertionError]) -> None:
    with pytest.raises(fault):
        decided_line(open_line(**amounts), claim(line(1000)))


@pytest.mark.parametrize(("milli", "text"), [(3000, "3"), (1500, "1.5"), (250, "0.25"), (0, "0"), (10000, "10")])
def test_units_in_words(milli: int, text: str) -> None:
    assert units_text(milli) == text


@pytest.mark.parametrize(
    ("minor", "currency", "text"), [(12000, "USD", "120.00"), (5, "USD", "0.05"), (500_000, "IDR", "500000")]
)
def test_amounts_in_words(minor: int, currency: str, text: str) -> None:
    assert amount_text(minor, currency) == text


ORDERS: list[tuple[str, Sequence[int], list[int]]] = [
    # case, charges, what each line pays of a deductible of 100.00
    ("the first line bears it", [15000, 15000], [5000, 15000]),
    ("a line of charge 0 between", [6000, 0, 6000], [0, 0, 2000]),
]


@pytest.mark.parametrize(("charges", "paid"), [pytest.param(*row[1:], id=row[0]) for row in ORDERS])
def test_lines_bear_the_deductible_in_their_order(charges: Sequence[int], paid: list[int]) -> None:
    found = Till(plan_with(deductible_individual=10000)).lines(claim(*(line(charge) for charge in charges)))
    assert [one.paid for one in found] == paid
