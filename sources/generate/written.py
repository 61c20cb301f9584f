"""Generated claims as JSON lines in the API's shape, for `claims replay` and for reading."""

from collections.abc import Iterable
from pathlib import Path

from schemas.claim import SubmittedClaim
from schemas.intake import dump_json, to_json


def write_claims(path: Path, made: Iterable[SubmittedClaim]) -> int:
    """Write one claim a line; returns how many. The file appears when it is complete."""
    partial = path.with_name(f"{path.name}.partial")
    written = 0
    try:
        with partial.open("w", encoding="utf-8") as file:
            for claim in made:
                file.write(dump_json(to_json(claim)))
                file.write("\n")
                written += 1
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return written
