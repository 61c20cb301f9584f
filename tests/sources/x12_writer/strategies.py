"""Strategies for whole claims of every form, with all their parts, as a reader of 837 makes them."""

from dataclasses import replace

from hypothesis import strategies as st

from schemas.claim import (
    ClaimLine,
    Identifier,
    MemberReference,
    OtherPayer,
    OtherProvider,
    Payee,
    PayerAdjustment,
    PayerLine,
    ProviderReference,
    SubmittedClaim,
)
from schemas.intake import told_apart, with_ids
from schemas.money import EXPONENTS
from schemas.vocabulary import Form, ServiceType
from sources.generate.blank import blank_claim
from sources.x12.claim import INPATIENT_BILLS, PLACES
from sources.x12.keys import ROLES
from sources.x12.levels import RELATIONSHIPS
from sources.x12.parties import SUBSCRIBER_NUMBER
from tests.sources.x12_writer import parts
from tests.sources.x12_writer.parts import AMOUNT, CODE, DAY, DIGITS, Attributes

_CODES = {"professional": ("99213", "HC"), "institutional": ("85025", "HC"), "dental": ("D2391", "AD")}
_RESPONSIBILITIES = "PSTABCDEFGH"


@st.composite
def members(draw: st.DrawFn) -> tuple[MemberReference, str | None, Attributes]:
    """The patient: the subscriber, or somebody of the family; and the name of the subscriber, else of the patient."""
    name, attributes = draw(parts.people("patient"))
    insured = name
    own = draw(st.one_of(st.none(), st.sampled_from(["member_number", "health_id", "ssn"])))
    identifiers = () if own is None else (Identifier(own, draw(CODE)),)
    code = draw(st.sampled_from(["18", "01", "19", "G8", "53"]))
    if draw(st.booleans()):
        if code != "18":
            attributes["relationship_code"] = code
    else:
        subscriber, more = draw(parts.people("subscriber"))
        attributes |= more | {"relationship_code": code, "subscriber.number": draw(CODE)}
        attributes |= parts.some(
            draw,
            {"subscriber.birth_date": st.just("1980-02-14"), "subscriber.sex": st.just("F")},
        )
        insured = subscriber or name
        if "subscriber.last_name" not in more and subscriber:
            attributes["subscriber.name"] = subscriber
        if not identifiers:
            identifiers = (Identifier(SUBSCRIBER_NUMBER, attributes["subscriber.number"]),)
    born, sex = draw(st.one_of(st.none(), DAY)), draw(st.sampled_from(["F", "M", "U", None]))
    member = MemberReference(None, identifiers, name, born, sex, RELATIONSHIPS.get(code, "other"))
    return member, insured, attributes


@st.composite
def providers(draw: st.DrawFn) -> tuple[ProviderReference, tuple[OtherProvider, ...], Attributes]:
    """The billing provider and the further ones, two of a role at times."""
    name, attributes = draw(parts.people("billing"))
    if draw(st.booleans()):
        attributes["billing.taxonomy"] = draw(DIGITS)
    billing = ProviderReference(None, draw(parts.provider_identifiers()), name)
    others: list[OtherProvider] = []
    times: dict[str, int] = {}
    for role in draw(st.lists(st.sampled_from([*sorted(ROLES.values()), "XY"]), max_size=4)):
        times[role] = number = times.get(role, 0) + 1
        prefix = role if number == 1 else f"{role}.{number}"
        known, more = draw(parts.people(prefix))
        attributes |= more | ({f"{prefix}.taxonomy": draw(DIGITS)} if draw(st.booleans()) else {})
        others.append(OtherProvider(role, draw(parts.provider_identifiers()), known))
    return billing, tuple(others), attributes


@st.composite
def lines(draw: st.DrawFn, form: Form, diagnoses: int) -> tuple[ClaimLine, ...]:
    """One to four lines, each within some days."""
    numbers = draw(st.lists(st.integers(1, 999), min_size=1, max_size=4, unique=True))
    return tuple(draw(_line(form, number, diagnoses)) for number in numbers)


