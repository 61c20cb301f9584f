"""Checks of identifiers: national id, tax number and telephone of Indonesia, the NPI of the United States."""

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

# First two digits of a NIK: the 38 provinces of Kepmendagri 300.2.2-2430 of 2025.
PROVINCES = frozenset(
    str(code)
    for codes in (
        (*range(11, 20), 21),
        range(31, 37),
        range(51, 54),
        range(61, 66),
        range(71, 77),
        (81, 82),
        range(91, 97),
    )
    for code in codes
)
_FEMALE_DAY_OFFSET = 40
_PHONE = re.compile(r"(\+62|62|0)[0-9]{9,12}")
_NPWP_OLD = re.compile(r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]-[0-9]{3}\.[0-9]{3}")


_SYSTEM = re.compile(r"[a-z][a-z0-9_]{0,29}")
_NPI = re.compile(r"[0-9]{10}")
# How alike a system must be to a known one to be taken for a slip: nikk, and no system of its own such as nip.
_ALIKE = 0.8


class IdentifierFault(NamedTuple):
    """What is wrong with an identifier: a code, whether it is the `system` or the `value`, and words without either."""

    code: str
    of: str
    text: str


def identifier_fault(system: str, value: str) -> IdentifierFault | None:
    """What is wrong with an identifier, as far as its system says. Systems that are none of ours are free."""
    if not _SYSTEM.fullmatch(system):
        return IdentifierFault("bad_system", "system", "must be small letters, digits and _, such as nik")
    if system in _FORMS:
        fits, text = _FORMS[system]
        return None if fits(value) else IdentifierFault(f"bad_{system}", "value", text)
    meant = [known for known in get_close_matches(system, _FORMS, cutoff=_ALIKE) if _FORMS[known][0](value)]
    if meant:
        text = f"is no system that we know, and the value has the form of one that is: did you mean {meant[0]}?"
        return IdentifierFault("bad_system", "system", text)
    return None


def nik_is_valid(nik: str) -> bool:
    """16 digits: a province in force, regency and district, a date of birth (40 added to a woman's day), a serial.

    The year has two digits, so 29 February counts when either century has it.
    """
    if not re.fullmatch(r"[0-9]{16}", nik) or nik[:2] not in PROVINCES or nik[12:] == "0000":
        return False
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    if day > _FEMALE_DAY_OFFSET:
        day -= _FEMALE_DAY_OFFSET
    return any(_is_date(century + year, month, day) for century in (1900, 2000))


def npwp_is_valid(npwp: str) -> bool:
    """The tax number: 16 digits since 2024, or the older 15 with or without their dots and hyphen."""
    return bool(re.fullmatch(r"[0-9]{15,16}", npwp) or _NPWP_OLD.fullmatch(npwp))


def phone_is_valid(phone: str) -> bool:
    """An Indonesian telephone number: +62, 62 or 0, then 9 to 12 digits."""
    return bool(_PHONE.fullmatch(phone))


def npi_check_digit_fits(npi: str) -> bool:
    """Luhn over the prefix 80840 and the ten digits (45 CFR 162.406)."""
    if not re.fullmatch(r"[0-9]{10}", npi):
        return False
    total = 0
    for position, digit in enumerate(reversed("80840" + npi)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _npi_is_valid(npi: str) -> bool:
    """Its form only: public samples mostly have made-up check digits."""
    return bool(_NPI.fullmatch(npi))


_FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "nik": (nik_is_valid, "is no NIK: 16 digits with province, a date of birth (day + 40 for women) and a serial"),
    "npwp": (npwp_is_valid, "is no NPWP: 16 digits, or the older 15"),
    "npi": (_npi_is_valid, "is no NPI: 10 digits"),
}
