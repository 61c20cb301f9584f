"""JSON lines: one claim a line, in the shape of `POST /api/v1/claims`."""

from collections.abc import Iterator
from typing import BinaryIO

from pydantic import ValidationError

from config.limits import JSON_LINE_BYTES_MAX
from schemas.intake import ClaimIntake, JsonTextError, parse_json, problems, to_submitted, told_apart
from sources.replay.items import Item, Remark, Source

# Who submits a line when nobody says.
DEFAULT_SUBMITTER = "file"
_FINDINGS_OF_A_LINE_MAX = 100


def read_json_lines(file: BinaryIO, source: Source) -> Iterator[Item]:
    """Claims in the order of their lines; a line that is none has remarks that say why."""
    for number, line in lines_of(file):
        if len(line) > JSON_LINE_BYTES_MAX:
            text = (
                f"the line has more than {JSON_LINE_BYTES_MAX:,} bytes; a claim has one line, is this one value a file?"
            )
            yield _refused(number, None, (Remark(number, "", "line_too_long", text),), None)
        elif line.strip():
            yield _read(number, line, source)


def lines_of(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; of one that is too long the first part only."""
    number = 0
    while line := file.readline(JSON_LINE_BYTES_MAX + 1):
        number += 1
        yield number, line
        while len(line) > JSON_LINE_BYTES_MAX and not line.endswith(b"\n"):
            line = file.readline(JSON_LINE_BYTES_MAX + 1)


def value_of(line: bytes) -> object:
    """The value on a line. Raises JsonTextError, whose text names no line but a column: the caller knows the line."""
    try:
        return parse_json(line.rstrip(b"\r\n"), bytes_max=JSON_LINE_BYTES_MAX)
    except JsonTextError as error:
        raise JsonTextError(error.code, str(error).replace("at line 1, column", "at column", 1)) from None


def _read(number: int, line: bytes, source: Source) -> Item:
    raw = line.decode("utf-8", "replace").rstrip("\r\n")
    try:
        value = value_of(line)
        intake = ClaimIntake.model_validate(value)
    except JsonTextError as error:
        return _refused(number, None, (Remark(number, "", error.code, str(error)),), raw)
    except ValidationError as error:
        found = problems(error)[:_FINDINGS_OF_A_LINE_MAX]
        remarks = tuple(Remark(number, finding.place, finding.code, finding.text) for finding in found)
        named = value.get("claimNumber") if isinstance(value, dict) else None
        return _refused(number, named if isinstance(named, str) else None, remarks, raw)
    claim = to_submitted(
        intake,
        submitter_id=source.submitter_id or DEFAULT_SUBMITTER,
        channel="file",
        correlation_id=source.correlation(),
        accepted_at=source.accepted_at(),
        idempotency_key=None,
    )
    return Item(number, True, told_apart(claim), claim.claim_control_number, (), raw)


def _refused(number: int, control_number: str | None, remarks: tuple[Remark, ...], raw: str | None) -> Item:
    return Item(number, True, None, control_number, remarks, raw)
