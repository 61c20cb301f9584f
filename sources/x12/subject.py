"""What an answer names of a claim, whether or not it became a record: numbers, people, amount and dates as sent."""

from dataclasses import dataclass

from sources.x12.loops import BILLING, PATIENT, SUBSCRIBER, ClaimLoop


@dataclass(frozen=True, slots=True)
class LineSubject:
    """A line: LX01, the composite of its service (SV101, SV202, SV301), charge, and REF*6R."""

    number: str
    service: str
    charge: str
    control_number: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Texts as they stand in the file; empty where they are missing. `patient`, `provider` are the elements of NM1."""

    control_number: str
    charge: str
    patient: tuple[str, ...]
    subscriber: tuple[str, ...]
    provider: tuple[str, ...]
    payer: tuple[str, ...]
    # DTP*472 or DTP*434: form (D8, RD8, DT) and value; of the claim, else of its lines, first to last.
    dates: tuple[tuple[str, str], ...]
    clearinghouse_number: str
    # CLM05-1 and CLM05-3 in one: bill type of an institutional claim without its leading zero.
    bill_type: str
    lines: tuple[LineSubject, ...]


def subject_of(loop: ClaimLoop) -> Subject:
    """The subject of a claim."""
    subscriber, patient = _party(loop, SUBSCRIBER, "IL"), _party(loop, PATIENT, "QC")
    facility = loop.claim.parts(5)
    dates = [*loop.dates, *(date for service in loop.services for date in service.dates)]
    return Subject(
        control_number=loop.claim.get(1),
        charge=loop.claim.get(2),
        patient=patient or subscriber,
        subscriber=subscriber,
        provider=_party(loop, BILLING, "85"),
        payer=_party(loop, SUBSCRIBER, "PR"),
        dates=tuple((date.get(2), date.get(3)) for date in dates if date.get(1) in ("434", "472")),
        clearinghouse_number=next((r.get(2) for r in loop.references if r.get(1) == "D9"), ""),
        bill_type=facility[0] + (facility[2] if len(facility) > 2 else ""),
        lines=tuple(
            LineSubject(
                service.number.get(1) if service.number is not None else "",
                service.service.get({"SV1": 1, "SV2": 2, "SV3": 1}[service.service.name]),
                service.service.get({"SV1": 2, "SV2": 3, "SV3": 2}[service.service.name]),
                next((r.get(2) for r in service.references if r.get(1) == "6R"), ""),
            )
            for service in loop.services
            if service.service is not None
        ),
    )


def _party(loop: ClaimLoop, kind: str, code: str) -> tuple[str, ...]:
    level = loop.level_of(kind)
    name = level.party(code).name if level is not None else None
    return tuple(name.elements) if name is not None else ()
