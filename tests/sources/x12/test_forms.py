"""Institutional and dental claims, predeterminations: what is a field of which."""

import pytest

from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.dates import day_at, parse_day
from tests.sources.x12.forms import DENTAL, INSTITUTIONAL, STAY, STAY_LINES, TEETH, TEETH_LINES, with_guide
from tests.sources.x12.small import BILLING, SUBSCRIBER, WHOLE, one, read


def test_a_stay_in_hospital() -> None:
    claim = one(INSTITUTIONAL)
    assert (claim.form, claim.service_type, claim.bill_type, claim.place_of_service) == (
        "institutional",
        "inpatient",
        "111",
        None,
    )
    assert (claim.service_from, claim.service_to) == (parse_day("2026-05-01"), parse_day("2026-05-05"))
    assert (claim.admission_date, claim.discharge_date) == (parse_day("2026-05-01"), parse_day("2026-05-05"))
    assert (claim.drg, claim.total_charge) == ("280", 150000)
    assert [(d.code, d.role) for d in claim.diagnoses] == [
        ("I214", "principal"),
        ("R079", "admitting"),
        ("E119", "other"),
        ("I10", "other"),
    ]
    assert [(p.role, p.name) for p in claim.other_providers] == [
        ("attending", "ELLEN HART"),
        ("operating", "IVAN BLADE"),
    ]
    assert read(INSTITUTIONAL)[1] == []


def test_its_attributes() -> None:
    attributes = one(INSTITUTIONAL).attributes
    expected = {
        "admission_hour": "09:15",
        "discharge_hour": "11:30",
        "admission_type": "1",
        "admission_source": "7",
        "patient_status": "01",
        "present_on_admission": "Y^^N^",
        "principal_procedure": "BBR:02703ZZ:D8:20260502",
        "other_procedures": "BBQ:4A023N7:D8:20260503^BBQ:B2111ZZ:D8:20260503",
        "occurrence_spans": "BI:74:RD8:20260502-20260503",
        "occurrences": "BH:11:D8:20260430",
        "value_codes": "BE:A1:::132.5^BE:80:::4",
        "condition_codes": "BG:C5^BG:71",
        "attending.taxonomy": "207RC0000X",
        "attending.last_name": "HART",
    }
    assert expected.items() <= attributes.items()


def test_its_lines() -> None:
    room, drug = one(INSTITUTIONAL).lines
    assert (room.revenue_code, room.service_code, room.code_system, room.units_milli) == ("0120", "0120", "RC", 4000)
    assert (room.service_from, room.service_to) == (parse_day("2026-05-01"), parse_day("2026-05-05"))
    assert room.attributes == {"unit": "DA", "unit_rate": "250"}
    assert (drug.revenue_code, drug.service_code, drug.code_system) == ("0250", "J1885", "HC")
    assert (drug.service_from, drug.attributes) == (parse_day("2026-05-02"), {"noncovered_charge": "12.5"})


@pytest.mark.parametrize(
    ("facility", "revenue", "expected"),
    [
        pytest.param("11", "0120", "inpatient", id="hospital, inpatient"),
        pytest.param("18", "0120", "inpatient", id="swing bed"),
        pytest.param("21", "0191", "inpatient", id="nursing facility"),
        pytest.param("12", "0300", "outpatient", id="inpatient ancillaries"),
        pytest.param("13", "0300", "outpatient", id="hospital, outpatient"),
        pytest.param("13", "0450", "emergency", id="emergency room"),
        pytest.param("81", "0651", "outpatient", id="hospice at home"),
    ],
)
def test_the_service_type_of_a_bill(facility: str, revenue: str, expected: str) -> None:
    lines = (STAY_LINES[0], STAY_LINES[1].replace("120**", f"{revenue}**"), *STAY_LINES[2:])
    claim = (STAY[0].replace("11:A:1", f"{facility}:A:1"), *STAY[1:])
    found = one(with_guide("005010X223A3", *BILLING, *SUBSCRIBER, *claim, *lines))
    assert (found.service_type, found.bill_type) == (expected, f"{facility}1")


@pytest.mark.parametrize(
    ("place", "expected"), [("11", "outpatient"), ("21", "inpatient"), ("23", "emergency"), ("61", "inpatient")]
)
def test_the_service_type_of_a_place(place: str, expected: str) -> None:
    assert one(WHOLE.replace(b"11:B:1", place.encode() + b":B:1")).service_type == expected


def test_a_dental_claim() -> None:
    claim = one(DENTAL)
    assert (claim.form, claim.service_type, claim.place_of_service) == ("dental", "dental", "11")
    assert claim.attributes["orthodontics"] == "24*6"
    assert claim.attributes["tooth_status"] == "3*M"
    filling, cleaning = claim.lines
    assert (filling.service_code, filling.code_system, filling.tooth, filling.units_milli) == (
        "D2392",
        "AD",
        "14",
        1000,
    )
    assert filling.attributes == {"teeth": "JP*14*M:O^JP*15*D"}
    assert (cleaning.tooth, cleaning.place_of_service, cleaning.diagnosis_pointers) == ("3", "11", (1,))
    assert cleaning.attributes == {"oral_cavity": "10:20", "prosthesis": "I", "sv3.07": "DENTAL NOTE"}
    assert filling.service_from == cleaning.service_from == claim.service_from == parse_day("2026-05-11")
    assert read(DENTAL)[1] == []


