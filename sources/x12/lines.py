"""Service lines of a claim: SV1, SV2 or SV3 as fields, everything else that stands on a line as attributes."""

from collections.abc import Sequence

from config.limits import CLAIM_LINES_MAX
from schemas.claim import ClaimLine
from sources.x12 import keys
from sources.x12.attributes import LINE, add, bounded, keep
from sources.x12.loops import ClaimLoop, Service
from sources.x12.notes import Notes
from sources.x12.parties import line_parties
from sources.x12.payers import Decision, Payers, unknown_payer
from sources.x12.segments import Elements
from sources.x12.values import Values, remember
from sources.x12.written import escaped, joined, placed

Period = tuple[int, int]
Coded = tuple[str, str, tuple[str, ...], dict[str, str]]
CODE_SYSTEMS = {"HC": "HC", "AD": "AD", "N4": "NDC"}
# The qualifier of a list that no rule of ours knows, where a writer has no other.
LOCAL_QUALIFIER = "ZZ"
_DESCRIPTION, _RANGE_END = 6, 7
_REVENUE_DIGITS = 4
# Services of that many elements have nothing beyond their fields.
_PLAIN_SIZE = {"SV1": 8, "SV2": 6, "SV3": 4}
_OF_DECISION = frozenset(("CAS", "DTP", "AMT"))
_NO_ATTRIBUTES: dict[str, str] = {}


def numbers_of(services: Sequence[Service], claim: Elements, notes: Notes) -> list[int]:
    """Line numbers by LX; by place where LX is missing or repeats."""
    found = []
    for place, service in enumerate(services, start=1):
        text = service.number[1] if service.number is not None and len(service.number) > 1 else ""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
        found.append(number if 0 < number <= CLAIM_LINES_MAX else place)
    if len(set(found)) != len(found):
        notes.note(claim, "LX01", "LX_TWICE", "line numbers repeat; lines are numbered by their place", "2400")
        return list(range(1, len(found) + 1))
    return found


def periods_of(services: Sequence[Service], values: Values, notes: Notes) -> list[Period | None]:
    """First and last day of each line by DTP*472; None where there is none."""
    found: list[Period | None] = []
    for service in services:
        period = None
        for segment in service.segments:
            if segment[0] == "DTP" and len(segment) > 1 and segment[1] == "472":
                period = values.days(segment, notes, "2400")
                break
        found.append(period)
    return found


