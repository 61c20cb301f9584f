"""What stands on a claim before its parties and lines: CLM, dates, references, amounts, attachments and the rest."""

from config.limits import ATTACHMENTS_MAX
from schemas.claim import Attachment
from sources.x12 import keys
from sources.x12.attributes import CLAIM, add, keep
from sources.x12.notes import Notes
from sources.x12.segments import Elements
from sources.x12.values import Values, remember
from sources.x12.written import date_text, escaped, joined, placed

Period = tuple[int, int]
# References that are fields of the record.
_ORIGINAL, _AUTHORIZATION, _REFERRAL = "F8", "G1", "9F"
_TRANSMITTED_BY_CONTROL_NUMBER = "AC"
# BHT06: the transaction reports care that capitation pays for.
ENCOUNTERS = "RP"


class Header:
    """What was found; dates are days since 1970-01-01."""

    __slots__ = (
        "_attributes", "_notes", "_values", "admitted", "attachments", "coded", "discharged", "left", "numbers",
        "served", "stated",
    )  # fmt: skip

    def __init__(self, attributes: dict[str, str], values: Values, notes: Notes) -> None:
        self._attributes, self._values, self._notes = attributes, values, notes
        self.coded: list[Elements] = []
        self.numbers: dict[str, str] = {}
        self.attachments: list[Attachment] = []
        self.served: Period | None = None
        self.stated: Period | None = None
        self.admitted: int | None = None
        self.discharged: int | None = None
        # Whether an hour of discharge says that the patient left on the last day of the statement.
        self.left = False

    def read(self, segments: list[Elements], control_number: str) -> None:
        """Everything of loop 2300 but its parties, other payers and lines."""
        for segment in segments:
            name = segment[0]
            if name == "HI":
                self.coded.append(segment)
            elif name == "DTP":
                self._date(segment)
            elif name == "REF":
                self._reference(segment)
            elif name == "CL1":
                found = placed(segment, keys.CL1_POSITIONS, "cl1", 1, (), self._values.component)
                self._attributes.update(found)
            elif name == "PWK":
                self._attachment(segment, control_number)
            else:
                keep(segment, CLAIM, self._attributes, self._values.component)

    def _date(self, segment: Elements) -> None:
        qualifier = segment[1] if len(segment) > 1 else ""
        if qualifier == "472" and self.served is None:
            self.served = self._values.days(segment, self._notes, "2300")
        elif qualifier == "434" and self.stated is None:
            self.stated = self._values.days(segment, self._notes, "2300")
        elif qualifier == "435" and self.admitted is None:
            self.admitted = self._day(segment, keys.ADMISSION_HOUR)
        elif qualifier == "096" and self.discharged is None and not self.left:
            self.discharged = self._day(segment, keys.DISCHARGE_HOUR)
            self.left = self.discharged is None
        else:
            keep(segment, CLAIM, self._attributes, self._values.component)

    def _day(self, segment: Elements, hour: str) -> int | None:
        """The day of an admission or discharge; a time of day is an attribute."""
        form, text = (*segment[2:4], "", "")[:2]
        if form in ("TM", "DT"):
            written = date_text(form, text)
            self._attributes[hour] = written.partition("T")[2] or written
        if form == "TM":
            return None
        found = self._values.days(segment, self._notes, "2300")
        return found[0] if found else None

    def _reference(self, segment: Elements) -> None:
        qualifier = segment[1] if len(segment) > 1 else ""
        field = qualifier in (_ORIGINAL, _AUTHORIZATION, _REFERRAL)
        if field and len(segment) == 3 and segment[2] and qualifier not in self.numbers:
            self.numbers[qualifier] = self._values.code(segment, 2, self._notes) or ""
        else:
            keep(segment, CLAIM, self._attributes, self._values.component)

    def _attachment(self, segment: Elements, control_number: str) -> None:
        place = len(self.attachments) + 1
        if place > ATTACHMENTS_MAX:
            if place == ATTACHMENTS_MAX + 1:
                text = f"more than {ATTACHMENTS_MAX} attachments; the rest is left out"
                self._notes.note(segment, "PWK", "ATTACHMENTS_MANY", text)
            return
        number = self._values.code(segment, 6, self._notes)
        self.attachments.append(
            Attachment(
                attachment_id=number or f"{control_number[:40]}-{place}",
                kind=self._values.code(segment, 1, self._notes) or "OZ",
                control_number=number,
                location=self._values.code(segment, 2, self._notes),
            )
        )
        by = segment[5] if len(segment) > 5 else ""
        if by != (_TRANSMITTED_BY_CONTROL_NUMBER if number else "") or any(segment[3:5]) or any(segment[7:]):
            self._attributes[f"{keys.ATTACHMENT}.{place}"] = joined(segment[1:], self._values.component)


def indicators_of(claim: Elements, values: Values) -> dict[str, str]:
    """CLM from 06 on; most claims of a sender say the same there."""
    key = tuple(claim[6:])
    known = values.indicators.get(key)
    if known is None:
        known = placed(claim, keys.CLM_POSITIONS, "clm", 6, (), values.component)
        remember(values.indicators, key, known)
    return known


def transaction_attributes(header: list[Elements]) -> dict[str, str]:
    """What BHT says of every claim of its transaction, where it is not the usual (chargeable, original) nor a field."""
    found: dict[str, str] = {}
    segment = _beginning(header)
    if len(segment) > 6 and segment[6] not in ("", "CH", ENCOUNTERS):
        add(found, keys.TRANSACTION_TYPE, escaped(segment[6]))
    if len(segment) > 2 and segment[2] not in ("", "00"):
        add(found, keys.TRANSACTION_PURPOSE, escaped(segment[2]))
    return found


def reports_encounters(header: list[Elements]) -> bool:
    """Whether the claims of the transaction are of care that capitation pays for (BHT06)."""
    return _beginning(header)[6:7] == [ENCOUNTERS]


def _beginning(header: list[Elements]) -> Elements:
    return next((segment for segment in header if segment[0] == "BHT"), [])
