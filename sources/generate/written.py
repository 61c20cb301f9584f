"""Generated claims as files: JSON lines in the API's shape, or X12 837, for `claims replay` and for reading."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from schemas.claim import SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY
from schemas.intake import dump_json, to_json
from schemas.vocabulary import Form
from sources.generate.dressed import dressed
from sources.generate.spec import Spec
from sources.x12_writer.envelope import Envelope
from sources.x12_writer.write import write

# Formats of X12 by their names on the command line.
FORMS: dict[str, Form] = {"837p": "professional", "837i": "institutional", "837d": "dental"}
# Guides of X12 are those of the United States; a file names no currency where it is this one.
CURRENCY = "USD"
RECEIVER = "PAYER"


def write_claims(path: Path, made: Iterable[SubmittedClaim]) -> int:
    """Write one claim a line; returns how many. The file appears when it is complete."""
    return _write(path, (f"{dump_json(to_json(claim))}\n".encode() for claim in made))


def write_edi(path: Path, made: Iterable[SubmittedClaim], spec: Spec) -> int:
    """Write one interchange of all claims; returns how many. The file appears when it is complete.

    The same spec on the same day makes the same bytes.
    """
    at = spec.accepted_at // MILLISECONDS_A_DAY * MILLISECONDS_A_DAY
    envelope = Envelope(
        spec.submitter_id, RECEIVER, at, control_number=spec.seed * 1_000_000 + spec.first + 1, usage="T"
    )
    # Of the pieces one is the head of the file and one its end.
    return _write(path, write((dressed(claim) for claim in made), envelope)) - 2


def _write(path: Path, pieces: Iterable[bytes] | Iterator[bytes]) -> int:
    partial = path.with_name(f"{path.name}.partial")
    written = 0
    try:
        with partial.open("wb") as file:
            for piece in pieces:
                file.write(piece)
                written += 1
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return written
