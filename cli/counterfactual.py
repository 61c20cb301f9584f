"""What the decisions would be, had something been otherwise: a history, changed, through the stages in memory.

Everything here is a function of records that were read before; nothing is written anywhere. `claims impact` leaves out
what a void or replacement ended, `claims shadow` hands the stages other rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from agents.contract import Reference
from schemas import topics
from schemas.accounts import CHARGED, PAID, accounts_of
from schemas.codec import Codec
from schemas.decision import Decision
from schemas.envelope import Envelope
from streams.driver import Driver
from streams.rocks import RocksStore, shared_cache
from streams.step import References
from streams.topology import STAGES

CACHE_MEGABYTES = 64
CLAIMS = ("claim", "replacement")
# The release number of the other rules: no load ever gets there.
OTHER_RULES = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Answer:
    """What a claim came to, as far as two answers are compared. Amounts in minor units; reasons such as CO-45."""

    claim_id: str
    claim_number: str
    root_id: str
    version: int
    revision: int
    substatus: str
    plan_id: str | None
    provider_id: str | None
    currency: str
    accepted_at: int
    paid: int
    member_share: int
    reasons: Mapping[str, int]


def answer_of(decision: Decision) -> Answer:
    """The answer in a decision."""
    reasons = {
        account: amount for account, amount in accounts_of(decision.lines).items() if account not in (CHARGED, PAID)
    }
    return Answer(
        decision.claim_id, decision.claim_number, decision.root_id, decision.version, decision.revision,
        decision.substatus, decision.plan_id, decision.provider_id, decision.currency, decision.accepted_at,
        decision.paid, decision.member_share, reasons,
    )  # fmt: skip


def latest(decisions: Iterable[Decision], known: dict[str, Answer] | None = None) -> dict[str, Answer]:
    """The last answer of each claim id, in the order of their first decisions; goes on from those known."""
    found = {} if known is None else known
    for decision in decisions:
        before = found.get(decision.claim_id)
        if before is None or (before.version, before.revision) < (decision.version, decision.revision):
            found[decision.claim_id] = answer_of(decision)
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim whose answer would be another one."""

    before: Answer
    after: Answer

    @property
    def paid(self) -> int:
        """What the plan would pay more (less, if negative)."""
        return self.after.paid - self.before.paid

    @property
    def member_share(self) -> int:
        """What the member would pay more."""
        return self.after.member_share - self.before.member_share

    @property
    def why(self) -> dict[str, int]:
        """Adjustments that differ, by group and reason, and by how much."""
        names = sorted({*self.before.reasons, *self.after.reasons})
        changes = {name: self.after.reasons.get(name, 0) - self.before.reasons.get(name, 0) for name in names}
        return {name: change for name, change in changes.items() if change}


def difference_of(before: Answer, after: Answer) -> Difference | None:
    """What differs between two answers to a claim; None when nothing does."""
    same = (before.paid, before.member_share, before.reasons) == (after.paid, after.member_share, after.reasons)
    settled = {before.substatus, after.substatus} <= {"approved", "paid"}
    return None if same and (settled or before.substatus == after.substatus) else Difference(before, after)


class Replay:
    """The stages behind validate, over the envelopes of one partition; state in memory, or on disk below a folder."""

    def __init__(self, references: References, codec: Codec, folder: Path | None = None) -> None:
        self._driver = Driver(references, codec, STAGES[1:])
        if folder is not None:
            cache = shared_cache(CACHE_MEGABYTES)
            self._driver.stores.update({s.name: RocksStore(folder / s.name, cache) for s in STAGES[1:]})  # type: ignore[misc]

    def feed(self, coverage_id: str, envelope: Envelope) -> list[Decision]:
        """The decisions that one envelope leads to."""
        self._driver.pipe(topics.CLAIMS_VALIDATED, coverage_id, envelope)
        decided: list[Decision] = self._driver.read(topics.CLAIMS_DECIDED)
        self._driver.outputs.clear()
        return decided

    def answers(self, envelopes: Iterable[Envelope]) -> dict[str, Answer]:
        """The last answer of each claim after all of them."""
        found: dict[str, Answer] = {}
        for envelope in envelopes:
            latest(self.feed(envelope.coverage_id, envelope), found)
        return found

    def close(self) -> None:
        """Release the state."""
        for store in self._driver.stores.values():
            store.close()


# --- a history without what was ended ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Root:
    """A root claim in the history of a coverage: where its version in force begins, and whether one was ended."""

    in_force_from: int | None
    ended: bool


def root_in(history: Sequence[Envelope], root_id: str) -> Root:
    """What stands of a root claim at the end of a history."""
    begins: int | None = None
    ended = False
    for place, envelope in enumerate(history):
        if envelope.root_id != root_id:
            continue
        # What validate lets undo something does: a void command that is refused carries nothing to undo.
        if envelope.undoes is not None and begins is not None:
            begins, ended = None, True
        if envelope.kind in CLAIMS:
            begins = place
    return Root(begins, ended)


def without(history: Sequence[Envelope], root_id: str, keep_from: int | None) -> Iterator[Envelope]:
    """The history as if of the root claim there had only been what begins at `keep_from` (None: nothing at all)."""
    kept = None if keep_from is None else history[keep_from]
    for place, envelope in enumerate(history):
        if envelope.root_id != root_id:
            yield envelope
        elif envelope is kept:
            yield replace(envelope, undoes=None)
        elif kept is not None and keep_from is not None and place > keep_from and not _repeats_other(envelope, kept):
            yield envelope


def _repeats_other(envelope: Envelope, kept: Envelope) -> bool:
    """A repeat of what was left out would be one of a claim that was never decided."""
    return envelope.kind == "repeat" and envelope.claim_id != kept.claim_id


# --- other rules -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class OtherRules:
    """References in which one more release, OTHER_RULES, stands for the rules that are tried."""

    pinned: References
    tried: Reference

    def latest(self) -> int | None:
        """Newest release of the engine: the rules that are tried are nobody's newest."""
        return self.pinned.latest()

    def at(self, release: int) -> Reference | None:
        """The rules that are tried, or those of a release of the engine."""
        return self.tried if release == OTHER_RULES else self.pinned.at(release)


@dataclass(slots=True)
class Window:
    """Claims accepted in [start, end), milliseconds since 1970-01-01 UTC, and what is said of them later."""

    start: int
    end: int
    _roots: set[str] = field(default_factory=set)

    def reruled(self, envelope: Envelope) -> Envelope:
        """The envelope, under the other rules if its claim was accepted in the window."""
        if envelope.kind == "authorization":
            return envelope
        if envelope.kind in CLAIMS:
            if self.start <= envelope.accepted_at < self.end:
                self._roots.add(envelope.root_id)
            else:
                self._roots.discard(envelope.root_id)
        return replace(envelope, release=OTHER_RULES) if envelope.root_id in self._roots else envelope
