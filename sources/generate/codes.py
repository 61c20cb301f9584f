"""Which codes are billed on which form for which kind of care, and codes of what plans exclude.

The first row that matches a code decides; a code of other reference data that matches none goes by its system.
"""

from collections.abc import Iterator, Mapping, Sequence

from schemas.reference import Plan
from schemas.vocabulary import Form, ServiceType

_OUTPATIENT: tuple[Form, ServiceType] = ("professional", "outpatient")
_STAY: tuple[Form, ServiceType] = ("institutional", "inpatient")
_HOSPITAL_DAY: tuple[Form, ServiceType] = ("institutional", "outpatient")
# System, prefixes of codes, settings.
ROWS: Sequence[tuple[str, tuple[str, ...], Sequence[tuple[Form, ServiceType]]]] = (
    ("LOCAL", ("KONSUL-DARURAT", "IGD-", "AMBULANS"), (("professional", "emergency"),)),
    ("LOCAL", ("KAMAR-", "VISIT-", "OPERASI-", "ANESTESI"), (_STAY,)),
    ("LOCAL", ("KANDUNGAN-", "BERSALIN-"), (("professional", "maternity"),)),
    ("LOCAL", ("GIGI-", "KONSUL-GIGI"), (("dental", "dental"),)),
    ("LOCAL", ("MATA-", "KACAMATA-"), (("professional", "optical"),)),
    ("LOCAL", ("OBAT-",), (("pharmacy", "outpatient"),)),
    ("LOCAL", ("LAB-", "RAD-"), (_OUTPATIENT, _STAY, _HOSPITAL_DAY)),
    ("HC", ("9928",), (("professional", "emergency"),)),
    ("HC", ("9922", "9923"), (("professional", "inpatient"),)),
    ("HC", ("59",), (("professional", "maternity"),)),
    ("HC", ("920", "V2"), (("professional", "optical"),)),
    ("RC", ("045", "072"), (_HOSPITAL_DAY,)),
    ("RC", ("025", "030"), (_HOSPITAL_DAY, _STAY)),
)
BY_SYSTEM: Mapping[str, Sequence[tuple[Form, ServiceType]]] = {
    "HC": (_OUTPATIENT,), "LOCAL": (_OUTPATIENT,), "RC": (_STAY,), "AD": (("dental", "dental"),),
    "NDC": (("pharmacy", "outpatient"),),
}  # fmt: skip
# Billed by the night.
ROOMS = ("KAMAR-", "01", "02")
# What completes a pattern such as ESTETIKA-* to a code.
_COMPLETION = "LASER"


def settings_of(code_system: str, code: str) -> Sequence[tuple[Form, ServiceType]]:
    """Forms and kinds of care that the code is billed in."""
    for system, prefixes, settings in ROWS:
        if system == code_system and code.startswith(prefixes):
            return settings
    return BY_SYSTEM.get(code_system, ())


def is_room(code_system: str, code: str) -> bool:
    """Whether a line of the code is for nights in a room."""
    return code_system in ("RC", "LOCAL") and code.startswith(ROOMS)


def excluded_codes(plan: Plan) -> Iterator[tuple[str, str]]:
    """Code system and code of one service for each pattern that the plan excludes."""
    for benefit in plan.benefits:
        for pattern in benefit.codes if not benefit.covered else ():
            code = _code_of(pattern)
            yield _system_of(code), code


def _code_of(pattern: str) -> str:
    first, dash, last = pattern.partition("-")
    if dash and len(first) == len(last) and "*" not in pattern:
        return first
    if not pattern.endswith("*"):
        return pattern
    prefix = pattern[:-1]
    return prefix + _COMPLETION if prefix.endswith("-") else prefix


def _system_of(code: str) -> str:
    if len(code) == 5 and code[0] == "D" and code[1:].isdigit():
        return "AD"
    return "HC" if len(code) == 5 and code[1:4].isdigit() else "LOCAL"
