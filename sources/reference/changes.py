"""Changes of single members and providers, made as small releases by whoever holds the transactional id.

Changes that come within a moment of each other share a release; between two releases lies at least a second, since
every worker reads each. Several processes, and `claims reference load`, keep out of each other's way by the id
(sources/reference/release.py): one that was taken over from waits for the other's release, reads what is new, takes
the id back and decides its changes again over that. No two releases have one number, and none is made of old data.
"""

import asyncio
import queue
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import structlog
from confluent_kafka import KafkaException, Producer

from config.limits import CHANGES_PER_RELEASE_MAX, CHANGES_WAITING_MAX
from config.settings import Settings
from schemas import topics
from schemas.codec import Codec
from schemas.envelope import Finding
from schemas.events import PeopleEvent
from schemas.identifiers import EVENT_NAMESPACE
from schemas.reference import Member, ReferenceRelease
from schemas.reference_changes import CHANGES_SOURCE, Changed, PersonRecord, ReleaseAway, UnfitError, Wish
from schemas.registry import for_settings
from sources.reference.fits import check
from sources.reference.known import Known
from sources.reference.release import Keyed, releasing_producer, send, was_taken_over

RELEASE_SECONDS_MIN = 1.0
GATHER_SECONDS = 0.05
CHANGE_SECONDS = 20.0
TAKE_OVER_SECONDS = 10.0
COMMIT_SECONDS = 10.0
# How long one that was taken over from waits for the other's release: a load of a large folder takes a while.
COURTESY_SECONDS = 5.0
RETRY_SECONDS = 0.5
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Pending:
    """A change under way. `sent`: what the last try published of it, in case that was confirmed after all."""

    wish: Wish
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Changed]
    until: float
    sent: tuple[PersonRecord, PersonRecord | None] | None = None

    def settle(self, outcome: Changed | BaseException) -> None:
        """Tell the caller, who may have gone."""

        def told() -> None:
            if self.answer.done():
                return
            if isinstance(outcome, BaseException):
                self.answer.set_exception(outcome)
            else:
                self.answer.set_result(outcome)

        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(told)


class ReferenceChanges:
    """Makes changes in a thread of its own, which reads reference data when the first change comes."""

    def __init__(self, settings: Settings, now: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._settings = settings
        self._now = now
        self._codec = Codec(for_settings(settings.kafka))
        self._waiting: queue.Queue[_Pending] = queue.Queue(CHANGES_WAITING_MAX)
        self._known: Known | None = None
        self._producer: Producer | None = None
        self._released = 0.0
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    async def change(self, wish: Wish) -> Changed:
        """Return once all replicas have the release. Raises UnfitError, ReleaseAway, and what `edit` raises."""
        loop = asyncio.get_running_loop()
        pending = _Pending(wish, loop, loop.create_future(), time.monotonic() + CHANGE_SECONDS)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="reference-changes", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(pending)
        except queue.Full:
            raise ReleaseAway("too many changes wait") from None
        return await pending.answer

    async def close(self) -> None:
        """Finish what is under way, then let go."""
        self._closing.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, CHANGE_SECONDS)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                first = self._waiting.get(timeout=0.2)
            except queue.Empty:
                continue
            batch = self._gathered(first)
            try:
                self._make(batch)
            except Exception as error:
                log.exception("changes of people failed")
                for pending in batch:
                    pending.settle(error)
        if self._known is not None:
            self._known.close()

    def _gathered(self, first: _Pending) -> list[_Pending]:
        """The first change and what comes with it, not before the last release is a second old."""
        batch = [first]
        until = max(time.monotonic() + GATHER_SECONDS, self._released + RELEASE_SECONDS_MIN)
        while len(batch) < CHANGES_PER_RELEASE_MAX and (left := until - time.monotonic()) > 0:
            try:
                batch.append(self._waiting.get(timeout=left))
            except queue.Empty:
                break
        return batch

    def _make(self, batch: list[_Pending]) -> None:
        while batch:
            try:
                self._try(batch)
                return
            except KafkaException as error:
                self._producer = None
                log.warning("a release of changes is tried again", error=error.args[0].name())
                self._wait(error)
            late = [pending for pending in batch if time.monotonic() > pending.until or self._closing.is_set()]
            for pending in late:
                pending.settle(ReleaseAway("no release could be made in time"))
            batch = [pending for pending in batch if pending not in late]

    def _try(self, batch: Sequence[_Pending]) -> None:
        if self._known is None:
            self._known = Known(self._settings.kafka, self._codec)
        if self._producer is None:
            self._producer = releasing_producer(self._settings, TAKE_OVER_SECONDS, log_level=2)
            self._known.catch_up()
        release = _Release(self._known, self._known.release + 1, self._now(), self._codec)
        answers = [(pending, release.decided(pending)) for pending in batch]
        everything = release.everything()
        if everything:
            send(self._producer, everything, {}, COMMIT_SECONDS)
            self._released = time.monotonic()
            for topic, key, value in everything:
                if topic != topics.PEOPLE_CHANGED:
                    self._known.add(topic, key, value)
        for pending, answer in answers:
            pending.settle(answer)

    def _wait(self, error: KafkaException) -> None:
        """For the release of whoever took the id over, or a moment."""
        known = self._known
        if known is None or not was_taken_over(error):
            time.sleep(RETRY_SECONDS)
            return
        seen, until = known.release, time.monotonic() + COURTESY_SECONDS
        while known.release == seen and time.monotonic() < until and not self._closing.is_set():
            time.sleep(0.05)
            try:
                known.catch_up()
            except KafkaException:
                time.sleep(RETRY_SECONDS)


