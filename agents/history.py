"""Lines that adjudicate has seen, by member, day and code: what duplicates, pairs and units a day compare with.

A line that passed counts, and so does a line of a claim that waits for a person: otherwise its copy would slip by
meanwhile. A denied line is kept too, but counts for nothing until an appeal turns it. Units are those billed: where an
edit took some of them, the limit was reached anyway. A line of several days stands under its first.
"""

from agents.contract import State
from agents.tables import HISTORY, HISTORY_OF_CLAIM, HISTORY_OF_DAY
from config.limits import CLAIM_LINES_MAX, HISTORY_LINES_MAX
from schemas.claim import ClaimLine, ProviderReference
from schemas.envelope import Envelope
from schemas.state import HistoryLine, HistoryLines, IdList


class SameService:
    """Lines of one member, day and code: `kept` of other claims, `new` of this one, `live` for those not denied so far.

    `live` goes from what makes a line the same within a claim to the number of the first such line.
    """

    __slots__ = ("kept", "key", "live", "new")

    def __init__(self, key: str, kept: tuple[HistoryLine, ...]) -> None:
        self.key = key
        self.kept = kept
        self.live: dict[tuple[object, ...], int] = {}
        self.new: list[HistoryLine] = []


class History:
    """The history of a member while one claim is judged; what an earlier judgement of the claim left is forgotten."""

    def __init__(self, envelope: Envelope, provider: ProviderReference, state: State) -> None:
        assert envelope.validated is not None
        self._claim_id = envelope.claim_id
        self._root_id = envelope.root_id
        self._member_id = envelope.validated.member_id
        self._state = state
        self._services: dict[tuple[int, str, str], SameService] = {}
        self.provider = provider_text(envelope.validated.provider_id, provider)
        forget(envelope.root_id, state)

    def of(self, day: int, code_system: str, code: str) -> SameService:
        """The lines of that day and code."""
        place = (day, code_system, code)
        service = self._services.get(place)
        if service is None:
            key = f"{self._member_id}:{day}:{code_system}:{code}"
            kept = self._state.get(HISTORY, key)
            service = self._services[place] = SameService(key, kept.lines if kept is not None else ())
        return service

    def keys_of_day(self, day: int) -> frozenset[str]:
        """Keys of the codes that other claims hold on that day: most edits of a pair need no look at the history."""
        kept = self._state.get(HISTORY_OF_DAY, f"{self._member_id}:{day}")
        return frozenset(kept.ids) if kept is not None else frozenset()

    def key_of(self, day: int, code_system: str, code: str) -> str:
        """Key of a day and code."""
        return f"{self._member_id}:{day}:{code_system}:{code}"

    def record(self, line: ClaimLine, service: SameService, passed: bool) -> None:
        """Remember a line of this claim."""
        service.new.append(
            HistoryLine(
                self._claim_id, self._root_id, line.line_number, self.provider, line.modifiers, line.tooth,
                line.units_milli, line.charge, line.service_to, passed,
            )
        )  # fmt: skip

    def save(self) -> None:
        """Write the lines of this claim; of a service billed very often the oldest lines go."""
        keys: list[str] = []
        days: dict[int, list[str]] = {}
        for (day, _, _), service in self._services.items():
            if service.new:
                lines = (*service.kept, *service.new)[-HISTORY_LINES_MAX:]
                self._state.put(HISTORY, service.key, HistoryLines(lines))
                keys.append(service.key)
                if not service.kept:
                    days.setdefault(day, []).append(service.key)
        self._state.put(HISTORY_OF_CLAIM, self._root_id, IdList(tuple(keys)))
        for day, added in days.items():
            place = f"{self._member_id}:{day}"
            kept = self._state.get(HISTORY_OF_DAY, place)
            ids = (*(kept.ids if kept is not None else ()), *added)[-CLAIM_LINES_MAX:]
            self._state.put(HISTORY_OF_DAY, place, IdList(ids))


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
            _forget_key(key, state)
    state.delete(HISTORY_OF_CLAIM, root_id)


def turn(root_id: str, passed: bool, state: State) -> None:
    """Let every line of a root claim count, or none: an appeal succeeded, or a person denied the claim."""
    index = state.get(HISTORY_OF_CLAIM, root_id)
    for key in index.ids if index is not None else ():
        kept = state.get(HISTORY, key)
        if kept is not None:
            state.put(HISTORY, key, HistoryLines(tuple(_turned(line, root_id, passed) for line in kept.lines)))


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


def _forget_key(key: str, state: State) -> None:
    day = key.rsplit(":", 2)[0]
    kept = state.get(HISTORY_OF_DAY, day)
    if kept is None:
        return
    rest = tuple(one for one in kept.ids if one != key)
    if rest:
        state.put(HISTORY_OF_DAY, day, IdList(rest))
    else:
        state.delete(HISTORY_OF_DAY, day)


def _turned(line: HistoryLine, root_id: str, passed: bool) -> HistoryLine:
    if line.root_id != root_id or line.passed == passed:
        return line
    return HistoryLine(
        line.claim_id, line.root_id, line.line_number, line.provider_id, line.modifiers, line.tooth,
        line.units_milli, line.charge, line.service_to, passed,
    )  # fmt: skip
