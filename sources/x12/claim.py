"""A loop 2300 as a SubmittedClaim with its findings: the claim of an imperfect sender is still a claim."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.limits import (
    ATTRIBUTES_MAX,
    CLAIM_LINES_MAX,
    CODE_CHARACTERS_MAX,
    PAYER_UTC_OFFSET_MINUTES,
    TEXT_CHARACTERS_MAX,
)
from schemas.claim import ClaimLine, Payee, SubmittedClaim
from schemas.dates import day_at
from schemas.identifiers import claim_id
from schemas.intake_claim import root_of, told_apart
from schemas.money import EXPONENTS, decimal_of
from schemas.quick_init import quick_init
from schemas.vocabulary import Form, ServiceType
from sources.x12.attributes import bounded
from sources.x12.diagnoses import coded_of
from sources.x12.envelope import GUIDES, OLD_GUIDES, shown_guide
from sources.x12.findings import EdiFinding
from sources.x12.header import Header, indicators_of
from sources.x12.levels import Above, above
from sources.x12.lines import LineReader, Period, missing_service, numbers_of, periods_of
from sources.x12.loops import SERVICES, ClaimLoop
from sources.x12.notes import Notes
from sources.x12.parties import providers_of
from sources.x12.payers import Payers
from sources.x12.segments import Elements
from sources.x12.values import Values, remember

# Places of service and bill types (first two digits) that make a claim more than outpatient (the public code lists).
PLACES: dict[str, ServiceType] = {"21": "inpatient", "51": "inpatient", "61": "inpatient", "23": "emergency"}
INPATIENT_BILLS = frozenset(("11", "18", "21", "28", "41", "65", "66", "86"))
# Revenue codes of an emergency room.
_EMERGENCY_REVENUE = "045"
# Segments of one claim: 999 lines with all that may stand on them.
CLAIM_SEGMENTS_MAX = 50_000
_PREDETERMINATION = "PB"
# CLM08: the provider is not the one to pay.
_NOT_ASSIGNED = "N"
_USUAL_KINDS: dict[str, set[str]] = {kind: {name} for name, kind in SERVICES.items()}
_KINDS: dict[str, Form] = {"professional": "professional", "institutional": "institutional", "dental": "dental"}


@quick_init
@dataclass(frozen=True, slots=True)
class ClaimRead:
    """A claim of a file: its record, or None when it cannot be one; the fatal finding says why."""

    segment: int
    control_number: str
    claim: SubmittedClaim | None
    findings: tuple[EdiFinding, ...]
    # As it stands in the file, so that an answer can name it whatever became of it (sources/x12/subject.py).
    loop: ClaimLoop
    # A predetermination of benefits as a record: nobody may send it as a claim to pay.
    predetermination: SubmittedClaim | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a file does not say: currency, who submits where the file does not, when it was accepted, in what trace."""

    currency: str
    submitter_id: str | None
    accepted_at: Callable[[], int]
    correlation: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a transaction says of all its claims: form by the guide, who submits, attributes, whether encounters."""

    guide: str
    form: Form | None
    submitter: str
    attributes: dict[str, str]
    encounter: bool


def form_of_guide(guide: str) -> Form | None:
    """The form that a guide is for; None for one we do not know."""
    kind = next((kind for start, kind in (GUIDES | OLD_GUIDES).items() if guide.startswith(start)), None)
    return _KINDS[kind] if kind else None


def read_claim(loop: ClaimLoop, standing: Standing, terms: Terms, values: Values) -> ClaimRead:
    """The claim of a loop; never raises for what a sender wrote."""
    notes = Notes(loop)
    control_number = loop.claim[1] if len(loop.claim) > 1 else ""
    if len(control_number) > CODE_CHARACTERS_MAX:
        control_number = values.cut(loop.claim, 1, control_number, CODE_CHARACTERS_MAX, notes)
    if not control_number:
        text = "the claim has no control number; no answer could name it"
        notes.note(loop.claim, "CLM01", "CLM01_MISSING", text, fatal=True)
    if len(loop.segments) > CLAIM_SEGMENTS_MAX:
        text = f"the claim has more than {CLAIM_SEGMENTS_MAX} segments; it was not sent"
        notes.note(loop.claim, "CLM", "CLAIM_LONG", text, fatal=True)
        return ClaimRead(loop.first, control_number, None, notes.all(), loop)
    loop.sort()
    usual = standing.form is not None and loop.kinds == _USUAL_KINDS[standing.form] and not loop.unsorted
    form = standing.form if usual and standing.form is not None else _form(loop, standing, notes)
    record = _Record(loop, form, standing, terms, values, notes).read(control_number)
    claim = None if notes.fatal else record
    if len(loop.claim) > 19 and _is_predetermination(loop.claim):
        text = "a predetermination of benefits is no claim to pay; it was read and not sent"
        notes.note(loop.claim, "CLM19", "PREDETERMINATION", text, fatal=True)
        return ClaimRead(loop.first, control_number, None, notes.all(), loop, claim)
    return ClaimRead(loop.first, control_number, claim, notes.all(), loop)


def _form(loop: ClaimLoop, standing: Standing, notes: Notes) -> Form:
    """Lines say what a claim is, more surely than the guide does."""
    kinds = loop.kinds
    for segment in loop.unsorted:
        text = f"{segment[0]} without LX before it; the line is numbered by its place"
        notes.note(segment, "LX", "LX_MISSING", text, "2400")
    if len(kinds) > 1:
        named = " and ".join(sorted(SERVICES[kind] for kind in kinds))
        text = f"the claim has {named} lines; the claim was not sent"
        notes.note(loop.claim, "SV1", "LINES_MIXED", text, "2400", fatal=True)
    if not kinds:
        notes.note(loop.claim, "LX", "NO_LINES", "the claim has no service lines", "2400")
        return standing.form or "professional"
    form = _KINDS[SERVICES[min(kinds)]]
    if standing.form is not None and form != standing.form:
        text = f"the guide {shown_guide(standing.guide)} is for {standing.form} claims, the lines are {form}"
        notes.note(loop.claim, "SV1", "WRONG_SV", text, "2400")
    return form


class _Record:
    """One claim on its way to a record."""

    __slots__ = ("_form", "_loop", "_notes", "_standing", "_terms", "_values")

    def __init__(
        self, loop: ClaimLoop, form: Form, standing: Standing, terms: Terms, values: Values, notes: Notes
    ) -> None:
        self._loop, self._form, self._standing, self._terms = loop, form, standing, terms
        self._values, self._notes = values, notes

    def read(self, control_number: str) -> SubmittedClaim | None:
        """The record; None when there is no day of service, without which nothing can be decided."""
        loop, form, notes = self._loop, self._form, self._notes
        over = self._above()
        # Only now: a currency that the levels name changes how amounts are read.
        values = self._values
        attributes = {**over.attributes, **indicators_of(loop.claim, values)}
        text = loop.claim[5] if len(loop.claim) > 5 else ""
        place, frequency = values.facilities.get(text) or self._facility(text)
        header = Header(attributes, values, notes)
        header.read(loop.header, control_number)
        days = periods_of(loop.services, values, notes)
        period = _whole(days, header) or self._planned()
        if period is None:
            text = "no line has a date of service (DTP*472): the claim was not sent"
            notes.note(loop.claim, "DTP", "NO_SERVICE_DATE", text, "2400", fatal=True)
            return None
        first, last = period
        coded = coded_of(header.coded, first, attributes, values, notes)
        if not coded.diagnoses and form != "dental":
            notes.note(loop.claim, "HI", "NO_DX", "no diagnosis: HI is missing or cannot be read")
        payers = Payers(loop, attributes, values, notes) if loop.others else None
        default = header.stated or header.served
        lines = self._lines(days, default, first, LineReader(len(coded.diagnoses), payers, values, notes))
        total = sum([line.charge for line in lines])
        charge = values.amounts.get(loop.claim[2]) if len(loop.claim) > 2 else None
        if charge is None or charge != total:
            charge = self._charge(total)
        others = providers_of(loop.parties, attributes, values, notes) if loop.parties else ()
        earlier = payers.all() if payers is not None else ()
        discharged = last if header.left and form == "institutional" else header.discharged
        submitter = self._terms.submitter_id or self._standing.submitter
        payee = _payee(over) if loop.claim[8:9] == [_NOT_ASSIGNED] else None
        own = claim_id(submitter, control_number, None, "")
        numbers = header.numbers
        original = numbers.get("F8")
        if values.long or len(attributes) > ATTRIBUTES_MAX:
            attributes = bounded(attributes, loop.claim, "2300", notes)
        institutional = form == "institutional"
        return told_apart(SubmittedClaim(
            own, root_of(submitter, own, frequency, original), submitter, control_number, None,
            form, "cashless" if payee is None else "reimbursement", self._service_type(place, lines), values.currency,
            frequency, original,
            over.member, over.provider, others, payee, over.payer_id, first, last, header.admitted, discharged,
            None if institutional else place, f"{place}{frequency}" if institutional and place else None,
            coded.drg, None, coded.diagnoses, lines, charge, numbers.get("G1"), numbers.get("9F"), earlier,
            tuple(header.attachments), attributes,
            "edi", self._terms.correlation(control_number), self._terms.accepted_at(), self._standing.encounter,
        ))  # fmt: skip

    def _planned(self) -> Period | None:
        """Services of a predetermination have no day yet: that of its acceptance stands for it."""
        if not _is_predetermination(self._loop.claim):
            return None
        today = day_at(self._terms.accepted_at(), PAYER_UTC_OFFSET_MINUTES)
        return today, today

    def _above(self) -> Above:
        """What stands above, with its findings; amounts are in its currency, where it names one."""
        over = above(self._loop, self._standing.attributes, self._values, self._notes)
        notes = self._notes
        notes.findings += over.findings
        for position, code, text, loop in over.missing:
            notes.note(self._loop.claim, position, code, text, loop)
        if over.currency is not None and over.currency != self._values.currency:
            if over.currency in EXPONENTS:
                long, self._values = self._values.long, Values(over.currency, self._values.separators)
                self._values.long = long
            else:
                text = "amounts are in a currency (CUR02) that we cannot hold; the claim was not sent"
                notes.note(self._loop.claim, "CUR02", "CURRENCY", text, "2000A", fatal=True)
        if self._standing.encounter:
            text = "BHT06 is RP: the transaction reports encounters, which capitation pays for; none of them is paid"
            notes.note(self._loop.claim, "BHT06", "ENCOUNTER", text)
        return over

    def _facility(self, text: str) -> tuple[str | None, str]:
        """Facility code and frequency of CLM05."""
        claim, notes = self._loop.claim, self._notes
        facility, qualifier, frequency = (*self._values.parts(text), "", "", "")[:3]
        if not facility:
            notes.note(claim, "CLM05-1", "CLM05_MISSING", "the place of service is missing")
        elif len(facility) > 2:
            text = "is no place of service of 2 characters; is the component separator that of ISA16?"
            notes.note(claim, "CLM05-1", "CLM05_1_BAD", text)
        if facility and not qualifier:
            notes.note(claim, "CLM05-2", "CLM05_2", "the qualifier of the place of service (A or B) is missing")
        frequency = self._values.cut(claim, 5, frequency, CODE_CHARACTERS_MAX, notes)
        found = (facility if 0 < len(facility) < 3 else None), frequency or "1"
        if found[0] and qualifier and len(text) <= CODE_CHARACTERS_MAX:
            remember(self._values.facilities, text, found)
        return found

    def _lines(
        self, days: Sequence[Period | None], default: Period | None, first: int, reader: LineReader
    ) -> tuple[ClaimLine, ...]:
        services, notes = self._loop.services, self._notes
        if len(services) > CLAIM_LINES_MAX:
            text = f"more than {CLAIM_LINES_MAX} lines; the claim was not sent"
            notes.note(self._loop.claim, "LX", "LINES_MANY", text, "2400", fatal=True)
            return ()
        found = []
        for service, number, period in zip(services, numbers_of(services, self._loop.claim, notes), days, strict=True):
            segment = service.service
            if segment is None:
                missing_service(self._loop, service, notes)
                continue
            if period is None and default is None and not _is_predetermination(self._loop.claim):
                text = "the line has no date (DTP*472); the claim's first day is taken"
                notes.note(segment, "DTP", "DATE_MISSING", text, "2400")
            found.append(reader.line(service, segment, number, period or default or (first, first)))
        return tuple(found)

    def _charge(self, total: int) -> int:
        """CLM02, which the lines should make."""
        charge = self._values.amount(self._loop.claim, 2, self._notes)
        if charge != total:
            currency = self._values.currency
            text = f"the charge is {decimal_of(charge, currency)}, the lines make {decimal_of(total, currency)}"
            self._notes.note(self._loop.claim, "CLM02", "BALANCE", text)
        return charge

    def _service_type(self, place: str | None, lines: Sequence[ClaimLine]) -> ServiceType:
        """By bill type or place of service; an outpatient bill of an emergency room is an emergency."""
        if self._form == "dental":
            return "dental"
        if self._form == "professional":
            return PLACES.get(place or "", "outpatient")
        if place in INPATIENT_BILLS:
            return "inpatient"
        emergency = any((line.revenue_code or "").startswith(_EMERGENCY_REVENUE) for line in lines)
        return "emergency" if emergency else "outpatient"


def _payee(over: Above) -> Payee | None:
    """Whom to pay where benefits are not assigned to the provider: the subscriber, else the patient."""
    segment = over.insured[0] if over.insured else []
    name = " ".join([part for part in (*segment[4:5], *segment[3:4]) if part]) or over.member.name
    return Payee(name[:TEXT_CHARACTERS_MAX], None, None) if name else None


def _is_predetermination(claim: Elements) -> bool:
    return len(claim) > 19 and claim[19] == _PREDETERMINATION


def _whole(days: Sequence[Period | None], header: Header) -> Period | None:
    """First to last day of the claim: of its lines, its statement and its own date of service."""
    known = {day for day in days if day is not None}
    known.update([day for day in (header.stated, header.served) if day is not None])
    if len(known) == 1:
        [(first, last)] = known
        return (first, last) if first <= last else (last, first)
    return (min([min(day) for day in known]), max([max(day) for day in known])) if known else None
