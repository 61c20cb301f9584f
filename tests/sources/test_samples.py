"""The samples that ship: each claim comes to what their README says."""

from dataclasses import replace
from pathlib import Path

import pytest

from agents.reference_store import ReferenceStore
from schemas import topics
from schemas.codec import Codec
from schemas.dates import MILLISECONDS_A_DAY, parse_day
from schemas.reference import ReferenceRelease
from sources.generate.spec import SAMPLE_REFERENCE
from sources.reference.folder import read_folder
from sources.replay.formats import format_of, items_of
from sources.replay.items import Item, Source
from streams.driver import Driver

SAMPLES = SAMPLE_REFERENCE.parent
CODEC = Codec()
ACCEPTED_AT = parse_day("2026-10-21") * MILLISECONDS_A_DAY


def items(name: str, strict: bool = False) -> list[Item]:
    source = Source("USD", None, lambda: ACCEPTED_AT, lambda: "test", 30.0 if strict else None)
    with (SAMPLES / name).open("rb") as file:
        return list(items_of(file, format_of(file.peek()), source))


def decide(found: list[Item]) -> Driver:
    """The claims of a file through the chain, over the sample payers."""
    payers, store = read_folder(SAMPLE_REFERENCE), ReferenceStore(CODEC)
    for topic, records in payers.records.items():
        for key, record in records.items():
            store.add(topic, key, CODEC.encode(replace(record, release=1)))
    store.add(topics.REFERENCE_RELEASES, "1", CODEC.encode(ReferenceRelease(1, 0, "test", payers.counts)))
    chain = Driver(store, CODEC)
    for event in payers.authorizations.values():
        chain.pipe(topics.AUTHORIZATION_EVENTS, event.member_id, event)
    for item in found:
        if item.claim is not None:
            chain.pipe(topics.CLAIMS_SUBMITTED, item.claim.root_id, item.claim)
    return chain


def outcomes(name: str) -> dict[str, str]:
    """By control number: the substatus with the first reason of a denial, or the finding of a rejection."""
    found = items(name)
    numbers = {item.claim.claim_id: item.control_number or "" for item in found if item.claim is not None}
    chain = decide(found)
    made = {}
    for decision in chain.read(topics.CLAIMS_DECIDED):
        reason = decision.lines[0].adjustments[0].reason if decision.substatus == "denied" else ""
        made[numbers[decision.claim_id]] = f"{decision.substatus} {reason}".strip()
    for rejected in chain.read(topics.CLAIMS_REJECTED):
        made[numbers[rejected.claim_id]] = rejected.findings[0].code
    assert not [topic for topic in chain.outputs if topic.endswith(".dlq")]
    return made


EXPECTED = {
    "claims-837p.edi": {
        "ACME-0001-01": "approved",
        "ACME-0001-02": "denied 18",
        "ACME-0002-01": "approved",
        "ACME-0002-02": "V-PROVIDER-UNKNOWN",
        "ACME-0003-01": "approved",
        "ACME-0005-01": "approved",
        "ACME-0006-01": "approved",
        "ACME-0006-02": "approved",
        "ACME-0007-01": "denied 96",
        "ACME-0008-01": "approved",
        "ACME-0011-01": "approved",
        "ACME-0011-02": "denied 197",
        "ACME-0012-01": "approved",
        "ACME-0014-01": "approved",
        "ACME-0014-02": "V-TOTAL-CHARGE",
        "ACME-0015-01": "approved",
        "ACME-0016-01": "denied 26",
        "ACME-0018-01": "approved",
        "ACME-0018-02": "approved",
        "ACME-0099-01": "V-MEMBER-UNKNOWN",
    },
    "claims-837i.edi": {
        "ACME-I-01": "approved",
        "ACME-I-02": "pended",
        "ACME-I-03": "approved",
    },
    "claims-837d.edi": {
        "ACME-D-01": "approved",
        "ACME-D-02": "approved",
    },
    "broken-837p.edi": {
        "ACME-B-01": "approved",
        "ACME-B-04": "V-TOTAL-CHARGE",
    },
    "claims.jsonl": {
        "NUSA-2026-001": "approved",
        "NUSA-2026-002": "approved",
        "NUSA-2026-003": "approved",
        "NUSA-2026-004": "approved",
        "NUSA-2026-005": "approved",
        "NUSA-2026-006": "denied 204",
        "NUSA-2026-007": "denied 96",
        "NUSA-2026-008": "pended",
        "NUSA-2026-009": "approved",
        "NUSA-2026-010": "approved",
        "NUSA-2026-011": "denied 27",
        "NUSA-2026-012": "approved",
        "NUSA-2026-013": "V-MEMBER-UNKNOWN",
        "NUSA-2026-014": "V-TOTAL-CHARGE",
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_outcomes(name: str) -> None:
    assert outcomes(name) == EXPECTED[name]


def test_bad_lines_are_told_one_by_one() -> None:
    refused = {item.place: [remark.code for remark in item.remarks] for item in items("claims.jsonl") if not item.claim}
    assert refused == {
        16: ["date"],
        17: ["number"],
        18: ["literal_error", "too_short", "unknown_field", "member_missing"],
        19: ["duplicate_key"],
        20: ["not_json"],
    }


NOT_SENT = {
    "claims-837d.edi": {"ACME-D-03": {"PREDETERMINATION"}},
    "broken-837p.edi": {"ACME-B-02": {"DATE", "NO_SERVICE_DATE"}, "ACME-B-03": {"NO_LINES", "NO_SERVICE_DATE"}},
}


@pytest.mark.parametrize("name", NOT_SENT)
def test_claims_that_cannot_be_sent_are_told_with_their_reasons(name: str) -> None:
    refused = {
        item.control_number: {remark.code for remark in item.remarks}
        for item in items(name)
        if item.is_claim and item.claim is None
    }
    assert refused == NOT_SENT[name]


def test_the_broken_envelope_is_told() -> None:
    codes = {remark.code for item in items("broken-837p.edi") if not item.is_claim for remark in item.remarks}
    assert codes == {"HL_PARENT", "SE_COUNT", "IEA_MISSING"}


def test_the_institutional_sample_keeps_the_strict_guide() -> None:
    assert [remark.code for item in items("claims-837i.edi", strict=True) for remark in item.remarks] == []


def test_the_readme_names_every_special_claim() -> None:
    text = (SAMPLES / "README.md").read_text()
    outcomes = {number: outcome for claims in EXPECTED.values() for number, outcome in claims.items()}
    special = [number for number, outcome in outcomes.items() if number.startswith("ACME") and outcome != "approved"]
    assert all(number in text for number in special)
    assert Path(SAMPLES / "claims-837p.edi").read_text().count("CLM*") == 21
