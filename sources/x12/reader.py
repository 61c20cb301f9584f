"""An X12 file as a stream of claims and findings."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from sources.x12.claim import ClaimRead, Terms, read_claim
from sources.x12.envelope import Envelope
from sources.x12.findings import EdiFinding, X12StructureError
from sources.x12.loops import ClaimLoop
from sources.x12.segments import Segment, segments
from sources.x12.transaction import Transaction

# Control numbers of claims that are remembered to find one used twice.
_REMEMBERED_MAX = 1_000_000
_ENVELOPES = ("ISA", "GS", "ST", "SE", "GE", "IEA")

__all__ = ["ClaimRead", "EdiFinding", "Terms", "read_file"]


def read_file(file: BinaryIO, terms: Terms) -> Iterator[ClaimRead | EdiFinding]:
    """Everything in the file in its order: claims as they end, findings of the file between them.

    A file that cannot be read on ends with a fatal finding. A claim that the end of the file cut off is not sent.
    """
    walk = _Walk(terms)
    number = 0
    try:
        for segment in segments(file):
            number = segment.number
            yield from walk.take(segment)
        if number == 0:
            yield EdiFinding(0, "ISA", "EMPTY", "the file is empty", fatal=True)
        yield from walk.end(number)
    except X12StructureError as error:
        yield from walk.cut_off(error.segment)
        yield EdiFinding(error.segment, "", error.code, f"{error}; nothing after it was read", fatal=True)


class _Walk:
    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._envelope = Envelope()
        self._transaction: Transaction | None = None
        self._guide = ""
        self._seen: set[int] = set()
        self._seen_twice: set[int] = set()

    def take(self, segment: Segment) -> Iterator[ClaimRead | EdiFinding]:
        if segment.name in ("ISA", "GS", "ST", "GE", "IEA"):
            # Only SE ends a transaction as it should.
            yield from self.cut_off(segment.number)
        elif segment.name == "SE" and self._transaction is not None:
            yield from self._claims(self._transaction.end())
            self._transaction = None
        yield from self._envelope.take(segment)
        if segment.name == "ST" and segment.get(1) == "837":
            self._transaction, self._guide = Transaction(), self._envelope.guide
        elif segment.name not in _ENVELOPES and self._transaction is not None:
            yield from self._claims(self._transaction.take(segment))
            yield from self._found(self._transaction)

    def end(self, number: int) -> Iterator[ClaimRead | EdiFinding]:
        yield from self.cut_off(number)
        yield from self._envelope.end(number)

    def cut_off(self, number: int) -> Iterator[ClaimRead | EdiFinding]:
        """The claim that was under way when its transaction broke off: it may lack lines, and is not sent."""
        if self._transaction is None:
            return
        for loop in self._transaction.end():
            text = "the transaction breaks off within this claim: it may lack lines and was not sent; send it again"
            finding = EdiFinding(number, "CLM", "TRUNCATED", text, fatal=True)
            yield ClaimRead(loop.claim.number, loop.claim.get(1)[:50], None, (finding,))
        self._transaction = None

    def _claims(self, loops: Iterable[ClaimLoop]) -> Iterator[ClaimRead | EdiFinding]:
        assert self._transaction is not None
        for loop in loops:
            read = read_claim(loop, self._guide, self._transaction.submitter or self._envelope.sender, self._terms)
            yield from self._found(self._transaction)
            yield read
            yield from self._used_twice(loop, read.control_number)

    def _found(self, transaction: Transaction) -> Iterator[EdiFinding]:
        if transaction.found:
            found, transaction.found = transaction.found, []
            yield from found

    def _used_twice(self, loop: ClaimLoop, control_number: str) -> Iterator[EdiFinding]:
        mark = hash((self._envelope.sender, control_number))
        if mark in self._seen and mark not in self._seen_twice:
            self._seen_twice.add(mark)
            text = "CLM01 came before in this file: the same claim again counts once, another one is set aside"
            yield EdiFinding(loop.claim.number, "CLM01", "DUP_CLM01", text)
        if len(self._seen) < _REMEMBERED_MAX:
            self._seen.add(mark)
