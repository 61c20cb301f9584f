"""What earlier payers did with a prescription: paid amounts, and what they left to the patient."""

from collections.abc import Iterator, Mapping

from config.limits import OTHER_PAYERS_MAX
from schemas.claim import OtherPayer, PayerAdjustment
from sources.ncpdp.transmission import PAYMENTS, Part, Transaction
from sources.ncpdp.values import Values

_SEQUENCE_MAX = 20
# Qualifier 08 of an amount paid is the sum of the others; 06 of what is left to the patient likewise.
_SUM_PAID, _SUM_LEFT = "08", "06"
# What is left to the patient, as claim adjustment reasons: deductible, benefit maximum, copay, coinsurance. The rest
# has none of its own; 192 is the reason for what comes from another list of reasons.
PATIENT_REASONS: Mapping[str, str] = {"01": "1", "04": "119", "05": "3", "06": "3", "07": "2"}
_OTHER_REASON = "192"
Pairs = list[tuple[str, str]]


def other_payers_of(transaction: Transaction, values: Values) -> tuple[OtherPayer, ...]:
    """One for each coverage type (5C) of the payments segment, in their order."""
    part = transaction.part(PAYMENTS)
    found = [_payer(part, fields, place, values) for place, fields in enumerate(_payers(part), start=1)]
    if len(found) > OTHER_PAYERS_MAX:
        text = f"more than {OTHER_PAYERS_MAX} other payers; the claim was not sent"
        values.note(part, "5C", "PAYERS_MANY", text, fatal=True)
    return tuple(found[:OTHER_PAYERS_MAX])


def _payers(part: Part) -> Iterator[Pairs]:
    fields: Pairs = []
    for name, value in part.fields:
        if name == "5C" and any(one != "4C" for one, _ in fields):
            yield fields
            fields = []
        fields.append((name, value))
    if any(name != "4C" for name, _ in fields):
        yield fields


def _payer(part: Part, fields: Pairs, place: int, values: Values) -> OtherPayer:
    named = dict(reversed(fields))
    payer_id = values.code(part, "7C", named.get("7C", ""))
    if payer_id is None:
        values.note(part, "7C", "PAYER_ID", "an other payer has no identifier")
    coverage = named.get("5C", "")
    sequence = int(coverage) if coverage.isascii() and coverage.isdigit() and 0 < int(coverage[:6]) <= 9 else place
    paid = _without_sum(_pairs(part, fields, "HC", "DV", values), _SUM_PAID, keep_sum=True)
    left = _without_sum(_pairs(part, fields, "NP", "NQ", values), _SUM_LEFT, keep_sum=False)
    adjustments = [
        PayerAdjustment(None, "PR", PATIENT_REASONS.get(qualifier, _OTHER_REASON), amount) for qualifier, amount in left
    ]
    return OtherPayer(payer_id or "", min(sequence, _SEQUENCE_MAX), sum(a for _, a in paid), tuple(adjustments))


def _pairs(part: Part, fields: Pairs, qualifier: str, amount: str, values: Values) -> list[tuple[str, int]]:
    """Amounts with the qualifier that stands before each."""
    found, current = [], ""
    for name, value in fields:
        if name == qualifier:
            current = value
        elif name == amount:
            found.append((current, values.amount(part, amount, value)))
            current = ""
    return found


def _without_sum(pairs: list[tuple[str, int]], sum_qualifier: str, keep_sum: bool) -> list[tuple[str, int]]:
    """A sum beside its parts counts once: the sum where it is what was paid, the parts where they say why."""
    sums = [pair for pair in pairs if pair[0] == sum_qualifier]
    parts = [pair for pair in pairs if pair[0] != sum_qualifier]
    if not sums or not parts:
        return pairs
    return sums[:1] if keep_sum else parts
