"""Service lines of a claim: SV1, SV2 or SV3 as fields, everything else that stands on a line as attributes."""

from collections.abc import Sequence

from config.limits import ATTRIBUTES_MAX, CLAIM_LINES_MAX, CODE_CHARACTERS_MAX
from schemas.claim import ClaimLine
from sources.x12 import keys
from sources.x12.attributes import LINE, add, bounded, keep
from sources.x12.loops import ClaimLoop, Service
from sources.x12.notes import Notes
from sources.x12.parties import line_parties
from sources.x12.payers import Decision, Payers, unknown_payer
from sources.x12.segments import Elements
from sources.x12.services import SHAPES, beyond_fields, coded_of, pointers_of, revenue_of
from sources.x12.values import Values, period_of
from sources.x12.written import composite, escaped, joined

Period = tuple[int, int]
_OF_DECISION = frozenset(("CAS", "DTP", "AMT"))
# LX of lines that are numbered as they should be.
_IN_ORDER = [str(number) for number in range(1, CLAIM_LINES_MAX + 1)]
_NUMBER_DIGITS = 6
_REFERENCES = keys.LINE_REFERENCES


def numbers_of(services: Sequence[Service], claim: Elements, notes: Notes) -> Sequence[int]:
    """Line numbers by LX; by place where LX is missing or repeats."""
    texts = [
        service.number[1] if service.number is not None and len(service.number) > 1 else "" for service in services
    ]
    in_order = range(1, len(texts) + 1)
    if texts == _IN_ORDER[: len(texts)]:
        return in_order
    found = []
    for place, text in enumerate(texts, start=1):
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= _NUMBER_DIGITS else 0
        found.append(number if 0 < number <= CLAIM_LINES_MAX else place)
    if len(set(found)) != len(found):
        notes.note(claim, "LX01", "LX_TWICE", "line numbers repeat; lines are numbered by their place", "2400")
        return in_order
    return found


def periods_of(services: Sequence[Service], values: Values, notes: Notes) -> list[Period | None]:
    """First and last day of each line by DTP*472; None where there is none."""
    found: list[Period | None] = []
    for service in services:
        period = None
        for segment in service.segments:
            if segment[0] == "DTP" and len(segment) > 1 and segment[1] == "472":
                period = period_of(segment[2], segment[3]) if len(segment) > 3 else None
                if period is None:
                    period = values.days(segment, notes, "2400")
                break
        found.append(period)
    return found


class LineReader:
    """Reads the lines of one claim."""

    __slots__ = ("_diagnoses", "_notes", "_payers", "_values")

    def __init__(self, diagnoses: int, payers: Payers | None, values: Values, notes: Notes) -> None:
        self._diagnoses = diagnoses
        self._payers = payers
        self._values = values
        self._notes = notes

    def line(self, service: Service, segment: Elements, number: int, period: Period) -> ClaimLine:
        """A line; `segment` is its SV1, SV2 or SV3."""
        values, notes = self._values, self._notes
        attributes: dict[str, str] = {}
        name, size, shape = segment[0], len(segment), SHAPES[segment[0]]
        at, charge_at, unit_at, units_at, place_at, pointers_at, plain, beyond, _, _, units_missing, _ = shape
        revenue = revenue_of(segment, values, notes) if name == "SV2" else None
        text = segment[at] if size > at else ""
        coded = values.services[name].get(text) or coded_of(segment, text, revenue, values, notes)
        if coded[3]:
            attributes.update(coded[3])
        if unit_at and size > unit_at and segment[unit_at] not in ("UN", ""):
            attributes[keys.UNIT] = escaped(segment[unit_at])
        if size > plain or (size > beyond and segment[beyond]):
            attributes.update(beyond_fields(segment, shape, values))
        charge = values.amounts.get(segment[charge_at]) if size > charge_at else None
        if charge is None:
            charge = values.amount(segment, charge_at, notes, "2400")
        units = values.units.get(segment[units_at]) if size > units_at else None
        if units is None:
            units = values.units_milli(segment, units_at, notes, units_missing)
        pointers: tuple[int, ...] = ()
        if size > pointers_at > 0 and (text := segment[pointers_at]):
            known = values.pointers.get((text, self._diagnoses))
            pointers = known or pointers_of(segment, pointers_at, text, self._diagnoses, values, notes)
        tooth, authorization = self._rest(service, number, attributes)
        if service.parties:
            line_parties(service.parties, attributes, values)
        if values.long or len(attributes) > ATTRIBUTES_MAX:
            attributes = bounded(attributes, segment, "2400", notes)
        place = segment[place_at] or None if size > place_at > 0 else None
        if place is not None and len(place) > CODE_CHARACTERS_MAX:
            place = values.code(segment, place_at, notes, "2400")
        first, last = period
        if last < first:
            first, last = last, first
        return ClaimLine(
            number, coded[0], coded[1], revenue, coded[2], units, charge, first, last, pointers,
            place, authorization, tooth, attributes,
        )  # fmt: skip

    def _rest(self, service: Service, number: int, attributes: dict[str, str]) -> tuple[str | None, str | None]:
        """Tooth and authorization; everything else that stands on the line goes into its attributes."""
        component = self._values.component
        authorization: str | None = None
        teeth: list[Elements] | None = None
        decision: Decision | None = None
        dated = False
        for segment in service.segments:
            name = segment[0]
            if name == "DTP" and not dated and len(segment) > 1 and segment[1] == "472":
                dated = True
            elif decision is not None and name in _OF_DECISION:
                decision.segments.append(segment)
            elif name == "REF" and authorization is None and len(segment) == 3 and segment[1] == "G1":
                authorization = self._values.code(segment, 2, self._notes, "2400")
            elif name == "REF" and len(segment) == 3 and (key := _REFERENCES.get(segment[1])) and key not in attributes:
                if segment[2]:
                    attributes[key] = composite(segment[2], component)
            elif name == "SVD" and self._payers is not None:
                decision = self._payers.decided(segment, number)
            elif name == "SVD":
                unknown_payer(segment, self._notes)
                keep(segment, LINE, attributes, component)
            elif name == "TOO":
                teeth = [*(teeth or ()), segment]
            elif name == "LIN" and len(segment) == 4 and segment[2] == "N4" and not segment[1]:
                add(attributes, keys.DRUG, escaped(segment[3]))
            elif name in ("LQ", "FRM"):
                add(attributes, keys.FORMS, joined(segment, component))
            else:
                keep(segment, LINE, attributes, component)
        if decision is not None and self._payers is not None:
            self._payers.tell_line(attributes)
        return self._tooth(teeth, attributes) if teeth else None, authorization

    def _tooth(self, teeth: list[Elements], attributes: dict[str, str]) -> str | None:
        """The first tooth; all of them with their surfaces, where that says more."""
        tooth = self._values.code(teeth[0], 2, self._notes, "2400")
        if len(teeth) > 1 or len(teeth[0]) != 3 or teeth[0][1] != "JP":
            for one in teeth:
                add(attributes, keys.TEETH, joined(one[1:], self._values.component))
        return tooth


def missing_service(loop: ClaimLoop, service: Service, notes: Notes) -> None:
    """The finding for an LX without a service."""
    at = service.number if service.number is not None else loop.claim
    text = "LX without a service; the claim was not sent"
    notes.note(at, "SV1", "SV1_MISSING", text, "2400", fatal=True)
