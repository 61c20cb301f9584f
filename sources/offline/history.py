"""Lines of earlier claims, from history.csv (or YAML): what duplicates, pairs and units a day compare with."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agents.contract import State
from agents.history import history_key
from agents.rules.identity import coverage_of
from agents.tables import HISTORY, HISTORY_OF_CLAIM
from config.limits import HISTORY_LINES_MAX, MODIFIERS_MAX
from schemas.reference import Member
from schemas.state import HistoryLine, HistoryLines, IdList
from sources.reference.fees import SYSTEMS
from sources.reference.fields import Fields
from sources.reference.people import Terms
from sources.reference.problems import Problems
from sources.reference.rows import Columns, rows_of

HISTORY_COLUMNS = Columns(
    ("claim_id", "member_id", "code_system", "service_code", "service_date", "charge"),
    ("line_number", "provider_id", "modifiers", "tooth", "service_date_to", "units", "currency", "passed"),
)
NAME = "history"
LINES_MAX = 9_999


class Earlier(NamedTuple):
    """A line of an earlier claim as the stage keeps it, and the key of its family, member and day."""

    key: str
    line: HistoryLine


def history_of(
    folder: Path,
    members: Mapping[str, Member],
    providers: Mapping[str, object],
    plans: Mapping[str, Terms],
    problems: Problems,
) -> list[Earlier]:
    """The lines of the file in their order; none when there is no file."""
    found = []
    for row in rows_of(folder, NAME, HISTORY_COLUMNS, problems, needed=False):
        fields = Fields(row, problems)
        member_id, provider_id = fields.id("member_id"), fields.id("provider_id") or None
        member = members.get(member_id)
        if member is None:
            fields.bad("member_id", f"{member_id} is not in members")
        if provider_id is not None and provider_id not in providers:
            fields.bad("provider_id", f"{provider_id} is not in providers; leave it empty for one that is unknown")
        found.append(_earlier(fields, member_id, member, provider_id, _currency(fields, member, plans)))
    return found


def keep(lines: Sequence[Earlier], state: State) -> None:
    """Write the lines into the state of the stage adjudicate, as it would have itself."""
    by_key: dict[str, list[HistoryLine]] = {}
    by_claim: dict[str, dict[str, None]] = {}
    for one in lines:
        by_key.setdefault(one.key, []).append(one.line)
        by_claim.setdefault(one.line.root_id, {})[one.key] = None
    for key, kept in by_key.items():
        state.put(HISTORY, key, HistoryLines(tuple(kept[-HISTORY_LINES_MAX:])))
    for claim, keys in by_claim.items():
        state.put(HISTORY_OF_CLAIM, claim, IdList(tuple(keys)))


def _earlier(
    fields: Fields, member_id: str, member: Member | None, provider_id: str | None, currency: str | None
) -> Earlier:
    first = fields.day("service_date")
    last = fields.day_or_none("service_date_to")
    if last is not None and last < first:
        fields.bad("service_date_to", "is before service_date")
    modifiers = fields.items("modifiers")
    if len(modifiers) > MODIFIERS_MAX:
        fields.bad("modifiers", f"more than {MODIFIERS_MAX}")
    units, claim_id = fields.thousandths_or_none("units"), fields.text("claim_id")
    line = HistoryLine(
        claim_id=claim_id,
        root_id=claim_id,
        line_number=fields.whole("line_number", LINES_MAX, 1),
        code_system=fields.word("code_system", SYSTEMS),
        service_code=fields.text("service_code"),
        provider_id=provider_id,
        modifiers=tuple(modifiers),
        tooth=fields.text("tooth") or None,
        units_milli=1000 if units is None else units,
        charge=fields.amount("charge", currency),
        service_to=first if last is None else last,
        passed=fields.flag("passed", default=True),
    )
    coverage = coverage_of(member, first) if member is not None else None
    return Earlier(history_key(coverage.coverage_id if coverage else "", member_id, first), line)


def _currency(fields: Fields, member: Member | None, plans: Mapping[str, Terms]) -> str | None:
    """The currency of the row, else that of the member's plan."""
    if fields.given("currency"):
        return fields.currency("currency")
    coverages = member.coverages if member is not None else ()
    currencies = {plans[segment.plan_id].currency for segment in coverages if segment.plan_id in plans}
    if len(currencies) > 1:
        fields.bad("currency", "is empty, and the member's plans are in several; give it")
    return next(iter(sorted(currencies)), None)
