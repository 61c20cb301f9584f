"""What is fuzzed, with seeds of our own: whatever the bytes, no exception comes out and what comes out is whole."""

import contextlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from schemas.claim import SubmittedClaim
from schemas.codec import DecodeError
from schemas.topics import CLAIMS_SUBMITTED
from sources.x12.reader import ClaimRead, Terms, read_file
from streams.records import Input
from streams.state import BatchState, MemoryStore
from streams.step import Step
from streams.topology import BY_NAME
from tests.agents.world import CODEC, claim, line, payer
from tests.sources.x12.small import BILLING, CLAIM, HEAD, LINES, SUBSCRIBER, WHOLE, file_of

ROOT = Path(__file__).parents[2]
SEED_BYTES_MAX = 2_000
TERMS = Terms("USD", "CLEARING", lambda: 1_780_000_000_000, lambda number: f"file {number}")
# One partition: every key belongs on it.
VALIDATE = Step(BY_NAME["validate"], CODEC, payer(), 1)


class Target(NamedTuple):
    """A door: what is done with the bytes, the seeds to begin with, and words that the format has."""

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    words: tuple[str, ...] = ()


def read_x12(data: bytes) -> None:
    """The reader of X12: it never raises, and every claim that it makes is a record."""
    for item in read_file(BytesIO(data), TERMS):
        if isinstance(item, ClaimRead) and item.claim is not None:
            assert CODEC.decode(SubmittedClaim, CODEC.encode(item.claim)) == item.claim


def validate_record(data: bytes) -> None:
    """A record on claims.submitted: decoded, validated and passed on, kept for its original, or set aside."""
    found: SubmittedClaim | None = None
    with contextlib.suppress(DecodeError):
        found = CODEC.decode(SubmittedClaim, data)
    key = b"none" if found is None else found.root_id.encode()
    record = Input(CLAIMS_SUBMITTED, 0, 0, 1_780_000_000_000, key, data, ())
    result = VALIDATE.run(record, BatchState(MemoryStore(), CODEC))
    waits = found is not None and found.frequency_code in ("7", "8") and found.root_id != found.claim_id
    assert result.outputs or waits, "nothing became of it"


def planted(data: bytes) -> None:
    """The reader of X12 with a bug in it: what fuzzing must find, to show that it can."""
    for item in read_file(BytesIO(data), TERMS):
        if isinstance(item, ClaimRead) and item.claim is not None and not item.claim.diagnoses:
            raise IndexError("the first diagnosis")


def _files() -> list[bytes]:
    # Small ones: each is read thousands of times.
    samples = [path.read_bytes() for path in sorted((ROOT / "sources/samples").glob("*.edi"))]
    samples = [data for data in samples if len(data) <= SEED_BYTES_MAX]
    cut = WHOLE[: len(WHOLE) // 2]
    windows = file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES, end="~\r\n", start=HEAD)
    return [WHOLE, cut, windows, WHOLE.replace(b"*", b"|").replace(b"~", b"\x1c"), *samples]


def _records() -> list[bytes]:
    claims = [claim(line(15_000)), claim(line(1), line(2, "80048"), member_id="M2"), claim()]
    return [CODEC.encode(one) for one in claims]


_SEGMENTS = (
    "ISA*", "GS*HC*", "ST*837*", "BHT*0019*", "HL*1**20*1", "NM1*85*2*", "NM1*IL*1*", "NM1*QC*1*", "SBR*P*", "CLM*",
    "HI*ABK:", "LX*", "SV1*HC:", "SV2*", "SV3*AD:", "DTP*472*D8*", "DTP*472*RD8*", "REF*G1*", "REF*F8*", "CAS*CO*45*",
    "SVD*", "AMT*", "PWK*", "NTE*ADD*", "PAT*", "DMG*D8*", "OI*", "TOO*JP*", "SE*", "GE*", "IEA*", "~", "*", ":", "^",
    "005010X222A1", "005010X223A2", "005010X224A2",
)  # fmt: skip
TARGETS = {
    "x12": Target(read_x12, _files, _SEGMENTS),
    "record": Target(validate_record, _records),
    "planted": Target(planted, lambda: [WHOLE], _SEGMENTS),
}