class _Release:
    """A release in the making: changes are decided one after the other, each over those before it."""

    def __init__(self, known: Known, number: int, at: int, codec: Codec) -> None:
        self._known = known
        self._number = number
        self._at = at
        self._codec = codec
        self._records: dict[tuple[str, str], PersonRecord] = {}
        self._events: list[PeopleEvent] = []

    def decided(self, pending: _Pending) -> Changed | BaseException:
        """What becomes of a change."""
        wish = pending.wish
        place = (wish.topic, wish.record_id)
        before = self._records.get(place) or self._known.record(*place)
        if pending.sent is not None and pending.sent[0] == before:
            return Changed(before, pending.sent[1], made=True)
        try:
            record = wish.edit(before)
            if before is not None and replace(record, release=before.release) == before:
                return Changed(before, before, made=False)
            record = replace(record, release=self._number, removed=False)
            check(record, self._known)
            self._check_with_others(record, place)
        except Exception as error:
            return error
        self._records[place] = record
        self._events.append(self._event(wish, before, record))
        pending.sent = (record, before)
        return Changed(record, before, made=True)

    def everything(self) -> list[Keyed]:
        """All records of the release, itself last; nothing when nothing changed."""
        if not self._records:
            return []
        encode, number = self._codec.encode, self._number
        found = [(topic, f"{name}|{number}", encode(record)) for (topic, name), record in self._records.items()]
        counts = {topic: sum(1 for one in found if one[0] == topic) for topic, _ in self._records}
        released = ReferenceRelease(number, self._at, CHANGES_SOURCE, counts)
        found.append((topics.REFERENCE_RELEASES, str(number), encode(released)))
        return found + [(topics.PEOPLE_CHANGED, event.record_id, encode(event)) for event in self._events]

    def _check_with_others(self, record: PersonRecord, place: tuple[str, str]) -> None:
        """Against the other changes of this release, whose identifiers are not among the known ones yet."""
        mine = {(one.system, one.value) for one in record.identifiers}
        for other, changed in self._records.items():
            if other[0] == place[0] and other != place and mine & {(i.system, i.value) for i in changed.identifiers}:
                text = "a change made at the same moment has an identifier of this one; each belongs to one"
                raise UnfitError([Finding("identifier_taken", "identifiers", text)])

    def _event(self, wish: Wish, before: PersonRecord | None, record: PersonRecord) -> PeopleEvent:
        kind = "member" if isinstance(record, Member) else "provider"
        ended = record.ended_on is not None and (before is None or before.ended_on is None)
        what = "created" if before is None else "ended" if ended else "updated"
        names = [f.name for f in fields(record) if f.name != "release"]
        changed = tuple(n for n in names if before is None or getattr(before, n) != getattr(record, n))
        name = f"people\n{kind}\n{wish.record_id}\n{self._number}\n{len(self._events)}"
        return PeopleEvent(
            event_id=str(uuid.uuid5(EVENT_NAMESPACE, name)),
            event_type=f"{kind}.{what}",
            record_id=wish.record_id,
            release=self._number,
            fields=changed,
            actor=wish.author.actor,
            role=wish.author.role,
            correlation_id=wish.author.correlation_id,
            at=self._at,
        )
