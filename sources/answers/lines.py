"""Lines of a claim for its 277CA: what is kept of each, and the loop 2220D of one that is at fault."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from config.limits import ANSWER_LINES_MAX
from schemas.claim import ClaimLine
from schemas.dates import calendar_of
from schemas.edi import EdiLine
from sources.answers.amounts import kept, stated, written
from sources.answers.interchange import REFERENCE_MAX, Stamp, clean, segment
from sources.answers.statuses import Status, by_segment, composite
from sources.x12.claim import ClaimRead
from sources.x12.envelope import element
from sources.x12.keys import CODE_QUALIFIER
from sources.x12.subject import LineSubject

# SVC01-1 by the code system of a line. What the guide has no qualifier for, such as a drug's number, is told as a code
# of a jurisdiction of its own.
_QUALIFIERS = {"HC": "HC", "AD": "AD", "RC": "NU"}
_AS_SENT, _OWN = ("ER", "HP", "IV", "WK"), "ER"
_CODE_MAX, _MODIFIER_LENGTH = 48, 2
_MILLI = 1_000
_REJECTED = "U"
_NO_SERVICE, _NO_DAY = ("HC", "UNKNOWN"), "19000101"


def lines_of(read: ClaimRead, named: Sequence[LineSubject]) -> tuple[EdiLine, ...]:
    """All lines of a claim that is a record, for `validate` may find fault with any; of another those at fault."""
    if read.claim is None:
        return tuple(_at_fault(read))[:ANSWER_LINES_MAX]
    return tuple([_line(line, one) for line, one in zip(read.claim.lines, named, strict=True)])


def _line(line: ClaimLine, named: LineSubject) -> EdiLine:
    qualifier = _QUALIFIERS.get(line.code_system)
    if qualifier is None:
        sent = line.attributes.get(CODE_QUALIFIER, "")
        qualifier = sent if sent in _AS_SENT else _OWN
    revenue = line.revenue_code
    return EdiLine(
        line.line_number, qualifier, line.service_code[:_CODE_MAX],
        tuple([one for one in line.modifiers if len(one) == _MODIFIER_LENGTH]) if line.modifiers else (),
        None if revenue is None or revenue == line.service_code else revenue[:_CODE_MAX],
        kept(named.charge), line.units_milli,
        (named.control_number or named.number)[:REFERENCE_MAX] or str(line.line_number),
        named.prescription_number[:REFERENCE_MAX] or None, line.service_from, line.service_to,
    )  # fmt: skip


def _at_fault(read: ClaimRead) -> Iterator[EdiLine]:
    """Lines for which the reader refused the claim: those that a fatal finding stands at."""
    loop = read.loop
    codes: dict[int, list[str]] = {}
    for finding in read.findings:
        place = finding.segment - loop.first
        if finding.fatal and 0 < place < len(loop.segments):
            codes.setdefault(id(loop.segments[place]), []).append(finding.code)
    for number, service in enumerate(loop.services if codes else (), start=1):
        at = service.number
        if at is not None and id(at) in codes:
            control = (element(at, 1) or str(number))[:REFERENCE_MAX]
            yield EdiLine(number, "", "", (), None, "", None, control, None, None, None, tuple(codes[id(at)]))


def loops_of(lines: Sequence[EdiLine], statuses: Iterable[tuple[int, Sequence[Status]]], stamp: Stamp) -> Iterator[str]:
    """The loops 2220D of those lines that something is said of, by their numbers."""
    by_number = dict(statuses)
    for line in lines:
        if against := by_number.get(line.number):
            yield from _loop(line, against, stamp)


def _loop(line: EdiLine, statuses: Sequence[Status], stamp: Stamp) -> Iterator[str]:
    qualifier, code = (line.qualifier, clean(line.code, _CODE_MAX)) if line.qualifier else _NO_SERVICE
    modifiers = [one for one in map(clean, line.modifiers) if len(one) == _MODIFIER_LENGTH]
    service = ":".join((qualifier, code or _NO_SERVICE[1], *modifiers))
    units = "" if line.units_milli is None else written(Decimal(line.units_milli) / _MILLI)
    yield segment("SVC", service, written(stated(line.charge)), "", clean(line.revenue_code or ""), "", "", units)
    # The guide has room for one STC, of three statuses.
    first, *more = by_segment(statuses)[0]
    yield segment("STC", composite(first), stamp.day, _REJECTED, *[""] * 6, *map(composite, more))
    yield segment("REF", "FJ", clean(line.control_number) or str(line.number))
    if prescription := clean(line.prescription_number or ""):
        yield segment("REF", "XZ", prescription)
    if line.service_from is not None:
        yield period(line.service_from, line.service_to)


def period(first: int | None, last: int | None) -> str:
    """DTP*472 of a day, or of a first to a last one; a stand-in for a day that is not known."""
    begin, end = (_NO_DAY if day is None else calendar_of(day).strftime("%Y%m%d") for day in (first, last))
    return segment("DTP", "472", "D8", begin) if begin == end else segment("DTP", "472", "RD8", f"{begin}-{end}")