@st.composite
def _line(draw: st.DrawFn, form: Form, number: int, diagnoses: int) -> ClaimLine:
    code, system = _CODES[form]
    attributes = parts.some(draw, parts.LINE_ATTRIBUTES) | parts.some(draw, parts.SERVICE_ATTRIBUTES[form])
    if "rendering.nm1" in attributes and draw(st.booleans()):
        attributes["rendering.2.nm1"] = "2*CLINIC"
    revenue = draw(st.sampled_from(["0300", "0450"])) if form == "institutional" else None
    if revenue and draw(st.booleans()):
        code, system = revenue, "RC"
    elif draw(st.integers(0, 4)) == 0:
        code, system = "KONSUL-1", "LOCAL"
        if draw(st.booleans()):
            attributes["code_qualifier"] = "ER"
    modifiers = () if system == "RC" else tuple(draw(st.lists(st.sampled_from(["25", "LT"]), max_size=4)))
    if system != "RC":
        attributes |= parts.some(draw, {"description": parts.TEXT, "code_range_end": st.just("D2399")})
    tooth = "3" if "teeth" in attributes else draw(st.sampled_from([None, "14"])) if form == "dental" else None
    pointers = st.lists(st.integers(1, diagnoses), max_size=4) if diagnoses and form != "institutional" else st.just([])
    first = draw(DAY)
    place = draw(st.sampled_from([None, "11"])) if form != "institutional" else None
    return ClaimLine(
        number, code, system, revenue, modifiers, draw(st.integers(1, 10**7)), draw(AMOUNT), first,
        first + draw(st.integers(0, 3)), tuple(draw(pointers)), place,
        draw(st.one_of(st.none(), CODE)), tooth, attributes,
    )  # fmt: skip


@st.composite
def other_payers(
    draw: st.DrawFn, made: tuple[ClaimLine, ...], unit: int
) -> tuple[tuple[OtherPayer, ...], tuple[ClaimLine, ...], Attributes]:
    """Earlier payers, and the lines with what their decisions add; `unit` is 1 of the currency in minor units."""
    attributes: Attributes = {}
    found: list[OtherPayer] = []
    ids = draw(st.lists(CODE, max_size=3, unique=True))
    for place, payer_id in enumerate(ids, start=1):
        prefix = f"other_payer.{place}"
        responsibility = draw(st.sampled_from(_RESPONSIBILITIES))
        attributes[f"{prefix}.subscriber"] = f"{responsibility}*18*G1******CI"
        values = {
            "name": parts.TEXT, "insurance": st.just("**Y***Y"), "insured.nm1": st.just("1*DOE*JO****MI*9"),
            "ref.2U": CODE, "paid_date": st.just("2026-05-20"), "amount.EAF": st.just("5"),
            "inpatient_remarks": st.just("1"), "rendering.nm1": st.just("1******"[:1]), "address": st.just("1 MAIN ST"),
        }  # fmt: skip
        attributes |= {f"{prefix}.{key}": value for key, value in parts.some(draw, values).items()}
        general = draw(_adjustments(None))
        if draw(st.integers(0, 3)) == 0:
            general = [PayerAdjustment(None, "CO", "45", 10 * unit), PayerAdjustment(None, "CO", "97", 5 * unit)]
            attributes[f"{prefix}.adjustments"] = "CO*45*10*2*97*5"
        decided, made = draw(_decisions(made, prefix))
        adjustments = (*general, *[one for _, ones in decided for one in ones])
        allowed = draw(st.one_of(st.none(), AMOUNT))
        sequence = _RESPONSIBILITIES.index(responsibility) + 1
        paid_lines = tuple(line for line, _ in decided)
        found.append(OtherPayer(payer_id, sequence, draw(AMOUNT), adjustments, allowed, paid_lines))
    return tuple(found), made, attributes


@st.composite
def _adjustments(draw: st.DrawFn, line: int | None) -> list[PayerAdjustment]:
    groups = st.sampled_from(["CO", "PR", "OA"])
    rows = draw(st.lists(st.tuples(groups, st.sampled_from(["45", "1", "253"]), AMOUNT), max_size=8))
    return [PayerAdjustment(line, group, reason, amount) for group, reason, amount in rows]


