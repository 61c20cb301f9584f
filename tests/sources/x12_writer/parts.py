"""Strategies for the parts of a claim as a reader of 837 makes them: people, attributes, earlier payers."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from schemas.claim import Attachment, Diagnosis, Identifier
from schemas.dates import parse_day
from sources.x12 import keys
from sources.x12_writer.parties import QUALIFIERS, REFERENCES

Attributes = dict[str, str]
# Letters, digits, punctuation that is no separator, blanks within, and what is not ASCII.
_WORD = st.text("ABCXYZabc0129-/&'.,()#é", min_size=1, max_size=8)
TEXT = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
CODE = st.text("ABCXYZ0129-", min_size=1, max_size=12)
DIGITS = st.text("0123456789", min_size=1, max_size=9)
AMOUNT = st.integers(0, 10**9)
DAY = st.integers(parse_day("2016-01-01"), parse_day("2026-06-01"))
DATE = st.sampled_from(["2026-05-11", "2026-05-11/2026-05-13", "2026-05-11T14:30", "14:30"])
# Elements after the name of a segment: words, composites, empty ones within.
ELEMENTS = st.lists(st.one_of(CODE, st.just("A:B:1"), st.just("")), min_size=1, max_size=4).map(
    lambda parts: "*".join([*parts, "Z"])
)
_ADDRESS = st.sampled_from(
    ["1 MAIN ST", "1 MAIN ST**SPRINGFIELD*IL*62701", "1 MAIN ST*APT 2*PARIS***FR", "**SPRINGFIELD*IL*62701"]
)


def some(draw: st.DrawFn, values: Mapping[str, st.SearchStrategy[str]], most: int = 3) -> Attributes:
    """A few of the keys with their values."""
    names = draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=most))
    return {name: draw(values[name]) for name in names}


def repeated(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One value, or a list of two."""
    return st.lists(values, min_size=1, max_size=2).map("^".join)


@st.composite
def people(
    draw: st.DrawFn, prefix: str, more: bool = True, person: bool | None = None
) -> tuple[str | None, Attributes]:
    """A name as the record has it, and the attributes that tell its parts and what follows."""
    attributes: Attributes = {}
    name: str | None
    if draw(st.booleans()) if person is None else person:
        last, first = draw(TEXT), draw(st.one_of(st.just(""), TEXT))
        attributes[f"{prefix}.last_name"] = last
        parts = {"first_name": first, "middle_name": draw(st.sampled_from(["", "Q"]))}
        parts["suffix"] = draw(st.sampled_from(["", "JR"]))
        attributes |= {f"{prefix}.{part}": value for part, value in parts.items() if value}
        name = f"{first} {last}" if first else last
    else:
        name = draw(st.one_of(st.none(), TEXT))
    if more:
        rest = {"address": _ADDRESS, "contact": repeated(ELEMENTS), "ref.Y4": repeated(CODE)}
        attributes |= {f"{prefix}.{key}": value for key, value in some(draw, rest).items()}
    return name, attributes


@st.composite
def provider_identifiers(draw: st.DrawFn) -> tuple[Identifier, ...]:
    """NM109, then the references that identify; the writer has a place for each."""
    first = draw(st.one_of(st.none(), st.sampled_from(sorted(QUALIFIERS))))
    found = [] if first is None else [Identifier(first, draw(DIGITS))]
    systems = draw(st.lists(st.sampled_from(sorted(REFERENCES)), max_size=3))
    if first is None and systems and systems[0] in QUALIFIERS:
        systems = []
    return tuple(found + [Identifier(system, draw(DIGITS)) for system in systems])


def table(names: Sequence[str], values: st.SearchStrategy[str]) -> dict[str, st.SearchStrategy[str]]:
    """The same values under several keys."""
    return dict.fromkeys(names, values)


