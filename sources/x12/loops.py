"""The loops of an 837: a claim with the levels it stands under, and their segments sorted to whom they belong.

2000A billing provider, 2000B subscriber, 2000C patient. A level begins empty: what it lacks is missing, and never
taken from the level of the same kind before it. A level whose parent is unknown belongs to the open one by its place;
a patient who names a subscriber that is closed belongs to none.
"""

from typing import Any

from sources.x12.findings import shown
from sources.x12.segments import STANDARD, Elements, Separators

BILLING, SUBSCRIBER, PATIENT = "20", "22", "23"
SERVICES = {"SV1": "professional", "SV2": "institutional", "SV3": "dental"}
# What follows an NM1 and belongs to it.
_OF_PARTY = frozenset(("REF", "PRV", "N2", "N3", "N4", "PER", "DMG"))
_PARENT_LEVEL = {SUBSCRIBER: BILLING, PATIENT: SUBSCRIBER}
# HL01 that are remembered to find one used twice, and providers that a later subscriber may name.
_REMEMBERED_MAX = 100_000
_PROVIDERS_MAX = 1_000

# A person or organization: its NM1, and what follows it.
Party = list[Elements]


class Level:
    """An HL: its segments, and by the first question what was read of it (sources/x12/levels.py)."""

    __slots__ = ("_parties", "base", "first", "kind", "parent", "provided", "read", "segments")

    def __init__(self, first: int, kind: str, parent: "Level | None", segments: list[Elements]) -> None:
        self.first = first
        self.kind = kind
        self.parent = parent
        self.segments = segments
        # Segments that belong to the level itself, once its parties were asked for.
        self.base: list[Elements] = []
        self._parties: list[Party] | None = None
        self.read: Any = None
        self.provided: Any = None

    def parties(self) -> list[Party]:
        """People and organizations of the level."""
        if self._parties is None:
            self._parties, party = [], None
            for segment in self.segments:
                name = segment[0]
                if name == "NM1":
                    party = [segment]
                    self._parties.append(party)
                elif party is not None and name in _OF_PARTY:
                    party.append(segment)
                else:
                    self.base.append(segment)
        return self._parties

    def party(self, code: str) -> Party:
        """The first party with that NM101; empty where it is missing."""
        return next((one for one in self.parties() if len(one[0]) > 1 and one[0][1] == code), [])


class OtherInsurance:
    """A loop 2320: another payer's share of the claim."""

    __slots__ = ("parties", "segments")

    def __init__(self, insured: Elements) -> None:
        self.segments = [insured]
        self.parties: list[Party] = []


class Service:
    """A loop 2400: LX and SV1, SV2 or SV3, where they are there; what else stands on it; its parties."""

    __slots__ = ("number", "parties", "segments", "service")

    def __init__(self, number: Elements | None, service: Elements | None) -> None:
        self.number = number
        self.service = service
        self.segments: list[Elements] = []
        self.parties: list[Party] = []


