"""Rupiah as Indonesians write it: `Rp 1.234.567,50`, a point between thousands and a comma before the sen."""

import re
from decimal import ROUND_HALF_UP, Decimal

_TEXT = re.compile(
    r"(?P<before>-)?\s*(?:(?:Rp|IDR)\.?\s*)?(?P<after>-)?\s*"
    r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<sen>[0-9]+|-))?",
    re.IGNORECASE,
)
CHARACTERS_MAX = 40


class RupiahError(ValueError):
    """Text that is no amount in Rupiah; the text of the error says how one is written."""


def format_rupiah(amount: Decimal | int) -> str:
    """`Rp 1.234.567`, or `-Rp 1.234.567`: whole Rupiah, a half rounded away from zero as everywhere here."""
    whole = int(Decimal(amount).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    digits = f"{abs(whole):,}".replace(",", ".")
    return f"-Rp {digits}" if whole < 0 else f"Rp {digits}"


def parse_rupiah(text: str) -> Decimal:
    """The amount in `text`, with its sen and sign; `Rp` and thousands points may be absent. Raises RupiahError.

    A point is never decimal: `1.5` is refused, since it could be meant as one and a half or as a slip for 1.500.
    """
    match = _TEXT.fullmatch(text.strip()) if len(text) <= CHARACTERS_MAX else None
    if match is None or (match["before"] and match["after"]):
        raise RupiahError("no amount in Rupiah; write it as Rp 1.234.567,50")
    sen = "" if match["sen"] in (None, "-") else f".{match['sen']}"
    amount = Decimal(match["whole"].replace(".", "") + sen)
    return -amount if match["before"] or match["after"] else amount
