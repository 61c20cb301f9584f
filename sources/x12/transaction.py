"""Walks the segments of one 837 and hands out each claim when the next one begins: never more than one in memory."""

from collections.abc import Iterator

from config.limits import ATTACHMENTS_MAX, CLAIM_LINES_MAX, OTHER_PAYERS_MAX
from sources.x12.findings import EdiFinding
from sources.x12.loops import ClaimLoop, Level, Levels, OtherInsurance, Party, Service
from sources.x12.segments import Segment

# Segments of one claim: 999 lines with all that may stand on them.
CLAIM_SEGMENTS_MAX = 50_000
SERVICES = {"SV1": "professional", "SV2": "institutional", "SV3": "dental"}


class Transaction:
    """One ST to SE. `submitter` is NM109 of 1000A; findings of the levels wait in `found`."""

    def __init__(self) -> None:
        self.submitter = ""
        # BHT, and NM1 of submitter (41) and receiver (40), with all their elements.
        self.purpose: tuple[str, ...] = ()
        self.sender: tuple[str, ...] = ()
        self.receiver: tuple[str, ...] = ()
        self.found: list[EdiFinding] = []
        self._levels = Levels()
        self._claim: ClaimLoop | None = None
        self._other: OtherInsurance | None = None
        self._service: Service | None = None
        self._party: Party | None = None

    def take(self, segment: Segment) -> Iterator[ClaimLoop]:
        """The claim that this segment ends, if it ends one."""
        if segment.name in ("HL", "CLM") and self._claim is not None:
            yield self._ended()
        if segment.name == "HL":
            self._open_level(segment)
        elif segment.name == "CLM":
            self._claim, self._party = ClaimLoop(segment, self._levels.current), None
        elif self._claim is not None:
            self._take_in_claim(self._claim, segment)
        else:
            self._take_in_level(self._levels.current, segment)

    def end(self) -> Iterator[ClaimLoop]:
        """The last claim."""
        if self._claim is not None:
            yield self._ended()

    def _ended(self) -> ClaimLoop:
        assert self._claim is not None
        ended, self._claim, self._other, self._service, self._party = self._claim, None, None, None, None
        return ended

    def _open_level(self, segment: Segment) -> None:
        _, wrong = self._levels.open(segment)
        self.found += [EdiFinding(segment.number, position, code, text) for position, code, text in wrong]
        self._party = None

    def _take_in_level(self, level: Level | None, segment: Segment) -> None:
        if segment.name == "NM1":
            self._party = Party(segment)
            if level is not None:
                if segment.get(1) in level.parties:
                    text = f"NM1*{segment.get(1)} stands twice in one level; the first counts"
                    self.found.append(EdiFinding(segment.number, "NM101", "NM1_TWICE", text))
                level.parties.setdefault(segment.get(1), self._party)
            elif segment.get(1) == "41":
                self.submitter, self.sender = segment.get(9), tuple(segment.elements)
            elif segment.get(1) == "40":
                self.receiver = tuple(segment.elements)
        elif segment.name == "BHT":
            self.purpose = tuple(segment.elements)
        elif segment.name == "REF" and self._party is not None:
            self._party.references.append(segment)
        elif segment.name == "DMG" and self._party is not None:
            self._party.demographics = segment
        elif segment.name == "SBR" and level is not None:
            level.insured = segment
        elif segment.name == "PAT" and level is not None:
            level.patient = segment

    def _take_in_claim(self, claim: ClaimLoop, segment: Segment) -> None:
        claim.segments += 1
        if claim.segments > CLAIM_SEGMENTS_MAX:
            return
        if segment.name in ("LX", *SERVICES):
            self._open_service(claim, segment)
        elif self._service is not None:
            self._take_in_service(self._service, segment)
        elif segment.name == "SBR":
            self._other, self._party = OtherInsurance(segment), None
            if len(claim.others) <= OTHER_PAYERS_MAX:
                claim.others.append(self._other)
        elif self._other is not None:
            self._take_in_other(self._other, segment)
        elif segment.name == "NM1":
            self._party = Party(segment)
            claim.parties.append(self._party)
        elif segment.name == "REF" and self._party is not None:
            self._party.references.append(segment)
        else:
            self._take_in_header(claim, segment)

    def _take_in_header(self, claim: ClaimLoop, segment: Segment) -> None:
        target: dict[str, list[Segment]] = {
            "DTP": claim.dates, "REF": claim.references, "HI": claim.diagnoses, "AMT": claim.amounts,
            "PWK": claim.attachments,
        }  # fmt: skip
        kept = target.get(segment.name)
        if kept is not None and len(kept) <= 2 * ATTACHMENTS_MAX:
            kept.append(segment)

    def _take_in_other(self, other: OtherInsurance, segment: Segment) -> None:
        if segment.name == "NM1":
            self._party = other.parties.setdefault(segment.get(1), Party(segment))
        elif segment.name == "AMT":
            other.amounts.append(segment)
        elif segment.name == "CAS":
            other.adjustments.append(segment)

    def _open_service(self, claim: ClaimLoop, segment: Segment) -> None:
        if segment.name == "LX":
            self._service = Service(segment)
        elif self._service is None or self._service.service is not None:
            text = f"{segment.name} without LX before it; the line is numbered by its place"
            self.found.append(EdiFinding(segment.number, "LX", "LX_MISSING", text))
            self._service = Service(None, segment)
        else:
            # The LX is in the claim already.
            self._service.service = segment
            return
        if len(claim.services) <= CLAIM_LINES_MAX:
            claim.services.append(self._service)

    def _take_in_service(self, service: Service, segment: Segment) -> None:
        if segment.name == "SVD":
            service.decisions.append((segment, []))
        elif segment.name == "CAS" and service.decisions:
            service.decisions[-1][1].append(segment)
        elif segment.name == "DTP":
            service.dates.append(segment)
        elif segment.name == "REF" and not service.decisions:
            service.references.append(segment)
