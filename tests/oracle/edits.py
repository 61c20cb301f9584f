"""Section 2, the edits: what keeps a line, or a whole claim, from being paid at all."""

from collections.abc import Iterable, Iterator, Mapping

from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import calendar_of, day_at
from schemas.events import AuthorizationEvent
from schemas.reference import Benefit, CoverageSegment, Edit, Member, Plan
from tests.oracle.figures import Payer, Row, Version, fits, split


def segment_of(member: Member, day: int) -> CoverageSegment | None:
    """Eligibility: the cover in force on the day of service."""
    return next((s for s in member.coverages if s.effective_from <= day <= (s.effective_to or day)), None)


def uncovered(member: Member, day: int) -> str:
    """CO-26 before the first cover, CO-27 after one has ended."""
    return "CO-27" if any(s.effective_from <= day for s in member.coverages) else "CO-26"


def benefit_of(plan: Plan, claim: SubmittedClaim, line: ClaimLine) -> Benefit | None:
    """The first benefit that fits the service type, form, code and place."""
    return next((one for one in plan.benefits if _covers(one, claim, line)), None)


def _covers(one: Benefit, claim: SubmittedClaim, line: ClaimLine) -> bool:
    return (
        (not one.service_types or claim.service_type in one.service_types)
        and (not one.forms or claim.form in one.forms)
        and fits(one.codes, line.service_code)
        and fits(one.places, line.place_of_service or claim.place_of_service)
    )


def authorize(
    payer: Payer, claim: SubmittedClaim, rows: list[Row], authorizations: Mapping[str, AuthorizationEvent]
) -> None:
    """The stage authorize: eligibility, timely filing, waiting period and prior authorization, line by line."""
    plan, member = payer.plan, payer.members[claim.member.member_id or ""]
    cover = segment_of(member, claim.service_from)
    late = plan.timely_filing_days is not None and (
        day_at(claim.accepted_at) - claim.service_to > plan.timely_filing_days
    )
    for row in rows:
        row.benefit = benefit_of(plan, claim, row.line)
        if claim.encounter:
            # Paid by capitation, so that nothing else matters.
            row.denials.append("CO-24")
            continue
        if cover is None:
            row.denials.append(uncovered(member, claim.service_from))
            continue
        if late:
            row.denials.append("CO-29")
        own = segment_of(member, row.line.service_from)
        if own is None:
            row.denials.append(uncovered(member, row.line.service_from))
        elif own.coverage_id != cover.coverage_id:
            row.denials.append("CO-27")
        elif row.line.service_from < _waits_until(plan, row.benefit, member, own):
            row.denials.append("PR-179")
        elif row.benefit and row.benefit.covered and row.benefit.needs_authorization:
            row.authorization = _authorization(claim, row.line, authorizations.values())
            if row.authorization is None and plan.missing_authorization == "pend":
                row.pends = True
            elif row.authorization is None:
                row.denials.append("CO-197")


def _waits_until(plan: Plan, benefit: Benefit | None, member: Member, cover: CoverageSegment) -> int:
    """First day that pays: so many days from enrolment, or from the first day of unbroken cover."""
    days = plan.waiting_days
    if benefit and benefit.waiting_days is not None:
        days = benefit.waiting_days
    start = cover.effective_from
    for earlier in sorted(member.coverages, key=lambda one: -one.effective_from):
        if earlier.effective_to == start - 1:
            start = earlier.effective_from
    return (start if cover.enrolled_from is None else cover.enrolled_from) + days


def _authorization(claim: SubmittedClaim, line: ClaimLine, events: Iterable[AuthorizationEvent]) -> str | None:
    """An approved one for member, provider, code and day; the number that the claim gives, where it gives one."""
    named = line.authorization_number or claim.authorization_number
    return next(
        (
            event.authorization_number
            for event in events
            if event.state == "approved"
            and event.member_id == claim.member.member_id
            and event.provider_id in (None, claim.provider.provider_id)
            and (not event.service_codes or line.service_code in event.service_codes)
            and event.valid_from <= line.service_from <= event.valid_to
            and named in (None, event.authorization_number)
        ),
        None,
    )


