"""Is the line a duplicate: exactly the same service billed before, or one that looks like it?

Exact: same member, provider, days, code, modifiers, tooth, units and charge as a line of history that passed, or as an
earlier line of the same claim: CARC 18, group OA. Of two providers that we do not know, what the claims say of them
must agree; where they say nothing, no line of another claim is an exact duplicate.

Suspect: a line of another claim for the same member, day, code and tooth that differs in provider, units, charge or
modifiers; the plan says what becomes of it. It is none where modifiers of either line say that they are two services
(CMS, Medicare Claims Processing Manual, chapter 1, section 120: exact duplicates are denied, suspects reviewed, unless
modifiers tell them apart; chapter 12, sections 20.4.3 and 40.8 on further surgeons; NCCI Policy Manual, chapter I,
section E on modifiers of distinct services).
"""

from agents.history import SameService
from agents.rules.line_edits import DUPLICATES, EditedLine, Hit
from config.limits import HISTORY_LINES_MAX
from schemas.claim import ClaimLine
from schemas.envelope import Finding
from schemas.reference import Plan
from schemas.state import HistoryLine

# On either line: a repeated procedure or test (76, 77, 91), or a distinct service (59 and what says it more exactly).
DISTINCT = frozenset({"76", "77", "91", "59", "XE", "XS", "XP", "XU"})
# On either line: the part of a further surgeon (two surgeons, team, assistant).
FURTHER_SURGEON = frozenset({"62", "66", "80", "81", "82", "AS"})
# On both lines, with nothing in common: the sides of the body (50 is both), the professional and the technical part.
PARTS = ({"LT": {"LT"}, "RT": {"RT"}, "50": {"LT", "RT"}}, {"26": {"26"}, "TC": {"TC"}})
_SEPARATE = DISTINCT | FURTHER_SURGEON


def find_duplicates(edited: EditedLine, provider: str | None, plan: Plan) -> None:
    """Add what fires. `provider`: as `provider_text` tells providers apart."""
    line, service = edited.line, edited.service
    same = _sameness(line)
    earlier = service.live.get(same)
    if earlier is not None:
        edited.add(_exact(edited, f"line {earlier} of this claim"))
    elif service.kept:
        _against_history(edited, service, same, provider, plan)


def stand(edited: EditedLine) -> None:
    """Let a line that no edit denied stand for the lines of the claim after it."""
    edited.service.live.setdefault(_sameness(edited.line), edited.line.line_number)


def _against_history(
    edited: EditedLine, service: SameService, same: tuple[object, ...], provider: str | None, plan: Plan
) -> None:
    suspect = None
    for kept in service.kept:
        if not kept.passed:
            continue
        if provider is not None and kept.provider_id == provider and _sameness(kept) == same:
            edited.add(_exact(edited, f"line {kept.line_number} of claim {kept.claim_id}"))
            return
        if suspect is None and kept.tooth == edited.line.tooth and not _apart(edited.line.modifiers, kept.modifiers):
            suspect = kept
    if suspect is not None:
        edited.add(_suspect(edited, suspect, provider, plan))
    if service.full:
        text = f"compared with the last {HISTORY_LINES_MAX} lines of that day; there were more"
        finding = Finding("D-HISTORY-FULL", edited.place, text)
        edited.add(Hit("warn", (DUPLICATES, 2, ""), "OA", "18", "D-HISTORY-FULL", finding))


def _exact(edited: EditedLine, where: str) -> Hit:
    text = f"the same service is on {where}"
    remedy = "modifier 76 or 77 where the service was done again; nothing where it was sent twice"
    finding = Finding("D-DUPLICATE", edited.place, text, remedy)
    return Hit("deny", (DUPLICATES, 0, ""), "OA", "18", "D-DUPLICATE", finding)


def _suspect(edited: EditedLine, kept: HistoryLine, provider: str | None, plan: Plan) -> Hit:
    line = edited.line
    differs = [
        word
        for word, other in (
            ("provider", provider is None or provider != kept.provider_id),
            ("last day", line.service_to != kept.service_to),
            ("modifiers", line.modifiers != kept.modifiers),
            ("units", line.units_milli != kept.units_milli),
            ("charge", line.charge != kept.charge),
        )
        if other
    ]
    text = (
        f"looks like line {kept.line_number} of claim {kept.claim_id}: same member, day and code, "
        f"other {', '.join(differs)}"
    )
    remedy = "a modifier that says it is another service (such as 59, 76, 77 or a side of the body)"
    finding = Finding("D-DUPLICATE-SUSPECT", edited.place, text, remedy)
    return Hit(plan.suspect_duplicates, (DUPLICATES, 1, ""), "OA", "18", "D-DUPLICATE-SUSPECT", finding)


def _sameness(line: ClaimLine | HistoryLine) -> tuple[object, ...]:
    """What two lines of one member, provider, day and code must share to bill the same; modifiers in any order."""
    modifiers = line.modifiers if len(line.modifiers) < 2 else tuple(sorted(line.modifiers))
    return (line.service_to, modifiers, line.tooth, line.units_milli, line.charge)


def _apart(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether modifiers say that two lines of one code are two services."""
    if not ours and not theirs:
        return False
    if not _SEPARATE.isdisjoint(ours) or not _SEPARATE.isdisjoint(theirs):
        return True
    for parts in PARTS:
        here = {part for one in ours for part in parts.get(one, ())}
        there = {part for one in theirs for part in parts.get(one, ())}
        if here and there and not here & there:
            return True
    return False
