"""An X12 file as a stream of envelopes, claims and findings."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from sources.x12.claim import ClaimRead, Terms, read_claim
from sources.x12.envelope import Envelope
from sources.x12.findings import EdiFinding, X12StructureError
from sources.x12.loops import ClaimLoop
from sources.x12.segments import Segment, segments
from sources.x12.stream import Begins, Ends, Level
from sources.x12.transaction import Transaction

# Control numbers of claims that are remembered to find one used twice.
_REMEMBERED_MAX = 1_000_000
_LEVELS: dict[str, Level] = {"ISA": "interchange", "GS": "group", "ST": "transaction"}
_ENDS: dict[str, Level] = {"IEA": "interchange", "GE": "group", "SE": "transaction"}
_DEPTH: dict[Level, int] = {"interchange": 0, "group": 1, "transaction": 2}

Read = Begins | ClaimRead | EdiFinding | Ends

__all__ = ["Begins", "ClaimRead", "EdiFinding", "Ends", "Read", "Terms", "read_file"]


def read_file(file: BinaryIO, terms: Terms) -> Iterator[Read]:
    """Everything in the file in its order: envelopes, claims as they end, findings of the file between them.

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
        yield from walk.close(0, error.segment)


class _Walk:
    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._envelope = Envelope()
        self._transaction: Transaction | None = None
        self._opened: list[Begins] = []
        self._guide = ""
        self._seen: set[int] = set()
        self._seen_twice: set[int] = set()

    def take(self, segment: Segment) -> Iterator[Read]:
        if segment.name in ("ISA", "GS", "ST", "GE", "IEA"):
            # Only SE ends a transaction as it should.
            yield from self.cut_off(segment.number)
        elif segment.name == "SE" and self._transaction is not None:
            yield from self._claims(self._transaction.end())
        found = list(self._envelope.take(segment))
        if segment.name in _LEVELS:
            yield from self._open(_LEVELS[segment.name], segment)
        yield from (self._placed(finding, segment.name) for finding in found)
        if segment.name in _ENDS:
            yield from self._end_of(_ENDS[segment.name], segment)
        if segment.name == "ST" and segment.get(1) == "837":
            self._transaction, self._guide = Transaction(), self._envelope.guide
        elif segment.name not in _LEVELS and segment.name not in _ENDS and self._transaction is not None:
            yield from self._claims(self._transaction.take(segment))
            yield from self._found(self._transaction)

    def end(self, number: int) -> Iterator[Read]:
        yield from self.cut_off(number)
        yield from self._envelope.end(number)
        yield from self.close(0, number)

    def cut_off(self, number: int) -> Iterator[Read]:
        """The claim that was under way when its transaction broke off: it may lack lines, and is not sent."""
        if self._transaction is None:
            return
        for loop in self._transaction.end():
            text = "the transaction breaks off within this claim: it may lack lines and was not sent; send it again"
            finding = EdiFinding(number, "CLM", "TRUNCATED", text, True, "CLM", loop="2300")
            yield ClaimRead(loop.claim.number, loop.claim.get(1)[:50], None, (finding,), loop)

    def close(self, depth: int, number: int) -> Iterator[Read]:
        """Ends for all that is open at this depth (interchange 0, group 1, transaction 2) and below."""
        while self._opened and _DEPTH[self._opened[-1].level] >= depth:
            yield self._ended((), number)

    def _open(self, level: Level, segment: Segment) -> Iterator[Read]:
        yield from self.close(_DEPTH[level], segment.number)
        begun = Begins(
            level, segment.number, tuple(segment.elements), segment.separators if level == "interchange" else None
        )
        self._opened.append(begun)
        yield begun

    def _end_of(self, level: Level, segment: Segment) -> Iterator[Read]:
        if any(begun.level == level for begun in self._opened):
            yield from self.close(_DEPTH[level] + 1, segment.number)
            yield self._ended(tuple(segment.elements), segment.number)

    def _ended(self, trailer: tuple[str, ...], number: int) -> Ends:
        begun = self._opened.pop()
        if begun.level != "transaction":
            return Ends(begun.level, number, trailer)
        count = number - begun.segment + (1 if trailer else 0)
        of, self._transaction = self._transaction, None
        if of is None:
            return Ends(begun.level, number, trailer, count)
        return Ends(begun.level, number, trailer, count, of.purpose, of.sender, of.receiver)

    def _claims(self, loops: Iterable[ClaimLoop]) -> Iterator[Read]:
        assert self._transaction is not None
        for loop in loops:
            read = read_claim(loop, self._guide, self._transaction.submitter or self._envelope.sender, self._terms)
            yield from self._found(self._transaction)
            yield replace(read, findings=tuple(self._placed(finding) for finding in read.findings))
            yield from self._used_twice(loop, read.control_number)

    def _found(self, transaction: Transaction) -> Iterator[EdiFinding]:
        if transaction.found:
            found, transaction.found = transaction.found, []
            yield from (self._placed(finding) for finding in found)

    def _placed(self, finding: EdiFinding, name: str = "") -> EdiFinding:
        begun = self._opened[-1] if self._opened else None
        inside = begun is not None and begun.level == "transaction"
        position = finding.segment - begun.segment + 1 if begun is not None and inside else 0
        name = finding.segment_name or name or finding.position[:3].rstrip("0")
        return replace(finding, segment_name=name, in_transaction=position)

    def _used_twice(self, loop: ClaimLoop, control_number: str) -> Iterator[EdiFinding]:
        mark = hash((self._envelope.sender, control_number))
        if mark in self._seen and mark not in self._seen_twice:
            self._seen_twice.add(mark)
            text = "CLM01 came before in this file: the same claim again counts once, another one is set aside"
            yield self._placed(EdiFinding(loop.claim.number, "CLM01", "DUP_CLM01", text, loop="2300"))
        if len(self._seen) < _REMEMBERED_MAX:
            self._seen.add(mark)
