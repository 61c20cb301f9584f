"""The trial balance, recomputed from the topic of decisions and compared with what the sink keeps up to date.

The two are found in different ways. The sink adds up what each decision changes: its lines less what it supersedes.
Here the last revision of each version of a claim counts, with its lines and nothing else. So a decision that supersedes
the wrong amount shows, and one that was counted twice.
"""

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from config.settings import Settings
from schemas import registry
from schemas.accounts import accounts_of, difference
from schemas.codec import Codec, DecodeError
from schemas.decision import Decision
from schemas.topics import CLAIMS_DECIDED
from sinks import progress
from sinks.connect import connect
from sinks.store import Place
from sinks.topics import VerifyError, each_record

if TYPE_CHECKING:
    from asyncpg import Connection

_LIVE = "select currency, account, amount from trial_balance where amount <> 0"
# The last revision of each version, on disk: memory stays small whatever the topic holds.
_TABLE = """
    create table latest (
        claim blob, version integer, revision integer, currency text, accounts text, primary key (claim, version)
    ) without rowid
"""
_KEEP = """
    insert into latest values (?, ?, ?, ?, ?)
    on conflict do update set revision = excluded.revision, accounts = excluded.accounts
    where excluded.revision > latest.revision
"""
# Minor units by account, by currency.
Balances = dict[str, dict[str, int]]


@dataclass(slots=True)
class TrialBalance:
    """Both sides at the same offsets. `behind` counts records that the sink has not written yet."""

    topic: Balances = field(default_factory=dict)
    live: Balances = field(default_factory=dict)
    versions: int = 0
    behind: int = 0
    waited_in_vain: bool = False
    seconds: float = 0.0

    @property
    def balances(self) -> bool:
        """Whether charged = paid + adjusted in every currency."""
        return not any(difference(accounts) for accounts in self.topic.values())

    @property
    def agrees(self) -> bool:
        """Whether the live figure is the recomputed one."""
        return self.topic == self.live

    @property
    def ok(self) -> bool:
        """Whether all is as it must be, as far as was waited for."""
        return self.balances and self.agrees and not self.waited_in_vain


async def trial_balance(settings: Settings, wait_seconds: float = 0.0) -> TrialBalance:
    """Compare at one moment, while the sink may go on; first wait until it has written all there was at the start.

    Raises as `sinks.verify.verify`.
    """
    assert settings.database.url is not None
    started = time.monotonic()
    made = TrialBalance()
    ends = await asyncio.to_thread(progress.ends, settings)
    connection = await connect(settings.database.url.get_secret_value())
    try:
        made.waited_in_vain = not await progress.caught_up(connection, ends, wait_seconds) and wait_seconds > 0
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            offsets = await progress.stored_offsets(connection)
            made.live = await _live(connection)
    finally:
        await connection.close()
    made.behind = progress.behind(offsets, ends)
    decided = {place: offset for place, offset in offsets.items() if place[0] == CLAIMS_DECIDED}
    made.versions, made.topic = await asyncio.to_thread(_recomputed, settings, decided)
    made.seconds = round(time.monotonic() - started, 3)
    return made


def trial_balance_blocking(settings: Settings, wait_seconds: float = 0.0) -> TrialBalance:
    """`trial_balance`, from code that runs no event loop."""
    return asyncio.run(trial_balance(settings, wait_seconds))


async def _live(connection: "Connection") -> Balances:
    found: Balances = {}
    for row in await connection.fetch(_LIVE):
        found.setdefault(row["currency"], {})[row["account"]] = int(row["amount"])
    return found


def _recomputed(settings: Settings, offsets: Mapping[Place, int]) -> tuple[int, Balances]:
    codec = Codec(registry.for_settings(settings.kafka))
    with (
        tempfile.TemporaryDirectory(prefix="claims-trial-balance-") as folder,
        closing(sqlite3.connect(Path(folder) / "latest", isolation_level=None)) as disk,
    ):
        disk.executescript(f"pragma journal_mode = off; pragma synchronous = off; {_TABLE};")
        disk.execute("begin")
        disk.executemany(_KEEP, _latest(settings, offsets, codec))
        return _summed(disk)


def _latest(
    settings: Settings, offsets: Mapping[Place, int], codec: Codec
) -> Iterator[tuple[bytes, int, int, str, str]]:
    for message in each_record(settings, offsets, "trial-balance"):
        try:
            d = codec.decode(Decision, message.value())
        except (DecodeError, AssertionError) as error:
            place = f"{message.topic()}[{message.partition()}] offset {message.offset()}"
            raise VerifyError(f"{place} is no decision that balances: {error}") from error
        yield UUID(d.claim_id).bytes, d.version, d.revision, d.currency, json.dumps(accounts_of(d.lines))


def _summed(disk: sqlite3.Connection) -> tuple[int, Balances]:
    versions = 0
    found: Balances = {}
    for currency, text in disk.execute("select currency, accounts from latest"):
        versions += 1
        accounts = found.setdefault(currency, {})
        for account, amount in json.loads(text).items():
            accounts[account] = accounts.get(account, 0) + amount
    shown = {
        currency: {account: amount for account, amount in sorted(accounts.items()) if amount}
        for currency, accounts in sorted(found.items())
    }
    return versions, {currency: accounts for currency, accounts in shown.items() if accounts}