@st.composite
def _decisions(
    draw: st.DrawFn, made: tuple[ClaimLine, ...], prefix: str
) -> tuple[list[tuple[PayerLine, list[PayerAdjustment]]], tuple[ClaimLine, ...]]:
    decided, changed = [], []
    for line in made:
        if draw(st.booleans()):
            decided.append((PayerLine(line.line_number, draw(AMOUNT)), draw(_adjustments(line.line_number))))
            more = {"decision": st.just("HC:99213**1"), "paid_date": st.just("2026-05-20"), "amount.EAF": st.just("5")}
            added = {f"{prefix}.{key}": value for key, value in parts.some(draw, more).items()}
            line = replace(line, attributes={**line.attributes, **added})
        changed.append(line)
    return decided, tuple(changed)


@st.composite
def claims(draw: st.DrawFn, form: Form) -> SubmittedClaim:
    """A claim of that form with all its parts."""
    member, insured, attributes = draw(members())
    billing, others, more = draw(providers())
    attributes |= more | parts.some(draw, parts.CLAIM_ATTRIBUTES, most=8)
    # CLM08: benefits that are not assigned to the provider are the subscriber's.
    payee = Payee(insured, None, None) if attributes.get("benefits_assigned") == "N" and insured else None
    diagnoses, more = draw(parts.diagnoses())
    attributes |= more
    made = draw(lines(form, len(diagnoses)))
    currency, payer_id = draw(st.sampled_from(["USD", "IDR"])), draw(st.one_of(st.none(), CODE))
    if payer_id is None:
        attributes.pop("payer.id_qualifier", None)
    payers, made, more = draw(other_payers(made, 10 ** EXPONENTS[currency]))
    attributes |= more
    control_number = draw(CODE)
    attached, more = draw(parts.attachments(control_number))
    attributes |= more
    encounter = draw(st.booleans())
    if encounter:
        attributes.pop("transaction_type", None)
    first, last = min(line.service_from for line in made), max(line.service_to for line in made)
    first, last = first - draw(st.integers(0, 2)), last + draw(st.integers(0, 2))
    place = draw(st.sampled_from(["11", "21", "23"] if form != "institutional" else ["11", "13", "83"]))
    frequency = draw(st.sampled_from(["1", "7", "8"]))
    # Many senders amend a claim under its own number.
    original = draw(st.one_of(st.none(), st.just(control_number), CODE))
    admission = None if draw(st.booleans()) else first
    discharge = draw(st.sampled_from([None, last, last + 1]))
    if discharge is not None and draw(st.booleans()):
        attributes["discharge_hour"] = "14:30"
    claim = replace(
        blank_claim(form, _service_type(form, place, made)),
        submitter_id=draw(CODE), claim_control_number=control_number, currency=currency,
        frequency_code=frequency, original_reference=original, member=member, provider=billing,
        other_providers=others, payer_id=payer_id, service_from=first, service_to=last,
        admission_date=admission, discharge_date=discharge,
        place_of_service=None if form == "institutional" else place,
        bill_type=f"{place}{frequency}" if form == "institutional" else None,
        drg=draw(st.one_of(st.none(), DIGITS)), diagnoses=diagnoses, lines=made,
        total_charge=sum(line.charge for line in made), authorization_number=draw(st.one_of(st.none(), CODE)),
        referral_number=draw(st.one_of(st.none(), CODE)), other_payers=payers, attachments=attached,
        settlement="reimbursement" if payee else "cashless", payee=payee, attributes=attributes, channel="edi",
        correlation_id="", accepted_at=0, encounter=encounter,
    )  # fmt: skip
    return told_apart(with_ids(claim))


def _service_type(form: Form, place: str, made: tuple[ClaimLine, ...]) -> ServiceType:
    """As the reader derives it: by form, place of service, bill type and the emergency room's revenue codes."""
    if form == "dental":
        return "dental"
    if form == "professional":
        return PLACES.get(place, "outpatient")
    if place in INPATIENT_BILLS:
        return "inpatient"
    return "emergency" if any((line.revenue_code or "").startswith("045") for line in made) else "outpatient"
