"""Members and providers in Postgres: found by id, identifier and name, opened for those who may see them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import structlog

from api import statements_people as statements
from api.auth import Principal
from api.batches import Batches
from api.database import Database, DatabaseAway
from config.limits import PEOPLE_EVENTS_MAX, SEARCH_MEMBERS_MAX
from config.sealing import Sealer, SealError
from schemas.claim import Identifier, SubmittedClaim
from schemas.json_text import dump_json
from schemas.reference import Member, Provider
from schemas.reference_changes import PersonRecord
from schemas.sealed_people import (
    MEMBERS,
    PROVIDERS,
    SealedTable,
    identifier_index,
    member_of,
    member_row,
    name_index,
    provider_of,
    provider_row,
)
from schemas.topics import REFERENCE_MEMBERS, REFERENCE_PROVIDERS

Row = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]
_RELEASES_KEPT = 50_000
_RELEASE_SECONDS = 10.0
# A member and a provider.
_KINDS = 2
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Conditions that all hold; an empty one says nothing. `times`: JSON that one time of cover or network contains."""

    identifiers: tuple[tuple[str, str], ...] = ()
    name: str | None = None
    times: str | None = None
    ended_too: bool = False


class PeopleStore(Protocol):
    """What the service asks of its tables of people. Every method raises DatabaseAway."""

    async def record(self, topic: str, record_id: str) -> PersonRecord | None:
        """The member or provider with that id; None for none, or one that was taken away."""

    async def page(self, topic: str, where: PeopleFilter, after: str | None, limit: int) -> Sequence[PersonRecord]:
        """At most `limit` after that id, by id."""

    async def keep(self, record: PersonRecord) -> None:
        """Make a released record visible at once, unless a later one is known."""

    async def events(self, topic: str, record_id: str) -> Sequence[Row]:
        """What happened to it over HTTP, oldest first."""

    async def member_ids(self, principal: Principal, identifiers: Pairs, name: str | None) -> Sequence[str]:
        """Ids of the members with all these identifiers and all words of this name."""

    async def release_of(self, claim: SubmittedClaim) -> int | None:
        """The release that brought the newest state of the people whom the claim names; None for unknown ones."""

    async def unsealed(self, topic: str, ids: Sequence[str]) -> Mapping[str, Row]:
        """What of the members or providers with these ids is not sealed, by id."""


class _Named(NamedTuple):
    """Whom a claim names: ids of ours, or else blind indexes of identifiers."""

    member_id: str | None
    member: tuple[str, ...] | None
    provider_id: str | None
    provider: tuple[str, ...] | None


class _Table(NamedTuple):
    sealed: SealedTable
    one: str
    page: str
    unsealed: str
    made: Any


_TABLES = {
    REFERENCE_MEMBERS: _Table(MEMBERS, statements.MEMBER, statements.MEMBERS, statements.UNSEALED_MEMBERS, member_of),
    REFERENCE_PROVIDERS: _Table(
        PROVIDERS, statements.PROVIDER, statements.PROVIDERS, statements.UNSEALED_PROVIDERS, provider_of
    ),
}


