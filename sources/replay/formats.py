"""Which format a file is in, by what it begins with, and its reader."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from sources.replay.items import Item, Remark, Source
from sources.replay.json_lines import read_json_lines
from sources.x12.reader import ClaimRead, EdiFinding, Terms, read_file

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PEEKED_BYTES = 4096
WORDS = {"x12": "segment", "json_lines": "line"}


class UnknownFormatError(ValueError):
    """A file that is neither X12 nor JSON lines; the text says what it looks like."""


def format_of(start: bytes) -> str:
    """`x12` or `json_lines`, by the first bytes of a file; raises UnknownFormatError."""
    for mark in _MARKS:
        start = start.removeprefix(mark)
    text = start.replace(b"\0", b"").lstrip()
    if text.startswith(b"ISA"):
        return "x12"
    if text.startswith(b"{"):
        return "json_lines"
    if not text:
        raise UnknownFormatError("the file is empty")
    if text.startswith(b"["):
        raise UnknownFormatError("the file holds a JSON list; write one claim a line, without brackets and commas")
    if text.startswith((b"GS", b"ST", b"UNA", b"UNB")):
        raise UnknownFormatError("the file is EDI without an ISA at its start; send the whole interchange")
    if text.startswith((b"\x1f\x8b", b"PK")):
        raise UnknownFormatError("the file is compressed; unpack it first")
    raise UnknownFormatError("neither X12 (begins with ISA) nor JSON lines (begin with {)")


def peek(file: BinaryIO) -> bytes:
    """The first bytes of a file, which is left at its start."""
    start = file.read(_PEEKED_BYTES)
    file.seek(0)
    return start


def items_of(file: BinaryIO, form: str, source: Source) -> Iterator[Item]:
    """Everything in a file of that format, streamed."""
    if form == "json_lines":
        yield from read_json_lines(file, source)
        return
    terms = Terms(source.currency, source.submitter_id, source.accepted_at, lambda control_number: source.correlation())
    for found in read_file(file, terms):
        if isinstance(found, ClaimRead | EdiFinding):
            yield _of_edi(found)


def _of_edi(found: ClaimRead | EdiFinding) -> Item:
    if isinstance(found, EdiFinding):
        return Item(found.segment, False, None, None, (_remark(found),), fatal=found.fatal)
    remarks = tuple(_remark(finding) for finding in found.findings)
    return Item(found.segment, True, found.claim, found.control_number, remarks)


def _remark(finding: EdiFinding) -> Remark:
    return Remark(finding.segment, finding.position, finding.code, finding.text)
