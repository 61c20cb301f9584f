"""Interchange, group and transaction: who sent it, and whether their counts and control numbers agree."""

from collections.abc import Iterator

from schemas.counted import counted
from sources.x12.findings import EdiFinding, shown
from sources.x12.segments import STANDARD, Elements, Separators
from sources.x12.stream import Begins, Ends, Level

VERSION = "00501"
# Guides of claims in force, by kind; later errata differ in the last characters only.
GUIDES = {"005010X222": "professional", "005010X223": "institutional", "005010X224": "dental"}
OLD_GUIDES = {"004010X098": "professional", "004010X096": "institutional", "004010X097": "dental"}
OPENING: dict[str, Level] = {"ISA": "interchange", "GS": "group", "ST": "transaction"}
CLOSING: dict[str, Level] = {"IEA": "interchange", "GE": "group", "SE": "transaction"}
_ORDER: tuple[Level, ...] = ("interchange", "group", "transaction")
_TRAILERS: dict[Level, str] = {"interchange": "IEA", "group": "GE", "transaction": "SE"}
# Places of control numbers in ISA, GS and ST, and what their trailers count.
_CONTROLS = {"interchange": 13, "group": 6, "transaction": 2}
_COUNTED = {"interchange": "group", "group": "transaction", "transaction": "segment"}
# Control numbers that are remembered to find one used twice.
_REMEMBERED_MAX = 100_000
# Code, words, and whether claims may be lost: a GE alone is forgotten, as an IEA after it says that all is there.
_UNCLOSED = {
    "interchange": ("IEA_MISSING", "the interchange breaks off before its IEA; send it again, whole", True),
    "group": ("GE_MISSING", "the group has no GE", False),
    "transaction": ("SE_MISSING", "the transaction breaks off before its SE; send it again, whole", True),
}


def element(segment: Elements, position: int) -> str:
    """An element by its position from 1, without blanks around it; empty where it is missing."""
    return segment[position].strip() if position < len(segment) else ""


def _count(trailer: Elements) -> str:
    """What a trailer counts, without zeros before it."""
    return element(trailer, 1).lstrip("0") or "0"


def shown_guide(guide: str) -> str:
    """A guide as a finding may quote it: 005010X222A1; a misplaced element may be anything."""
    return guide[:12] if guide[:3] in ("003", "004", "005", "006", "007", "008") else "(unknown)" if guide else "(none)"


class _Open:
    """A level that is open: what began it, and how many of the next level it had so far."""

    def __init__(self, level: Level, segment: Elements, number: int) -> None:
        self.level = level
        self.segment = segment
        self.number = number
        self.inner = 0

    @property
    def control(self) -> str:
        """Its control number."""
        return element(self.segment, _CONTROLS[self.level])

    def count(self, number: int) -> int:
        """What its trailer, as segment of that number, should count."""
        return number - self.number + 1 if self.level == "transaction" else self.inner


