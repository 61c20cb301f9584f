"""docs/edi-map.md: each segment that has no field, where it goes; and the page against the code."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from config.limits import ATTRIBUTES_MAX, TEXT_CHARACTERS_MAX
from sources.x12 import keys
from sources.x12.written import date_elements, date_text, escaped, joined, unescaped
from tests.sources.x12.forms import DENTAL, INSTITUTIONAL, with_claim, with_levels, with_line
from tests.sources.x12.small import BILLING, CLAIM, LINES, SUBSCRIBER, WHOLE, file_of, one, read

PAGE = (Path(__file__).parents[3] / "docs" / "edi-map.md").read_text()

# Segments in loop 2300, the key, the value.
CLAIM_ROWS = [
    ("REF*EA*MRN-1", "medical_record_number", "MRN-1"),
    ("REF*D9*TRACE-1", "clearinghouse_number", "TRACE-1"),
    ("REF*X4*05D0642827", "clia_number", "05D0642827"),
    ("REF*G1*PA-2", "ref.G1", "PA-2"),
    ("REF*ZZ*ANY*WORDS", "ref.ZZ", "ANY*WORDS"),
    ("DTP*431*D8*20260501", "onset_date", "2026-05-01"),
    ("DTP*439*DT*202605011430", "accident_date", "2026-05-01T14:30"),
    ("DTP*314*RD8*20260501-20260520", "disability_dates", "2026-05-01/2026-05-20"),
    ("DTP*999*D8*20260501", "date.999", "2026-05-01"),
    ("DTP*431*D6*260501", "onset_date", "D6*260501"),
    ("AMT*F5*12.50", "patient_paid", "12.50"),
    ("AMT*QQ*7", "amount.QQ", "7"),
    ("QTY*CA*4*DA", "quantity.CA", "4*DA"),
    ("NTE*ADD*SEEN AT HOME", "note.ADD", "SEEN AT HOME"),
    ("K3*STATE DATA", "fixed_format", "STATE DATA"),
    ("CN1*09*100*5*CODE", "contract", "09*100*5*CODE"),
    ("CR1*LB*140**A*DH*12", "ambulance_transport", "LB*140**A*DH*12"),
    ("CR2********M", "spinal_manipulation", "*******M"),
    ("CR7*SN*3*6", "segment.CR7", "SN*3*6"),
    ("CRC*07*Y*01*06", "condition_indicators", "07*Y*01*06"),
    ("HCP*03*100*10*RPO123", "repricing", "03*100*10*RPO123"),
    ("HI*ZZ:1:2", "hi.ZZ", "ZZ:1:2"),
    ("HI*TC:1A", "treatment_codes", "TC:1A"),
    ("XYZ*1**2", "segment.XYZ", "1**2"),
    ("NM1*DN*1*REF*ERIK*M**JR*XX*1234567893", "referring.middle_name", "M"),
    ("NM1*77*2*LAB*****XX*1234567893~\nN3*1 ROAD*SUITE 2~\nN4*TOWN*IL*60601", "facility.address",
     "1 ROAD*SUITE 2*TOWN*IL*60601"),
    ("NM1*82*1*HART*ELLEN****XX*1245319599~\nPRV*PE*PXC*207Q00000X", "rendering.taxonomy", "207Q00000X"),
    ("NM1*82*1*HART*ELLEN****XX*1245319599~\nREF*N5*77", "rendering.ref.N5", "77"),
    ("NM1*PW*2~\nN3*1 ROAD~\nN4*TOWN*IL*60601", "ambulance_pickup.address", "1 ROAD**TOWN*IL*60601"),
    ("NM1*DN*1*ONE*A~\nNM1*DN*1*TWO*B", "referring.2.last_name", "TWO"),
]  # fmt: skip
LINE_ROWS = [
    ("REF*6R*L-1", "line_control_number", "L-1"),
    ("REF*G1*PA-9**2U:FIRST", "ref.G1", "PA-9**2U:FIRST"),
    ("REF*9F*R-1", "referral_number", "R-1"),
    ("DTP*471*D8*20260501", "prescription_date", "2026-05-01"),
    ("DTP*472*D8*20260501", "date.472", "2026-05-01"),
    ("AMT*T*1.10", "sales_tax", "1.10"),
    ("QTY*PT*2", "quantity.PT", "2"),
    ("MEA*TR*R1*113.4", "measurements", "TR*R1*113.4"),
    ("MEA*TR*R1*1~\nMEA*TR*R2*2", "measurements", "TR*R1*1^TR*R2*2"),
    ("NTE*DCP*PATIENT GOAL", "note.DCP", "PATIENT GOAL"),
    ("PWK*OB*BM***AC*DMN0012", "attachments", "OB*BM***AC*DMN0012"),
    ("CR3*I*MO*99", "equipment_certification", "I*MO*99"),
    ("SV5*HC:A4631*DA*30*50*5000*4", "equipment", "HC:A4631*DA*30*50*5000*4"),
    ("PS1*PN222222*110", "purchased_service", "PN222222*110"),
    ("LIN**N4*01234567891", "drug_ndc", "01234567891"),
    ("LIN**EN*1234567890123", "segment.LIN", "*EN*1234567890123"),
    ("CTP****2*UN", "drug_pricing", "***2*UN"),
    ("REF*XZ*RX-1", "prescription_number", "RX-1"),
    ("LQ*UT*01.02~\nFRM*1A**J0234~\nFRM*1B**500", "forms", "LQ*UT*01.02^FRM*1A**J0234^FRM*1B**500"),
    ("NM1*82*1*HART*ELLEN****XX*1245319599~\nPRV*PE*PXC*207Q00000X", "rendering.taxonomy", "207Q00000X"),
    ("NM1*DK*1*RICHARDSON*TRENT****XX*1234567893", "ordering.nm1", "1*RICHARDSON*TRENT****XX*1234567893"),
    ("NM1*QB*2******XX*1234567893", "purchased_from.nm1", "2******XX*1234567893"),
    ("TOO*JP*12*L:O", "teeth", "JP*12*L:O"),
]
LEVEL_ROWS: list[tuple[dict[str, tuple[str, ...]], str, str]] = [
    ({"billing": ("N3*1 ROAD", "N4*TOWN*IL*60601")}, "billing.address", "1 ROAD**TOWN*IL*60601"),
    ({"billing": ("PER*IC*HELP*TE*555",)}, "billing.contact", "IC*HELP*TE*555"),
    ({"billing": ("REF*N5*1",)}, "billing.ref.N5", "1"),
    ({"billing": ("NM1*87*2", "N3*PO BOX 1", "N4*TOWN*IL*60601")}, "pay_to.address", "PO BOX 1**TOWN*IL*60601"),
    ({"subscriber": ("N3*2 ROAD", "N4*TOWN*IL*60601")}, "patient.address", "2 ROAD**TOWN*IL*60601"),
    ({"subscriber": ("REF*Y4*CASE-1",)}, "patient.ref.Y4", "CASE-1"),
    ({"last": ("N3*3 ROAD",)}, "payer.address", "3 ROAD"),
    ({"last": ("REF*2U*77",)}, "payer.ref.2U", "77"),
    ({"last": ("NM1*ZZ*2*OTHER",)}, "party.ZZ.nm1", "2*OTHER"),
]


@pytest.mark.parametrize(("segments", "key", "value"), CLAIM_ROWS)
def test_what_a_claim_has_no_field_for(segments: str, key: str, value: str) -> None:
    assert one(with_claim(*segments.split("~\n"))).attributes[key] == value


@pytest.mark.parametrize(("segments", "key", "value"), LINE_ROWS)
def test_what_a_line_has_no_field_for(segments: str, key: str, value: str) -> None:
    first, second = one(with_line(*segments.split("~\n"))).lines
    assert first.attributes[key] == value
    assert second.attributes == {}


@pytest.mark.parametrize(("added", "key", "value"), LEVEL_ROWS)
def test_what_a_level_has_no_field_for(added: dict[str, tuple[str, ...]], key: str, value: str) -> None:
    assert one(with_levels(**added)).attributes[key] == value


def test_indicators_of_the_claim_segment() -> None:
    claim = "CLM*A-1*150***11:B:1*Y*A*Y*I*P*AA:::CA:US*02****P**Y**1"
    assert one(file_of(*BILLING, *SUBSCRIBER, claim, *CLAIM[1:], *LINES)).attributes.items() >= {
        "provider_signature": "Y", "accepts_assignment": "A", "benefits_assigned": "Y", "information_release": "I",
        "patient_signature_source": "P", "related_causes": "AA:::CA:US", "special_program": "02",
        "participation_agreement": "P", "explanation_wanted": "Y", "delay_reason": "1",
    }.items()  # fmt: skip


def test_insurance_of_the_subscriber() -> None:
    subscriber = (SUBSCRIBER[0], "SBR*S*18*GRP-1*GROUP NAME*12****MB", *SUBSCRIBER[2:])
    assert one(file_of(*BILLING, *subscriber, *CLAIM, *LINES)).attributes.items() >= {
        "payer_responsibility": "S", "group_number": "GRP-1", "group_name": "GROUP NAME", "insurance_type": "12",
        "claim_filing": "MB", "payer.name": "ACME",
    }.items()  # fmt: skip


def test_the_subscriber_of_another_patient() -> None:
    patient = ("HL*3*2*23*0", "PAT*G8****D8*20260601*01*145*Y", "NM1*QC*1*CARTER*EMMA", "DMG*D8*20101019*F")
    assert one(file_of(*BILLING, *SUBSCRIBER, *patient, *CLAIM, *LINES)).attributes.items() >= {
        "subscriber.last_name": "CARTER", "subscriber.first_name": "JAMES", "subscriber.number": "ACM0000001",
        "subscriber.birth_date": "1980-02-14", "subscriber.sex": "M", "patient.first_name": "EMMA",
        "relationship_code": "G8", "patient.death_date": "2026-06-01", "patient.weight": "145",
        "patient.pregnant": "Y",
    }.items()  # fmt: skip


def test_benefits_that_are_not_assigned_are_paid_to_the_subscriber() -> None:
    claim = one(WHOLE.replace(b"*Y*A*Y*Y", b"*Y*A*N*Y"))
    assert claim.settlement == "reimbursement"
    assert claim.payee is not None
    assert claim.payee.name == "JAMES CARTER"


def test_another_separator_changes_no_attribute() -> None:
    plain = with_claim("NTE*ADD*SEEN", "CRC*07*Y*01", "HI*BE:A1:::132.5")
    other = plain.decode().translate(str.maketrans("*:^~", "|>{!")).encode()
    assert one(other).attributes == one(plain).attributes


def test_marks_that_a_sender_wrote_are_told_from_ours() -> None:
    """Where the file has other separators, ours are letters like any other."""
    data = with_claim("NTE*ADD*5_ of 10{ a;b").decode().translate(str.maketrans("*:_{;", "|>%:*")).encode()
    assert one(data).attributes["note.ADD"] == "5%25 of 10%3A a%2Ab"


@pytest.mark.parametrize("text", ["", "plain", "50% * 2: a^b", "%2A", "%25", "%%", "a%3Ab"])
def test_escapes_are_reversible(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert not set("*:^") & set(escaped(text))


@pytest.mark.parametrize(
    ("form", "text"),
    [("D8", "20260511"), ("RD8", "20260511-20260512"), ("DT", "202605111430"), ("TM", "1430"), ("D6", "260511"),
     ("D8", "soon"), ("RD8", "2026-0511"), ("TM", "9"), ("", ""), ("D8", "2026-511")],
)  # fmt: skip
def test_dates_are_reversible(form: str, text: str) -> None:
    assert date_elements(date_text(form, text)) == (form, text)


def test_elements_as_one_text() -> None:
    assert joined(["A", "", "B:C", ""], ":") == "A**B:C"
    assert joined(["A", "B>C", "D:E"], ">") == "A*B:C*D%3AE"


def test_a_list_goes_on_under_further_keys() -> None:
    notes = tuple(f"NTE*ADD*{number:03}{'X' * 77}" for number in range(30))
    attributes = one(with_claim(*notes)).attributes
    parts = [attributes["note.ADD"], attributes["note.ADD.2"], attributes["note.ADD.3"]]
    assert [text[:3] for part in parts for text in part.split("^")] == [f"{number:03}" for number in range(30)]
    assert max(len(value) for value in attributes.values()) <= TEXT_CHARACTERS_MAX


def test_too_many_attributes_are_told() -> None:
    many = tuple(
        f"REF*{first}{second}*1" for first in "QRSTUVWXYZ" for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    )
    [found], codes = read(with_claim(*many))
    assert found.claim is not None
    assert len(found.claim.attributes) == ATTRIBUTES_MAX
    assert codes == ["ATTRIBUTES_MANY"]


def test_too_long_an_attribute_is_told() -> None:
    [found], codes = read(with_claim("NTE*ADD*" + "X" * 1001))
    assert found.claim is not None
    assert len(found.claim.attributes["note.ADD"]) == TEXT_CHARACTERS_MAX
    assert codes == ["ELEMENT_LONG"]


def documented() -> Iterator[str]:
    tables: list[Mapping[str, str] | Mapping[int, str]] = [
        keys.CLAIM_REFERENCES, keys.LINE_REFERENCES, keys.CLAIM_DATES, keys.LINE_DATES, keys.CLAIM_AMOUNTS,
        keys.LINE_AMOUNTS, keys.CLM_POSITIONS, keys.SBR_POSITIONS, keys.CL1_POSITIONS, keys.HI_LISTS,
        keys.CLAIM_SEGMENTS, keys.LINE_SEGMENTS, keys.SV1_POSITIONS, keys.SV2_POSITIONS, keys.SV3_POSITIONS,
        keys.ROLES, keys.LEVEL_PARTIES,
    ]  # fmt: skip
    for table in tables:
        yield from table.values()
    yield from keys.PARTY_SUFFIXES
    yield from keys.OTHER_PAYER_SUFFIXES
    yield from (name for name in keys.PATTERNS if not name.startswith("party."))
    yield from (
        value
        for name, value in vars(keys).items()
        if name.isupper() and isinstance(value, str) and name != "OTHER_PAYER"
    )


def test_the_page_names_every_key() -> None:
    missing = sorted(key for key in set(documented()) if f"`{key}" not in PAGE)
    assert missing == []


KNOWN = frozenset(re.findall(r"`([a-z_0-9]+(?:\.[a-z_0-9]+)*)`", PAGE))
PREFIXES = frozenset((keys.PATIENT, keys.SUBSCRIBER, keys.BILLING, keys.PAYER, *keys.ROLES.values(),
                      *keys.LEVEL_PARTIES.values(), "insured"))  # fmt: skip
CODED = ("ref", "date", "amount", "quantity", "note", "hi", "segment", "clm", "sbr", "cl1", "sv1", "sv2", "sv3")


def is_documented(key: str) -> bool:
    """Whether the page explains a key, or one that it is the second or third of."""
    first, *rest = key.split(".")
    if rest and rest[-1].isdigit() and is_documented(".".join((first, *rest[:-1]))):
        return True
    if first == keys.OTHER_PAYER:
        rest = rest[1:] if rest and rest[0].isdigit() else []
        rest = rest[1:] if rest and rest[0].isdigit() else rest
        return bool(rest) and (".".join(rest) in OF_PAYERS or is_documented(".".join(rest)))
    if first in CODED:
        return len(rest) == 1
    if first == "party":
        return len(rest) > 1 and _follows(rest[1:])
    return (key in KNOWN and not rest) or (first in PREFIXES and _follows(rest))


def _follows(rest: list[str]) -> bool:
    rest = rest[1:] if rest and rest[0].isdigit() else rest
    return (len(rest) == 1 and rest[0] in keys.PARTY_SUFFIXES) or (len(rest) == 2 and rest[0] == "ref")


OF_PAYERS = (keys.OTHER_PAYER_SUFFIXES.keys() | keys.PARTY_SUFFIXES.keys()) - {"nm1"}
OWN = [
    *(WHOLE, INSTITUTIONAL, DENTAL),
    *(with_claim(*row[0].split("~\n")) for row in CLAIM_ROWS),
    *(with_line(*row[0].split("~\n")) for row in LINE_ROWS),
    *(with_levels(**row[0]) for row in LEVEL_ROWS),
]


def undocumented(data: bytes) -> set[str]:
    found: set[str] = set()
    for item in read(data)[0]:
        record = item.claim or item.predetermination
        if record is not None:
            found.update(record.attributes, *(line.attributes for line in record.lines))
    return {key for key in found if not is_documented(key)}


def test_no_claim_of_ours_has_a_key_that_the_page_does_not_name() -> None:
    assert set().union(*(undocumented(data) for data in OWN)) == set()


@pytest.mark.shared_data
def test_no_public_claim_has_a_key_that_the_page_does_not_name(shared_data: Path) -> None:
    files = [path for path in (shared_data / "x12").rglob("*") if path.is_file()]
    assert len(files) > 55
    assert set().union(*(undocumented(path.read_bytes()) for path in files)) == set()


@pytest.mark.parametrize("key", ["secret", "patient.secret", "other_payer.1.secret", "foo.XX"])
def test_a_key_that_the_page_does_not_name_is_noticed(key: str) -> None:
    assert not is_documented(key)
