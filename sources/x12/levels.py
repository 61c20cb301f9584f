"""What stands above a claim, read once a level: billing provider, subscriber, patient, and the payer.

Findings of a level are those of each claim under it: whoever answers a claim needs them all.
"""

from dataclasses import dataclass

from schemas.claim import MemberReference, ProviderReference
from schemas.identity import npi_check_digit_fits
from sources.x12 import keys
from sources.x12.attributes import add
from sources.x12.findings import EdiFinding
from sources.x12.loops import BILLING, PATIENT, SUBSCRIBER, ClaimLoop, Level, Party
from sources.x12.members import dependent, person
from sources.x12.notes import Notes
from sources.x12.parties import identifiers_of, name_of, person_names, rest_of, whole_party
from sources.x12.segments import Elements
from sources.x12.values import Values, remember
from sources.x12.written import date_text, escaped, joined, placed

RELATIONSHIPS = {"18": "self", "01": "spouse", "19": "child"}
_NONE: frozenset[str] = frozenset()
# Parties of a level that are fields of the record.
_OWN = {BILLING: frozenset(("85",)), SUBSCRIBER: frozenset(("IL", "PR")), PATIENT: frozenset(("QC",))}
# A finding that each claim makes at its own place: position, code, text, loop.
Missing = tuple[str, str, str, str]
_NO_PROVIDER: Missing = (
    "NM1", "NO_BILLING_NPI",
    "no billing provider (NM1*85 in 2010AA) stands above the claim; none is taken from an earlier one", "2010AA",
)  # fmt: skip
_NO_SUBSCRIBER: Missing = (
    "NM1", "NO_SUBSCRIBER",
    "no subscriber (NM1*IL in 2010BA) stands above the claim; none is taken from an earlier one", "2010BA",
)  # fmt: skip
_NO_PATIENT: Missing = (
    "NM1", "NO_PATIENT", "level 23 stands above the claim and names no patient (NM1*QC)", "2010CA"
)  # fmt: skip
_NOBODY = ProviderReference(None, (), None)
_NO_MEMBER = MemberReference(None, (), None, None, None, None)
_NO_FILING = "the claim filing indicator is missing, or in another position"


@dataclass(slots=True)
class Above:
    """What a level says, together with those above it; `missing` are findings that each claim makes at its place."""

    attributes: dict[str, str]
    findings: tuple[EdiFinding, ...] = ()
    missing: tuple[Missing, ...] = ()
    currency: str | None = None
    provider: ProviderReference = _NOBODY
    member: MemberReference = _NO_MEMBER
    # NM1*IL with what follows, and what its SBR and its payer say.
    insured: tuple[Elements, ...] = ()
    relationship: str = ""
    payer_id: str | None = None


def above(loop: ClaimLoop, transaction: dict[str, str], values: Values, notes: Notes) -> Above:
    """What stands above the claim; remembered in its level. `transaction` are attributes of the whole transaction.

    Findings are handed out with it, so that each claim of the level has them; `notes` only say where they stand.
    """
    level = loop.level
    if level is not None and level.read is not None:
        read: Above = level.read
        return read
    before = len(notes.findings)
    over = _provider(loop.level_of(BILLING), transaction, values, notes)
    over = _subscriber(loop.level_of(SUBSCRIBER), over, values, notes)
    # A patient is the lowest level, so it is that of the claim or none.
    patient = level if level is not None and level.kind == PATIENT else None
    if patient is not None:
        over = _patient(patient, over, values, notes)
    else:
        _insured_is_patient(over, values, notes)
    if len(notes.findings) > before:
        over.findings += tuple(notes.findings[before:])
        del notes.findings[before:]
    if level is not None:
        level.read = over
    return over


def _provider(level: Level | None, transaction: dict[str, str], values: Values, notes: Notes) -> Above:
    """2000A, read once for all its subscribers."""
    if level is None:
        return Above(dict(transaction), missing=(_NO_PROVIDER,))
    if level.provided is None:
        level.provided = _read_provider(level, transaction, values, notes)
    found: Above = level.provided
    return Above(dict(found.attributes), found.findings, found.missing, found.currency, found.provider)


def _read_provider(level: Level, transaction: dict[str, str], values: Values, claim_notes: Notes) -> Above:
    over, notes = Above(dict(transaction)), Notes(claim_notes.loop)
    parties = level.parties()
    party = _rest(level, parties, over, values, notes).get("85")
    if party is None:
        over.missing = (_NO_PROVIDER,)
    else:
        segment = party[0]
        _check_npi(segment, notes)
        person_names(segment, keys.BILLING, over.attributes)
        rest_of(party, keys.BILLING, over.attributes, values.component)
        identifiers = identifiers_of(party, values, notes, "2010AA")
        over.provider = ProviderReference(None, identifiers, name_of(segment, values, notes, "2010AA"))
    over.findings = notes.all()
    return over


def _check_npi(segment: Elements, notes: Notes) -> None:
    if len(segment) < 10 or not segment[9]:
        notes.note(segment, "NM109", "NO_BILLING_NPI", "the billing provider has no identifier", "2010AA")
    elif segment[8] != "XX":
        text = f"NM108 of the billing provider is {segment[8][:3] or '(empty)'}; guides of 5010 want XX, an NPI"
        notes.note(segment, "NM108", "NPI_QUAL", text, "2010AA")
    elif not npi_check_digit_fits(segment[9]):
        text = "the check digit of the billing provider's NPI does not fit"
        notes.note(segment, "NM109", "NPI_CHECKDIGIT", text, "2010AA")