PREDETERMINED = (TEETH[0] + "**********PB", *TEETH[2:])


def test_a_predetermination_is_read_and_is_no_claim_to_pay() -> None:
    """Nothing that sends claims can send it: it is not where claims are."""
    [found], codes = read(with_guide("005010X224A2", *BILLING, *SUBSCRIBER, *PREDETERMINED, *TEETH_LINES))
    assert found.claim is None
    assert codes == ["PREDETERMINATION"]
    assert [finding.fatal for finding in found.findings] == [True]
    assert found.predetermination is not None
    assert found.predetermination.attributes["claim_submission_reason"] == "PB"
    # Services have no day yet; that of acceptance stands for it.
    accepted = day_at(found.predetermination.accepted_at, PAYER_UTC_OFFSET_MINUTES)
    assert found.predetermination.service_from == found.predetermination.service_to == accepted


@pytest.mark.parametrize("claim", [STAY, TEETH])
def test_a_predetermination_of_every_form(claim: tuple[str, ...]) -> None:
    padded = claim[0] + "*" * (19 - claim[0].count("*")) + "PB"
    lines = STAY_LINES if claim is STAY else TEETH_LINES
    [found], codes = read(with_guide("005010X223A2", *BILLING, *SUBSCRIBER, padded, *claim[1:], *lines))
    assert found.claim is None
    assert found.predetermination is not None
    assert "PREDETERMINATION" in codes


BEGINNINGS: list[tuple[str, bool, dict[str, str], list[str]]] = [
    # BHT06, whether the claim is an encounter, its attributes of the transaction, findings
    ("*CH", False, {}, []),
    ("*RP", True, {}, ["ENCOUNTER"]),
    ("*31", False, {"transaction_type": "31"}, []),
    ("*", False, {}, []),
    ("", False, {}, []),
]


@pytest.mark.parametrize(("bht06", "encounter", "said", "expected"), BEGINNINGS)
def test_an_encounter_is_read_as_one_and_sent(
    bht06: str, encounter: bool, said: dict[str, str], expected: list[str]
) -> None:
    """It is a claim that is decided and never paid, so its sender hears what became of it."""
    data = WHOLE.replace(b"*1200*CH~", f"*1200{bht06}~".encode())
    [found], codes = read(data)
    assert found.claim is not None
    assert found.claim.encounter is encounter
    assert {key: found.claim.attributes[key] for key in ("transaction_type",) if key in found.claim.attributes} == said
    assert codes == expected
    assert [finding.fatal for finding in found.findings] == [False] * len(expected)


def test_of_two_transactions_one_reports_encounters() -> None:
    second = WHOLE.decode().split("~\n")
    body = "~\n".join(second[2:-3]).replace("*CH", "*RP").replace("0001", "0002").replace("A-1*150", "A-2*150")
    data = "~\n".join([*second[:-3], body, "GE*2*1", *second[-2:]]).encode()
    found, _ = read(data)
    assert [(one.control_number, one.claim and one.claim.encounter) for one in found] == [("A-1", False), ("A-2", True)]


GUIDES = [
    ("005010X222", "professional", []),
    ("005010X222A1", "professional", []),
    ("005010X222A2", "professional", []),
    ("004010X098A1", "professional", ["VERSION_UNSUPPORTED"]),
    ("", "professional", ["VERSION_UNSUPPORTED"]),
]


@pytest.mark.parametrize(("guide", "form", "expected"), GUIDES)
def test_versions_of_the_professional_guide(guide: str, form: str, expected: list[str]) -> None:
    data = WHOLE.replace(b"005010X222A1", guide.encode())
    assert one(data).form == form
    assert read(data)[1] == expected


@pytest.mark.parametrize("guide", ["005010X223", "005010X223A1", "005010X223A2", "005010X223A3"])
def test_versions_of_the_institutional_guide(guide: str) -> None:
    assert read(INSTITUTIONAL.replace(b"005010X223A2", guide.encode()))[1] == []


@pytest.mark.parametrize("guide", ["005010X224", "005010X224A1", "005010X224A2", "005010X224A3"])
def test_versions_of_the_dental_guide(guide: str) -> None:
    assert read(DENTAL.replace(b"005010X224A2", guide.encode()))[1] == []


def test_lines_say_what_a_claim_is_more_surely_than_its_guide() -> None:
    data = WHOLE.replace(b"005010X222A1", b"005010X223A2")
    assert one(data).form == "professional"
    assert read(data)[1] == ["WRONG_SV"]
