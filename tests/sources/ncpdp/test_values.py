"""Numbers of D.0 and what follows from them: overpunched signs, compounds, other payers, attributes."""

from decimal import Decimal

import pytest

from agents.rules.front_end import findings_of
from config.limits import ATTRIBUTES_MAX
from schemas.claim import Diagnosis, OtherPayer, PayerAdjustment, SubmittedClaim
from sources.ncpdp.values import ValueFormatError, signed_decimal
from tests.sources.ncpdp.small import CLAIM, HEADER, PRICING, WHOLE, codes, one


@pytest.mark.parametrize(
    ("text", "decimals", "expected"),
    [
        ("1250{", 2, "125.00"),
        ("1250A", 2, "125.01"),
        ("1250I", 2, "125.09"),
        ("1250}", 2, "-125.00"),
        ("1250J", 2, "-125.01"),
        ("1250R", 2, "-125.09"),
        ("{", 2, "0.00"),
        ("12500", 2, "125.00"),
        ("30000", 3, "30.000"),
        ("125.5", 2, "125.5"),
        ("-125.50", 2, "-125.50"),
        ("062500{", 4, "62.5000"),
    ],
)
def test_the_last_digit_carries_the_sign(text: str, decimals: int, expected: str) -> None:
    assert signed_decimal(text, decimals) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "A1", "{{", "12S", "1,250", "١٢", "1e5", "9" * 40, "."])
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(ValueFormatError):
        signed_decimal(text, 2)


@pytest.mark.parametrize(
    ("qualifier", "product", "expected"),
    [
        ("03", "00093015001", ("00093015001", "NDC")),
        ("03", "0093-0150-01", ("00093015001", "NDC")),
        ("03", "00093-150-01", ("00093015001", "NDC")),
        ("03", "00093-0150-1", ("00093015001", "NDC")),
        ("36", "00093015001", ("00093015001", "NDC")),
        ("09", "J1100", ("J1100", "HC")),
        ("01", "036000291452", ("036000291452", "LOCAL")),
    ],
)
def test_products_have_the_code_system_of_their_qualifier(
    qualifier: str, product: str, expected: tuple[str, str]
) -> None:
    claim = CLAIM.replace("E103|D700093015001", f"E1{qualifier}|D7{product}")
    [line] = one(claim, PRICING).lines
    assert (line.service_code, line.code_system) == expected


COMPOUND = "AM10|EF11|EG3|EC02|RE03|TE00093015001|ED15000|EE50{|UE01|RE03|TE00093015002|ED5000|EE25{|UE01|2G1|2HKX"


def test_a_compound_has_a_line_an_ingredient_and_its_fee_on_the_first() -> None:
    claim = one(CLAIM.replace("D61", "D62"), PRICING, COMPOUND)
    assert [(line.service_code, line.units_milli, line.charge, line.modifiers) for line in claim.lines] == [
        ("00093015001", 15_000, 12_700 - 250, ()),
        ("00093015002", 5_000, 250, ("KX",)),
    ]
    assert claim.total_charge == 12_700
    assert [line.attributes["ingredient_cost"] for line in claim.lines] == ["5.00", "2.50"]
    assert claim.attributes["compound_dosage_form"] == "11"


def test_ingredients_that_cost_more_than_the_whole_are_the_charge() -> None:
    segments = (CLAIM.replace("D61", "D62"), PRICING.replace("DU1270{", "DU10{"), COMPOUND)
    claim = one(*segments)
    assert claim.total_charge == sum(line.charge for line in claim.lines) == 750
    assert "BALANCE" in codes(*segments)


@pytest.mark.parametrize(
    ("pricing", "charge"),
    [
        pytest.param("AM11|D91250{|DC20{|DU1270{", 12_700, id="gross amount due"),
        pytest.param("AM11|D91250{|DC20{|HA10{|H71|H801|H930{", 13_100, id="the sum of its parts"),
        pytest.param("AM11|DQ1850{", 18_500, id="usual and customary"),
        pytest.param("AM11|DU0000000{", 0, id="nothing"),
    ],
)
def test_the_charge(pricing: str, charge: int) -> None:
    assert one(CLAIM, pricing).total_charge == charge


