"""Coding edits of the reference data: codes that may not stand together, units a day, charges over an amount.

A pair (CMS, NCCI procedure-to-procedure edits: CARC 236, or 97 where a plan bundles) denies a line beside a line of the
other code for the same member, provider and day, in this claim or in history, unless a bypass modifier stands on the
line. What counts on the claim is what no edit of duplicates or coverage denied, so the answer does not depend on the
order of the lines. The other code is of the same code system. Units a day (CMS, NCCI medically unlikely edits: CARC
222) add up history, the lines before, and the line: the excess is split off. An edit is found by its literal code, or
as one for every code under "*"; other patterns are not looked for. Group and reason are the edit's own.
"""

from collections.abc import Sequence

from agents.contract import Reference
from agents.history import History
from agents.rules.line_edits import CODING, EditedLine, Hit
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import text_of
from schemas.envelope import Finding
from schemas.money import decimal_of
from schemas.reference import Edit, Plan
from schemas.state import HistoryLine

ANY_CODE = "*"


def edits_of(line: ClaimLine, plan: Plan, reference: Reference) -> Sequence[Edit]:
    """Coding edits about the line's code, or about every code, that are for the plan."""
    own = reference.edits(line.service_code, line.service_from)
    general = reference.edits(ANY_CODE, line.service_from)
    if not own and not general:
        return ()
    return [edit for edit in (*own, *general) if not edit.plan_ids or plan.plan_id in edit.plan_ids]


def pairs_of(edited: EditedLine, edits: Sequence[Edit], lines: Sequence[EditedLine], history: History) -> Sequence[Hit]:
    """The pairs that fire; `lines` are those of the claim after the edits of duplicates and coverage."""
    pairs = [edit for edit in edits if edit.kind == "pair"]
    if not pairs:
        return ()
    line = edited.line
    beside = {
        other.line.service_code: other
        for other in reversed(lines)
        if other is not edited and not other.denied and _same_day(other.line, line)
    }
    hits = []
    held = history.codes_of(line.service_from, line.code_system)
    for edit in pairs:
        code = edit.other_code or ""
        found = beside.get(code)
        if found is None and code not in held:
            continue
        if not set(edit.bypass_modifiers).isdisjoint(line.modifiers):
            continue
        if found is not None:
            hits.append(_pair(edited, edit, f"line {found.line.line_number} of this claim"))
        else:
            for kept in history.of(line.service_from, line.code_system, code).kept:
                if kept.passed and kept.provider_id is not None and kept.provider_id == history.provider:
                    hits.append(_pair(edited, edit, f"line {kept.line_number} of claim {kept.claim_id}"))
                    break
    return hits


def find_quantities(edited: EditedLine, edits: Sequence[Edit], claim: SubmittedClaim, history: History) -> None:
    """Add the edits of units a day and of charges that fire; the lines before must be recorded already."""
    for edit in edits:
        if edit.kind == "units_per_day" and edit.units_milli is not None:
            _units(edited, edit, edit.units_milli, history)
        elif edit.kind == "charge_over" and edit.amount is not None and edit.currency == claim.currency:
            _charge(edited, edit, edit.amount, claim.currency)


def _pair(edited: EditedLine, edit: Edit, where: str) -> Hit:
    line = edited.line
    text = f"edit {edit.edit_id}: {line.service_code} is not paid beside {edit.other_code}, which is on {where}"
    bypass = " or ".join(edit.bypass_modifiers)
    remedy = f"modifier {bypass} on the line, where the services were separate" if bypass else None
    return _hit(edited, edit, text, remedy)


def _units(edited: EditedLine, edit: Edit, most: int, history: History) -> None:
    """The units left of a day; a line of this claim is of the same provider, whoever that is."""
    line, service = edited.line, edited.service
    used = sum(kept.units_milli for kept in service.new if kept.passed)
    used += sum(kept.units_milli for kept in service.kept if _counts(kept, history.provider))
    # A line that is denied anyway is told of its units as if it were not.
    asked = line.units_milli if edited.denied else edited.units_left
    excess = min(asked, used + asked - most)
    if excess <= 0:
        return
    day = text_of(line.service_from)
    text = (
        f"edit {edit.edit_id}: at most {_quantity(most)} units of {line.service_code} on {day}, "
        f"{_quantity(used)} were there before; {_quantity(excess)} of {_quantity(line.units_milli)} are over"
    )
    remedy = f"at most {_quantity(max(0, most - used))} units on {day}"
    edited.add(_hit(edited, edit, text, remedy, excess))


def _charge(edited: EditedLine, edit: Edit, most: int, currency: str) -> None:
    if edited.line.charge <= most:
        return
    text = (
        f"edit {edit.edit_id}: a charge of {decimal_of(edited.line.charge, currency)} {currency} for "
        f"{edited.line.service_code} is over {decimal_of(most, currency)}"
    )
    edited.add(_hit(edited, edit, text, f"a charge of at most {decimal_of(most, currency)} {currency}"))


def _hit(edited: EditedLine, edit: Edit, text: str, remedy: str | None, units_milli: int | None = None) -> Hit:
    finding = Finding("D-EDIT", edited.place, text, remedy)
    order = (CODING, edit.priority, edit.edit_id)
    return Hit(edit.severity, order, edit.group, edit.reason, f"D-EDIT:{edit.edit_id}", finding, units_milli)


def _counts(kept: HistoryLine, provider: str | None) -> bool:
    return kept.passed and provider is not None and kept.provider_id == provider


def _same_day(one: ClaimLine, other: ClaimLine) -> bool:
    return one.service_from == other.service_from and one.code_system == other.code_system


def _quantity(milli: int) -> str:
    """Thousandths as a number of units, such as 3 or 1.5."""
    whole, rest = divmod(milli, 1000)
    return f"{whole}.{rest:03}".rstrip("0") if rest else str(whole)
