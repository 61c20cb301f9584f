"""What stands above a claim, read once a level: billing provider, subscriber, patient, and the payer.

Findings of a level are those of each claim under it: whoever answers a claim needs them all.
"""

from dataclasses import dataclass

from schemas.claim import Identifier, MemberReference, ProviderReference
from schemas.identity import npi_check_digit_fits
from schemas.money import EXPONENTS
from sources.x12 import keys
from sources.x12.findings import EdiFinding
from sources.x12.loops import BILLING, PATIENT, SUBSCRIBER, ClaimLoop, Level, Party
from sources.x12.notes import Notes
from sources.x12.parties import SUBSCRIBER_NUMBER, SYSTEMS, identifiers_of, name_of, person_names, rest_of, whole_party
from sources.x12.segments import Elements
from sources.x12.values import Values
from sources.x12.written import composite, date_text, escaped, joined, placed

RELATIONSHIPS = {"18": "self", "01": "spouse", "19": "child"}
_SEXES = ("F", "M", "U")
_NONE: frozenset[str] = frozenset()
_OWN_PARTIES = {BILLING: ("85",), SUBSCRIBER: ("IL", "PR"), PATIENT: ("QC",)}
_OWN_SEGMENTS = frozenset(("HL", "NM1", "SBR", "PAT", "CUR"))


@dataclass(frozen=True, slots=True)
class Above:
    """What the levels above a claim say: `missing` are findings that each claim makes at its own place."""

    member: MemberReference
    provider: ProviderReference
    payer_id: str | None
    attributes: dict[str, str]
    currency: str | None
    findings: tuple[EdiFinding, ...]
    missing: tuple[tuple[str, str, str, str], ...]


def above(loop: ClaimLoop, transaction: dict[str, str], values: Values) -> Above:
    """What stands above the claim; remembered in its level. `transaction` are attributes of the whole transaction."""
    level = loop.level
    if level is not None and level.read is not None:
        read: Above = level.read
        return read
    reading = _Reading(loop, transaction, values)
    read = reading.read()
    if level is not None:
        level.read = read
    return read


