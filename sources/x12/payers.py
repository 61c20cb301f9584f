"""What earlier payers did: a loop 2320 each, with the adjustments and payments of lines from loops 2430."""

from config.limits import OTHER_PAYERS_MAX
from schemas.claim import OtherPayer, PayerAdjustment, PayerLine
from sources.x12 import keys
from sources.x12.attributes import CLAIM, add, keep
from sources.x12.loops import ClaimLoop, OtherInsurance
from sources.x12.notes import Notes
from sources.x12.parties import rest_of, whole_party
from sources.x12.segments import Elements
from sources.x12.values import Values
from sources.x12.written import date_text, escaped, joined

_SEQUENCES = {"P": 1, "S": 2, "T": 3, "A": 4, "B": 5, "C": 6, "D": 7, "E": 8, "F": 9, "G": 10, "H": 11}
_PAID, _ALLOWED = "D", "B6"
_WHOLE = {"OI": "insurance", "MIA": "inpatient_remarks", "MOA": "outpatient_remarks", "DMG": "demographics"}
_REASONS = range(2, 20, 3)
_GROUP_MAX, _REASON_MAX = 2, 5
_NONE: frozenset[str] = frozenset()


class Decision:
    """What a payer decided of a line: SVD, and the CAS, DTP and AMT after it."""

    __slots__ = ("line", "payer", "segments", "svd")

    def __init__(self, svd: Elements, line: int, payer: int | None) -> None:
        self.svd, self.line, self.payer = svd, line, payer
        self.segments: list[Elements] = []


