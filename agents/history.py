"""Lines that adjudicate has seen, by family, member and day: what duplicates, pairs and units a day compare with.

A line that passed counts, and so does a line of a claim that waits for a person: otherwise its copy would slip by
meanwhile. A denied line is kept too, but counts for nothing until an appeal turns it. Units are those billed: where an
edit took some of them, the limit was reached anyway. A line of several days stands under its first.
"""

from dataclasses import replace

from agents.contract import State
from agents.tables import HISTORY, HISTORY_OF_CLAIM
from config.limits import HISTORY_LINES_MAX
from schemas.claim import ClaimLine, ProviderReference
from schemas.envelope import Envelope
from schemas.state import HistoryLine, HistoryLines, IdList

Kept = tuple[HistoryLine, ...]


def history_key(coverage_id: str, member_id: str, day: int) -> str:
    """Key of the lines of a member and day. The family stands first: its history alone decides its claims."""
    return f"{coverage_id}:{member_id}:{day}"


class SameService:
    """Lines of one member, day and code: `kept` of other claims, `new` of this one, `live` for those not denied so far.

    `live` goes from what makes a line the same within a claim to the number of the first such line. `full`: the day
    holds so many lines that older ones are gone.
    """

    __slots__ = ("full", "kept", "live", "new")

    def __init__(self, kept: Kept, full: bool) -> None:
        self.kept = kept
        self.full = full
        self.live: dict[tuple[object, ...], int] = {}
        self.new: list[HistoryLine] = []


class History:
    """The history of a member while one claim is judged; what an earlier judgement of the claim left is forgotten."""

    def __init__(self, envelope: Envelope, provider: ProviderReference, state: State) -> None:
        assert envelope.validated is not None
        self._claim_id = envelope.claim_id
        self._root_id = envelope.root_id
        self._coverage_id = envelope.coverage_id
        self._member_id = envelope.validated.member_id
        self._state = state
        self._days: dict[int, Kept] = {}
        self._new: dict[int, list[HistoryLine]] = {}
        self._services: dict[tuple[int, str, str], SameService] = {}
        self.provider = provider_text(envelope.validated.provider_id, provider)
        forget(envelope.root_id, state)

    def of(self, day: int, code_system: str, code: str) -> SameService:
        """The lines of that day and code."""
        place = (day, code_system, code)
        service = self._services.get(place)
        if service is None:
            kept = self._day(day)
            same = tuple([one for one in kept if one.service_code == code and one.code_system == code_system])
            service = self._services[place] = SameService(same, len(kept) >= HISTORY_LINES_MAX)
        return service

    def codes_of(self, day: int, code_system: str) -> frozenset[str]:
        """Codes that other claims hold on that day: most edits of a pair need no look at the lines."""
        return frozenset(one.service_code for one in self._day(day) if one.code_system == code_system)

    def record(self, line: ClaimLine, service: SameService, passed: bool) -> None:
        """Remember a line of this claim."""
        kept = HistoryLine(
            self._claim_id, self._root_id, line.line_number, line.code_system, line.service_code, self.provider,
            line.modifiers, line.tooth, line.units_milli, line.charge, line.service_to, passed,
        )  # fmt: skip
        service.new.append(kept)
        self._new.setdefault(line.service_from, []).append(kept)

    def save(self) -> None:
        """Write the lines of this claim; of a day billed very often the oldest lines go."""
        keys = []
        for day, new in self._new.items():
            key = history_key(self._coverage_id, self._member_id, day)
            keys.append(key)
            self._state.put(HISTORY, key, HistoryLines((*self._day(day), *new)[-HISTORY_LINES_MAX:]))
        self._state.put(HISTORY_OF_CLAIM, self._root_id, IdList(tuple(keys)))

    def _day(self, day: int) -> Kept:
        kept = self._days.get(day)
        if kept is None:
            known = self._state.get(HISTORY, history_key(self._coverage_id, self._member_id, day))
            kept = self._days[day] = known.lines if known is not None else ()
        return kept


def forget(root_id: str, state: State) -> None:
    """Take away every line of a root claim, as if it had never come; nothing for a claim that has none."""
    index = state.get(HISTORY_OF_CLAIM, root_id)
    if index is None:
        return
    for key in index.ids:
        kept = state.get(HISTORY, key)
        rest = tuple(line for line in kept.lines if line.root_id != root_id) if kept is not None else ()
        if rest:
            state.put(HISTORY, key, HistoryLines(rest))
        else:
            state.delete(HISTORY, key)
    state.delete(HISTORY_OF_CLAIM, root_id)


def turn(root_id: str, passed: bool, state: State) -> None:
    """Let every line of a root claim count, or none: an appeal succeeded, or a person denied the claim."""
    index = state.get(HISTORY_OF_CLAIM, root_id)
    for key in index.ids if index is not None else ():
        kept = state.get(HISTORY, key)
        if kept is not None:
            lines = (replace(line, passed=passed) if line.root_id == root_id else line for line in kept.lines)
            state.put(HISTORY, key, HistoryLines(tuple(lines)))


def provider_text(provider_id: str | None, named: ProviderReference) -> str | None:
    """What tells providers apart: our id, or for one we do not know what the claim says, behind a question mark.

    None for a provider of whom the claim says nothing: it is the same as no other.
    """
    if provider_id is not None:
        return provider_id
    if named.identifiers:
        system, value = min((one.system, one.value) for one in named.identifiers)
        return f"?{system}:{value}"
    told = named.provider_id or named.name
    return f"?{' '.join(told.split()).casefold()}" if told else None
