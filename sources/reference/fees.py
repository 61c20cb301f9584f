"""Fee schedules, from fees.csv (or YAML)."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from agents.rules.front_end import CODE_FORMATS, MODIFIER
from schemas.dates import text_of
from schemas.reference import Fee
from sources.reference.fields import Fields
from sources.reference.problems import Problems
from sources.reference.rows import Columns, rows_of

FEES = Columns(
    ("fee_schedule_id", "code_system", "service_code", "currency", "amount", "effective_from"),
    ("modifier", "effective_to"),
)
SYSTEMS = tuple(CODE_FORMATS)

# Schedule, code system, code, modifier or "".
FeeKey = tuple[str, str, str, str]


def fees_of(folder: Path, problems: Problems) -> dict[tuple[FeeKey, int], Fee]:
    """Fees by what they are looked up with and their first day."""
    found: dict[FeeKey, list[Fee]] = defaultdict(list)
    currencies: dict[str, str] = {}
    for row in rows_of(folder, "fees", FEES, problems, needed=False):
        fields = Fields(row, problems)
        fee = _fee(fields)
        if currencies.setdefault(fee.fee_schedule_id, fee.currency) != fee.currency:
            fields.bad("currency", f"{fee.fee_schedule_id} is in {currencies[fee.fee_schedule_id]} elsewhere")
        key = (fee.fee_schedule_id, fee.code_system, fee.service_code, fee.modifier or "")
        _refuse_clash(fee, found[key], fields)
        found[key].append(fee)
    return {(key, fee.effective_from): fee for key, fees in found.items() for fee in fees}


def currencies_of(fees: Mapping[tuple[FeeKey, int], Fee]) -> dict[str, str]:
    """Currency of each fee schedule."""
    return {fee.fee_schedule_id: fee.currency for fee in fees.values()}


def _fee(fields: Fields) -> Fee:
    system = fields.word("code_system", SYSTEMS)
    code, modifier = fields.text("service_code"), fields.text("modifier") or None
    pattern, shape = CODE_FORMATS[system]
    if not pattern.fullmatch(code):
        fields.bad("service_code", f"{code[:60]!r} is no code of {system}: {shape}")
    if modifier is not None and not MODIFIER.fullmatch(modifier):
        fields.bad("modifier", f"{modifier[:60]!r} is no modifier: two capitals or digits")
    currency = fields.currency("currency")
    first_day, last_day = fields.period()
    return Fee(
        release=0,
        removed=False,
        fee_schedule_id=fields.id("fee_schedule_id"),
        code_system=system,
        service_code=code,
        modifier=modifier,
        effective_from=first_day,
        effective_to=last_day,
        currency=currency,
        amount=fields.amount("amount", currency),
    )


def _refuse_clash(fee: Fee, others: list[Fee], fields: Fields) -> None:
    """Fees of a code follow one another: a later one ends an open one, none begins on the same day as another."""
    for other in others:
        earlier, later = sorted((fee, other), key=lambda one: one.effective_from)
        if later.effective_from == earlier.effective_from:
            fields.bad("effective_from", f"{fee.service_code} has a fee from {text_of(fee.effective_from)} already")
        elif earlier.effective_to is not None and later.effective_from <= earlier.effective_to:
            first, last = text_of(earlier.effective_from), text_of(earlier.effective_to)
            fields.bad("effective_from", f"overlaps the fee of {fee.service_code} from {first} to {last}")
