"""Random stories of families: claims, voids, replacements, repeats, duplicates and authorizations in any order."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY
from schemas.events import AuthorizationEvent, Command
from schemas.identifiers import claim_number
from schemas.vocabulary import CommandKind
from tests.agents.world import authorization, claim, line
from tests.properties.payers import BED, CENTS, CODES, DAY, IMPLANT, World

Event = SubmittedClaim | AuthorizationEvent | Command
MEMBERS = ("F1", "F2", "F3", "F4", "G1", "G2")
# Around the turn of the benefit year on 1 July, and half a year before.
DAYS = (DAY - 200, DAY, DAY, DAY, DAY + 1, DAY + 2, DAY + 3)
CLAIMS_MAX = 6
KINDS: st.SearchStrategy[CommandKind] = st.sampled_from(["approve", "approve", "deny", "void"])


@st.composite
def lines(draw: st.DrawFn, world: World, day: int) -> tuple[ClaimLine, ...]:
    """One to six lines; no code twice where a suspect would be met within a claim."""
    stays = any(term.method == "per_diem" for one in world.payer.contracts for term in one.terms)
    codes = draw(
        st.lists(
            st.sampled_from([*CODES, IMPLANT, *([BED] if stays else [])]),
            min_size=1,
            max_size=6,
            unique=world.one_provider,
        )
    )
    made: list[ClaimLine] = []
    for code in codes:
        units = draw(st.sampled_from([1, 1, 2, 3])) if code.startswith("8") else 1
        modifiers = () if world.one_provider else draw(st.sampled_from([(), (), ("26",), ("59",)]))
        later = 0 if code == BED else draw(st.sampled_from([0, 0, 0, 1]))
        one = line(draw(CENTS), code, units=units, modifiers=modifiers)
        nights = draw(st.integers(0, 3)) if code == BED else 0
        made.append(replace(one, service_from=day + later, service_to=day + later + nights))
    return tuple(made)


@st.composite
def claims(draw: st.DrawFn, world: World, number: int) -> SubmittedClaim:
    """A claim with a number of its own; now and then filed late, or an encounter."""
    day = draw(st.sampled_from(DAYS))
    billed = draw(lines(world, day))
    last = max(one.service_to for one in billed)
    provider = "P1" if world.one_provider else draw(st.sampled_from(["P1", "P1", "P2", "OUT"]))
    late = draw(st.sampled_from([10] * 9 + [200]))
    changes: dict[str, Any] = {
        "provider_id": provider,
        "currency": world.payer.plan.currency,
        "service_from": day,
        "service_to": last,
        "drg": draw(st.sampled_from([None, "470"])),
        "diagnoses": (replace(claim().diagnoses[0], code=draw(st.sampled_from(["J069", "M170"]))),),
        "accepted_at": (last + late) * MILLISECONDS_A_DAY,
        "encounter": draw(st.sampled_from([*[False] * 9, True])),
    }
    return claim(*billed, number=f"C{number}", member_id=draw(st.sampled_from(MEMBERS)), **changes)


def renamed(given: SubmittedClaim, number: str) -> SubmittedClaim:
    """The same content as a new claim."""
    own = claim(number=number)
    return replace(given, claim_id=own.claim_id, root_id=own.claim_id, claim_control_number=number)


def following(root: SubmittedClaim, given: SubmittedClaim, number: str, frequency: str) -> SubmittedClaim:
    """A void (8) or replacement (7) of a root claim."""
    reference = claim_number(root.claim_id, 2026)
    changed = replace(renamed(given, number), frequency_code=frequency, original_reference=reference)
    return replace(changed, root_id=root.root_id)


@st.composite
def followers(draw: st.DrawFn, world: World, roots: list[SubmittedClaim]) -> list[SubmittedClaim]:
    """Voids and replacements of some claims, on the member and day of their original."""
    made: list[SubmittedClaim] = []
    for n, root in enumerate(draw(st.lists(st.sampled_from(roots), max_size=4))):
        if draw(st.booleans()):
            made.append(following(root, root, f"V{n}", "8"))
        else:
            changed = replace(draw(claims(world, n)), member=root.member, service_from=root.service_from)
            billed = draw(lines(world, root.service_from))
            last = max(one.service_to for one in billed)
            total = sum(one.charge for one in billed)
            numbered = tuple(replace(one, line_number=i) for i, one in enumerate(billed, start=1))
            at = (last + 10) * MILLISECONDS_A_DAY
            changed = replace(changed, lines=numbered, service_to=last, total_charge=total, accepted_at=at)
            made.append(following(root, changed, f"R{n}", "7"))
        made[-1] = draw(sent_by(made[-1]))
    return made


@st.composite
def sent_by(draw: st.DrawFn, given: SubmittedClaim) -> SubmittedClaim:
    """The same, now and then through another clearing house in the name of whatever provider: mostly a stranger's.

    Even where all claims are of one provider: what is a stranger's gets no amounts.
    """
    if draw(st.sampled_from([True, True, True, False])):
        return given
    named = draw(st.sampled_from(["P1", "P2", "OUT"]))
    return replace(given, submitter_id="ELSEWHERE", provider=replace(given.provider, provider_id=named))


@st.composite
def grants(draw: st.DrawFn) -> list[AuthorizationEvent]:
    """Authorizations, one number a member so that it is clear which one a line uses."""
    made: list[AuthorizationEvent] = []
    for member in draw(st.lists(st.sampled_from(MEMBERS), max_size=3)):
        units = draw(st.sampled_from([None, 1000, 2000, 5000]))
        state = draw(st.sampled_from(["approved", "approved", "cancelled"]))
        event = authorization(f"A-{member}", member, valid_from=DAY - 30, valid_to=DAY + 2, units_milli=units)
        made.append(replace(event, event_id=f"E{len(made)}", state=state))
    return made


@st.composite
def commands(draw: st.DrawFn, roots: list[SubmittedClaim]) -> list[Command]:
    """Persons approve, deny and void, whether or not there is anything to do it to."""
    asked = draw(st.lists(st.tuples(st.sampled_from(roots), KINDS), max_size=2))
    return [
        Command(f"X{n}", kind, root.root_id, "A", "claim_processor", "looked at", None, None, root.accepted_at)
        for n, (root, kind) in enumerate(asked)
    ]


@st.composite
def stories(draw: st.DrawFn, world: World) -> list[Event]:
    """Claims in order, with everything else put in at any place: a void may come before its original."""
    count = draw(st.integers(1, CLAIMS_MAX))
    originals = [draw(claims(world, n)) for n in range(count)]
    told: list[Event] = list(originals)
    extra: list[Event] = list(draw(grants()))
    extra += [renamed(one, f"D{n}") for n, one in enumerate(draw(st.lists(st.sampled_from(originals), max_size=2)))]
    extra += draw(followers(world, originals))
    extra += draw(commands(originals))
    again = [*originals, *(one for one in extra if isinstance(one, SubmittedClaim))]
    for one in [*extra, *draw(st.lists(st.sampled_from(again), max_size=2))]:
        told.insert(draw(st.integers(0, len(told))), one)
    return [replace(one, at=n) if isinstance(one, AuthorizationEvent) else one for n, one in enumerate(told)]
