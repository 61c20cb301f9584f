"""Coding edits, from edits.csv (or YAML); the file may be absent."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from agents.rules.front_end import MODIFIER
from schemas.dates import text_of
from schemas.reference import Edit
from schemas.vocabulary import EditKind, GroupCode, Severity
from sources.reference.contracts import Known, refuse_currency
from sources.reference.fields import Fields
from sources.reference.patterns import CODE
from sources.reference.problems import Problems
from sources.reference.rows import Columns, rows_of

EDITS = Columns(
    ("edit_id", "kind", "code", "severity", "effective_from"),
    (
        "other_code", "bypass_modifiers", "units", "amount", "currency", "priority", "group", "reason", "plan_ids",
        "effective_to",
    ),
)  # fmt: skip
KINDS: tuple[EditKind, ...] = get_args(EditKind)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
GROUPS: tuple[GroupCode, ...] = get_args(GroupCode)
ANY_CODE = "*"
REASON = re.compile(r"[A-Z0-9]{1,5}")
PRIORITY_MAX = 9_999
PRIORITY = 100
PLANS_MAX = 200

EditKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """What an edit of a kind must have; its other columns of the same list stay empty. Its reason unless it has one."""

    needs: tuple[str, ...]
    reason: str


# CARC 236: a procedure beside another on one day (NCCI); 222: more units than allowed; 45: more than may be charged.
SHAPES: Mapping[EditKind, Shape] = {
    "pair": Shape(("other_code",), "236"),
    "units_per_day": Shape(("units",), "222"),
    "charge_over": Shape(("amount", "currency"), "45"),
}
OF_KINDS = ("other_code", "bypass_modifiers", "units", "amount", "currency")


def edits_of(folder: Path, known: Known, problems: Problems) -> dict[EditKey, Edit]:
    """Edits by id and first day."""
    found: dict[str, list[Edit]] = defaultdict(list)
    currencies = {plan_id: terms.currency for plan_id, terms in known.plans.items()}
    for row in rows_of(folder, "edits", EDITS, problems, needed=False):
        fields = Fields(row, problems)
        edit = _edit(fields)
        _refuse_shape(edit, fields)
        for plan_id in edit.plan_ids:
            refuse_currency(fields, "plan_ids", plan_id, currencies, "plans", edit.currency)
        _refuse_clash(edit, found[edit.edit_id], fields)
        found[edit.edit_id].append(edit)
    return {(edit.edit_id, edit.effective_from): edit for edits in found.values() for edit in edits}


def _edit(fields: Fields) -> Edit:
    kind = fields.word("kind", KINDS)
    currency = fields.currency("currency") if fields.given("currency") else None
    first_day, last_day = fields.period()
    reason = fields.text("reason") or SHAPES[kind].reason
    if not REASON.fullmatch(reason):
        fields.bad("reason", f"{reason[:60]!r} is no reason code: up to 5 capitals and digits, such as 236")
    return Edit(
        release=0,
        removed=False,
        edit_id=fields.id("edit_id"),
        kind=kind,
        code=fields.text("code"),
        other_code=fields.text("other_code") or None,
        bypass_modifiers=tuple(fields.items("bypass_modifiers")),
        units_milli=fields.thousandths_or_none("units"),
        amount=fields.amount_or_none("amount", currency),
        currency=currency,
        severity=fields.word("severity", SEVERITIES),
        priority=fields.whole("priority", PRIORITY_MAX, PRIORITY),
        group=fields.word("group", GROUPS, "CO"),
        reason=reason,
        plan_ids=fields.ids("plan_ids", PLANS_MAX),
        effective_from=first_day,
        effective_to=last_day,
    )


def _refuse_shape(edit: Edit, fields: Fields) -> None:
    """Each kind has what it looks at and nothing that it would not."""
    needs = SHAPES[edit.kind].needs
    for column in OF_KINDS:
        if column in needs and not fields.given(column):
            fields.bad(column, f"is empty; an edit of kind {edit.kind} needs one")
        optional = column == "bypass_modifiers" and edit.kind == "pair"
        if column not in needs and not optional and fields.given(column):
            fields.bad(column, f"means nothing to an edit of kind {edit.kind}; leave it empty")
    any_code = edit.code == ANY_CODE and edit.kind != "pair"
    if not any_code and not CODE.fullmatch(edit.code):
        every = "" if edit.kind == "pair" else ", or * for every code"
        fields.bad("code", f"{edit.code[:60]!r} is no code{every}")
    if edit.other_code is not None and not CODE.fullmatch(edit.other_code):
        fields.bad("other_code", f"{edit.other_code[:60]!r} is no code")
    if edit.other_code == edit.code:
        fields.bad("other_code", "is the code itself; units_per_day limits how often a code counts")
    for modifier in edit.bypass_modifiers:
        if not MODIFIER.fullmatch(modifier):
            fields.bad("bypass_modifiers", f"{modifier[:60]!r} is no modifier: two capitals or digits")


def _refuse_clash(edit: Edit, others: list[Edit], fields: Fields) -> None:
    """Versions of an edit follow one another: a later one ends an open one."""
    for other in others:
        earlier, later = sorted((edit, other), key=lambda one: one.effective_from)
        begin = text_of(earlier.effective_from)
        if later.effective_from == earlier.effective_from:
            fields.bad("effective_from", f"{edit.edit_id} has a version from {begin} already")
        elif earlier.effective_to is not None and later.effective_from <= earlier.effective_to:
            fields.bad("effective_from", f"overlaps {edit.edit_id} from {begin} to {text_of(earlier.effective_to)}")