class LineReader:
    """Reads the lines of one claim."""

    def __init__(self, form: str, diagnoses: int, payers: Payers | None, values: Values, notes: Notes) -> None:
        self._form = form
        self._diagnoses = diagnoses
        self._payers = payers
        self._values = values
        self._notes = notes

    def line(self, service: Service, segment: Elements, number: int, period: Period) -> ClaimLine:
        """A line; `segment` is its SV1, SV2 or SV3."""
        values, notes, attributes = self._values, self._notes, dict[str, str]()
        name = segment[0]
        first, last = period
        revenue: str | None = None
        place: str | None = None
        known: tuple[int, ...]
        if name == "SV2":
            revenue = self._revenue(segment)
            code, system, modifiers, more = self._service(segment, 2, revenue)
            charge, unit, at, known = values.amount(segment, 3, notes, "2400"), 4, 5, (1, 2, 3, 4, 5)
        elif name == "SV3":
            code, system, modifiers, more = self._service(segment, 1, None)
            charge, unit, at, known = values.amount(segment, 2, notes, "2400"), 0, 6, (1, 2, 3, 6, 11)
            place = values.code(segment, 3, notes, "2400")
        else:
            code, system, modifiers, more = self._service(segment, 1, None)
            charge, unit, at, known = values.amount(segment, 2, notes, "2400"), 3, 4, (1, 2, 3, 4, 5, 7)
            place = values.code(segment, 5, notes, "2400")
        if more:
            attributes.update(more)
        if unit and len(segment) > unit and segment[unit] not in ("UN", ""):
            attributes[keys.UNIT] = escaped(segment[unit])
        self._positions(segment, known, attributes)
        units = values.units_milli(segment, at, notes, 1000 if name == "SV3" else None)
        pointers = self._pointers(segment, 7 if name == "SV1" else 11) if name != "SV2" else ()
        tooth, authorization = self._rest(service, number, attributes)
        if service.parties:
            line_parties(service.parties, attributes, values)
        if attributes:
            attributes = bounded(attributes, segment, "2400", notes)
        return ClaimLine(
            number, code, system, revenue, modifiers, units, charge, first if first < last else last,
            last if first < last else first, pointers, place, authorization, tooth, attributes,
        )  # fmt: skip

    def _positions(self, segment: Elements, known: tuple[int, ...], attributes: dict[str, str]) -> None:
        """Elements of the service that have no field."""
        if len(segment) <= _PLAIN_SIZE[segment[0]] and not any(segment[6:7]):
            return
        names = {"SV1": keys.SV1_POSITIONS, "SV2": keys.SV2_POSITIONS, "SV3": keys.SV3_POSITIONS}[segment[0]]
        attributes.update(placed(segment, names, segment[0].lower(), 2, known, self._values.component))

    def _revenue(self, segment: Elements) -> str | None:
        code = self._values.code(segment, 1, self._notes, "2400")
        if code is None:
            self._notes.note(segment, "SV201", "CODE_MISSING", "the line has no revenue code", "2400")
        elif len(code) < _REVENUE_DIGITS and code.isdigit():
            return code.zfill(_REVENUE_DIGITS)
        return code

    def _service(self, segment: Elements, position: int, revenue: str | None) -> Coded:
        """Code, system, modifiers and attributes of a composite such as HC:99213:25."""
        text = segment[position] if len(segment) > position else ""
        key = (segment[0], text)
        known = self._values.services.get(key)
        if known is not None:
            return known
        if not text and revenue is not None:
            return revenue, "RC", (), _NO_ATTRIBUTES
        notes, values = self._notes, self._values
        before = len(notes.findings)
        parts = values.parts(text)
        qualifier, code = parts[0], parts[1].upper() if len(parts) > 1 else ""
        at = f"{segment[0]}{position:02d}"
        if not code and revenue is not None:
            code, qualifier = revenue, "RC"
        elif not code:
            notes.note(segment, f"{at}-2", "CODE_MISSING", "the line has no procedure code", "2400")
        more: dict[str, str] = {}
        default = "AD" if self._form == "dental" else "HC"
        system = "RC" if qualifier == "RC" else CODE_SYSTEMS.get(qualifier) or ("LOCAL" if qualifier else default)
        if system == "LOCAL" and qualifier != LOCAL_QUALIFIER:
            more[keys.CODE_QUALIFIER] = escaped(qualifier)
        modifiers = tuple(
            [values.cut(segment, position, one.upper(), 50, notes, "2400") for one in parts[2:_DESCRIPTION] if one]
        )
        for place, name in ((_DESCRIPTION, keys.DESCRIPTION), (_RANGE_END, keys.CODE_RANGE_END)):
            if len(parts) > place and parts[place]:
                more[name] = escaped(parts[place])
        found = (values.cut(segment, position, code, 50, notes, "2400"), system, modifiers, more)
        if len(notes.findings) == before and system != "RC":
            remember(values.services, key, found)
        return found

    def _pointers(self, segment: Elements, position: int) -> tuple[int, ...]:
        """Pointers to diagnoses by position; one that points nowhere is left out, with a finding."""
        text = segment[position] if len(segment) > position else ""
        known = self._values.pointers.get((text, self._diagnoses))
        if known is not None or not text:
            return known or ()
        found, wrong = [], False
        for part in self._values.parts(text):
            pointer = int(part) if part.isascii() and part.isdigit() and len(part) < 4 else 0
            if 1 <= pointer <= self._diagnoses:
                found.append(pointer)
            elif part:
                wrong = True
                what = part if part.isdigit() and len(part) < 4 else "(no number)"
                why = f"points to diagnosis {what} of {self._diagnoses}"
                self._notes.note(segment, f"{segment[0]}{position:02d}", "DX_POINTER", why, "2400")
        if not wrong:
            remember(self._values.pointers, (text, self._diagnoses), tuple(found))
        return tuple(found)

    def _rest(self, service: Service, number: int, attributes: dict[str, str]) -> tuple[str | None, str | None]:
        """Tooth and authorization; everything else that stands on the line goes into its attributes."""
        values = self._values
        component = values.component
        authorization: str | None = None
        teeth: list[Elements] = []
        decision: Decision | None = None
        dated = False
        for segment in service.segments:
            name = segment[0]
            if name == "DTP" and decision is None and not dated and len(segment) > 1 and segment[1] == "472":
                dated = True
            elif name == "SVD" and self._payers is not None:
                decision = self._payers.decided(segment, number)
            elif name == "SVD":
                unknown_payer(segment, self._notes)
                keep(segment, LINE, attributes, component)
            elif decision is not None and name in _OF_DECISION:
                decision.segments.append(segment)
            elif name == "REF" and authorization is None and len(segment) == 3 and segment[1] == "G1":
                authorization = values.code(segment, 2, self._notes, "2400")
            elif name == "TOO":
                teeth.append(segment)
            elif name == "LIN" and len(segment) == 4 and segment[2] == "N4" and not segment[1]:
                add(attributes, keys.DRUG, escaped(segment[3]))
            elif name in ("LQ", "FRM"):
                add(attributes, keys.FORMS, joined(segment, component))
            else:
                keep(segment, LINE, attributes, component)
        if decision is not None and self._payers is not None:
            self._payers.tell_line(number, attributes)
        return self._tooth(teeth, attributes) if teeth else None, authorization

    def _tooth(self, teeth: list[Elements], attributes: dict[str, str]) -> str | None:
        """The first tooth; all of them with their surfaces, where that says more."""
        tooth = self._values.code(teeth[0], 2, self._notes, "2400")
        if len(teeth) > 1 or len(teeth[0]) != 3 or teeth[0][1] != "JP":
            written = [joined(one[1:], self._values.component) for one in teeth]
            for one in written:
                add(attributes, keys.TEETH, one)
        return tooth


def missing_service(loop: ClaimLoop, service: Service, notes: Notes) -> None:
    """The finding for an LX without a service."""
    at = service.number if service.number is not None else loop.claim
    text = "LX without a service; the claim was not sent"
    notes.note(at, "SV1", "SV1_MISSING", text, "2400", fatal=True)
