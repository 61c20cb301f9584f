"""Public 837 files that nobody here wrote: claims, lines and findings as another reader found them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import text_of
from sources.x12.catalog import CATALOG
from sources.x12.reader import ClaimRead
from tests.sources.x12.small import read

CHANNELS = {"TA1": "TA1", "999": "999", "277CA": "277CA", "info": "277CA"}
# What that reader does not look for, or finds less often: composites that cannot be told apart have several findings.
MORE = frozenset((
    "AMOUNT", "BALANCE", "CODE_MISSING", "DX_POINTER", "ENCOUNTER", "HI_QUALIFIER", "ICD9_AFTER_2015", "NM1_TWICE",
    "PAYER_ID", "PAYER_UNKNOWN",
))  # fmt: skip
ROLES = ("BK", "BF", "BJ", "PR", "BN")

pytestmark = pytest.mark.shared_data


@pytest.fixture
def known(shared_data: Path) -> Iterator[tuple[str, Mapping[str, Any], list[ClaimRead], list[str]]]:
    """Name, what the other reader found, our claims and codes: of each file."""
    found = json.loads((shared_data / "FINDINGS.json").read_text())
    names = [name for name in found if name.startswith(("x12/837", "x12/malformed/", "x12/legacy-4010/"))]
    assert len(names) > 55
    return ((name, found[name], *read((shared_data / name).read_bytes())) for name in names)


Known = Iterator[tuple[str, Mapping[str, Any], list[ClaimRead], list[str]]]


def record(found: ClaimRead) -> SubmittedClaim:
    made = found.claim or found.predetermination
    assert made is not None, found.findings
    return made


def test_every_claim_is_emitted_with_its_findings(known: Known) -> None:
    claims = 0
    for name, file, found, codes in known:
        assert len(found) == file["claim_count"], name
        claims += len([record(one) for one in found])
        ours, theirs = Counter(codes), Counter[str](file["finding_counts"])
        assert ours.keys() <= CATALOG.keys(), name
        for code in ours | theirs:
            assert ours[code] >= theirs[code] if code in MORE else ours[code] == theirs[code], (name, code)
        for finding in file["findings"]:
            assert CATALOG[finding["code"]].channel == CHANNELS[finding["report_in"]], finding["code"]
    assert claims == 258


def test_claims_agree_element_by_element(known: Known) -> None:
    for name, file, found, codes in known:
        if "DX_EMPTY" in codes:
            # HI with element separators for component separators: readers differ in what they save of it.
            continue
        for one, theirs in zip(found, file["claims"], strict=True):
            assert claim_of(record(one), theirs) == claim_as_found(theirs), (name, theirs["claim_id"])


def test_lines_agree_element_by_element(known: Known) -> None:
    lines = 0
    for name, file, found, _ in known:
        for one, theirs in zip(found, file["claims"], strict=True):
            for ours, line in zip(record(one).lines, theirs["lines"], strict=True):
                lines += 1
                assert line_of(ours, line) == line_as_found(line), (name, theirs["claim_id"], line["line"])
    assert lines > 590


def claim_of(claim: SubmittedClaim, theirs: Mapping[str, Any]) -> tuple[object, ...]:
    numbers = [one.value for one in claim.provider.identifiers]
    return (
        claim.claim_control_number,
        claim.form,
        Decimal(claim.total_charge).scaleb(-2),
        claim.frequency_code,
        numbers[0] if numbers and theirs["billing_provider_npi"] else None,
        [one.code for one in claim.diagnoses],
        claim.payer_id or "",
    )


def claim_as_found(theirs: Mapping[str, Any]) -> tuple[object, ...]:
    codes = [
        one for one in theirs["diagnosis_codes"] or () if one["qualifier"].removeprefix("A") in ROLES and one["code"]
    ]
    return (
        theirs["claim_id"],
        theirs["type"],
        Decimal(theirs["total_charge"]),
        theirs["frequency_code"] or "1",
        theirs["billing_provider_npi"] or None,
        [one["code"].replace(".", "").upper() for one in codes],
        (theirs["payer"] or {}).get("id") or "",
    )


def line_of(line: ClaimLine, theirs: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        line.service_code if theirs["procedure"] else "",
        list(line.modifiers),
        Decimal(line.charge).scaleb(-2),
        Decimal(line.units_milli) / 1000 if theirs["units"] else None,
        text_of(line.service_from).replace("-", "") if theirs["service_date"] else None,
    )


def line_as_found(theirs: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        (theirs["procedure"] or "").upper(),
        [modifier for modifier in theirs["modifiers"] if modifier],
        Decimal(theirs["charge"] or 0),
        Decimal(theirs["units"]) if theirs["units"] else None,
        theirs["service_date"][:8] if theirs["service_date"] else None,
    )
