"""What an answer names of a claim, whether or not it became a record: numbers, people, amount and dates as sent."""

from dataclasses import dataclass

from sources.x12.envelope import element
from sources.x12.loops import BILLING, PATIENT, SUBSCRIBER, ClaimLoop
from sources.x12.segments import Elements

# Where a service segment has its composite and its charge.
_COMPOSITE = {"SV1": 1, "SV2": 2, "SV3": 1}
_CHARGE = {"SV1": 2, "SV2": 3, "SV3": 2}


@dataclass(frozen=True, slots=True)
class LineSubject:
    """A line: LX01, the composite of its service (SV101, SV202, SV301), charge, REF*6R and REF*XZ."""

    number: str
    service: str
    charge: str
    control_number: str
    prescription_number: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Texts as they stand in the file; empty where they are missing. `patient`, `provider` are the elements of NM1."""

    control_number: str
    charge: str
    patient: tuple[str, ...]
    subscriber: tuple[str, ...]
    provider: tuple[str, ...]
    payer: tuple[str, ...]
    # DTP*472 or DTP*434: form (D8, RD8, DT) and value; of the claim, then of its lines.
    dates: tuple[tuple[str, str], ...]
    clearinghouse_number: str
    # CLM05-1 and CLM05-3 in one: bill type of an institutional claim without its leading zero.
    bill_type: str
    lines: tuple[LineSubject, ...]


def subject_of(loop: ClaimLoop) -> Subject:
    """The subject of a claim."""
    subscriber, patient = _party(loop, SUBSCRIBER, "IL"), _party(loop, PATIENT, "QC")
    facility = element(loop.claim, 5).split(loop.separators.component)
    dates = [segment for segment in loop.segments if segment[0] == "DTP" and element(segment, 1) in ("434", "472")]
    return Subject(
        control_number=element(loop.claim, 1),
        charge=element(loop.claim, 2),
        patient=patient or subscriber,
        subscriber=subscriber,
        provider=_party(loop, BILLING, "85"),
        payer=_party(loop, SUBSCRIBER, "PR"),
        dates=tuple((element(date, 2), element(date, 3)) for date in dates),
        clearinghouse_number=_reference(loop.header, "D9"),
        bill_type=facility[0] + (facility[2] if len(facility) > 2 else ""),
        lines=tuple(
            LineSubject(
                element(service.number, 1) if service.number is not None else "",
                element(service.service, _COMPOSITE[service.service[0]]),
                element(service.service, _CHARGE[service.service[0]]),
                _reference(service.segments, "6R"),
                _reference(service.segments, "XZ"),
            )
            for service in loop.services
            if service.service is not None
        ),
    )


def _reference(segments: list[Elements], qualifier: str) -> str:
    found = (element(one, 2) for one in segments if one[0] == "REF" and element(one, 1) == qualifier)
    return next(found, "")


def _party(loop: ClaimLoop, kind: str, code: str) -> tuple[str, ...]:
    level = loop.level_of(kind)
    party = level.party(code) if level is not None else []
    return tuple(party[0]) if party else ()
