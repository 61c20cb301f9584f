"""Interchange, group and transaction: who sent it, and whether their counts and control numbers agree."""

from collections.abc import Iterator

from sources.x12.findings import EdiFinding
from sources.x12.segments import Segment

VERSION = "00501"
# Guides of claims in force, by kind; later errata differ in the last characters only.
GUIDES = {"005010X222": "professional", "005010X223": "institutional", "005010X224": "dental"}
OLD_GUIDES = {"004010X098": "professional", "004010X096": "institutional", "004010X097": "dental"}
# Control numbers that are remembered to find one used twice.
_REMEMBERED_MAX = 100_000


class Envelope:
    """Follows ISA, GS, ST and their ends; `transaction` is the ST that is open."""

    def __init__(self) -> None:
        self.sender = ""
        self.transaction: Segment | None = None
        self._interchange: Segment | None = None
        self._group: Segment | None = None
        self._version = ""
        self._segments = self._transactions = self._groups = 0
        self._interchanges_seen: set[str] = set()
        self._transactions_seen: set[str] = set()

    @property
    def guide(self) -> str:
        """The implementation guide of the open transaction: ST03, else GS08."""
        return (self.transaction.get(3) if self.transaction else "") or self._version

    def take(self, segment: Segment) -> Iterator[EdiFinding]:
        """Findings of the envelopes at this segment."""
        self._segments += 1
        if segment.name == "ISA":
            yield from self._open_interchange(segment)
        elif segment.name == "GS":
            yield from self._open_group(segment)
        elif segment.name == "ST":
            yield from self._open_transaction(segment)
        elif segment.name == "SE":
            yield from self._close_transaction(segment)
        elif segment.name == "GE":
            yield from self._close_group(segment)
        elif segment.name == "IEA":
            yield from self._close_interchange(segment)

    def end(self, number: int) -> Iterator[EdiFinding]:
        """Findings at the end of the file."""
        yield from self._unclosed(number)
        if self._interchange is not None:
            yield EdiFinding(number, "IEA", "IEA_MISSING", "the file ends without IEA; it may be truncated")

    def _open_interchange(self, segment: Segment) -> Iterator[EdiFinding]:
        yield from self._unclosed(segment.number)
        if self._interchange is not None:
            yield EdiFinding(segment.number, "ISA", "IEA_MISSING", "a new ISA before the IEA of the one before")
        if segment.get(12) != VERSION:
            text = f"ISA12 is {segment.get(12)}, not {VERSION}; the transactions are read by their own guide"
            yield EdiFinding(segment.number, "ISA12", "ISA_VERSION", text)
        control = f"{segment.get(6)}/{segment.get(13)}"
        if control in self._interchanges_seen:
            text = f"ISA13 {segment.get(13)} came before from this sender; is the interchange sent twice?"
            yield EdiFinding(segment.number, "ISA13", "DUP_ISA13", text)
        if len(self._interchanges_seen) < _REMEMBERED_MAX:
            self._interchanges_seen.add(control)
        self.sender = segment.get(6)
        self._interchange, self._group, self._groups = segment, None, 0

    def _open_group(self, segment: Segment) -> Iterator[EdiFinding]:
        yield from self._unclosed(segment.number)
        self._group, self._version, self._transactions = segment, segment.get(8), 0
        self._transactions_seen.clear()
        self._groups += 1

    def _open_transaction(self, segment: Segment) -> Iterator[EdiFinding]:
        if self.transaction is not None:
            yield EdiFinding(segment.number, "ST", "SE_MISSING", "a new ST before the SE of the one before")
        self.transaction, self._segments = segment, 1
        self._transactions += 1
        control = segment.get(2)
        if control in self._transactions_seen:
            text = f"ST02 {control} is used twice in one group; every transaction needs its own"
            yield EdiFinding(segment.number, "ST02", "DUP_ST02", text)
        if len(self._transactions_seen) < _REMEMBERED_MAX:
            self._transactions_seen.add(control)
        if segment.get(1) != "837":
            text = f"transaction {segment.get(1)} is no claim (837); it was not read"
            yield EdiFinding(segment.number, "ST01", "TRANSACTION_UNREAD", text)
        elif not self.guide.startswith(tuple(GUIDES)):
            text = f"guide {self.guide or '(none)'} is none of {', '.join(GUIDES)}; it is read as one of them"
            yield EdiFinding(segment.number, "ST03", "VERSION_UNSUPPORTED", text)

    def _close_transaction(self, segment: Segment) -> Iterator[EdiFinding]:
        if self.transaction is None:
            yield EdiFinding(segment.number, "SE", "ST_MISSING", "SE without an ST before it")
            return
        if segment.get(1) != str(self._segments) and segment.get(1).lstrip("0") != str(self._segments):
            text = f"SE01 is {segment.get(1)}, the transaction has {self._segments} segments"
            yield EdiFinding(segment.number, "SE01", "SE_COUNT", text)
        if segment.get(2) != self.transaction.get(2):
            text = f"SE02 {segment.get(2)} differs from ST02 {self.transaction.get(2)}"
            yield EdiFinding(segment.number, "SE02", "SE_CONTROL", text)
        self.transaction = None

    def _close_group(self, segment: Segment) -> Iterator[EdiFinding]:
        yield from self._unclosed(segment.number, group=False)
        if self._group is None:
            yield EdiFinding(segment.number, "GE", "GS_MISSING", "GE without a GS before it")
            return
        if segment.get(1).lstrip("0") != str(self._transactions):
            text = f"GE01 is {segment.get(1)}, the group has {self._transactions} transactions"
            yield EdiFinding(segment.number, "GE01", "GE_COUNT", text)
        if segment.get(2) != self._group.get(6):
            text = f"GE02 {segment.get(2)} differs from GS06 {self._group.get(6)}"
            yield EdiFinding(segment.number, "GE02", "GE_CONTROL", text)
        self._group = None

    def _close_interchange(self, segment: Segment) -> Iterator[EdiFinding]:
        yield from self._unclosed(segment.number)
        if self._interchange is None:
            yield EdiFinding(segment.number, "IEA", "ISA_MISSING", "IEA without an ISA before it")
            return
        if segment.get(1).lstrip("0") != str(self._groups):
            text = f"IEA01 is {segment.get(1)}, the interchange has {self._groups} groups"
            yield EdiFinding(segment.number, "IEA01", "IEA_COUNT", text)
        if segment.get(2) != self._interchange.get(13):
            text = f"IEA02 {segment.get(2)} differs from ISA13 {self._interchange.get(13)}"
            yield EdiFinding(segment.number, "IEA02", "IEA_CONTROL", text)
        self._interchange = None

    def _unclosed(self, number: int, group: bool = True) -> Iterator[EdiFinding]:
        if self.transaction is not None:
            text = f"the transaction {self.transaction.get(2)} has no SE; what follows it may be lost"
            yield EdiFinding(number, "SE", "SE_MISSING", text)
            self.transaction = None
        if group and self._group is not None:
            yield EdiFinding(number, "GE", "GE_MISSING", f"the group {self._group.get(6)} has no GE")
            self._group = None
