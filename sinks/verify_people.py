"""Documents, members and providers in `claims verify`: rows opened again, and compared with the records on the topics.

A row that only the API has written is ahead of the sink: it is left out on both sides until the sink has written it.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from config.sealing import Sealer, SealError
from schemas.codec import Codec
from schemas.events import ClaimDocument, PeopleEvent
from schemas.reference import Member, Provider
from schemas.sealed_people import member_of, provider_of
from schemas.topics import DOCUMENTS_STORED, PEOPLE_CHANGED, REFERENCE_MEMBERS, REFERENCE_PROVIDERS
from sinks import canonical, statements_people
from sinks.spill import NO_GUARD, Spill

if TYPE_CHECKING:
    from asyncpg import Connection

KINDS = ("documents", "members", "providers", "people_events")
Record = ClaimDocument | PeopleEvent | Member | Provider
Row = Mapping[str, Any]
# What is left out: kind and key of rows that are ahead of the sink.
Ahead = set[tuple[int, bytes]]


class _Kind(NamedTuple):
    topic: str
    record: type[Record]
    statement: str
    made: Callable[[Row, Sealer], Record]


def _document(row: Row, _: Sealer) -> ClaimDocument:
    values = {field.name: row[field.name] for field in dataclasses.fields(ClaimDocument)}
    return ClaimDocument(**values | {name: str(row[name]) for name in ("document_id", "claim_id", "root_id")})


def _event(row: Row, _: Sealer) -> PeopleEvent:
    values = {field.name: row[field.name] for field in dataclasses.fields(PeopleEvent)}
    return PeopleEvent(**values | {"event_id": str(row["event_id"]), "fields": tuple(row["fields"])})


_KINDS = (
    _Kind(DOCUMENTS_STORED, ClaimDocument, statements_people.DOCUMENTS, _document),
    _Kind(REFERENCE_MEMBERS, Member, statements_people.MEMBERS, member_of),
    _Kind(REFERENCE_PROVIDERS, Provider, statements_people.PROVIDERS, provider_of),
    _Kind(PEOPLE_CHANGED, PeopleEvent, statements_people.PEOPLE_EVENTS, _event),
)
_OF_TOPIC = {kind.topic: number for number, kind in enumerate(_KINDS)}


def add_record(topic: str, value: bytes | None, codec: Codec, into: Spill, first: int) -> bool:
    """Add a record of one of these topics, with kinds counted from `first`; False for one of another topic."""
    number = _OF_TOPIC.get(topic)
    if number is None:
        return False
    record = codec.decode(_KINDS[number].record, value)
    key, guard = _key_and_guard(record)
    into.add(first + number, key, _digest(record), (guard, 0, 0) if guard else NO_GUARD)
    return True


async def spill_rows(
    connection: "Connection", sealer: Sealer, into: Spill, counts: dict[str, int], first: int
) -> Ahead:
    """Add all rows; what does not open is added as something that no topic holds."""
    ahead: Ahead = set()
    for number, kind in enumerate(_KINDS):
        counts[KINDS[number]] = 0
        async for row in connection.cursor(kind.statement, prefetch=1_000):
            counts[KINDS[number]] += 1
            try:
                record = kind.made(dict(row), sealer)
            except SealError:
                into.add(first + number, hashlib.md5(str(row[0]).encode(), usedforsecurity=False).digest(), bytes(16))
                continue
            key, _ = _key_and_guard(record)
            into.add(first + number, key, _digest(record))
            if "committed_at" in row and row["committed_at"] is None:
                ahead.add((first + number, key))
    return ahead


def _key_and_guard(record: Record) -> tuple[bytes, int]:
    """The key of a record among its kind, and what the greatest of counts; 0 where each counts."""
    match record:
        case ClaimDocument():
            name, guard = record.document_id, record.revision
        case Member():
            name, guard = record.member_id, record.release
        case Provider():
            name, guard = record.provider_id, record.release
        case PeopleEvent():
            name, guard = record.event_id, 0
    return hashlib.md5(name.encode(), usedforsecurity=False).digest(), guard


def _digest(record: Record) -> bytes:
    return canonical.digest(dataclasses.astuple(record))