CLAIM_ATTRIBUTES: Mapping[str, st.SearchStrategy[str]] = {
    **table(list(keys.CLAIM_REFERENCES.values()), repeated(ELEMENTS)), "ref.ZY": repeated(CODE),
    **table(list(keys.CLAIM_DATES.values()), repeated(DATE)), "date.ZY9": DATE,
    **table(list(keys.CLAIM_AMOUNTS.values()), st.just("12.5")), "amount.ZY": repeated(st.just("7")),
    **table(list(keys.CLAIM_SEGMENTS.values()), repeated(ELEMENTS)), "quantity.ZY": st.just("3*DA"),
    **table(list(keys.CLM_POSITIONS.values()), st.sampled_from(["Y", "N"])), "clm.13": st.just("Q"),
    **table(list(keys.CL1_POSITIONS.values()), st.just("1")), "cl1.04": CODE, "note.ADD": repeated(TEXT),
    "segment.ZZZ": ELEMENTS,
    **table(list(keys.SBR_POSITIONS.values()), CODE), "sbr.06": st.just("4"),
    "payer.name": TEXT, "payer.id_qualifier": st.just("XV"), "payer.address": _ADDRESS, "payer.ref.2U": CODE,
    "patient.weight": st.just("12.5"), "patient.pregnant": st.just("Y"), "patient.death_date": st.just("2026-01-02"),
    "pay_to.nm1": st.just("2"), "responsible.nm1": st.just("1*DOE*JO"), "party.ZY.nm1": ELEMENTS,
    "transaction_type": st.just("31"), "transaction_purpose": st.just("18"), "admission_hour": st.just("09:15"),
    "principal_procedure": st.just("BBR:0DT:D8:20260511"), "other_procedures": st.just("BBQ:0DT^BBQ:0DU"),
    "occurrences": st.just("BH:11:D8:20260511"), "value_codes": st.just("BE:80:::7^BE:81:::1"),
    "condition_codes": st.lists(st.just("BG:09"), min_size=1, max_size=15).map("^".join), "hi.ZY": st.just("ZY:1"),
}  # fmt: skip
LINE_ATTRIBUTES: Mapping[str, st.SearchStrategy[str]] = {
    **table(list(keys.LINE_REFERENCES.values()), repeated(ELEMENTS)), "ref.ZY": repeated(CODE),
    **table(list(keys.LINE_DATES.values()), repeated(DATE)), "date.ZY9": DATE,
    **table(list(keys.LINE_AMOUNTS.values()), st.just("12.5")), "amount.ZY": st.just("7"),
    **table(list(keys.LINE_SEGMENTS.values()), repeated(ELEMENTS)),
    "note.ADD": repeated(TEXT), "quantity.PT": st.just("2"), "segment.ZZZ": ELEMENTS, "drug_ndc": DIGITS,
    "forms": st.just("LQ*UT*01.02^FRM*12N*Y"), "rendering.nm1": st.just("1*DOE*JANE****XX*1234567893"),
    "party.ZY.nm1": st.just("2*SOMEBODY"),
}  # fmt: skip
SERVICE_ATTRIBUTES: Mapping[str, Mapping[str, st.SearchStrategy[str]]] = {
    "professional": {**table(list(keys.SV1_POSITIONS.values()), st.just("Y")), "unit": st.just("MJ"), "sv1.06": CODE},
    "institutional": {**table(list(keys.SV2_POSITIONS.values()), st.just("4.5")), "unit": st.just("DA")},
    "dental": {
        "oral_cavity": st.just("00:10"), "prosthesis": st.just("I"), "sv3.07": CODE, "teeth": st.just("JP*3*M:O"),
    },
}  # fmt: skip


@st.composite
def diagnoses(draw: st.DrawFn) -> tuple[tuple[Diagnosis, ...], Attributes]:
    """Diagnoses of all roles in any order, and their indicators of presence on admission."""
    roles = st.sampled_from(["principal", "other", "other", "admitting", "reason_for_visit", "external_cause"])
    coded = st.one_of(
        st.tuples(st.sampled_from(["J069", "I10", "S060X1A"]), st.just("icd10cm")),
        st.tuples(st.sampled_from(["25000", "4019"]), st.just("icd9cm")),
    )
    found = draw(st.lists(st.tuples(coded, roles), max_size=15))
    marks = draw(st.lists(st.sampled_from(["Y", "N", ""]), min_size=len(found), max_size=len(found)))
    attributes = {keys.PRESENT_ON_ADMISSION: "^".join(marks)} if any(marks) else {}
    return tuple(Diagnosis(code, system, role) for (code, system), role in found), attributes


@st.composite
def attachments(draw: st.DrawFn, control_number: str) -> tuple[tuple[Attachment, ...], Attributes]:
    """Documents with their numbers; the second may say more than its record holds."""
    found: list[Attachment] = []
    attributes: Attributes = {}
    for place in range(1, draw(st.integers(0, 2)) + 1):
        number, kind, location = draw(st.one_of(st.none(), CODE)), draw(CODE), draw(st.one_of(st.none(), CODE))
        found.append(Attachment(number or f"{control_number[:40]}-{place}", kind, number, location))
        if draw(st.booleans()):
            whole: list[Any] = [kind, location or "", "1", "", "AC" if number else "", number or "", "SEEN"]
            attributes[f"{keys.ATTACHMENT}.{place}"] = "*".join(whole)
    return tuple(found), attributes