class Payers:
    """The other payers of a claim; lines add what was decided of them."""

    def __init__(self, loop: ClaimLoop, attributes: dict[str, str], values: Values, notes: Notes) -> None:
        self._values, self._notes = values, notes
        self._others = loop.others
        self._decisions: list[Decision] = []
        self._told = 0
        self._found: list[tuple[str, int, int, int | None, list[PayerAdjustment]]] = []
        if len(loop.others) > OTHER_PAYERS_MAX:
            text = f"more than {OTHER_PAYERS_MAX} other payers; the claim was not sent"
            notes.note(loop.others[OTHER_PAYERS_MAX].segments[0], "SBR", "PAYERS_MANY", text, "2320", fatal=True)
            self._others = loop.others[:OTHER_PAYERS_MAX]
        for place, other in enumerate(self._others, start=1):
            self._found.append(self._payer(other, place, attributes))
        self._places = {one[0]: place for place, one in reversed(list(enumerate(self._found))) if one[0]}

    def all(self) -> tuple[OtherPayer, ...]:
        """The payers, once all lines are read."""
        lines: list[list[PayerLine]] = [[] for _ in self._found]
        for decision in self._decisions:
            if decision.payer is None:
                continue
            paid = self._values.amount(decision.svd, 2, self._notes, "2430")
            lines[decision.payer].append(PayerLine(decision.line, paid))
            for segment in decision.segments:
                if segment[0] == "CAS":
                    self._found[decision.payer][4].extend(self._adjustments(segment, decision.line, "2430"))
        return tuple(
            [
                OtherPayer(payer, sequence, paid, tuple(adjustments), allowed, tuple(own))
                for (payer, sequence, paid, allowed, adjustments), own in zip(self._found, lines, strict=True)
            ]
        )

    def decided(self, svd: Elements, line: int) -> Decision:
        """An SVD on a line; what follows it is put into its segments."""
        payer = self._places.get(svd[1]) if len(svd) > 1 else None
        if payer is None:
            unknown_payer(svd, self._notes)
        decision = Decision(svd, line, payer)
        self._decisions.append(decision)
        return decision

    def tell_line(self, attributes: dict[str, str]) -> None:
        """Attributes of the line that was read last: what its decisions say beyond payments and adjustments."""
        component = self._values.component
        times: dict[int, int] = {}
        own, self._told = self._decisions[self._told :], len(self._decisions)
        for decision in own:
            if decision.payer is None:
                for segment in (decision.svd, *decision.segments):
                    add(attributes, f"segment.{segment[0]}", joined(segment[1:], component))
                continue
            place = decision.payer + 1
            times[place] = time = times.get(place, 0) + 1
            prefix = f"{keys.OTHER_PAYER}.{place}" if time == 1 else f"{keys.OTHER_PAYER}.{place}.{time}"
            if any(decision.svd[3:]):
                attributes[f"{prefix}.decision"] = joined(decision.svd[3:], component)
            self._tell(prefix, decision.segments, attributes)

    def _tell(self, prefix: str, segments: list[Elements], attributes: dict[str, str]) -> None:
        """CAS that say more than reasons and amounts, dates and amounts of a payer."""
        component = self._values.component
        adjusted = [segment for segment in segments if segment[0] == "CAS"]
        if any(_says_more(segment) for segment in adjusted):
            for segment in adjusted:
                add(attributes, f"{prefix}.adjustments", joined(segment[1:], component))
        for segment in segments:
            if segment[0] == "DTP" and len(segment) > 3 and segment[1] == "573":
                attributes[f"{prefix}.paid_date"] = date_text(segment[2], segment[3])
            elif segment[0] in ("DTP", "AMT"):
                own: dict[str, str] = {}
                keep(segment, CLAIM, own, component)
                for key, value in own.items():
                    add(attributes, f"{prefix}.{key}", value)

    def _payer(
        self, other: OtherInsurance, place: int, attributes: dict[str, str]
    ) -> tuple[str, int, int, int | None, list[PayerAdjustment]]:
        values, notes = self._values, self._notes
        prefix = f"{keys.OTHER_PAYER}.{place}"
        insured = other.segments[0]
        attributes[f"{prefix}.subscriber"] = joined(insured[1:], values.component)
        payer_id = self._parties(other, prefix, attributes)
        if payer_id is None:
            notes.note(insured, "NM109", "PAYER_ID", "an other payer has no identifier", "2330B")
        paid, allowed = 0, None
        adjustments: list[PayerAdjustment] = []
        left: list[Elements] = []
        for segment in other.segments[1:]:
            kind = segment[1] if segment[0] == "AMT" and len(segment) == 3 else ""
            if kind == _PAID:
                paid += values.amount(segment, 2, notes, "2320")
            elif kind == _ALLOWED and allowed is None:
                allowed = values.amount(segment, 2, notes, "2320")
            elif segment[0] in ("CAS", "AMT", "DTP"):
                left.append(segment)
                if segment[0] == "CAS":
                    adjustments += self._adjustments(segment, None, "2320")
            elif segment[0] in _WHOLE:
                add(attributes, f"{prefix}.{_WHOLE[segment[0]]}", joined(segment[1:], values.component))
            else:
                own: dict[str, str] = {}
                keep(segment, CLAIM, own, values.component)
                for key, value in own.items():
                    add(attributes, f"{prefix}.{key}", value)
        self._tell(prefix, left, attributes)
        sequence = _SEQUENCES.get(insured[1] if len(insured) > 1 else "", place)
        return payer_id or "", sequence, paid, allowed, adjustments

    def _parties(self, other: OtherInsurance, prefix: str, attributes: dict[str, str]) -> str | None:
        """The other subscriber, the payer, and further parties of 2330; the identifier of the payer."""
        payer_id: str | None = None
        known = False
        times: dict[str, int] = {}
        for party in other.parties:
            segment = party[0]
            code = segment[1] if len(segment) > 1 else ""
            if code == "PR" and not known:
                known = True
                payer_id = self._values.code(segment, 9, self._notes, "2330B")
                if len(segment) > 3 and segment[3]:
                    attributes[f"{prefix}.name"] = escaped(segment[3])
                if len(segment) > 8 and segment[8] not in ("PI", ""):
                    attributes[f"{prefix}.id_qualifier"] = escaped(segment[8])
                rest_of(party, prefix, attributes, self._values.component, _NONE)
                continue
            role = "insured" if code == "IL" else keys.ROLES.get(code) or f"party.{escaped(code[:3])}"
            times[role] = time = times.get(role, 0) + 1
            inner = role if time == 1 else f"{role}.{time}"
            whole_party(party, f"{prefix}.{inner}", attributes, self._values)
        return payer_id

    def _adjustments(self, segment: Elements, line: int | None, loop: str) -> list[PayerAdjustment]:
        """Up to six reasons of a CAS: reason, amount and quantity each."""
        group = segment[1][:_GROUP_MAX] if len(segment) > 1 else ""
        return [
            PayerAdjustment(
                line, group, segment[at][:_REASON_MAX], self._values.amount(segment, at + 1, self._notes, loop)
            )
            for at in _REASONS
            if at < len(segment) and segment[at]
        ]


def unknown_payer(svd: Elements, notes: Notes) -> None:
    """The finding for an SVD whose payer the claim does not have."""
    text = "SVD01 names none of the other payers of the claim (NM109 of 2330B); it counts for none"
    notes.note(svd, "SVD01", "PAYER_UNKNOWN", text, "2430")


def _says_more(segment: Elements) -> bool:
    """Whether a CAS has quantities, or codes longer than any code there is."""
    if any(segment[4:20:3]) or len(segment) > 20:
        return True
    return (
        len(segment) < 2 or len(segment[1]) > _GROUP_MAX or any(len(reason) > _REASON_MAX for reason in segment[2:20:3])
    )
