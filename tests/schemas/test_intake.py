"""The claim as JSON: what the seeds send, what is mapped, what is refused with which words, and the way back."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.claim import SubmittedClaim
from schemas.identifiers import content_digest
from schemas.intake import ClaimIntake, dump_json, parse_json, problems, to_json, to_submitted

# As the seeds print it.
SEED = b"""{
  "memberId": "660e8400-e29b-41d4-a716-446655440001", "providerId": "550e8400-e29b-41d4-a716-446655440000",
  "serviceDate": "2024-01-15", "claimType": "professional", "currency": "USD",
  "items": [{"serviceCode": "99213", "diagnosisCode": "J06.9", "quantity": 1, "chargedAmount": 150.00}]
}"""


def submitted(text: bytes, key: str | None = None) -> SubmittedClaim:
    intake = ClaimIntake.model_validate(parse_json(text))
    return to_submitted(
        intake, submitter_id="clinic", channel="api", correlation_id="c-1", accepted_at=1_770_000_000_000,
        idempotency_key=key,
    )  # fmt: skip


def claim_with(**fields: Any) -> bytes:
    base: dict[str, Any] = {
        "memberId": "M-1", "providerId": "P-1", "serviceDate": "2026-03-02",
        "items": [{"serviceCode": "99213", "diagnosisCode": "J06.9", "chargedAmount": 150000}],
    }  # fmt: skip
    return dump_json(base | fields).encode()


def codes_of(text: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as raised:
        ClaimIntake.model_validate(parse_json(text))
    return [(found.code, found.place) for found in problems(raised.value)]


def test_the_seeds_claim() -> None:
    claim = submitted(SEED)
    assert (claim.form, claim.settlement, claim.service_type) == ("professional", "cashless", "outpatient")
    assert (claim.total_charge, claim.lines[0].charge, claim.lines[0].units_milli) == (15000, 15000, 1000)
    assert [(d.code, d.role) for d in claim.diagnoses] == [("J069", "principal")]
    assert claim.lines[0].diagnosis_pointers == (1,)


# Seed defect: "claim type" named the form in one document and the kind of care in the other; three fields now.
@pytest.mark.parametrize(
    ("claim_type", "form", "settlement", "service_type"),
    [
        ("professional", "professional", "cashless", "outpatient"),
        ("institutional", "institutional", "cashless", "outpatient"),
        ("dental", "dental", "cashless", "dental"),
        ("pharmacy", "pharmacy", "cashless", "outpatient"),
        ("inpatient", "institutional", "cashless", "inpatient"),
        ("outpatient", "professional", "cashless", "outpatient"),
        ("optical", "professional", "cashless", "optical"),
        ("maternity", "professional", "cashless", "maternity"),
        ("emergency", "professional", "cashless", "emergency"),
        ("cashless", "professional", "cashless", "outpatient"),
        ("reimbursement", "professional", "reimbursement", "outpatient"),
    ],
)
def test_seed_defect_two_taxonomies_called_claim_type(
    claim_type: str, form: str, settlement: str, service_type: str
) -> None:
    claim = submitted(claim_with(claimType=claim_type))
    assert (claim.form, claim.settlement, claim.service_type) == (form, settlement, service_type)


def test_seed_defect_a_hundred_million_rupiah_fits() -> None:
    item = {"serviceCode": "ICU", "diagnosisCode": "I21.4", "chargedAmount": Decimal("123456789.00")}
    assert submitted(claim_with(items=[item])).total_charge == 123_456_789


REFUSED = [
    ({"items": []}, ("too_short", "items")),
    ({"memberId": None}, ("member_missing", "memberId")),
    ({"providerId": " "}, ("provider_missing", "providerId")),
    ({"serviceDate": None}, ("service_date_missing", "serviceDate")),
    ({"serviceDate": "2026-02-30"}, ("date", "serviceDate")),
    ({"serviceDate": "20260302"}, ("date", "serviceDate")),
    ({"claimType": "surgery"}, ("literal_error", "claimType")),
    ({"form": "dental", "claimType": "pharmacy"}, ("claim_type_contradicts", "form")),
    ({"colour": "red"}, ("unknown_field", "colour")),
    ({"currency": "XAU"}, ("literal_error", "currency")),
    ({"encounter": "yes"}, ("bool_type", "encounter")),
    ({"items": [{"serviceCode": "A", "chargedAmount": Decimal("1.5")}]}, ("amount_too_fine", "items[0].chargedAmount")),
    ({"items": [{"serviceCode": "A", "chargedAmount": "1.000,50"}]}, ("number", "items[0].chargedAmount")),
    ({"items": [{"serviceCode": "A", "chargedAmount": True}]}, ("number", "items[0].chargedAmount")),
    ({"items": [{"serviceCode": "A", "chargedAmount": 10**16}]}, ("amount_too_large", "items[0].chargedAmount")),
    ({"items": [{"chargedAmount": 1}]}, ("code_missing", "items[0]")),
    ({"items": [{"serviceCode": "A\u0000", "chargedAmount": 1}]}, ("control_character", "items[0].serviceCode")),
]


@pytest.mark.parametrize(("fields", "expected"), REFUSED)
def test_refused(fields: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in codes_of(claim_with(**fields))


NOBODY = [("member_missing", "memberId"), ("provider_missing", "providerId")]
NO_DAY = ("service_date_missing", "serviceDate")
ITEM = {"serviceCode": "99213", "chargedAmount": 1}
# Rows: the whole claim; every mistake of it, told at once.
ALL_AT_ONCE: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({}, [("missing", "items"), *NOBODY, NO_DAY]),
    ({"items": []}, [("too_short", "items"), *NOBODY, NO_DAY]),
    ({"items": "99213"}, [("list_type", "items"), *NOBODY]),
    ({"items": [7]}, [("model_type", "items[0]"), *NOBODY]),
    ({"items": [{}]}, [("missing", "items[0].chargedAmount"), ("code_missing", "items[0]"), *NOBODY, NO_DAY]),
    ({"serviceDate": "2026-09-14", "memberId": "", "providerId": " ", "items": [ITEM | {"serviceCode": ""}]},
     [("code_missing", "items[0]"), *NOBODY]),
    ({"memberID": "M", "serviceDate": "14/09", "items": [ITEM, {"serviceCode": "\0", "chargedAmount": "a"}]},
     [("date", "serviceDate"), ("control_character", "items[1].serviceCode"), ("number", "items[1].chargedAmount"),
      ("unknown_field", "memberID"), *NOBODY]),
    # What is there and wrong is not told to be missing, and nothing is concluded from it.
    ({"memberId": "M" * 51, "provider": 1, "serviceDate": "2026-09-14", "items": [ITEM]},
     [("string_too_long", "memberId"), ("model_type", "provider")]),
    ({"memberId": "M", "providerId": "P", "currency": "XAU", "serviceDate": "2026-09-14", "totalCharge": "1.55",
      "items": [ITEM | {"serviceDate": "14/09", "lineNumber": 0}, ITEM | {"lineNumber": 1}]},
     [("literal_error", "currency"), ("greater_than_equal", "items[0].lineNumber"), ("date", "items[0].serviceDate")]),
    ({"memberId": "M", "form": "dental", "claimType": "pharmacy", "serviceDate": "2026-09-14",
      "items": [ITEM | {"tooth": 1}]},
     [("string_type", "items[0].tooth"), ("provider_missing", "providerId"), ("claim_type_contradicts", "form")]),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "expected"), ALL_AT_ONCE)
def test_all_mistakes_are_told_at_once(claim: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes_of(dump_json(claim).encode()) == expected


def test_a_claim_with_more_mistakes_than_are_shown_is_looked_at_once() -> None:
    assert len(codes_of(dump_json({f"field{number}": 1 for number in range(1_000)}).encode())) == 1_001


def test_amounts_are_never_floats() -> None:
    with pytest.raises(ValidationError):
        ClaimIntake.model_validate({
            "memberId": "M", "providerId": "P", "serviceDate": "2026-03-02",
            "items": [{"serviceCode": "99213", "chargedAmount": 150.0}],
        })  # fmt: skip


WORDS = [
    ({"items": []},                   "items is an empty list; send one or more"),
    ({"memberId": None},              "memberId is missing; send it, or an identifier of the member"),
    ({"providerId": None},            "providerId is missing; send it, or a provider with identifiers or a name"),
    ({"serviceDate": None},           "serviceDate is missing; send it on the claim or on every item"),
    ({"items": [{"serviceCode": "A", "chargedAmount": 1}] * 1_000}, "items has more than 999 entries"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "said"), WORDS)
def test_a_mistake_says_what_is_wrong_and_what_to_do(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        ClaimIntake.model_validate(parse_json(claim_with(**fields)))
    assert said in [found.text for found in problems(raised.value)]


def test_problems_quote_no_value() -> None:
    with pytest.raises(ValidationError) as raised:
        ClaimIntake.model_validate(parse_json(claim_with(member={"birthDate": "Siti 1980"})))
    assert all("Siti" not in found.text for found in problems(raised.value))


def test_the_id_is_of_the_number_then_the_key_then_the_content() -> None:
    numbered, keyed, plain = submitted(claim_with(claimNumber="N-1")), submitted(claim_with(), "k"), submitted(SEED)
    assert numbered.claim_id == submitted(claim_with(claimNumber="N-1", payerId="X")).claim_id
    assert keyed.claim_id == submitted(claim_with(payerId="X"), "k").claim_id
    assert plain.claim_id == submitted(SEED).claim_id != submitted(claim_with()).claim_id


def test_a_replacement_has_the_root_of_its_original() -> None:
    original = submitted(claim_with(claimNumber="N-1"))
    replacement = submitted(claim_with(claimNumber="N-2", frequencyCode="7", originalReference="N-1"))
    assert replacement.root_id == original.claim_id != replacement.claim_id


@pytest.mark.parametrize(
    ("fields", "expected"), [({}, False), ({"encounter": False}, False), ({"encounter": True}, True)]
)
def test_a_claim_says_that_it_is_an_encounter(fields: dict[str, Any], expected: bool) -> None:
    claim = submitted(claim_with(**fields))
    assert (claim.encounter, to_json(claim).get("encounter")) == (expected, expected or None)
    assert submitted(dump_json(to_json(claim)).encode()).encounter is expected


def test_an_encounter_has_another_content_and_what_is_none_has_that_of_old() -> None:
    plain, none, encounter = (submitted(claim_with(**one)) for one in ({}, {"encounter": False}, {"encounter": True}))
    assert content_digest(plain) == content_digest(none) != content_digest(encounter)


ITEMS = st.lists(
    st.fixed_dictionaries(
        {"serviceCode": st.sampled_from(["99213", "71046"]), "chargedAmount": st.integers(0, 10**9)},
        optional={
            "quantity": st.decimals(0, 100, places=3),
            "diagnosisCode": st.sampled_from(["J06.9", "I10", "E11.9"]),
            "modifiers": st.lists(st.sampled_from(["25", "LT"]), max_size=2),
            "serviceDate": st.dates().map(str),
            "tooth": st.just("11"),
            "attributes": st.dictionaries(st.sampled_from(["a", "b"]), st.just("x"), max_size=2),
        },
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60)
@given(ITEMS, st.sampled_from(["IDR", "USD", "JPY"]), st.sampled_from(["dental", "inpatient", "reimbursement"]))
def test_a_claim_written_as_json_reads_back_the_same(items: list[Any], currency: str, claim_type: str) -> None:
    first = submitted(claim_with(items=items, currency=currency, claimType=claim_type, totalCharge="7"))
    again = submitted(dump_json(to_json(first)).encode())
    assert again == first