PAYMENTS = (
    "AM05|4C2|5C01|6C03|7C600428|E820260512|HB2|HC07|DV100{|HC10|DV5{|NR2|NP01|NQ20{|NP05|NQ10{"
    "|5C02|6C03|7C610011|HB1|HC08|DV30{|NR1|NP06|NQ15{|5E2|6E70|6E75"
)


def test_other_payers_paid_and_left_to_the_patient() -> None:
    claim = one(*WHOLE, PAYMENTS)
    assert claim.other_payers == (
        OtherPayer("600428", 1, 1050, (PayerAdjustment(None, "PR", "1", 200), PayerAdjustment(None, "PR", "3", 100))),
        OtherPayer("610011", 2, 300, (PayerAdjustment(None, "PR", "3", 150),)),
    )
    wanted = {"other_payer_1_date": "2026-05-12", "other_payer_1_paid_qualifier": "07",
              "other_payer_1_paid_qualifier_2": "10", "other_payer_1_paid_amount_2": "0.50",
              "other_payer_2_reject_code": "70", "other_payer_2_reject_code_2": "75"}  # fmt: skip
    assert wanted.items() <= claim.attributes.items()


def test_a_sum_beside_its_parts_counts_once() -> None:
    parts = "AM05|4C1|5C01|7C600428|HC07|DV100{|HC10|DV5{|HC08|DV105{|NP06|NQ30{|NP01|NQ20{|NP05|NQ10{"
    [payer] = one(*WHOLE, parts).other_payers
    assert payer.paid == 1050
    assert [a.amount for a in payer.adjustments] == [200, 100]


def test_diagnoses_without_their_dots_and_every_line_points_to_them() -> None:
    claim = one(*WHOLE, "AM13|VE2|WE02|DOJ06.9|WE02|DOI10")
    assert claim.diagnoses == (Diagnosis("J069", "icd10cm", "principal"), Diagnosis("I10", "icd10cm", "other"))
    assert claim.lines[0].diagnosis_pointers == (1, 2)


def test_an_exemption_is_no_authorization() -> None:
    claim = one(CLAIM.replace("EU1", "EU4"), PRICING)
    assert claim.authorization_number is None
    assert claim.attributes["prior_authorization_number"] == "PA77"


def test_a_member_who_is_paid_is_the_payee() -> None:
    claim = one(CLAIM.replace("MTY", "MTN"), PRICING)
    assert claim.settlement == "reimbursement"
    assert claim.payee is not None
    assert claim.payee.name == "JAMES CARTER"


def test_what_has_no_row_is_kept_and_what_is_too_much_is_said() -> None:
    assert one(*WHOLE, "AM77|QQ1|QQ2").attributes["ncpdp_77_QQ_2"] == "2"
    many = "AM77" + "".join(f"|QQ{n}" for n in range(ATTRIBUTES_MAX))
    assert len(one(*WHOLE, many).attributes) == ATTRIBUTES_MAX
    assert "ATTRIBUTES_MANY" in codes(*WHOLE, many)


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(one(*WHOLE), id="a drug"),
        pytest.param(one(CLAIM.replace("D61", "D62"), PRICING, COMPOUND), id="a compound"),
        pytest.param(one(*WHOLE, PAYMENTS), id="after other payers"),
        pytest.param(one(CLAIM, header=HEADER.replace("D0B1", "D0B2")), id="a reversal"),
        pytest.param(one(*WHOLE, header=HEADER.replace("D0B1", "D0B3")), id="a rebill"),
    ],
)
def test_the_front_end_has_nothing_to_say_of_a_claim_without_faults(claim: SubmittedClaim) -> None:
    assert findings_of(claim) == []
