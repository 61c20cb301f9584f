"""Numbers of a medical practice: which diagnoses come with which care, how many lines, how far prices spread."""

import math
from collections.abc import Mapping
from random import Random

from schemas.claim import Diagnosis
from schemas.vocabulary import ServiceType

# ICD-10 codes without their dot, by kind of care; pharmacy shares those of outpatients.
CODES: Mapping[ServiceType, tuple[str, ...]] = {
    "outpatient": ("J069", "I10", "E119", "K297", "A099", "R509", "M545", "J00", "L209", "N390", "J209", "K30", "R51"),
    "emergency": ("S610", "T141", "R103", "J459", "A090", "S060", "I200", "R55"),
    "inpatient": ("A90", "J189", "I219", "K359", "A010", "I639", "N179", "O820"),
    "maternity": ("O800", "Z348", "O809", "Z392", "O210"),
    "dental": ("K021", "K051", "K047", "K083", "K006"),
    "optical": ("H521", "H520", "H522", "H524"),
}
# Shares of claims with 1 to 8 lines; 3.02 on average.
LINE_SHARES = (22, 25, 20, 13, 9, 6, 3, 2)
# Shares of settings that a plan pays for, by form and kind of care.
SETTING_SHARES: Mapping[tuple[str, str], int] = {
    ("professional", "outpatient"): 62, ("professional", "emergency"): 5, ("professional", "maternity"): 3,
    ("professional", "optical"): 3, ("professional", "inpatient"): 2,
    ("institutional", "inpatient"): 6, ("institutional", "outpatient"): 3,
    ("dental", "dental"): 8, ("pharmacy", "outpatient"): 10,
}  # fmt: skip
PLACES: Mapping[tuple[str, str], str] = {
    ("professional", "emergency"): "23", ("professional", "maternity"): "22", ("pharmacy", "outpatient"): "01",
    ("professional", "outpatient"): "11",
    ("professional", "inpatient"): "21", ("professional", "optical"): "11", ("dental", "dental"): "11",
}  # fmt: skip
BILL_TYPES: Mapping[str, str] = {"inpatient": "111", "outpatient": "131"}
ROOM_CLASSES = ("3", "2", "1", "vip")
# Teeth in universal numbering (1 to 32), the back ones more often; and the dental codes, of the examination and of
# prevention, that are for the whole mouth.
TEETH = ("3", "14", "19", "30", "2", "15", "18", "31", "4", "5", "12", "13", "20", "21", "28", "29", "8", "9", "25")
_WHOLE_MOUTH = ("D0", "D1")
# Codes of Indonesian banks (Bank Indonesia's clearing codes).
BANKS = ("002", "008", "009", "014", "022", "451")
_SPREAD = 0.3
_MEDIAN = 1.1


def price_factors(seed: int, count: int = 4096) -> list[int]:
    """Log-normal factors on a fee, in thousandths: the median charge is a tenth above the fee."""
    random = Random(f"prices {seed}")
    return [round(1000 * _MEDIAN * math.exp(random.gauss(0, _SPREAD))) for _ in range(count)]


def diagnosis_lists(seed: int, service_type: ServiceType, system: str, count: int = 64) -> list[tuple[Diagnosis, ...]]:
    """Lists of one to three different diagnoses, the first the principal one."""
    random = Random(f"diagnoses {seed} {service_type}")
    made = []
    for _ in range(count):
        codes = random.sample(CODES[service_type], random.choices((1, 2, 3), (6, 3, 1))[0])
        made.append(tuple(Diagnosis(c, system, "other" if n else "principal") for n, c in enumerate(codes)))
    return made


def table_of(shares: tuple[int, ...]) -> list[int]:
    """Positions from 1, each as often as its share: a uniform pick from it has those shares."""
    return [position for position, share in enumerate(shares, start=1) for _ in range(share)]


def tooth_of(system: str, code: str, number: int) -> str | None:
    """The tooth of a dental line, by any number; None for other lines and for what is done to the whole mouth."""
    return TEETH[number % len(TEETH)] if system == "AD" and not code.startswith(_WHOLE_MOUTH) else None
