"""Service lines: one for a drug, one an ingredient for a compound; and diagnoses.

The charges of a claim are its gross amount due. Of a compound each ingredient is charged at its cost, and what the
gross amount due is above those costs (fee, tax) stands on the first line, so that the lines make the total.
"""

import re
from collections.abc import Mapping, Sequence

from config.limits import DIAGNOSES_MAX, MODIFIERS_MAX
from schemas.claim import ClaimLine, Diagnosis
from sources.ncpdp.attributes import ingredient_attributes
from sources.ncpdp.transmission import CLAIM, CLINICAL, COMPOUND, PRICING, Part, Transaction
from sources.ncpdp.values import Values

COMPOUND_CODE = "2"
INGREDIENTS_MAX = 99
# Qualifiers of a product (436-E1, 488-RE) as our code systems; any other is a code of its own list.
CODE_SYSTEMS: Mapping[str, str] = {"03": "NDC", "36": "NDC", "07": "HC", "08": "HC", "09": "HC"}
_DIAGNOSIS_SYSTEMS: Mapping[str, str] = {"01": "icd9cm", "02": "icd10cm"}
_NDC = re.compile(r"[0-9]{11}")
# Lengths of the three parts of an NDC of 10 digits, each filled up to 5-4-2.
_NDC_PARTS = ((4, 4, 2), (5, 3, 2), (5, 4, 1))
# Without a gross amount due: ingredient cost, dispensing and professional fee, incentive, taxes, other amounts.
_COMPONENTS = ("D9", "DC", "BE", "E3", "HA", "GE", "H9")


def diagnoses_of(transaction: Transaction, values: Values) -> tuple[Diagnosis, ...]:
    """The diagnoses of AM13, the first as the principal one; each with the qualifier before it."""
    found: list[Diagnosis] = []
    qualifier = ""
    for part in transaction.parts:
        for name, value in part.fields if part.segment == CLINICAL else ():
            if name == "WE":
                qualifier = value
            elif name == "DO" and (code := values.code(part, "DO", value.replace(".", "").upper())):
                system = _DIAGNOSIS_SYSTEMS.get(qualifier, "icd10cm")
                found.append(Diagnosis(code, system, "other" if found else "principal"))
    if len(found) > DIAGNOSES_MAX:
        text = f"more than {DIAGNOSES_MAX} diagnoses; the rest is left out"
        values.note(transaction.part(CLINICAL), "DO", "DX_MANY", text)
    return tuple(found[:DIAGNOSES_MAX])


def lines_of(
    transaction: Transaction, day: int, place: str | None, diagnoses: int, is_reversal: bool, values: Values
) -> tuple[ClaimLine, ...]:
    """The lines of a transaction; their charges sum up to the claim's. A reversal names its drug and no charge."""
    claim = transaction.part(CLAIM)
    charge = 0 if is_reversal else _charge(transaction.part(PRICING), transaction.has(PRICING), values)
    pointers = tuple(range(1, diagnoses + 1))
    compound = transaction.part(COMPOUND)
    ingredients = _ingredients(compound) if not is_reversal else []
    if len(ingredients) > INGREDIENTS_MAX:
        text = f"more than {INGREDIENTS_MAX} ingredients; the claim was not sent"
        values.note(compound, "TE", "LINES_MANY", text, fatal=True)
        return ()
    if ingredients:
        return _of_compound(compound, ingredients, charge, (day, place, pointers), values)
    if claim.get("D6") == COMPOUND_CODE and not is_reversal:
        values.note(claim, "D6", "COMPOUND_MISSING", "a compound without its ingredients (AM10)")
    units = 1000 if is_reversal and not claim.get("E7") else values.units_milli(claim, "E7", claim.get("E7"))
    code, system = _product(claim, claim.get("E1"), "D7", claim.get("D7"), values)
    return (
        ClaimLine(
            1, code, system, None, _modifiers(claim, "ER", claim.fields, values), units, charge, day, day, pointers,
            place, None, None, {},
        ),
    )  # fmt: skip