class ClaimLoop:
    """A loop 2300: all its segments as they came, the first is CLM and number `first` in the file.

    `sort` tells them apart. `began` is the number of ST; `header` are BHT and what else stands before the first HL.
    """

    __slots__ = (
        "began", "claim", "first", "header", "kinds", "level", "others", "parties", "segments", "separators",
        "services", "unsorted",
    )  # fmt: skip

    def __init__(
        self,
        first: int,
        segments: list[Elements],
        level: Level | None,
        began: int = 0,
        separators: Separators = STANDARD,
    ) -> None:
        self.first = first
        self.segments = segments
        self.claim = segments[0]
        self.level = level
        self.began = began
        self.separators = separators
        self.header: list[Elements] = []
        self.parties: list[Party] = []
        self.others: list[OtherInsurance] = []
        self.services: list[Service] = []
        # Names of the service segments.
        self.kinds: set[str] = set()
        # LX, SV1, SV2, SV3 in an order that no guide knows.
        self.unsorted: list[Elements] = []

    def level_of(self, kind: str) -> Level | None:
        """The level of that kind above the claim."""
        level = self.level
        while level is not None and level.kind != kind:
            level = level.parent
        return level

    def number_of(self, segment: Elements) -> int:
        """The number in the file of a segment of the claim or of a level above it; of CLM if it is none of these."""
        level: Level | None = self.level
        places: list[tuple[int, list[Elements]]] = [(self.first, self.segments)]
        while level is not None:
            places.append((level.first, level.segments))
            level = level.parent
        for first, segments in places:
            for place, one in enumerate(segments):
                if one is segment:
                    return first + place
        return self.first

    def sort(self) -> None:
        """Header, parties (2310), other insurances (2320) and services (2400) by their segments."""
        base, parties, party = self.header, self.parties, None
        service: Service | None = None
        for segment in self.segments[1:] if len(self.segments) > 1 else ():
            name = segment[0]
            if name == "NM1":
                party = [segment]
                parties.append(party)
            elif name == "LX" or name in SERVICES:
                if name != "LX":
                    self.kinds.add(name)
                if name != "LX" and service is not None and service.service is None:
                    service.service = segment
                    continue
                if name == "LX":
                    service = Service(segment, None)
                else:
                    self.unsorted.append(segment)
                    service = Service(None, segment)
                self.services.append(service)
                base, parties, party = service.segments, service.parties, None
            elif name == "SBR" and service is None:
                other = OtherInsurance(segment)
                self.others.append(other)
                base, parties, party = other.segments, other.parties, None
            elif party is not None and name in _OF_PARTY:
                party.append(segment)
            else:
                base.append(segment)


class Levels:
    """The levels of a transaction by their HL01, and the open one."""

    def __init__(self) -> None:
        self.current: Level | None = None
        # Providers by their HL01, and the subscriber that is open: a closed one has no more patients.
        self._parents: dict[str, Level] = {}
        self._seen: set[str] = set()
        self._closed: set[str] = set()
        self._open: dict[str, tuple[str, Level]] = {}

    def open(self, segment: Elements, number: int) -> tuple[Level, list[tuple[str, str, str]]]:
        """A new level, and what is wrong with it as position, code and text."""
        _, identifier, parent_id, kind = segment[:4] if len(segment) > 3 else (*segment, "", "", "")[:4]
        wrong: list[tuple[str, str, str]] = []
        if identifier in self._seen:
            wrong.append(("HL01", "HL_DUP", f"HL01 {shown(identifier)} is used twice in the transaction"))
        wanted = _PARENT_LEVEL.get(kind)
        parent = self._parents.get(parent_id)
        if kind not in (BILLING, SUBSCRIBER, PATIENT):
            wrong.append(("HL03", "HL_LEVEL", f"HL03 {shown(kind)} is no level of a claim: 20, 22 or 23"))
            parent = None
        elif wanted is None:
            parent = None
        elif parent is None or parent.kind != wanted:
            text = f"HL {shown(identifier)} names parent {shown(parent_id)}, which is no level {wanted} before it"
            wrong.append(("HL02", "HL_PARENT", text))
            # Whoever names a closed subscriber means that one: better no subscriber than another family's.
            is_closed = wanted == SUBSCRIBER and parent_id in self._closed
            parent = self._open[wanted][1] if wanted in self._open and not is_closed else None
        self.current = level = Level(number, kind, parent, [segment])
        self._remember(identifier, kind, level)
        return level, wrong

    def _remember(self, identifier: str, kind: str, level: Level) -> None:
        """A new provider ends the subscriber and patient before it, a new subscriber the one before and its patient."""
        if kind in (BILLING, SUBSCRIBER):
            self._open.pop(PATIENT, None)
            closed = self._open.pop(SUBSCRIBER, None)
            if closed is not None and self._parents.get(closed[0]) is closed[1]:
                del self._parents[closed[0]]
                if len(self._closed) < _REMEMBERED_MAX:
                    self._closed.add(closed[0])
        self._closed.discard(identifier)
        if len(self._seen) < _REMEMBERED_MAX:
            self._seen.add(identifier)
        self._open[kind] = (identifier, level)
        if kind in (BILLING, SUBSCRIBER):
            if len(self._parents) >= _PROVIDERS_MAX:
                del self._parents[next(iter(self._parents))]
            self._parents[identifier] = level
