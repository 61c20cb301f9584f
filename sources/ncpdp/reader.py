"""A file of pharmacy transmissions as a stream of claims and findings."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from sources.ncpdp.claim import FREQUENCIES, Batch, ClaimRead, read_transaction
from sources.ncpdp.records import Record, RecordTooLongError, records
from sources.ncpdp.transmission import HEADER_CHARACTERS, VERSIONS, Transmission, transmission_of
from sources.x12.claim import Terms
from sources.x12.findings import EdiFinding

# STX and a batch header, or a transmission: six characters, a version, a code of a transaction.
_BATCH = re.compile(rb"\x02(00[TRE]|G1|99)")
_TRANSMISSION = re.compile(rb"\x02?[0-9A-Z]{6}(D0|51)[A-Z][0-9][ -~]{10}[1-9 ]")
_BATCH_HEADER = re.compile(r"00[TRE]")
_TRAILER_START, _DETAIL_START = "99", "G1"
# 2 of the identifier and 10 of the transaction reference number stand before a detail's transmission.
_DETAIL_CHARACTERS = 12
_TRANSACTIONS_MAX = 4

# Findings that are read as meant: nothing is missing or in doubt.
WARNINGS = frozenset(
    (
        "AMOUNT_POINT", "BATCH_TYPE", "CONTROL_CHARACTER", "FIELD_SHORT", "GROSS_AMOUNT_MISSING", "GROUP_MISSING",
        "HEADER_LENGTH", "NPI_CHECKDIGIT", "RECORD_COUNT", "TRANSACTIONS_MANY", "TRANSACTION_COUNT", "UNITS_POINT",
        "VERSION_UNSUPPORTED",
    )
)  # fmt: skip

__all__ = ["ClaimRead", "EdiFinding", "Terms", "looks_like", "read_file"]


def looks_like(start: bytes) -> bool:
    """Whether a file with these first bytes (60 are enough) holds pharmacy transmissions, in a batch or bare."""
    text = start.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n\0")
    return _BATCH.match(text) is not None or _TRANSMISSION.match(text) is not None


def read_file(file: BinaryIO, terms: Terms) -> Iterator[ClaimRead | EdiFinding]:
    """Everything in the file in its order: claims, findings of the file between them. Flat memory, never raises.

    Numbers of segments count batch headers, transmission headers and trailers as one each. A transmission that the
    end of the file cut off is not sent.
    """
    walk = _Walk(terms)
    try:
        for record in records(file):
            yield from walk.take(record)
        yield from walk.end()
    except RecordTooLongError as error:
        text = f"{error}; is this a file of NCPDP D.0? Nothing after it was read"
        yield EdiFinding(walk.number + 1, "", "RECORD_LONG", text, fatal=True)


class _Walk:
    def __init__(self, terms: Terms) -> None:
        self.number = 0
        self._terms = terms
        self._batch = Batch()
        self._in_batch = False
        self._records = 0

    def take(self, record: Record) -> Iterator[ClaimRead | EdiFinding]:
        text = record.text
        if record.framed and _BATCH_HEADER.match(text):
            yield from self._open_batch(record)
        elif record.framed and text.startswith(_TRAILER_START) and len(text) < HEADER_CHARACTERS + 10:
            yield from self._close_batch(record)
        elif record.framed and text.startswith(_DETAIL_START):
            self._records += 1
            reference = text[2:_DETAIL_CHARACTERS].strip()
            yield from self._transmission(text[_DETAIL_CHARACTERS:], reference, record.complete)
        else:
            self._records += 1
            yield from self._transmission(text, "", record.complete)

    def end(self) -> Iterator[EdiFinding]:
        """Findings at the end of the file."""
        if self.number == 0:
            yield EdiFinding(0, "", "EMPTY", "the file is empty", fatal=True)
        elif self._in_batch:
            text = "the batch breaks off before its trailer; send it again, whole"
            yield EdiFinding(self.number, "99", "TRAILER_MISSING", text, fatal=True)

    def _open_batch(self, record: Record) -> Iterator[EdiFinding]:
        self.number += 1
        if self._in_batch:
            text = (
                "a new batch begins before the trailer of the one before, which breaks off; send that one again, whole"
            )
            yield EdiFinding(self.number, "00", "TRAILER_MISSING", text, fatal=True)
        if record.text[2:3] != "T":
            text = "the batch is no transmission (00T) but a response; its claims are read all the same"
            yield EdiFinding(self.number, "00", "BATCH_TYPE", text)
        self._batch = Batch(record.text[3:27].strip(), record.text[27:34].strip())
        # The header counts as a record of its batch.
        self._in_batch, self._records = True, 1

    def _close_batch(self, record: Record) -> Iterator[EdiFinding]:
        self.number += 1
        self._records += 1
        number, count = record.text[2:9].strip(), record.text[9:19].strip()
        # Senders count details alone, or header and trailer with them.
        agrees = count.lstrip("0") in (str(self._records), str(max(self._records - 2, 0)).lstrip("0"))
        if not record.complete and not (agrees and number == self._batch.number):
            # Half a trailer; the end of the file, or the next batch, tells that there is none.
            return
        if not self._in_batch:
            yield EdiFinding(self.number, "99", "BATCH_MISSING", "a trailer without the header of a batch before it")
        elif number != self._batch.number:
            yield EdiFinding(self.number, "99", "BATCH_NUMBER", "the trailer names another batch than the header")
        if self._in_batch and not agrees:
            text = f"the trailer counts {count[:10] or '(nothing)'} records, the batch has {self._records:,}"
            yield EdiFinding(self.number, "99", "RECORD_COUNT", text)
        self._batch, self._in_batch, self._records = Batch(), False, 0

    def _transmission(self, text: str, reference: str, is_complete: bool) -> Iterator[ClaimRead | EdiFinding]:
        made = transmission_of(text, self.number + 1)
        self.number += made.segments if made is not None else 1
        if made is None:
            text = f"a transmission begins with a header of {HEADER_CHARACTERS} characters; this one was not read"
            yield EdiFinding(self.number, "header", "HEADER_SHORT", text, fatal=True)
            return
        header = made.header
        yield from (EdiFinding(*wrong) for wrong in made.wrong)
        if header.transaction_code not in FREQUENCIES:
            text = f"transaction {header.transaction_code} is no claim ({', '.join(FREQUENCIES)}); it was not read"
            yield EdiFinding(made.number, "A3", "TRANSACTION_UNREAD", text)
            return
        yield from self._counts(made)
        if not is_complete and not made.transactions:
            text = "the transmission breaks off before its first claim; send it again, whole"
            yield EdiFinding(self.number, "", "TRUNCATED", text, fatal=True)
        for place, transaction in enumerate(made.transactions, start=1):
            read = read_transaction(transaction, header, self._batch, reference, self._terms)
            if is_complete or place < len(made.transactions):
                yield read
                continue
            text = "the transmission breaks off within this claim: it may lack fields and was not sent; send it again"
            cut = EdiFinding(read.segment, "", "TRUNCATED", text, fatal=True)
            yield replace(read, claim=None, findings=(*read.findings, cut))

    def _counts(self, made: Transmission) -> Iterator[EdiFinding]:
        """Version and number of transactions of a header."""
        header, there = made.header, len(made.transactions)
        if header.version not in VERSIONS[:1]:
            text = f"version {header.version} is not D0; it is read as D0"
            yield EdiFinding(made.number, "A2", "VERSION_UNSUPPORTED", text)
        if header.count != str(there):
            text = f"the header counts {header.count or '(no)'} transactions, the transmission has {there:,}"
            yield EdiFinding(made.number, "A9", "TRANSACTION_COUNT", text)
        if there > _TRANSACTIONS_MAX:
            text = f"the transmission has {there} transactions, the standard allows {_TRANSACTIONS_MAX}"
            yield EdiFinding(made.number, "A9", "TRANSACTIONS_MANY", text)