def _subscriber(level: Level | None, over: Above, values: Values, notes: Notes) -> Above:
    """2000B: insurance and payer; who the subscriber is, where the patient is another, says _patient."""
    if level is None:
        over.missing += (_NO_SUBSCRIBER,)
        return over
    parties = level.parties()
    own = _rest(level, parties, over, values, notes)
    insured = own.get("IL")
    if insured is None:
        over.missing += (_NO_SUBSCRIBER,)
    else:
        over.insured = tuple(insured)
        if len(insured[0]) < 10 or not insured[0][9]:
            text = "the subscriber has no member number"
            notes.note(insured[0], "NM109", "NO_MEMBER_NUMBER", text, "2010BA")
    payer = own.get("PR")
    if payer is not None:
        over.payer_id = _payer(payer, over.attributes, values, notes)
    return over


def _insurance(segment: Elements, over: Above, values: Values, notes: Notes) -> None:
    """SBR of the subscriber; most claims of a sender say much the same there."""
    if len(segment) < 10 or not segment[9]:
        notes.note(segment, "SBR09", "SBR09", _NO_FILING, "2000B")
    key = tuple(segment)
    known = values.indicators.get(key)
    if known is None:
        known = placed(segment, keys.SBR_POSITIONS, "sbr", 1, (2,), values.component)
        remember(values.indicators, key, known)
    over.attributes.update(known)
    over.relationship = segment[2] if len(segment) > 2 else ""


def _insured_is_patient(over: Above, values: Values, notes: Notes) -> None:
    code = over.relationship
    if code and code != "18":
        over.attributes[keys.RELATIONSHIP_CODE] = escaped(code)
    relationship = RELATIONSHIPS.get(code, "other") if code else "self"
    over.member = person(over.insured, keys.PATIENT, relationship, "2010BA", over.attributes, values, notes)


def _patient(level: Level, over: Above, values: Values, notes: Notes) -> Above:
    """2000C: the patient is not the subscriber."""
    own = _rest(level, level.parties(), over, values, notes)
    party = own.get("QC")
    if party is None:
        over.missing += (_NO_PATIENT,)
    code = next((one[1] for one in level.base if one[0] == "PAT" and len(one) > 1), "")
    over.attributes[keys.RELATIONSHIP_CODE] = escaped(code)
    relationship = RELATIONSHIPS.get(code, "other")
    over.member = dependent(tuple(party or ()), over.insured, relationship, over.attributes, values, notes)
    return over


def _payer(party: Party, attributes: dict[str, str], values: Values, notes: Notes) -> str | None:
    """Id of the payer that the claim is sent to (2010BB); the same few stand under all subscribers."""
    key = tuple(map(tuple, party))
    known = values.payers.get(key)
    if known is None:
        own: dict[str, str] = {}
        segment, before = party[0], len(notes.findings)
        if len(segment) > 3 and segment[3]:
            own[f"{keys.PAYER}.name"] = escaped(segment[3])
        if len(segment) > 9 and segment[8] != "PI":
            own[f"{keys.PAYER}.id_qualifier"] = escaped(segment[8])
        rest_of(party, keys.PAYER, own, values.component, _NONE)
        known = (values.code(segment, 9, notes, "2010BB"), own)
        if len(notes.findings) == before:
            remember(values.payers, key, known)
    attributes.update(known[1])
    return known[0]


def _rest(level: Level, parties: list[Party], over: Above, values: Values, notes: Notes) -> dict[str, Party]:
    """The parties of the level that are fields, by NM101; attributes for all else that stands in it."""
    own: dict[str, Party] = {}
    fields = _OWN.get(level.kind, _NONE)
    for party in parties:
        code = party[0][1] if len(party[0]) > 1 else ""
        if code in fields and code not in own:
            own[code] = party
            continue
        if code in fields:
            text = f"NM1*{code} stands twice in one level; the first counts"
            notes.note(party[0], "NM101", "NM1_TWICE", text, "2000")
        prefix = keys.LEVEL_PARTIES.get(code) or f"party.{escaped(code[:3])}"
        whole_party(party, prefix, over.attributes, values)
    insured = specialized = False
    for segment in level.base:
        name = segment[0]
        if name == "SBR" and level.kind == SUBSCRIBER and not insured:
            insured = True
            _insurance(segment, over, values, notes)
        elif name == "PAT":
            _patient_details(segment, over.attributes, values)
        elif name == "CUR":
            over.currency = segment[2] if len(segment) > 2 else None
        elif name == "PRV" and level.kind == BILLING and len(segment) == 4 and segment[3] and not specialized:
            specialized = True
            over.attributes[f"{keys.BILLING}.taxonomy"] = escaped(segment[3])
        elif name != "HL":
            add(over.attributes, f"segment.{escaped(name[:3])}", joined(segment[1:], values.component))
    if not insured and level.kind == SUBSCRIBER:
        over.missing += (("SBR09", "SBR09", _NO_FILING, "2000B"),)
    return own


def _patient_details(segment: Elements, attributes: dict[str, str], values: Values) -> None:
    """PAT, but for the relationship."""
    prefix = keys.PATIENT
    _, _, *student, death_form, death, unit, weight, pregnant = (*segment, *[""] * 10)[:10]
    if any(student):
        attributes[f"{prefix}.status"] = joined(student, values.component)
    if death:
        attributes[f"{prefix}.death_date"] = date_text(death_form, death)
    if weight:
        attributes[f"{prefix}.weight"] = escaped(weight) if unit in ("", "01") else f"{escaped(unit)}*{escaped(weight)}"
    if pregnant:
        attributes[f"{prefix}.pregnant"] = escaped(pregnant)