def adjudicate(payer: Payer, claim: SubmittedClaim, rows: list[Row], history: list[Version]) -> None:
    """The stage adjudicate: duplicates, coverage of the line, coding edits. A line denied before is not looked at."""
    plan, member = payer.plan, payer.members[claim.member.member_id or ""]
    live = [row for row in rows if not row.denied]
    for row in live:
        _duplicates(plan, claim, row, [*seen(history, claim), *((claim, one) for one in rows[: rows.index(row)])])
    for row in live:
        _coverage(payer, claim, row, member)
    open_codes = {(row.line.service_code, row.line.service_from) for row in live if not row.denied}
    open_codes |= {(row.line.service_code, row.line.service_from) for _, row in seen(history, claim)}
    for row in live:
        _coding(payer, claim, row, open_codes, [*seen(history, claim), *((claim, r) for r in rows[: rows.index(row)])])


def seen(history: list[Version], claim: SubmittedClaim) -> Iterator[tuple[SubmittedClaim, Row]]:
    """Lines of the member that passed in versions that are in force."""
    for version in history:
        if not version.ended and version.claim.member.member_id == claim.member.member_id:
            yield from ((version.claim, row) for row in version.rows if row.passed_units)


def _duplicates(plan: Plan, claim: SubmittedClaim, row: Row, others: list[tuple[SubmittedClaim, Row]]) -> None:
    """Exact: same member, provider, day, code, modifiers, units and charge. Suspect: same but for units or charge."""
    for their_claim, other in others:
        a, b = row.line, other.line
        if (their_claim is claim and other.denied) or (a.service_code, a.service_from) != (
            b.service_code,
            b.service_from,
        ):
            continue
        if their_claim.provider.provider_id != claim.provider.provider_id or a.modifiers != b.modifiers:
            continue
        if (a.units_milli, a.charge) == (b.units_milli, b.charge) or plan.suspect_duplicates == "deny":
            row.denials.append("OA-18")
        elif plan.suspect_duplicates == "pend":
            row.pends = True


def _coverage(payer: Payer, claim: SubmittedClaim, row: Row, member: Member) -> None:
    """Benefit, exclusions, age, sex, diagnosis, in this order: PR-204, PR-96, CO-6, CO-7, CO-11."""
    one, line = row.benefit, row.line
    if one is None or not one.covered:
        row.denials += ["PR-204", "PR-96"] if one is None else ["PR-96", "PR-204"]
        return
    age = _age(member.birth_date, line.service_from)
    if age < (one.age_from or 0) or (one.age_to is not None and age > one.age_to):
        row.denials.append("CO-6")
    if one.sex not in (None, member.sex):
        row.denials.append("CO-7")
    pointed = [claim.diagnoses[pointer - 1].code for pointer in line.diagnosis_pointers]
    if one.diagnoses and not any(fits(one.diagnoses, code) for code in pointed):
        row.denials.append("CO-11")


def _age(birth: int, day: int) -> int:
    """Completed years on the day of service."""
    born, now = calendar_of(birth), calendar_of(day)
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def _coding(
    payer: Payer,
    claim: SubmittedClaim,
    row: Row,
    open_codes: set[tuple[str, int]],
    others: list[tuple[SubmittedClaim, Row]],
) -> None:
    """Pairs, charges over an amount, units a day; the excess units are denied as CO-222 in proportion of the charge."""
    line = row.line
    for edit in payer.edits:
        if not fits([edit.code], line.service_code) or edit.severity == "warn":
            continue
        if edit.kind == "pair":
            beside = (edit.other_code or "", line.service_from) in open_codes
            _strike(row, edit, beside and not set(edit.bypass_modifiers) & set(line.modifiers))
        elif edit.kind == "charge_over":
            _strike(row, edit, line.charge > (edit.amount or 0))
        else:
            before = sum(_passed(c is claim, r) for c, r in others if _same_day(r.line, line))
            over = min(line.units_milli, max(0, before + line.units_milli - (edit.units_milli or 0)))
            if edit.severity == "pend" or over == line.units_milli:
                _strike(row, edit, over > 0)
            elif over and not row.denied:
                take_units(row, over, f"{edit.group}-{edit.reason}")


def _passed(own: bool, row: Row) -> int:
    """Units of another line that passed: of this claim so far, or of history."""
    if own:
        return 0 if row.denied else row.units
    return row.passed_units


def _same_day(a: ClaimLine, b: ClaimLine) -> bool:
    return (a.service_code, a.service_from) == (b.service_code, b.service_from)


def _strike(row: Row, edit: Edit, hit: bool) -> None:
    if hit and edit.severity == "deny":
        row.denials.append(f"{edit.group}-{edit.reason}")
    elif hit:
        row.pends = True


def take_units(row: Row, over: int, reason: str) -> None:
    """Split the line into paid units and denied units; the charge goes with them in proportion."""
    row.covered, gone = split(row.covered, [row.units - over, over])
    row.units -= over
    row.take(reason, gone)
