"""Whatever stands in a file: no exception, claims that can be encoded, findings without personal data, flat memory."""

import tracemalloc
from collections.abc import Iterator
from io import BytesIO, RawIOBase
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.limits import ATTRIBUTES_MAX, CODE_CHARACTERS_MAX, TEXT_CHARACTERS_MAX
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from sources.x12.catalog import CATALOG
from sources.x12.claim import CLAIM_SEGMENTS_MAX
from sources.x12.reader import ClaimRead, EdiFinding, Terms, read_file
from sources.x12.subject import subject_of
from tests.sources.x12.forms import DENTAL, INSTITUTIONAL
from tests.sources.x12.small import BILLING, CLAIM, HEAD, LINES, SUBSCRIBER, WHOLE, everything, file_of
from tests.sources.x12.test_payers import DECIDED, payers

CODEC = Codec()
BYTES = 600_000
FLAT = 2_500_000
PATIENT = ("HL*3*2*23*0", "PAT*19", "NM1*QC*1*CARTER*EMMA", "DMG*D8*20101019*F")
FILES = (WHOLE, INSTITUTIONAL, DENTAL, payers(*DECIDED), file_of(*BILLING, *SUBSCRIBER, *PATIENT, *CLAIM, *LINES))
PERSONAL = ("CARTER", "JAMES", "EMMA", "ACM0000001", "19800214", "20101019", "HART", "ELLEN")
PIECES = st.sampled_from([
    b"*", b"~", b":", b"^", b"HL", b"CLM", b"LX*1", b"SV1*", b"SV2", b"SV3*", b"99999999", b"-", b"\xff", b"", b"ISA*",
    b"\n", b"~ISA*00*", b"NM1*", b"SBR", b"~CLM~", b"~SVD~", b"~CAS*", b"~DTP*472", b"~DMG*D8", b"~HI*", b"~PWK",
    b"~CUR*85*EUR~", b"~CUR*85*ZZZ~", b"PB", b"\x00", b" ", b"~SE*1*1~", b"~ST*837*9~", b"~GE~", b"~N4~", b"~REF*",
    b"\xe2\x82\xac", b"%2A", b"1e99",
])  # fmt: skip
SEGMENTS = [segment for data in FILES for segment in data.decode().split("~\n") if segment]


def check(data: bytes) -> None:
    for item in everything(data):
        findings = [item] if isinstance(item, EdiFinding) else item.findings if isinstance(item, ClaimRead) else ()
        for finding in findings:
            assert finding.code in CATALOG
            assert not any(word in finding.text for word in PERSONAL), finding
        if isinstance(item, ClaimRead):
            subject_of(item.loop)
            assert (item.claim is None) == any(finding.fatal for finding in item.findings)
            for record in (item.claim, item.predetermination):
                if record is not None:
                    within_bounds(record)


def within_bounds(record: SubmittedClaim) -> None:
    assert CODEC.decode(SubmittedClaim, CODEC.encode(record)) == record
    for attributes in (record.attributes, *(line.attributes for line in record.lines)):
        assert len(attributes) <= ATTRIBUTES_MAX
        assert all(len(key) <= CODE_CHARACTERS_MAX for key in attributes)
        assert all(len(value) <= TEXT_CHARACTERS_MAX for value in attributes.values())
    codes = [record.claim_control_number, record.frequency_code, record.drg, record.bill_type, record.payer_id,
             *(line.service_code for line in record.lines)]  # fmt: skip
    assert all(code is None or len(code) <= CODE_CHARACTERS_MAX for code in codes)
    assert record.service_from <= record.service_to


@settings(max_examples=200)
@given(st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 30), PIECES), max_size=6))
def test_spoiled_bytes(data: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    for start, length, piece in cuts:
        data = data[:start] + piece + data[start + length :]
    check(data)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(SEGMENTS), max_size=40))
def test_segments_in_any_order(segments: list[str]) -> None:
    check(file_of(*segments))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from(SEGMENTS), st.integers(0, 12), st.text(max_size=60)), max_size=20))
def test_elements_of_any_text(segments: list[tuple[str, int, str]]) -> None:
    """Short segments, long ones, and any character of Unicode in any element."""
    body = []
    for segment, place, text in segments:
        elements = segment.split("*")
        body.append("*".join([*elements[: place + 1], text, *elements[place + 2 :]]))
    check(file_of(*BILLING, *SUBSCRIBER, *CLAIM, *body, *LINES).decode("utf-8", "replace").encode("utf-8", "replace"))


@settings(max_examples=50)
@given(st.binary(max_size=300))
def test_any_bytes_after_an_isa(data: bytes) -> None:
    check(HEAD[0].encode() + b"~" + data)


def test_findings_of_a_claim_are_bounded() -> None:
    wrong = ["REF*EA*" + "X" * 60, "DTP*472*D8*no"] * 2_000
    [found] = [
        item
        for item in everything(file_of(*BILLING, *SUBSCRIBER, *CLAIM, *wrong, *LINES))
        if isinstance(item, ClaimRead)
    ]
    assert len(found.findings) <= 502


class Endless(RawIOBase):
    """A stream of a start and a part that comes again and again."""

    def __init__(self, start: bytes, part: bytes, times: int) -> None:
        self._left, self._part, self._times = start, part, times

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and self._times:
            self._left += self._part
            self._times -= 1
        given, self._left = self._left[:size], self._left[size:]
        return given


def endless() -> Iterator[tuple[str, bytes, bytes, int]]:
    """Name, start, what comes again and again, and the most bytes that may be kept of BYTES of it."""
    whole = file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES)
    claim, level = _text(*CLAIM, *LINES), _text(*SUBSCRIBER, *CLAIM, *LINES)
    yield "claims", whole[: whole.index(b"CLM")], claim, FLAT
    yield "levels", whole[: whole.index(b"HL*2")], level, FLAT
    yield "transactions", _text(*HEAD[:2]), _text(*HEAD[2:], *BILLING, *SUBSCRIBER, *CLAIM, *LINES, "SE*1*0001"), FLAT
    yield "one level", whole[: whole.index(b"HL*2")], b"K3*A~\n", FLAT
    yield "outside any transaction", _text(HEAD[0]), b"K3*A~\n", FLAT
    # As many segments as the longest claim has are kept, and no more.
    yield "one claim", whole[: whole.index(b"LX*1")], b"K3*A~\n", 250 * CLAIM_SEGMENTS_MAX


def _text(*segments: str) -> bytes:
    return "".join(f"{segment}~\n" for segment in segments).encode()


@pytest.mark.parametrize(
    ("start", "part", "most"), [pytest.param(start, part, most, id=name) for name, start, part, most in endless()]
)
def test_memory_stays_bounded(start: bytes, part: bytes, most: int) -> None:
    terms = Terms("USD", None, lambda: 1, lambda number: number)
    tracemalloc.start()
    try:
        for _ in read_file(cast(BinaryIO, Endless(start, part, BYTES // len(part))), terms):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most


def test_a_claim_longer_than_any_is_told_and_the_next_one_read() -> None:
    notes = ["NTE*ADD*X"] * (CLAIM_SEGMENTS_MAX + 10)
    second = (CLAIM[0].replace("A-1", "A-2"), *CLAIM[1:], *LINES)
    data = file_of(*BILLING, *SUBSCRIBER, *CLAIM, *notes, *LINES, *second)
    found = [item for item in everything(data) if isinstance(item, ClaimRead)]
    assert [item.claim is None for item in found] == [True, False]
    assert [finding.code for finding in found[0].findings] == ["CLAIM_LONG"]
    assert BytesIO(data).read(3) == b"ISA"
