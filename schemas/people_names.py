"""How names and identifiers are compared: without case, accents and separators."""

import re
import unicodedata

from schemas.identity import IdentifierFault, identifier_fault

TOKENS_MAX = 12
_WORD = re.compile(r"[^\W_]+")
_SEPARATORS = re.compile(r"[\s./-]+")


def name_tokens(name: str) -> tuple[str, ...]:
    """The words of a name in their normal form, each once, sorted; initials are left out where there are words."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    words = set(_WORD.findall(plain))
    long = {word for word in words if len(word) > 1}
    return tuple(sorted(long or words)[:TOKENS_MAX])


def identifier_text(system: str, value: str) -> str:
    """An identifier in its normal form: its system, and its value without separators, in capitals."""
    return f"{system.strip().lower()}\n{_SEPARATORS.sub('', value).upper()}"


def sought_fault(system: str, value: str) -> IdentifierFault | None:
    """Why nobody can be found by this identifier, in its normal form; None where somebody may be."""
    return identifier_fault(*identifier_text(system, value).split("\n", 1))
