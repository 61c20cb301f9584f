"""A service line as loop 2400: LX, SV1, SV2 or SV3, and everything that its attributes hold."""

from collections.abc import Callable, Mapping

from schemas.claim import ClaimLine
from schemas.vocabulary import Form
from sources.x12 import keys
from sources.x12_writer.dates import dated, period
from sources.x12_writer.parties import line_parties
from sources.x12_writer.said import Said
from sources.x12_writer.segment import COMPONENT, ELEMENT, amount, clean, composite, segment, units

QUALIFIERS: Mapping[str, str] = {"HC": "HC", "AD": "AD", "NDC": "N4", "LOCAL": "ZZ"}
_DEFAULT_UNIT = "UN"
_MODIFIERS = 4
_REFERENCES = {key: code for code, key in keys.LINE_REFERENCES.items()}
_DATES = {key: code for code, key in keys.LINE_DATES.items()}
_AMOUNTS = {key: code for code, key in keys.LINE_AMOUNTS.items()}
_SEGMENTS = {key: name for name, key in keys.LINE_SEGMENTS.items()}
# Whole segments before the dates, and after the amounts, in the order of the guides.
_FIRST = ("equipment", "attachments", "ambulance_transport", "equipment_certification", "oxygen_therapy",
          "condition_indicators")  # fmt: skip
_MIDDLE = ("measurements", "contract")
_LAST = ("purchased_service", "spinal_manipulation", "repricing")
_FORMS = (f"LQ{ELEMENT}", f"FRM{ELEMENT}")
# References of the drug (2410) stand after it.
_OF_DRUG = ("prescription_number", "compound_link")


def line_loop(line: ClaimLine, form: Form, currency: str, said: Said, decisions: str) -> str:
    """The segments of a line, `decisions` of earlier payers (2430) among them; takes the attributes of the line."""
    text = segment("LX", str(line.line_number)) + _SERVICES[form](line, currency, said)
    text += period("472", line.service_from, line.service_to)
    if line.tooth or line.attributes:
        text = _with_rest(text, line, said)
    elif line.authorization_number:
        text += segment("REF", "G1", clean(line.authorization_number))
    text += decisions
    if line.attributes:
        text += "".join(segment(one) for one in said.take_list(keys.FORMS) if one.startswith(_FORMS))
    return text


def _with_rest(text: str, line: ClaimLine, said: Said) -> str:
    """The segments of a line that most lines have none of."""
    start, _, dates = text.rpartition(f"DTP{chr(29)}472")
    parts = [start, *_teeth(line, said)]
    parts += [segment(_SEGMENTS[key], one) for key in _FIRST for one in said.take_list(key)]
    parts.append(f"DTP{chr(29)}472{dates}")
    parts += dated(_DATES, said)
    parts += _patterned("quantity.", "QTY", said)
    parts += [segment(_SEGMENTS[key], one) for key in _MIDDLE for one in said.take_list(key)]
    if line.authorization_number:
        parts.append(segment("REF", "G1", clean(line.authorization_number)))
    drug_references = [segment("REF", _REFERENCES[key], one) for key in _OF_DRUG for one in said.take_list(key)]
    parts += [segment("REF", code, one) for key, code in _REFERENCES.items() for one in said.take_list(key)]
    parts += _patterned("ref.", "REF", said)
    parts += [segment("AMT", code, one) for key, code in _AMOUNTS.items() for one in said.take_list(key)]
    parts += _patterned("amount.", "AMT", said)
    parts += [segment("K3", one) for one in said.take_list("fixed_format")]
    parts += _patterned("note.", "NTE", said)
    parts += [segment(_SEGMENTS[key], one) for key in _LAST if key in _SEGMENTS for one in said.take_list(key)]
    parts += other_segments(said)
    parts += [segment("LIN", "", "N4", one) for one in said.take_list(keys.DRUG)]
    parts += [segment("CTP", one) for one in said.take_list("drug_pricing")]
    parts += drug_references
    parts.append(line_parties(said))
    return "".join(parts)


def _patterned(start: str, name: str, said: Said) -> list[str]:
    """Segments under keys such as ref.XY, whose first element stands in the key."""
    return [segment(name, code, one) for key, code in said.patterned(start) for one in said.take_list(key)]


def other_segments(said: Said) -> list[str]:
    """Segments under segment.<name>, whole."""
    return [segment(name, one) for key, name in said.segments() for one in said.take_list(key)]


def _teeth(line: ClaimLine, said: Said) -> list[str]:
    whole = said.take_list(keys.TEETH)
    if whole:
        return [segment("TOO", one) for one in whole]
    return [segment("TOO", "JP", clean(line.tooth))] if line.tooth else []


def _procedure(line: ClaimLine, said: Said) -> str:
    """A composite such as HC:99213:25, with description and the end of a range in their places."""
    qualifier = said.take(keys.CODE_QUALIFIER) or QUALIFIERS.get(line.code_system, "HC")
    parts = [qualifier, clean(line.service_code), *map(clean, line.modifiers[:_MODIFIERS])]
    description, end = said.take(keys.DESCRIPTION), said.take(keys.CODE_RANGE_END)
    if description or end:
        parts += [""] * (2 + _MODIFIERS - len(parts)) + [description, end]
    return composite(parts)


def _pointers(line: ClaimLine) -> str:
    return COMPONENT.join(map(str, line.diagnosis_pointers))


def _unit(said: Said) -> str:
    return said.take(keys.UNIT) or _DEFAULT_UNIT


def _professional(line: ClaimLine, currency: str, said: Said) -> str:
    elements = [
        _procedure(line, said), amount(line.charge, currency), _unit(said), units(line.units_milli),
        clean(line.place_of_service), "", _pointers(line),
    ]  # fmt: skip
    return segment("SV1", *said.placed(elements, keys.SV1_POSITIONS, "sv1"))


def _institutional(line: ClaimLine, currency: str, said: Said) -> str:
    revenue = clean(line.revenue_code) or (clean(line.service_code) if line.code_system == "RC" else "")
    procedure = "" if line.code_system == "RC" else _procedure(line, said)
    elements = [revenue, procedure, amount(line.charge, currency), _unit(said), units(line.units_milli)]
    return segment("SV2", *said.placed(elements, keys.SV2_POSITIONS, "sv2"))


def _dental(line: ClaimLine, currency: str, said: Said) -> str:
    elements = [
        _procedure(line, said), amount(line.charge, currency), clean(line.place_of_service), "", "",
        units(line.units_milli), "", "", "", "", _pointers(line),
    ]  # fmt: skip
    return segment("SV3", *said.placed(elements, keys.SV3_POSITIONS, "sv3"))


_SERVICES: Mapping[Form, Callable[[ClaimLine, str, Said], str]] = {
    "professional": _professional, "institutional": _institutional, "dental": _dental,
}  # fmt: skip