class Envelope:
    """Follows ISA, GS, ST and their ends; hands out Begins and Ends with the findings of each between them."""

    def __init__(self) -> None:
        self.sender = ""
        self.guide = ""
        # BHT, NM1*41 and NM1*40 of the transaction that ends, for its Ends.
        self.purpose: Elements = []
        self.submitter: Elements = []
        self.receiver: Elements = []
        self._open: list[_Open] = []
        self._groups_version = ""
        self._interchanges_seen: set[str] = set()
        self._transactions_seen: set[str] = set()

    @property
    def began(self) -> int:
        """Number of the ST that is open; 0 outside."""
        return self._open[-1].number if self._open and self._open[-1].level == "transaction" else 0

    @property
    def is_open(self) -> bool:
        """Whether anything is open."""
        return bool(self._open)

    def is_ended_by(self, segment: Elements, number: int) -> bool:
        """Whether a segment is the trailer of what was opened last, with the right count and control number."""
        one = self._open[-1] if self._open else None
        if one is None or CLOSING.get(segment[0]) != one.level:
            return False
        return _count(segment) == str(one.count(number)) and element(segment, 2) == one.control

    def opens(
        self, segment: Elements, number: int, separators: Separators = STANDARD
    ) -> Iterator[Begins | Ends | EdiFinding]:
        """An ISA, GS or ST: what it leaves unclosed ends first."""
        level = OPENING[segment[0]]
        yield from self._unclosed(level, number, segment[0])
        if self._open:
            self._open[-1].inner += 1
        self._open.append(_Open(level, segment, number))
        self.purpose = self.submitter = self.receiver = []
        yield Begins(level, number, tuple(segment), separators if level == "interchange" else None)
        if level == "interchange":
            yield from self._interchange(segment, number)
        elif level == "group":
            self._groups_version = element(segment, 8)
            self._transactions_seen.clear()
        else:
            yield from self._transaction(segment, number)

    def closes(self, segment: Elements, number: int) -> Iterator[Ends | EdiFinding]:
        """An IEA, GE or SE."""
        level, name = CLOSING[segment[0]], segment[0]
        at = next((i for i, one in enumerate(self._open) if one.level == level), None)
        if at is None:
            opening = next(name for name, one in OPENING.items() if one == level)
            yield EdiFinding(number, name, f"{opening}_MISSING", f"{name} without {opening} before it", False, name)
            return
        while len(self._open) > at + 1:
            yield from self._break_off(number, name)
        one = self._open[-1]
        position = number - one.number + 1 if level == "transaction" else 0
        if _count(segment) != str(one.count(number)):
            there = counted(one.count(number), _COUNTED[level])
            text = f"{name}01 is {shown(element(segment, 1))}, the {level} has {there}"
            yield EdiFinding(number, f"{name}01", f"{name}_COUNT", text, False, name, position)
        if element(segment, 2) != one.control:
            text = f"{name}02 is {shown(element(segment, 2), 9)}, {one.segment[0]}{_CONTROLS[level]:02d} "
            text += shown(one.control, 9)
            yield EdiFinding(number, f"{name}02", f"{name}_CONTROL", text, False, name, position)
        yield self._ended(tuple(segment), number)

    def end(self, number: int) -> Iterator[Ends | EdiFinding]:
        """The end of the file."""
        while self._open:
            yield from self._break_off(number, "")

    def _unclosed(self, level: Level, number: int, name: str) -> Iterator[Ends | EdiFinding]:
        while self._open and _ORDER.index(self._open[-1].level) >= _ORDER.index(level):
            yield from self._break_off(number, name)

    def _break_off(self, number: int, name: str) -> Iterator[Ends | EdiFinding]:
        """What is open ends without its trailer; `name` is that of the segment which shows it."""
        level = self._open[-1].level
        code, text, fatal = _UNCLOSED[level]
        yield EdiFinding(number, _TRAILERS[level], code, text, fatal, name)
        yield self._ended((), number)

    def _ended(self, trailer: tuple[str, ...], number: int) -> Ends:
        one = self._open.pop()
        if one.level != "transaction":
            return Ends(one.level, number, trailer)
        count = number - one.number + (1 if trailer else 0)
        named = (tuple(self.purpose), tuple(self.submitter), tuple(self.receiver))
        return Ends(one.level, number, trailer, count, *named)

    def _interchange(self, segment: Elements, number: int) -> Iterator[EdiFinding]:
        if element(segment, 12) != VERSION:
            text = f"ISA12 is {shown(element(segment, 12))}, not {VERSION}; transactions are read by their own guide"
            yield EdiFinding(number, "ISA12", "ISA_VERSION", text, False, "ISA")
        self.sender = element(segment, 6)
        control = f"{self.sender}/{element(segment, 13)}"
        if control in self._interchanges_seen:
            text = (
                f"ISA13 {shown(element(segment, 13), 9)} came before from this sender; is the interchange sent twice?"
            )
            yield EdiFinding(number, "ISA13", "DUP_ISA13", text, False, "ISA")
        if len(self._interchanges_seen) < _REMEMBERED_MAX:
            self._interchanges_seen.add(control)

    def _transaction(self, segment: Elements, number: int) -> Iterator[EdiFinding]:
        self.guide = element(segment, 3) or self._groups_version
        control = element(segment, 2)
        if control in self._transactions_seen:
            text = f"ST02 {shown(control, 9)} is used twice in one group; every transaction needs its own"
            yield EdiFinding(number, "ST02", "DUP_ST02", text, False, "ST", 1)
        if len(self._transactions_seen) < _REMEMBERED_MAX:
            self._transactions_seen.add(control)
        if element(segment, 1) != "837":
            text = f"transaction {shown(element(segment, 1), 3)} is no claim (837); it was not read"
            yield EdiFinding(number, "ST01", "TRANSACTION_UNREAD", text, False, "ST", 1)
        elif not self.guide.startswith(tuple(GUIDES)):
            text = f"guide {shown_guide(self.guide)} is none of {', '.join(GUIDES)}; it is read as one of them"
            yield EdiFinding(number, "ST03", "VERSION_UNSUPPORTED", text, False, "ST", 1)