class PostgresPeople:
    """People in Postgres."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer
        # Of people whom claims named: the release, and until when it is taken for the newest.
        self._releases: dict[_Named, tuple[int, float]] = {}
        self._known: Batches[_Named, Row] = Batches(self._known_of)

    async def record(self, topic: str, record_id: str) -> PersonRecord | None:
        """The member or provider with that id; None for none, or one that was taken away."""
        table = _TABLES[topic]
        async with self._database.connection() as connection:
            row = await connection.fetchrow(table.one, record_id)
        return None if row is None else self._opened(table, row)

    async def page(self, topic: str, where: PeopleFilter, after: str | None, limit: int) -> Sequence[PersonRecord]:
        """At most `limit` after that id, by id."""
        table = _TABLES[topic]
        identifiers = self._identifiers(table.sealed, where.identifiers)
        words = self._words(table.sealed, where.name)
        async with self._database.connection() as connection:
            rows = await connection.fetch(table.page, after, identifiers, words, where.times, where.ended_too, limit)
        return [self._opened(table, row) for row in rows]

    async def keep(self, record: PersonRecord) -> None:
        """Make a released record visible at once, unless a later one is known."""
        self._releases.clear()
        async with self._database.connection() as connection:
            if isinstance(record, Member):
                await connection.execute(statements.KEEP_MEMBER, *member_row(record, self._sealer))
            else:
                await connection.execute(statements.KEEP_PROVIDER, *provider_row(record, self._sealer))

    async def events(self, topic: str, record_id: str) -> Sequence[Row]:
        """What happened to it over HTTP, oldest first."""
        kind = "member.%" if topic == REFERENCE_MEMBERS else "provider.%"
        async with self._database.connection() as connection:
            rows: Sequence[Row] = await connection.fetch(statements.EVENTS, record_id, kind, PEOPLE_EVENTS_MAX)
        return rows

    async def member_ids(self, principal: Principal, identifiers: Pairs, name: str | None) -> Sequence[str]:
        """Ids of the members with all these identifiers and all words of this name.

        The claims that they lead to are then those that the caller may see, so that ids alone tell nothing.
        """
        indexes, words = self._identifiers(MEMBERS, identifiers), self._words(MEMBERS, name)
        async with self._database.connection() as connection:
            rows = await connection.fetch(statements.MEMBER_IDS, indexes, words, SEARCH_MEMBERS_MAX)
        return [row["member_id"] for row in rows]

    async def release_of(self, claim: SubmittedClaim) -> int | None:
        """The release that brought the newest state of the people whom the claim names; None for unknown ones.

        Known people are not looked up again for a while: the chain has had that release for long.
        """
        named, now = self._named(claim), time.monotonic()
        remembered = self._releases.get(named)
        if remembered is not None and now < remembered[1]:
            return remembered[0]
        found = await self._known.ask(named)
        release: int | None = found["release"]
        if release is not None and found["kinds"] == _KINDS:
            if len(self._releases) >= _RELEASES_KEPT:
                self._releases.clear()
            self._releases[named] = release, now + _RELEASE_SECONDS
        return release

    async def unsealed(self, topic: str, ids: Sequence[str]) -> Mapping[str, Row]:
        """What of the members or providers with these ids is not sealed, by id."""
        table = _TABLES[topic]
        async with self._database.connection() as connection:
            rows = await connection.fetch(table.unsealed, list(ids))
        return {row[table.sealed.key]: row for row in rows}

    async def _known_of(self, names: Sequence[_Named]) -> Sequence[Row]:
        asked = [{"place": place, **named._asdict()} for place, named in enumerate(names)]
        async with self._database.connection() as connection:
            rows: Sequence[Row] = await connection.fetch(statements.RELEASES, dump_json(asked))
        return rows

    def _named(self, claim: SubmittedClaim) -> _Named:
        """An id of ours counts before identifiers, as in validate."""
        member, provider = claim.member, claim.provider
        return _Named(
            member.member_id, None if member.member_id else self._texts(MEMBERS, member.identifiers),
            provider.provider_id, None if provider.provider_id else self._texts(PROVIDERS, provider.identifiers),
        )  # fmt: skip

    def _texts(self, table: SealedTable, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """Blind indexes, as Postgres reads bytes in JSON."""
        return tuple(f"\\x{identifier_index(table, one.system, one.value, self._sealer).hex()}" for one in identifiers)

    def _identifiers(self, table: SealedTable, pairs: Pairs) -> list[bytes] | None:
        return [identifier_index(table, *pair, self._sealer) for pair in pairs] or None

    def _words(self, table: SealedTable, name: str | None) -> list[bytes] | None:
        return None if name is None else name_index(table, name, self._sealer)

    def _opened(self, table: _Table, row: Row) -> Member | Provider:
        try:
            record: Member | Provider = table.made(row, self._sealer)
        except SealError as error:
            log.error("a sealed row does not open; CLAIMS_SEALING__KEYS must hold the key it names", error=str(error))
            raise DatabaseAway("SealError") from None
        return record
