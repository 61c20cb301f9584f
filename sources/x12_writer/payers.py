"""What earlier payers did: a loop 2320 with 2330 for each, and a loop 2430 for each line that one decided."""

from collections.abc import Sequence

from schemas.claim import ClaimLine, OtherPayer, PayerAdjustment, SubmittedClaim
from sources.x12 import keys
from sources.x12_writer.dates import date_elements, dated
from sources.x12_writer.parties import ROLE_CODES, following, named, whole
from sources.x12_writer.said import Said
from sources.x12_writer.segment import ELEMENT, amount, clean, segment, written

# SBR01 by the order of payers: primary, secondary, tertiary, and so on.
_SEQUENCES = "PSTABCDEFGH"
_REASONS_OF_SEGMENT = 6
_DATES = {key: code for code, key in keys.CLAIM_DATES.items()}
_AMOUNTS = {key: code for code, key in keys.CLAIM_AMOUNTS.items()}
_REFERENCES = {key: code for code, key in keys.CLAIM_REFERENCES.items()}
_SEGMENTS = {key: name for name, key in keys.CLAIM_SEGMENTS.items()}
_WHOLE = {"demographics": "DMG", "insurance": "OI", "inpatient_remarks": "MIA", "outpatient_remarks": "MOA"}


def payer_loops(claim: SubmittedClaim, said: Said) -> str:
    """Loops 2320 and 2330 of all other payers."""
    return "".join(
        [
            _payer(payer, claim.currency, said.under(f"{keys.OTHER_PAYER}.{place}."))
            for place, payer in enumerate(claim.other_payers, start=1)
        ]
    )


def line_decisions(claim: SubmittedClaim, line: ClaimLine, said: Said) -> str:
    """Loops 2430 of a line, by payer."""
    parts = []
    for place, payer in enumerate(claim.other_payers, start=1):
        adjustments = [one for one in payer.adjustments if one.line_number == line.line_number]
        paid = [one.paid for one in payer.lines if one.line_number == line.line_number]
        if paid or adjustments:
            own = said.under(f"{keys.OTHER_PAYER}.{place}.")
            parts.append(_decisions(payer, paid or [0], adjustments, claim.currency, own))
    return "".join(parts)


def _payer(payer: OtherPayer, currency: str, said: Said) -> str:
    insured = said.take("subscriber") or ELEMENT.join((_responsibility(payer), "18", *[""] * 6, "CI"))
    general = [one for one in payer.adjustments if one.line_number is None]
    parts = [segment("SBR", insured), *_adjustments(said, general, currency)]
    if payer.paid or payer.adjustments or payer.lines or said.has("paid_date"):
        parts.append(segment("AMT", "D", amount(payer.paid, currency)))
    if payer.allowed is not None:
        parts.append(segment("AMT", "B6", amount(payer.allowed, currency)))
    paid_on = said.take_dates("paid_date")
    name = ("2", said.take("name"), "", "", "", "")
    qualifier = said.take("id_qualifier") or "PI"
    parts += _kept(said)
    parts += [segment(_WHOLE[key], one) for key in _WHOLE for one in said.take_list(key)]
    if said.has_any("insured."):
        parts.append(whole("IL", "insured", said))
    payer_party = following("", said)
    if name[1] or payer.payer_id or payer_party:
        parts.append(named("PR", name, qualifier, clean(payer.payer_id)) + payer_party)
    parts += [segment("DTP", "573", *date_elements(one)) for one in paid_on]
    for key in said.keys(""):
        if key.endswith(".nm1") and said.has(key):
            parts.append(_further(key.removesuffix(".nm1"), said))
    return "".join(parts)


def _responsibility(payer: OtherPayer) -> str:
    return _SEQUENCES[min(max(payer.sequence, 1), len(_SEQUENCES)) - 1]


def _further(prefix: str, said: Said) -> str:
    """A party of 2330 that no field has, the second of a role under `<role>.2`."""
    role = prefix.removeprefix("party.")
    if role.rpartition(".")[2].isdigit():
        role = role.rpartition(".")[0] or role
    code = "IL" if role == "insured" else ROLE_CODES.get(role) or written(role)
    return whole(code, prefix, said)


def _kept(said: Said) -> list[str]:
    """Amounts, dates, references and whole segments of 2320 that have no field."""
    parts = [segment("AMT", code, one) for key, code in _AMOUNTS.items() for one in said.take_list(key)]
    parts += [segment("AMT", code, one) for key, code in said.patterned("amount.") for one in said.take_list(key)]
    parts += [segment("REF", code, one) for key, code in _REFERENCES.items() for one in said.take_list(key)]
    parts += [segment("QTY", code, one) for key, code in said.patterned("quantity.") for one in said.take_list(key)]
    parts += [segment("NTE", code, one) for key, code in said.patterned("note.") for one in said.take_list(key)]
    parts += dated(_DATES, said)
    parts += [segment(_SEGMENTS[key], one) for key in _SEGMENTS for one in said.take_list(key)]
    parts += [segment(name, one) for key, name in said.segments() for one in said.take_list(key)]
    return parts


def _adjustments(said: Said, adjustments: Sequence[PayerAdjustment], currency: str) -> list[str]:
    """CAS: as they were, where that is known and whole; else by group, up to six reasons in one."""
    as_they_were = said.take_list("adjustments")
    if _reasons(as_they_were) == len(adjustments) and as_they_were:
        return [segment("CAS", one) for one in as_they_were]
    found: list[list[str]] = []
    for one in adjustments:
        group = clean(one.group)
        if not found or found[-1][0] != group or len(found[-1]) > 3 * _REASONS_OF_SEGMENT - 1:
            found.append([group])
        found[-1] += [clean(one.reason), amount(one.amount, currency), ""]
    return [segment("CAS", *elements) for elements in found]


def _reasons(segments: Sequence[str]) -> int:
    return sum(bool(reason) for one in segments for reason in one.split(ELEMENT)[1:19:3])


def _decisions(
    payer: OtherPayer, paid: Sequence[int], adjustments: Sequence[PayerAdjustment], currency: str, said: Said
) -> str:
    """SVD of a payer on one line, mostly one, each with its CAS, amounts and dates."""
    parts, queue = [], list(adjustments)
    for time, one in enumerate(paid, start=1):
        own = said if time == 1 else said.under(f"{time}.")
        later = [said.peek_list(f"{after}.adjustments") for after in range(time + 1, len(paid) + 1)]
        count = len(queue) - sum(map(_reasons, later))
        here, queue = queue[: max(count, 0)], queue[max(count, 0) :]
        parts.append(segment("SVD", clean(payer.payer_id), amount(one, currency), own.take("decision")))
        parts += _adjustments(own, here, currency)
        parts += [segment("DTP", "573", *date_elements(day)) for day in own.take_dates("paid_date")]
        parts += _kept(own)
    return "".join(parts)
