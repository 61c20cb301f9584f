"""Allowed amounts as an examiner would check them. Minor units; a line's expectation is (allowed, its adjustments)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from schemas.claim import ClaimLine
from schemas.reference import Contract, RoomClass
from tests.agents.till import Till, benefits, contract, cut, denied, fee, on, plan_with, reasons, term
from tests.agents.world import DAY, claim, line

Expected = tuple[int, dict[str, int]]
IMPLANT, BED = "L8600", "99231"
HALF = replace(line(6000), units_milli=1500)

# No contract: the plan's fee schedule. Fees by code are in force the whole year.
BY_PLAN: list[tuple[str, dict[str, Any], Any, tuple[ClaimLine, ...], list[Expected]]] = [
    # case, plan, fees, lines, expected
    ("the fee is below the charge", {}, {"99213": 12000}, (line(15000),), [(12000, {"CO-45": 3000})]),
    ("no fee: the charge", {}, {}, (line(15000),), [(15000, {})]),
    ("no fee schedule: the charge", {"fee_schedule_id": None}, {"99213": 12000}, (line(15000),), [(15000, {})]),
    ("the fee is for one unit", {}, {"99213": 4000}, (line(15000, units=3),), [(12000, {"CO-45": 3000})]),
    ("one and a half units, half a cent up", {}, {"99213": 3333}, (HALF,), [(5000, {"CO-45": 1000})]),
    ("the lesser of charge and fee", {}, {"99213": 20000}, (line(15000),), [(15000, {})]),
    ("the fee above the charge", {"lesser_of": False}, {"99213": 20000}, (line(15000),), [(20000, {"OA-94": -5000})]),
    ("nothing charged", {}, {"99213": 12000}, (line(0),), [(0, {})]),
    ("nothing charged, the fee is paid", {"lesser_of": False}, {"99213": 12000}, (line(0),), [(12000, {"OA-94": -12000})]),
    ("a fee of 0", {}, {"99213": 0}, (line(15000),), [(0, {"CO-45": 15000})]),
    (
        "a fee of a modifier goes before that of the code", {},
        [fee("99213", 12000), fee("99213", 5000, modifier="26")],
        (line(15000, modifiers=("25", "26")), line(15000)),
        [(5000, {"CO-45": 10000}), (12000, {"CO-45": 3000})],
    ),
    (
        "the fee of each line's day", {},
        [fee("99213", 10000, effective_to=DAY), fee("99213", 11000, effective_from=DAY + 1)],
        (line(15000), on(line(15000), 1)), [(10000, {"CO-45": 5000}), (11000, {"CO-45": 4000})],
    ),
    ("whole Rupiah", {"currency": "IDR"}, {"99213": 333_333}, (replace(line(500_001), units_milli=1_500),), [(500_000, {"CO-45": 1})]),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "fees", "lines", "expected"), [pytest.param(*r[1:], id=r[0]) for r in BY_PLAN])
def test_fee_schedule(plan: dict[str, Any], fees: Any, lines: tuple[ClaimLine, ...], expected: list[Expected]) -> None:
    found = Till(plan_with(**plan), fees).lines(claim(*lines))
    assert [(one.allowed, reasons(one)) for one in found] == expected


STAY = {"admission_date": DAY, "discharge_date": DAY + 3, "service_to": DAY + 3}
CASE = term("case_rate", amount=10000)
CARVED = (term("percent_of_charge", IMPLANT, rate="0.5", carve_out=True), term("case_rate", amount=6000))

# Contract of the network, fees of the plan's schedule FEES and of the contract's own schedule OWN.
BY_CONTRACT: list[tuple[str, Contract, dict[str, Any], Any, Sequence[ClaimLine], list[Expected]]] = [
    # case, contract, claim, fees, lines, expected
    ("the contract's own schedule", contract(term("fee_schedule", fee_schedule_id="OWN")), {}, [fee("99213", 12000), fee("99213", 9000, fee_schedule_id="OWN")], [line(15000)], [(9000, {"CO-45": 6000})]),
    ("no term fits: the plan's schedule", contract(term("percent_of_charge", "8*", rate="0.1")), {}, {"99213": 12000}, [line(15000)], [(12000, {"CO-45": 3000})]),
    ("the first term that fits", contract(term("percent_of_charge", "992*", rate="0.8"), term("percent_of_charge", rate="0.1", term_id="rest")), {}, {}, [line(1000)], [(800, {"CO-45": 200})]),
    ("a term for another service type", contract(replace(term("percent_of_charge", rate="0.8"), service_types=("inpatient",))), {}, {}, [line(1000)], [(1000, {})]),
    ("a term for another form", contract(replace(term("percent_of_charge", rate="0.8"), forms=("dental",))), {}, {}, [line(1000)], [(1000, {})]),
    ("percent of charge, rounded once", contract(term("percent_of_charge", rate="0.625")), {}, {}, [line(12345)], [(7716, {"CO-45": 4629})]),
    ("per diem: three days over all lines by charge", contract(term("per_diem", amount=400000)), STAY, {}, [line(1000000), line(500000), line(500000)], [(600000, {"CO-45": 400000}), (300000, {"CO-45": 200000}), (300000, {"CO-45": 200000})]),
    ("per diem: admission and discharge on one day are one day", contract(term("per_diem", amount=400000)), {"admission_date": DAY, "discharge_date": DAY}, {}, [line(1000000)], [(400000, {"CO-45": 600000})]),
    ("per diem: the days of service where no stay is given", contract(term("per_diem", amount=100)), {"service_to": DAY + 2}, {}, [line(1000)], [(200, {"CO-45": 800})]),
    ("per diem: the days of service where the stay has no end yet", contract(term("per_diem", amount=100)), {"admission_date": DAY - 7, "service_to": DAY + 2}, {}, [line(1000)], [(200, {"CO-45": 800})]),
    ("per diem: the lesser of the totals", contract(term("per_diem", amount=400000)), STAY, {}, [line(700000), line(300000)], [(700000, {}), (300000, {})]),
    ("per diem above the charges, split by largest remainder", contract(term("per_diem", amount=400), lesser_of=False), {}, {}, [line(100), line(200)], [(133, {"OA-94": -33}), (267, {"OA-94": -67})]),
    ("per diem of a room is the room line's", contract(term("per_diem", BED, amount=50000)), {}, {"99213": 900}, [on(line(150000, BED), 0, 2), line(1000)], [(100000, {"CO-45": 50000}), (900, {"CO-45": 100})]),
    ("case rate: a third each, ties to the lower line", contract(CASE), {}, {}, [line(5000)] * 3, [(3334, {"CO-45": 1666}), (3333, {"CO-45": 1667}), (3333, {"CO-45": 1667})]),
    ("case rate in proportion to charge", contract(CASE), {}, {}, [line(15000), line(5000)], [(7500, {"CO-45": 7500}), (2500, {"CO-45": 2500})]),
    ("case rate: a carve-out is priced apart", contract(*CARVED), {}, {}, [line(5000), line(4000, IMPLANT), line(5000)], [(3000, {"CO-45": 2000}), (2000, {"CO-45": 2000}), (3000, {"CO-45": 2000})]),
    ("case rate: a carve-out behind it counts too", contract(*CARVED[::-1]), {}, {}, [line(5000), line(4000, IMPLANT), line(5000)], [(3000, {"CO-45": 2000}), (2000, {"CO-45": 2000}), (3000, {"CO-45": 2000})]),
    ("case rate: what is no carve-out shares it", contract(term("fee_schedule", "992*"), term("case_rate", amount=6000)), {}, {"99213": 10}, [line(5000), line(5000, "29880")], [(3000, {"CO-45": 2000}), (3000, {"CO-45": 2000})]),
    ("case rate of the claim's group", contract(term("case_rate", amount=6000, drgs=("469-470",))), {"drg": "470"}, {}, [line(9000)], [(6000, {"CO-45": 3000})]),
    ("case rate of another group", contract(term("case_rate", amount=6000, drgs=("469-470",))), {"drg": "871"}, {}, [line(9000)], [(9000, {})]),
    ("case rate of a group, none on the claim", contract(term("case_rate", amount=6000, drgs=("469-470",))), {}, {}, [line(9000)], [(9000, {})]),
    ("case rate: the lesser of the totals", contract(term("case_rate", amount=20000)), {}, {}, [line(5000), line(7000)], [(5000, {}), (7000, {})]),
    ("case rate paid above the charges", contract(term("case_rate", amount=20000), lesser_of=False), {}, {}, [line(5000), line(5000)], [(10000, {"OA-94": -5000}), (10000, {"OA-94": -5000})]),
    ("case rate: a line of charge 0 gets nothing", contract(CASE), {}, {}, [line(0), line(20000)], [(0, {}), (10000, {"CO-45": 10000})]),
    ("per visit: one amount a day, over its lines", contract(term("per_visit", amount=6000)), {}, {}, [line(5000), line(5000), on(line(8000), 1)], [(3000, {"CO-45": 2000}), (3000, {"CO-45": 2000}), (6000, {"CO-45": 2000})]),
    ("per visit: the lesser of the day's total", contract(term("per_visit", amount=6000)), {}, {}, [line(2000), line(1000)], [(2000, {}), (1000, {})]),
    ("a provider's own contract out of network binds it", contract(term("percent_of_charge", rate="0.8"), provider_id="OUT"), {"provider": "OUT"}, {}, [line(15000)], [(12000, {"CO-45": 3000})]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("agreed", "changes", "fees", "lines", "expected"), [pytest.param(*row[1:], id=row[0]) for row in BY_CONTRACT]
)
def test_contract_methods(
    agreed: Contract, changes: dict[str, Any], fees: Any, lines: Sequence[ClaimLine], expected: list[Expected]
) -> None:
    more = dict(changes)
    provider = more.pop("provider", "P1")
    found = Till(fees=fees, contracts=[agreed]).price(claim(*lines, provider_id=provider, **more))
    assert [(one.allowed, reasons(one)) for one in found.lines] == expected
    assert found.contract_id == "CON"


def test_a_case_rate_of_an_indonesian_group_is_whole_rupiah() -> None:
    plan = plan_with(currency="IDR")
    agreed = contract(term("case_rate", amount=1_000_000, drgs=("K-4-17-*",)), currency="IDR")
    given = claim(line(1_000_001), line(1_000_001), line(1_000_001), drg="K-4-17-I", currency="IDR")
    found = Till(plan, contracts=[agreed]).lines(given)
    assert [one.allowed for one in found] == [333_334, 333_333, 333_333]


def test_a_denied_line_has_no_part_of_a_case_rate() -> None:
    found = Till(contracts=[contract(CASE)]).lines(claim(line(20000), line(20000)), verdicts=denied(1, 20000))
    assert [(one.verdict, one.allowed, reasons(one)) for one in found] == [
        ("denied", 0, {"PR-96": 20000}),
        ("passed", 10000, {"CO-45": 10000}),
    ]


def test_units_that_an_edit_took_are_neither_charged_nor_paid() -> None:
    # 3 units for 90.00, one denied: 60.00 are left, and the fee is 2 x 25.00.
    found = Till(fees={"99213": 2500}).lines(claim(line(9000, units=3)), verdicts=cut(1, 1, 3000))[0]
    assert (found.allowed, reasons(found)) == (5000, {"CO-222": 3000, "CO-45": 1000})
    assert (found.units_milli, found.units_denied_milli) == (3000, 1000)


RANKED = contract(
    term("fee_schedule"), multiple_procedure_codes=("298*",), multiple_procedure_rates=("1", "0.5", "0.25")
)
KNIVES = ("29880", "29881", "29882", "29883")

PROCEDURES: list[tuple[str, Contract, list[int], list[ClaimLine], list[Expected]]] = [
    # case, contract, fees of 29880 and following, lines, expected
    ("by unreduced fee", RANKED, [800, 1000, 600], [line(2000, c) for c in KNIVES[:3]], [(400, {"CO-59": 400, "CO-45": 1200}), (1000, {"CO-45": 1000}), (150, {"CO-59": 450, "CO-45": 1400})]),
    ("the last share goes on", RANKED, [1000, 900, 800, 400], [line(2000, c) for c in KNIVES], [(1000, {"CO-45": 1000}), (450, {"CO-59": 450, "CO-45": 1100}), (200, {"CO-59": 600, "CO-45": 1200}), (100, {"CO-59": 300, "CO-45": 1600})]),
    ("a tie by the higher charge", RANKED, [1000, 1000], [line(1500, "29880"), line(2000, "29881")], [(500, {"CO-59": 500, "CO-45": 500}), (1000, {"CO-45": 1000})]),
    ("a tie by the line number", RANKED, [1000, 1000], [line(2000, "29881"), line(2000, "29880")], [(1000, {"CO-45": 1000}), (500, {"CO-59": 500, "CO-45": 1000})]),
    ("lesser-of again after ranking", RANKED, [2000, 1000], [line(3000, "29880"), line(800, "29881")], [(2000, {"CO-45": 1000}), (500, {"CO-59": 300})]),
    ("the charge is below the reduced fee", RANKED, [2000, 1000], [line(3000, "29880"), line(400, "29881")], [(2000, {"CO-45": 1000}), (400, {})]),
    ("another day is not ranked with it", RANKED, [1000, 800], [line(1000, "29880"), on(line(1000, "29881"), 1)], [(1000, {}), (800, {"CO-45": 200})]),
    ("another code is not ranked", RANKED, [1000], [line(1000, "29880"), line(700)], [(1000, {}), (700, {})]),
    ("a line is ranked once, whatever its units", RANKED, [600, 1000], [line(2000, "29880", units=2), line(2000, "29881")], [(1200, {"CO-45": 800}), (500, {"CO-59": 500, "CO-45": 1000})]),
    ("half a cent up", RANKED, [1000, 333], [line(1000, "29880"), line(333, "29881")], [(1000, {}), (167, {"CO-59": 166})]),
    ("paid above the charge", replace(RANKED, lesser_of=False), [3000, 2000], [line(3000, "29880"), line(800, "29881")], [(3000, {}), (1000, {"CO-59": 1000, "OA-94": -1200})]),
    ("three quarters", replace(RANKED, multiple_procedure_rates=("1", "0.75")), [1000, 800], [line(1000, "29880"), line(800, "29881")], [(1000, {}), (600, {"CO-59": 200})]),
    ("no rates", replace(RANKED, multiple_procedure_rates=()), [1000, 800], [line(1000, "29880"), line(800, "29881")], [(1000, {}), (800, {})]),
]  # fmt: skip


@pytest.mark.parametrize(("agreed", "fees", "lines", "expected"), [pytest.param(*r[1:], id=r[0]) for r in PROCEDURES])
def test_ranked_procedures(agreed: Contract, fees: list[int], lines: list[ClaimLine], expected: list[Expected]) -> None:
    found = Till(fees=dict(zip(KNIVES, fees, strict=False)), contracts=[agreed]).lines(claim(*lines))
    assert [(one.allowed, reasons(one)) for one in found] == expected


NETWORKS: list[tuple[str, dict[str, Any], str, dict[str, int], list[ClaimLine], list[Expected]]] = [
    # case, plan, provider, fees, lines, expected
    ("half the fee out of network", {}, "OUT", {"99213": 12000}, [line(15000)], [(6000, {"PR-45": 9000})]),
    ("half the charge where there is no fee", {}, "OUT", {}, [line(15001)], [(7501, {"PR-45": 7500})]),
    ("half the lesser of charge and fee", {}, "OUT", {"99213": 20000}, [line(15000)], [(7500, {"PR-45": 7500})]),
    # 101 x 0.5 units x 0.5 = 25.25: rounding the fee first would make 26.
    ("one rounding", {}, "OUT", {"99213": 101}, [replace(line(100), units_milli=500)], [(25, {"PR-45": 75})]),
    ("all of it", {"out_of_network_rate": "1"}, "OUT", {"99213": 12000}, [line(15000)], [(12000, {"PR-45": 3000})]),
    ("above the charge", {"lesser_of": False, "out_of_network_rate": "1"}, "OUT", {"99213": 20000}, [line(15000)], [(20000, {"OA-94": -5000})]),
    ("a further network of the plan", {"further_network_ids": ("NET2",)}, "P2", {"99213": 12000}, [line(15000)], [(12000, {"CO-45": 3000})]),
    ("a network of another plan", {}, "P2", {"99213": 12000}, [line(15000)], [(6000, {"PR-45": 9000})]),
    ("joined the network between two lines", {}, "JOINED", {"99213": 12000}, [on(line(15000), -1), line(15000)], [(6000, {"PR-45": 9000}), (12000, {"CO-45": 3000})]),
    ("left the network between two lines", {}, "LEFT", {"99213": 12000}, [line(15000), on(line(15000), 1)], [(12000, {"CO-45": 3000}), (6000, {"PR-45": 9000})]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "provider", "fees", "lines", "expected"), [pytest.param(*row[1:], id=row[0]) for row in NETWORKS]
)
def test_networks(
    plan: dict[str, Any], provider: str, fees: dict[str, int], lines: list[ClaimLine], expected: list[Expected]
) -> None:
    found = Till(plan_with(**plan), fees).lines(claim(*lines, provider_id=provider))
    assert [(one.allowed, reasons(one)) for one in found] == expected


def test_an_unknown_provider_is_out_of_network() -> None:
    given = claim(line(15000))
    nobody = replace(given, provider=replace(given.provider, provider_id=None))
    assert [one.allowed for one in Till(fees={"99213": 12000}).lines(nobody)] == [6000]


CLASSES = (RoomClass("III", 1, 250_000), RoomClass("II", 2, 500_000), RoomClass("I", 3, 900_000), RoomClass("VIP", 4))
ROOM = line(2_400_000, BED, units=3)
CHEAP = line(900_000, BED, units=3)
SURGERY = line(10_000_000, "29880")

ROOMS: list[tuple[str, str | None, bool, str | None, list[ClaimLine], list[Expected]]] = [
    # case, entitled class, pro rata, class taken, lines, expected
    ("the room alone is limited", "II", False, "I", [ROOM, SURGERY], [(1_500_000, {"PR-78": 900_000}), (10_000_000, {})]),
    # 500,000 entitled of 800,000 a day: five eighths of the whole stay.
    ("the whole stay pro rata", "II", True, "I", [ROOM, SURGERY], [(1_500_000, {"PR-78": 900_000}), (6_250_000, {"PR-78": 3_750_000})]),
    # 5/8 of 1,000,001 is 625,000.625.
    ("pro rata in whole Rupiah", "II", True, "VIP", [ROOM, line(1_000_001)], [(1_500_000, {"PR-78": 900_000}), (625_001, {"PR-78": 375_000})]),
    ("the entitled class: no pro rata", "II", True, "II", [ROOM, SURGERY], [(1_500_000, {"PR-78": 900_000}), (10_000_000, {})]),
    ("a lower class", "II", True, "III", [CHEAP, SURGERY], [(900_000, {}), (10_000_000, {})]),
    ("a better class at a lower price", "II", True, "I", [CHEAP, SURGERY], [(900_000, {}), (10_000_000, {})]),
    ("a class that the plan does not know", "II", True, "SUITE", [ROOM, SURGERY], [(1_500_000, {"PR-78": 900_000}), (10_000_000, {})]),
    ("no class on the claim", "II", True, None, [ROOM, SURGERY], [(1_500_000, {"PR-78": 900_000}), (10_000_000, {})]),
    ("an entitled class without a daily amount", "VIP", True, "I", [ROOM], [(2_400_000, {})]),
    ("any class is covered", None, True, "VIP", [ROOM], [(2_400_000, {})]),
    ("no room on the claim", "II", True, "I", [SURGERY], [(10_000_000, {})]),
    ("two rooms make one rate", "II", True, "I", [line(1_200_000, BED, units=1), line(1_200_000, BED, units=2), SURGERY], [(750_000, {"PR-78": 450_000}), (750_000, {"PR-78": 450_000}), (6_250_000, {"PR-78": 3_750_000})]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entitled", "pro_rata", "taken", "lines", "expected"), [pytest.param(*row[1:], id=row[0]) for row in ROOMS]
)
def test_room_classes(
    entitled: str | None, pro_rata: bool, taken: str | None, lines: list[ClaimLine], expected: list[Expected]
) -> None:
    plan = plan_with(
        currency="IDR",
        room_class=entitled,
        room_classes=CLASSES,
        room_pro_rata=pro_rata,
        benefits=benefits(room={"codes": (BED,), "room": True}, all={}),
    )
    found = Till(plan).lines(claim(*lines, service_type="inpatient", room_class=taken, currency="IDR"))
    assert [(one.allowed, reasons(one)) for one in found] == expected
