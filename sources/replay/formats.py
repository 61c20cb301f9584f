"""Which format a file is in, by what it begins with, and its reader."""

import codecs
import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

from sources.ncpdp import reader as ncpdp
from sources.replay.items import Item, Remark, Source
from sources.replay.json_lines import read_json_lines
from sources.replay.packed import packing_of
from sources.x12.catalog import CATALOG
from sources.x12.reader import ClaimRead, EdiFinding, Read, Terms, read_file

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORDS = {"x12": "segment", "ncpdp": "segment", "json_lines": "line"}
# As people call them.
NAMES = {"x12": "X12", "ncpdp": "NCPDP D.0", "json_lines": "JSON lines"}


class UnknownFormatError(ValueError):
    """A file in none of the formats; the text says what it looks like.

    `looks_like_none` is False where it is known what the file is instead, so that no part of it is worth a look.
    """

    def __init__(self, text: str, looks_like_none: bool = False) -> None:
        super().__init__(text)
        self.looks_like_none = looks_like_none


def format_of(start: bytes) -> str:
    """A key of WORDS, by the first bytes of a file; raises UnknownFormatError."""
    packing = packing_of(start)
    if packing is not None:
        raise UnknownFormatError(f"the file is packed with {packing}; unpack it first")
    if ncpdp.looks_like(start):
        return "ncpdp"
    for mark in _MARKS:
        start = start.removeprefix(mark)
    text = start.replace(b"\0", b"").lstrip()
    if text.startswith(b"ISA"):
        return "x12"
    if text.startswith(b"{"):
        if _is_spread(text):
            one_a_line = "write one claim a line, as `jq -c .` does"
            raise UnknownFormatError(f"the file holds JSON that is spread over several lines; {one_a_line}")
        return "json_lines"
    if not text:
        raise UnknownFormatError("the file is empty", looks_like_none=True)
    if text.startswith(b"["):
        raise UnknownFormatError("the file holds a JSON list; write one claim a line, without brackets and commas")
    if text.startswith((b"GS", b"ST", b"UNA", b"UNB")):
        raise UnknownFormatError("the file is EDI without an ISA at its start; send the whole interchange")
    text_of_none = "neither X12 (begins with ISA) nor NCPDP D.0 nor JSON lines (begin with {)"
    raise UnknownFormatError(text_of_none, looks_like_none=True)


def _is_spread(text: bytes) -> bool:
    """Whether the first line of JSON begins a value that goes on below.

    It is none itself, nor is the next one, which begins no object either. One that is whole but for a comma behind it
    is a line with a fault.
    """
    first, *others = [line for line in map(bytes.strip, text.split(b"\n")) if line]
    if not others or not first.endswith((b"{", b"[", b",", b":")) or others[0].startswith(b"{"):
        return False
    return not _is_value(first.rstrip(b",")) and not _is_value(others[0])


def _is_value(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def items_of(file: BinaryIO, form: str, source: Source) -> Iterator[Item]:
    """Everything in a file of that format, streamed."""
    return READERS[form](file, source)


def _terms(source: Source) -> Terms:
    return Terms(source.currency, source.submitter_id, source.accepted_at, lambda control_number: source.correlation())


def _read_x12(file: BinaryIO, source: Source) -> Iterator[Item]:
    if source.strict_seconds is None:
        return map(_of_edi, read_file(file, _terms(source)))
    # Only then: the library takes its time to load.
    from sources.replay.strictly import read_strictly

    return map(_of_edi, read_strictly(file, _terms(source), source.strict_seconds))


def _read_ncpdp(file: BinaryIO, source: Source) -> Iterator[Item]:
    return map(_of_pharmacy, ncpdp.read_file(file, _terms(source)))


READERS: dict[str, Callable[[BinaryIO, Source], Iterator[Item]]] = {
    "x12": _read_x12,
    "ncpdp": _read_ncpdp,
    "json_lines": read_json_lines,
}


def _of_pharmacy(found: ncpdp.ClaimRead | EdiFinding) -> Item:
    """No answer of X12 carries a finding of a pharmacy's file, whatever the catalog says of its code."""
    if isinstance(found, EdiFinding):
        return Item(found.segment, False, None, None, (_of_no_answer(found),), None, found.fatal, found)
    remarks = tuple([_of_no_answer(finding) for finding in found.findings])
    return Item(found.segment, True, found.claim, found.control_number, remarks, None, False, found)


def _of_no_answer(finding: EdiFinding) -> Remark:
    severity = "warning" if finding.code in ncpdp.WARNINGS else "error"
    return Remark(finding.segment, finding.position, finding.code, finding.text, "", severity)


def _of_edi(found: Read) -> Item:
    if isinstance(found, ClaimRead):
        remarks = tuple([remark_of(finding) for finding in found.findings]) if found.findings else ()
        return Item(found.segment, True, found.claim, found.control_number, remarks, None, False, found)
    if isinstance(found, EdiFinding):
        return Item(found.segment, False, None, None, (remark_of(found),), None, found.fatal, found)
    return Item(found.segment, False, None, None, (), None, False, found)


def remark_of(finding: EdiFinding) -> Remark:
    """A finding of an EDI reader, with what its row in the catalog says of its code."""
    row = CATALOG.get(finding.code)
    channel, severity = ("", "error") if row is None else (row.channel, row.severity)
    return Remark(finding.segment, finding.position, finding.code, finding.text, channel, severity)
