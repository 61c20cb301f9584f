"""Proves that the sink equals its topics: at the offsets that it has stored, claim by claim, with bounded memory."""

import asyncio
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from config.sealing import Sealer
from config.settings import Settings
from sinks import canonical, progress, sealed, verify_people
from sinks.connect import connect
from sinks.spill import NO_KEY, Entry, Spill, differences
from sinks.topics import DEAD_LETTERS, FIRST_OF_PEOPLE, KINDS, TopicReader

if TYPE_CHECKING:
    from asyncpg import Connection

DIFFERENCES_SHOWN_MAX = 20
OF_NO_CLAIM = frozenset({"dead_letters", "audit_reads", *verify_people.KINDS})
_STATEMENTS = {
    "claims": canonical.CLAIMS,
    "decisions": canonical.HISTORY,
    "events": canonical.EVENTS,
    "timeline": canonical.TIMELINE,
    "payment_requests": canonical.PAYMENT_REQUESTS,
    "audit_reads": canonical.AUDIT_READS,
}


@dataclass(slots=True)
class Report:
    """What was compared, and what differs. `behind` counts records that the sink has not written yet.

    Counts and differences are by kind: claims (with lines and adjustments), decisions (every revision of them),
    events, timeline, payment_requests, dead_letters, audit_reads, documents, members, providers, people_events, totals.
    `claim_ids` holds the first 20 claims that differ.
    """

    counts: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    unexpected: dict[str, int] = field(default_factory=dict)
    claim_ids: list[str] = field(default_factory=list)
    totals_different: list[str] = field(default_factory=list)
    behind: int = 0
    waited_in_vain: bool = False
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether sink and topics are equal, as far as was waited for."""
        different = any(self.missing.values()) or any(self.unexpected.values())
        return not (different or self.claim_ids or self.totals_different or self.waited_in_vain)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {"ok": self.ok, **asdict(self)}


async def verify(settings: Settings, wait_seconds: float = 0.0) -> Report:
    """Compare at one moment, while the sink may go on; first wait until it has written all there was at the start.

    Raises VerifyError (sinks.topics), DatabaseUrlError, MissingTopicError; OSError and asyncpg.PostgresError when the
    database, KafkaException when the broker cannot be used.
    """
    assert settings.database.url is not None
    started = time.monotonic()
    report, sealer = Report(), Sealer.from_settings(settings.sealing)
    ends = await asyncio.to_thread(progress.ends, settings)
    connection = await connect(settings.database.url.get_secret_value())
    try:
        report.waited_in_vain = not await progress.caught_up(connection, ends, wait_seconds) and wait_seconds > 0
        with tempfile.TemporaryDirectory(prefix="claims-verify-") as folder:
            stored, read = Spill(Path(folder) / "stored"), Spill(Path(folder) / "read")
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                offsets = await progress.stored_offsets(connection)
                with stored:
                    await _spill_tables(connection, stored, report)
                    await _spill_dead_letters(connection, sealer, stored, report)
                    ahead = await verify_people.spill_rows(connection, sealer, stored, report.counts, FIRST_OF_PEOPLE)
                await _check_totals(connection, report)
                report.claim_ids += [str(row[0]) for row in await connection.fetch(canonical.ORPHANS)]
            report.behind = progress.behind(offsets, ends)
            await asyncio.to_thread(TopicReader(settings).spill, offsets, read)
            await asyncio.to_thread(_compare, read, stored, report, ahead)
    finally:
        await connection.close()
    report.seconds = round(time.monotonic() - started, 3)
    return report


def verify_blocking(settings: Settings, wait_seconds: float = 0.0) -> Report:
    """`verify`, from code that runs no event loop."""
    return asyncio.run(verify(settings, wait_seconds))


async def _spill_tables(connection: "Connection", stored: Spill, report: Report) -> None:
    for name, statement in _STATEMENTS.items():
        kind, count = KINDS.index(name), 0
        async for row in connection.cursor(statement, prefetch=2_000):
            stored.add(kind, row["key"].bytes, bytes.fromhex(row["digest"]))
            count += 1
        report.counts[name] = count


async def _spill_dead_letters(connection: "Connection", sealer: Sealer, stored: Spill, report: Report) -> None:
    """Their texts are sealed anew whenever a key is rotated: what they hold is compared, not the sealed bytes."""
    report.counts["dead_letters"] = 0
    async for row in connection.cursor(canonical.DEAD_LETTERS, prefetch=100):
        parts = canonical.dead_letter_parts(*sealed.dead_letter_of(dict(row), sealer))
        stored.add(DEAD_LETTERS, NO_KEY, canonical.digest(parts))
        report.counts["dead_letters"] += 1


async def _check_totals(connection: "Connection", report: Report) -> None:
    rows = await connection.fetch(canonical.TOTALS)
    report.unexpected["totals"] = len(rows)
    report.totals_different = [" ".join(str(part) for part in row) for row in rows[:DIFFERENCES_SHOWN_MAX]]


def _compare(read: Spill, stored: Spill, report: Report, ahead: verify_people.Ahead) -> None:
    for name in KINDS:
        report.missing[name] = report.unexpected[name] = 0
    for missing, unexpected in differences(read, stored):
        for counts, entries in ((report.missing, missing), (report.unexpected, unexpected)):
            for kind, key, _ in entries:
                counts[KINDS[kind]] += (kind, key) not in ahead
        _show(missing | unexpected, report)


def _show(entries: set[Entry], report: Report) -> None:
    for kind, key, _ in sorted(entries):
        claim = str(UUID(bytes=key))
        if KINDS[kind] in OF_NO_CLAIM or claim in report.claim_ids:
            continue
        if len(report.claim_ids) >= DIFFERENCES_SHOWN_MAX:
            return
        report.claim_ids.append(claim)