def _charge(pricing: Part, is_there: bool, values: Values) -> int:
    """Gross amount due; else the sum of its parts; else the usual and customary charge."""
    if not is_there:
        values.note(pricing, "", "PRICING_MISSING", "the pricing segment (AM11) is missing; the charge is 0")
        return 0
    if stated := pricing.get("DU"):
        if any(name == "DU" and value != stated for name, value in pricing.fields):
            text = "the gross amount due stands twice with two amounts; the first is taken"
            values.note(pricing, "DU", "GROSS_AMOUNT_TWICE", text)
        return values.amount(pricing, "DU", stated)
    values.note(pricing, "DU", "GROSS_AMOUNT_MISSING", "the gross amount due is missing; its parts are summed up")
    parts = [(name, value) for name, value in pricing.fields if name in _COMPONENTS]
    if not parts:
        parts = [(name, value) for name, value in pricing.fields if name == "DQ"]
    return sum(values.amount(pricing, name, value) for name, value in parts)


def _ingredients(compound: Part) -> list[list[tuple[str, str]]]:
    """Fields of each ingredient: a qualifier (RE), or a product without one, begins the next."""
    found: list[list[tuple[str, str]]] = []
    for name, value in compound.fields:
        if name == "RE" or (name == "TE" and (not found or any(one == "TE" for one, _ in found[-1]))):
            found.append([])
        if found:
            found[-1].append((name, value))
    return found


def _of_compound(
    compound: Part,
    ingredients: Sequence[Sequence[tuple[str, str]]],
    charge: int,
    where: tuple[int, str | None, tuple[int, ...]],
    values: Values,
) -> tuple[ClaimLine, ...]:
    day, place, pointers = where
    named = [dict(reversed(fields)) for fields in ingredients]
    costs = [values.amount(compound, "EE", one["EE"]) if one.get("EE") else 0 for one in named]
    rest = charge - sum(costs)
    if rest < 0 or costs[0] + rest < 0:
        text = "the ingredients cost more than the gross amount due; their costs are the charge"
        values.note(compound, "EE", "BALANCE", text)
        rest = 0
    made = []
    for number, (fields, one, cost) in enumerate(zip(ingredients, named, costs, strict=True), start=1):
        code, system = _product(compound, one.get("RE", ""), "TE", one.get("TE", ""), values)
        made.append(
            ClaimLine(
                number, code, system, None, _modifiers(compound, "2H", fields, values),
                values.units_milli(compound, "ED", one.get("ED", "")), cost + (rest if number == 1 else 0), day, day,
                pointers, place, None, None, ingredient_attributes(compound, fields, values),
            )
        )  # fmt: skip
    return tuple(made)


def _product(part: Part, qualifier: str, name: str, value: str, values: Values) -> tuple[str, str]:
    """Code and code system of a product; an NDC has 11 digits, whatever hyphens it came with."""
    system = CODE_SYSTEMS.get(qualifier, "LOCAL" if qualifier else "NDC")
    if not value:
        values.note(part, name, "CODE_MISSING", "the product has no code")
    if system == "NDC" and "-" in value:
        pieces = value.split("-")
        if tuple(map(len, pieces)) in _NDC_PARTS:
            value = "-".join(piece.zfill(length) for piece, length in zip(pieces, (5, 4, 2), strict=True))
        value = value.replace("-", "")
    if system == "NDC" and value and not _NDC.fullmatch(value):
        values.note(part, name, "NDC_FORMAT", "an NDC has 11 digits (5-4-2 without hyphens)")
    return values.code(part, name, value.upper()) or "", system


def _modifiers(part: Part, name: str, fields: Sequence[tuple[str, str]], values: Values) -> tuple[str, ...]:
    found = [code for one, value in fields if one == name and (code := values.code(part, name, value.upper()))]
    if len(found) > MODIFIERS_MAX:
        values.note(part, name, "MODIFIERS_MANY", f"more than {MODIFIERS_MAX} modifiers; the rest is left out")
    return tuple(found[:MODIFIERS_MAX])
