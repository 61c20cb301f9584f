"""Payer to payer: a claim that we decided, as it goes on to the next payer, with our decision on it."""

from dataclasses import replace
from typing import NamedTuple

from schemas.claim import ClaimLine, OtherPayer, PayerAdjustment, PayerLine, SubmittedClaim
from schemas.dates import text_of
from schemas.decision import DecidedLine, Decision
from schemas.intake import told_apart, with_ids
from sources.x12.keys import OTHER_PAYER
from sources.x12_writer.levels import RELATIONSHIPS
from sources.x12_writer.lines import QUALIFIERS
from sources.x12_writer.segment import units

_RESPONSIBILITIES = "PSTABCDEFGH"
# Benefits assigned to the provider, and release of information, as OI says them.
_INSURANCE = "**Y***Y"


class NamedPayer(NamedTuple):
    """A payer as a file names it."""

    payer_id: str
    name: str


def onward(
    claim: SubmittedClaim, decision: Decision, ours: NamedPayer, next_payer: NamedPayer, paid_on: int
) -> SubmittedClaim:
    """The claim for the next payer: ours becomes the last of the other payers, line by line.

    `ours` is how the next payer knows us, `paid_on` the day of our payment (days since 1970-01-01). What we allowed is
    not said: guides of 5010 have no place for it, the adjustments say it. Raises ValueError when there are more payers
    than X12 has places for.
    """
    place = len(claim.other_payers) + 1
    if place >= len(_RESPONSIBILITIES):
        raise ValueError(f"X12 has places for {len(_RESPONSIBILITIES)} payers; this claim had {place} already")
    decided = {line.line_number: line for line in decision.lines}
    decision_of_ours = OtherPayer(
        ours.payer_id, place, decision.paid,
        tuple([one for line in decision.lines for one in _adjustments(line)]), None,
        tuple([PayerLine(line.line_number, line.paid) for line in decision.lines]),
    )  # fmt: skip
    prefix = f"{OTHER_PAYER}.{place}"
    attributes = {
        **claim.attributes,
        "payer_responsibility": _RESPONSIBILITIES[place],
        f"{prefix}.subscriber": _subscriber(claim, place),
        f"{prefix}.insurance": _INSURANCE,
        f"{prefix}.insured.nm1": _insured(claim),
    }
    for key in [key for key in attributes if key.startswith("payer.")]:
        del attributes[key]
    attributes |= {f"{prefix}.name": ours.name, "payer.name": next_payer.name}
    lines = tuple([_line(line, decided.get(line.line_number), prefix, paid_on) for line in claim.lines])
    made = replace(
        claim,
        payer_id=next_payer.payer_id,
        other_payers=(*claim.other_payers, decision_of_ours),
        lines=lines,
        attributes=attributes,
    )
    return told_apart(with_ids(made))


def _adjustments(line: DecidedLine) -> list[PayerAdjustment]:
    return [PayerAdjustment(line.line_number, one.group, one.reason, one.amount) for one in line.adjustments]


def _subscriber(claim: SubmittedClaim, place: int) -> str:
    """SBR of ours: what the claim's own SBR said, with our place among the payers."""
    said = claim.attributes
    relationship = said.get("relationship_code") or RELATIONSHIPS.get(claim.member.relationship or "self", "G8")
    elements = [
        _RESPONSIBILITIES[place - 1], relationship, said.get("group_number", ""), said.get("group_name", ""), "", "",
        "", "", said.get("claim_filing") or "CI",
    ]  # fmt: skip
    return "*".join(elements)


def _insured(claim: SubmittedClaim) -> str:
    """NM1 of the insured from NM102 on: the subscriber where the patient is somebody else."""
    said = claim.attributes
    prefix = "subscriber" if any(key.startswith("subscriber.") for key in said) else "patient"
    last, first = said.get(f"{prefix}.last_name", ""), said.get(f"{prefix}.first_name", "")
    if not last:
        first, _, last = (claim.member.name or "").rpartition(" ")
    middle, suffix = said.get(f"{prefix}.middle_name", ""), said.get(f"{prefix}.suffix", "")
    number = said.get("subscriber.number") or next((one.value for one in claim.member.identifiers), "")
    return "*".join(["1", last, first, middle, "", suffix, "MI", number])


def _line(line: ClaimLine, decided: DecidedLine | None, prefix: str, paid_on: int) -> ClaimLine:
    """The line with what its SVD says besides the payment: procedure, revenue code, units, day."""
    if decided is None:
        return line
    procedure = "" if line.code_system == "RC" else ":".join(
        [QUALIFIERS.get(line.code_system, "HC"), line.service_code, *line.modifiers]
    )  # fmt: skip
    more = {
        f"{prefix}.decision": "*".join([procedure, line.revenue_code or "", units(line.units_milli)]),
        f"{prefix}.paid_date": text_of(paid_on),
    }
    return replace(line, attributes={**line.attributes, **more})