class _Reading:
    def __init__(self, loop: ClaimLoop, transaction: dict[str, str], values: Values) -> None:
        self._values = values
        self._notes = Notes(loop)
        self._missing: list[tuple[str, str, str, str]] = []
        self._attributes = dict(transaction)
        self._billing = loop.level_of(BILLING)
        self._subscriber = loop.level_of(SUBSCRIBER)
        self._patient = loop.level_of(PATIENT)

    def read(self) -> Above:
        provider = self._provider()
        member = self._member()
        payer = self._payer()
        currency = None
        for level in (self._billing, self._subscriber, self._patient):
            if level is not None:
                currency = self._rest(level) or currency
        return Above(member, provider, payer, self._attributes, currency, self._notes.all(), tuple(self._missing))

    def _provider(self) -> ProviderReference:
        party = self._billing.party("85") if self._billing is not None else []
        if not party:
            text = "no billing provider (NM1*85 in 2010AA) stands above the claim; none is taken from an earlier one"
            self._missing.append(("NM1", "NO_BILLING_NPI", text, "2010AA"))
            return ProviderReference(None, (), None)
        segment = party[0]
        if len(segment) < 10 or not segment[9]:
            self._notes.note(segment, "NM109", "NO_BILLING_NPI", "the billing provider has no identifier", "2010AA")
        elif segment[8] != "XX":
            text = f"NM108 of the billing provider is {segment[8][:3] or '(empty)'}; guides of 5010 want XX, an NPI"
            self._notes.note(segment, "NM108", "NPI_QUAL", text, "2010AA")
        elif not npi_check_digit_fits(segment[9]):
            text = "the check digit of the billing provider's NPI does not fit"
            self._notes.note(segment, "NM109", "NPI_CHECKDIGIT", text, "2010AA")
        person_names(segment, keys.BILLING, self._attributes)
        rest_of(party, keys.BILLING, self._attributes, self._values.component)
        identifiers = identifiers_of(party, self._values, self._notes, "2010AA")
        return ProviderReference(None, identifiers, name_of(segment, self._values, self._notes, "2010AA"))

    def _member(self) -> MemberReference:
        """The patient: of 2000C where the claim stands under one, else the subscriber of 2000B."""
        insured = self._subscriber.party("IL") if self._subscriber is not None else []
        if not insured:
            text = "no subscriber (NM1*IL in 2010BA) stands above the claim; none is taken from an earlier one"
            self._missing.append(("NM1", "NO_SUBSCRIBER", text, "2010BA"))
        elif len(insured[0]) < 10 or not insured[0][9]:
            self._notes.note(insured[0], "NM109", "NO_MEMBER_NUMBER", "the subscriber has no member number", "2010BA")
        code = self._insurance()
        if self._patient is None:
            if code not in ("", "18"):
                self._attributes[keys.RELATIONSHIP_CODE] = escaped(code)
            return self._person(
                insured, keys.PATIENT, RELATIONSHIPS.get(code, "self" if not code else "other"), "2010BA"
            )
        return self._dependent(self._patient, insured)

    def _insurance(self) -> str:
        """SBR; the code of the relationship."""
        found = [s for s in self._subscriber.segments if s[0] == "SBR"] if self._subscriber is not None else []
        if not found or len(found[0]) < 10 or not found[0][9]:
            text = "the claim filing indicator is missing, or in another position"
            if found:
                self._notes.note(found[0], "SBR09", "SBR09", text, "2000B")
            elif self._subscriber is not None:
                self._missing.append(("SBR09", "SBR09", text, "2000B"))
        if not found:
            return ""
        self._attributes.update(placed(found[0], keys.SBR_POSITIONS, "sbr", 1, (2,), self._values.component))
        return found[0][2] if len(found[0]) > 2 else ""

    def _dependent(self, level: Level, insured: Party) -> MemberReference:
        attributes, component = self._attributes, self._values.component
        person = level.party("QC")
        if not person:
            text = "level 23 stands above the claim and names no patient (NM1*QC)"
            self._missing.append(("NM1", "NO_PATIENT", text, "2010CA"))
        number: tuple[Identifier, ...] = ()
        if insured:
            segment = insured[0]
            subscriber = self._person(insured, keys.SUBSCRIBER, "", "2010BA")
            number = subscriber.identifiers
            if not any(f"{keys.SUBSCRIBER}.last_name" in key for key in attributes) and subscriber.name:
                attributes[f"{keys.SUBSCRIBER}.name"] = escaped(subscriber.name)
            if len(segment) > 9 and segment[9]:
                attributes[f"{keys.SUBSCRIBER}.number"] = escaped(segment[9])
                if segment[8] != "MI":
                    attributes[f"{keys.SUBSCRIBER}.number_qualifier"] = escaped(segment[8])
            for demographics in (one for one in insured if one[0] == "DMG"):
                for place, suffix in ((2, "birth_date"), (3, "sex")):
                    if len(demographics) > place and demographics[place]:
                        value = demographics[place]
                        value = date_text(demographics[1], value) if place == 2 else escaped(value)
                        attributes[f"{keys.SUBSCRIBER}.{suffix}"] = value
        code = next((s[1] for s in level.segments if s[0] == "PAT" and len(s) > 1), "")
        attributes[keys.RELATIONSHIP_CODE] = composite(code, component)
        found = self._person(person, keys.PATIENT, RELATIONSHIPS.get(code, "other"), "2010CA")
        if not found.identifiers and number:
            own = (Identifier(SUBSCRIBER_NUMBER, number[0].value),)
            return MemberReference(None, own, found.name, found.birth_date, found.sex, found.relationship)
        return found

    def _person(self, party: Party, prefix: str, relationship: str, loop: str) -> MemberReference:
        if not party:
            return MemberReference(None, (), None, None, None, relationship)
        segment, values, notes = party[0], self._values, self._notes
        number = values.code(segment, 9, notes, loop)
        own = (Identifier(SYSTEMS.get(segment[8], "member_number"), number),) if number else ()
        person_names(segment, prefix, self._attributes)
        demographics: Elements = []
        others = [segment]
        for one in party[1:]:
            if one[0] == "DMG" and not demographics:
                demographics = one
            else:
                others.append(one)
        if len(others) > 1:
            rest_of(others, prefix, self._attributes, values.component, _NONE)
        birth, sex = None, ""
        if demographics:
            birth = values.day(demographics, 1, 2, notes, loop)
            sex = demographics[3] if len(demographics) > 3 else ""
            if (
                len(demographics) > 4
                or sex not in (*_SEXES, "")
                or (birth is None and len(demographics) > 2 and demographics[2])
            ):
                self._attributes[f"{prefix}.demographics"] = joined(demographics[1:], values.component)
        name = name_of(segment, values, notes, loop)
        return MemberReference(None, own, name, birth, sex if sex in _SEXES else None, relationship)

    def _payer(self) -> str | None:
        """Id of the payer that the claim is sent to (2010BB)."""
        party = self._subscriber.party("PR") if self._subscriber is not None else []
        if not party:
            return None
        segment = party[0]
        if len(segment) > 3 and segment[3]:
            self._attributes[f"{keys.PAYER}.name"] = escaped(segment[3])
        if len(segment) > 9 and segment[8] != "PI":
            self._attributes[f"{keys.PAYER}.id_qualifier"] = escaped(segment[8])
        rest_of(party, keys.PAYER, self._attributes, self._values.component, _NONE)
        return self._values.code(segment, 9, self._notes, "2010BB")

    def _rest(self, level: Level) -> str | None:
        """Further parties and segments of a level; the currency, where it names one."""
        own = set(_OWN_PARTIES.get(level.kind, ()))
        attributes, component = self._attributes, self._values.component
        currency = None
        in_party = False
        for segment in level.segments:
            name = segment[0]
            if name == "NM1":
                in_party = True
                code = segment[1] if len(segment) > 1 else ""
                if code in own:
                    own.discard(code)
                else:
                    self._further(level, segment, code)
            elif name == "PAT":
                self._patient_details(segment)
            elif name == "CUR":
                currency = segment[2] if len(segment) > 2 else None
            elif name == "PRV" and not in_party and level.kind == BILLING and len(segment) == 4 and segment[3]:
                attributes[f"{keys.BILLING}.taxonomy"] = escaped(segment[3])
            elif name not in _OWN_SEGMENTS and not (
                in_party and name in ("REF", "PRV", "N2", "N3", "N4", "PER", "DMG")
            ):
                self._attributes[f"segment.{name[:10]}"] = joined(segment[1:], component)
        return currency

    def _further(self, level: Level, segment: Elements, code: str) -> None:
        if code in _OWN_PARTIES.get(level.kind, ()):
            text = f"NM1*{code} stands twice in one level; the first counts"
            self._notes.note(segment, "NM101", "NM1_TWICE", text, "2000")
        place = next(i for i, one in enumerate(level.segments) if one is segment)
        party = [segment]
        for one in level.segments[place + 1 :]:
            if one[0] not in ("REF", "PRV", "N2", "N3", "N4", "PER", "DMG"):
                break
            party.append(one)
        prefix = keys.LEVEL_PARTIES.get(code) or f"party.{escaped(code[:5])}"
        whole_party(party, prefix, self._attributes, self._values)

    def _patient_details(self, segment: Elements) -> None:
        """PAT, but for the relationship."""
        attributes, prefix = self._attributes, keys.PATIENT
        _, _, *student, death_form, death, unit, weight, pregnant = (*segment, *[""] * 10)[:10]
        if any(student):
            attributes[f"{prefix}.status"] = joined(student, self._values.component)
        if death:
            attributes[f"{prefix}.death_date"] = date_text(death_form, death)
        if weight:
            attributes[f"{prefix}.weight"] = (
                escaped(weight) if unit in ("", "01") else f"{escaped(unit)}*{escaped(weight)}"
            )
        if pregnant:
            attributes[f"{prefix}.pregnant"] = escaped(pregnant)


def known_currency(code: str) -> bool:
    """Whether amounts in that currency can be held."""
    return code in EXPONENTS
