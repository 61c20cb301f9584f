"""The scheduler: which commands a day brings, each the same however often it is sent."""

import asyncio
from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from pydantic import SecretStr

from api.producer import OutcomeUnknown
from cli.scheduler import Scheduler, command_of
from cli.scheduler import _run as run
from config.settings import DatabaseSettings, KafkaSettings, Settings
from schemas.dates import calendar_of
from schemas.decision import Decision
from schemas.topics import CLAIMS_COMMANDS, CLAIMS_DECIDED
from sinks.batch import Batch, Record
from sinks.due import Due
from sinks.migrate import migrate_blocking
from sinks.store import Store
from tests.api.fakes import CODEC, FakePublisher
from tests.sinks import records
from tests.sinks.live import own_database, sql
from tests.sinks.records import SEALER

DUE = Due("deny", "r-1", "c-1", 1, 2, date(2026, 4, 1), "A-AUTHORIZATION-MISSING")


def at(year: int, month: int, day: int, hour: int = 5) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


def test_the_same_pend_gives_the_same_command() -> None:
    one, later = command_of(DUE, at(2026, 4, 2)), command_of(DUE, at(2026, 4, 9))
    assert one.command_id == later.command_id
    assert (one.kind, one.claim_id, one.actor, one.role) == ("deny", "r-1", "scheduler", "scheduler")
    assert one.reason == "the pend A-AUTHORIZATION-MISSING was not answered by 2026-04-01"


@pytest.mark.parametrize(
    "other",
    [
        Due("uphold", "r-1", "c-1", 1, 2, date(2026, 4, 1), None),
        Due("deny", "r-1", "c-1", 1, 3, date(2026, 4, 1), "x"),
        Due("deny", "r-1", "c-1", 1, 2, date(2026, 4, 2), "x"),
    ],
)
def test_another_pend_gives_another_command(other: Due) -> None:
    assert command_of(other, 0).command_id != command_of(DUE, 0).command_id


LOOKS = [
    # commands sent, what a person reads
    (0,     "nothing is due"),
    (1,     "1 command was sent for what is due;"),
    (1_000, "1,000 commands were sent for what is due;"),
]  # fmt: skip


@pytest.mark.parametrize(("count", "says"), LOOKS)
def test_one_look_is_told_in_a_sentence(
    count: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def look(scheduler: Scheduler, now: int) -> int:
        return count

    monkeypatch.setattr(Scheduler, "look", look)
    monkeypatch.setattr("api.producer.KafkaPublisher", lambda kafka: FakePublisher())
    settings = Settings(_env_file=None, kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"))
    asyncio.run(run(settings, once=True, every=60))
    told = capsys.readouterr()
    assert told.out.startswith(says)
    assert "{" not in told.out + told.err


async def written(url: str, *decided: Decision) -> None:
    """Put decisions into the tables as the sink does."""
    batch = Batch(CODEC, SEALER)
    for offset, one in enumerate(decided):
        batch.add(Record(CLAIMS_DECIDED, 0, offset, one.accepted_at, CODEC.encode(one)))
    store = await Store.open(url, 30)
    await store.write(batch.rows(), [])
    await store.close()


@pytest.mark.integration
def test_what_is_due_is_sent_once(services: SimpleNamespace) -> None:
    waits, spent = records.pended(1), records.decision(2)
    with own_database(services.database_url) as url:
        migrate_blocking(url)
        settings = Settings(_env_file=None, database=DatabaseSettings(url=SecretStr(url)))
        asyncio.run(written(url, waits, spent, records.appealed(spent), records.decision(3)))
        publisher = FakePublisher()
        made = Scheduler(settings, publisher, CODEC)
        due = calendar_of(records.DAY + 40)
        # On the payer's calendar the day ends at 17:00 UTC.
        assert asyncio.run(made.look(at(due.year, due.month, due.day, 16))) == 0
        assert asyncio.run(made.look(at(due.year, due.month, due.day, 17))) == 1
        assert asyncio.run(made.look(at(2026, 12, 1))) == 1
        assert asyncio.run(made.look(at(2026, 12, 1))) == 0
        roots = [waits.root_id, spent.root_id]
        assert [(one.kind, one.claim_id) for one in publisher.commands()] == list(
            zip(("deny", "uphold"), roots, strict=True)
        )
        assert [(topic, key.decode()) for topic, key, _, _ in publisher.sent] == [(CLAIMS_COMMANDS, r) for r in roots]
        publisher.failing = OutcomeUnknown("no answer")
        another = Scheduler(settings, publisher, CODEC)
        with pytest.raises(OutcomeUnknown):
            asyncio.run(another.look(at(2026, 12, 1)))
        publisher.failing = None
        assert asyncio.run(another.look(at(2026, 12, 1))) == 2
        sql(url, "update claims set substatus = 'denied' where id = $1", UUID(waits.claim_id))
        assert asyncio.run(another.look(at(2026, 12, 1))) == 0
        assert len(another.sent) == 1
