"""The hierarchy of an 837: what each CLM stands under, collected segment by segment.

2000A billing provider, 2000B subscriber, 2000C patient. A level begins empty: what it lacks is missing, and never
taken from the level of the same kind before it. A level whose parent is unknown belongs to the open one by its place.
"""

from dataclasses import dataclass, field

from sources.x12.segments import Segment

BILLING, SUBSCRIBER, PATIENT = "20", "22", "23"
_PARENT_LEVEL = {SUBSCRIBER: BILLING, PATIENT: SUBSCRIBER}


@dataclass
class Party:
    """A person or organization: its NM1, and what follows it."""

    name: Segment | None = None
    references: list[Segment] = field(default_factory=list)
    demographics: Segment | None = None


@dataclass
class Level:
    """An HL with its parties by the code of NM101."""

    identifier: str
    kind: str
    parent: "Level | None"
    segment: int
    parties: dict[str, Party] = field(default_factory=dict)
    insured: Segment | None = None
    patient: Segment | None = None

    def party(self, code: str) -> Party:
        """A party of the level; an empty one when it is missing."""
        return self.parties.get(code) or Party()


@dataclass
class OtherInsurance:
    """A loop 2320: another payer's share of the claim."""

    insured: Segment
    parties: dict[str, Party] = field(default_factory=dict)
    amounts: list[Segment] = field(default_factory=list)
    adjustments: list[Segment] = field(default_factory=list)


@dataclass
class Service:
    """A loop 2400: a service line."""

    number: Segment | None
    service: Segment | None = None
    dates: list[Segment] = field(default_factory=list)
    references: list[Segment] = field(default_factory=list)
    # What an earlier payer did with the line: SVD, and the CAS after it.
    decisions: list[tuple[Segment, list[Segment]]] = field(default_factory=list)


@dataclass
class ClaimLoop:
    """A loop 2300 with everything in it, and the levels it stands under."""

    claim: Segment
    level: Level | None
    dates: list[Segment] = field(default_factory=list)
    references: list[Segment] = field(default_factory=list)
    diagnoses: list[Segment] = field(default_factory=list)
    attachments: list[Segment] = field(default_factory=list)
    amounts: list[Segment] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    others: list[OtherInsurance] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    segments: int = 1

    def level_of(self, kind: str) -> Level | None:
        """The level of that kind above the claim."""
        level = self.level
        while level is not None and level.kind != kind:
            level = level.parent
        return level


class Levels:
    """The levels of a transaction by their HL01, and the open one."""

    def __init__(self) -> None:
        self.current: Level | None = None
        # Providers by their HL01, and the subscriber that is open: a closed one has no more patients.
        self._parents: dict[str, Level] = {}
        self._seen: set[str] = set()
        self._open: dict[str, Level] = {}

    def open(self, segment: Segment) -> tuple[Level, list[tuple[str, str, str]]]:
        """A new level, and what is wrong with it as position, code and text."""
        identifier, parent_id, kind = segment.get(1), segment.get(2), segment.get(3)
        wrong = []
        if identifier in self._seen:
            wrong.append(("HL01", "HL_DUP", f"HL01 {identifier} is used twice in the transaction"))
        wanted = _PARENT_LEVEL.get(kind)
        parent = self._parents.get(parent_id)
        if kind not in (BILLING, SUBSCRIBER, PATIENT):
            wrong.append(("HL03", "HL_LEVEL", f"HL03 {kind or '(empty)'} is no level of a claim: 20, 22 or 23"))
            parent = None
        elif wanted is None:
            parent = None
        elif parent is None or parent.kind != wanted:
            text = f"HL {identifier} names parent {parent_id or '(none)'}, which is no level {wanted} before it"
            wrong.append(("HL02", "HL_PARENT", text))
            parent = self._open.get(wanted)
        level = Level(identifier, kind, parent, segment.number)
        self._close(kind)
        self._seen.add(identifier)
        self._open[kind] = self.current = level
        if kind in (BILLING, SUBSCRIBER):
            self._parents[identifier] = level
        return level, wrong

    def _close(self, kind: str) -> None:
        """A new provider ends the subscriber and patient before it, a new subscriber the one before and its patient."""
        for closed in {BILLING: (SUBSCRIBER, PATIENT), SUBSCRIBER: (SUBSCRIBER, PATIENT)}.get(kind, ()):
            level = self._open.pop(closed, None)
            if level is not None and self._parents.get(level.identifier) is level:
                del self._parents[level.identifier]
