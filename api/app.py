"""The application: its parts, the middlewares in their order, the routes."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import TypedDict, Unpack

from aiohttp import web

from api import document_parts, middleware, routes
from api.answers import DESK
from api.audit import Auditor
from api.auth import Verifier
from api.batch import BATCHING, Batching
from api.body import BODY_SECONDS
from api.caller_address import CallerAddress
from api.claim_audit import READ_LOG, PostgresReadLog, ReadLog
from api.context import PARTS, Parts
from api.cross_origin import ORIGINS, Origins
from api.database import Database
from api.desk import Desk
from api.document_parts import DOCUMENTS, DocumentParts
from api.gate import Gate
from api.health import READINESS, Readiness
from api.idempotency import REPLIES, Replies
from api.people_parts import PEOPLE, NoChanges, PeopleParts
from api.people_search import People
from api.people_store import PeopleStore, PostgresPeople
from api.producer import KafkaPublisher, Publisher
from api.queries import ClaimStore, PostgresStore
from api.queries_details import DetailStore, PostgresDetails
from api.queries_list import ListStore, PostgresLists
from api.queries_replies import PostgresReplies, ReplyStore
from api.refresh import FAMILIES
from api.response_headers import add_headers
from api.token_families import Families, PostgresFamilies
from api.watch import WATCH, PostgresSteps, StepStore, Watch
from config.sealing import Sealer
from config.settings import Settings
from schemas.codec import Codec
from schemas.reference_changes import Changes
from schemas.registry import for_settings

_PURGE_SECONDS = 300.0


class Given(TypedDict, total=False):
    """What a test, or another program, puts in the place of a part of the service."""

    publisher: Publisher
    store: ClaimStore
    lists: ListStore
    details: DetailStore
    people: People
    documents: DocumentParts
    person_store: PeopleStore
    changes: Changes | None
    replies: ReplyStore
    steps: StepStore
    families: Families
    read_log: ReadLog
    verifier: Verifier
    codec: Codec
    body_seconds: float


def create_app(settings: Settings, **given: Unpack[Given]) -> web.Application:
    """The service. Without a publisher and a store it uses Kafka and Postgres by the settings, and need not find them.

    Raises TokenKeyError when the key for tokens is missing, ValueError when no broker is named.
    """
    database = Database(settings.database)
    sealer = Sealer.from_settings(settings.sealing)
    person_store = given.get("person_store") or PostgresPeople(database, sealer)
    app = web.Application(middlewares=middleware.ALL)
    app[PARTS] = _parts(settings, database, person_store, given)
    app[DESK] = Desk(app[PARTS])
    app[PEOPLE] = PeopleParts(person_store, given.get("changes") or NoChanges(), sealer)
    app[DOCUMENTS] = given.get("documents") or document_parts.for_settings(settings, database)
    app[READINESS] = Readiness()
    app[FAMILIES] = given.get("families") or PostgresFamilies(database)
    app[READ_LOG] = given.get("read_log") or PostgresReadLog(database)
    app[ORIGINS] = Origins(settings.api.cors_origins)
    app[middleware.CALLERS] = CallerAddress(settings.api.trusted_proxies)
    app[BATCHING] = Batching()
    app[REPLIES] = Replies(given.get("replies") or PostgresReplies(database))
    app[WATCH] = Watch(given.get("steps") or PostgresSteps(database))
    routes.mount(app)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.extend((_close_parts, _keep_keys_fresh, _purge_replies))
    app.on_shutdown.append(_end_streams)
    return app


def _parts(settings: Settings, database: Database, person_store: PeopleStore, given: Given) -> Parts:
    publisher = given.get("publisher") or KafkaPublisher(settings.kafka)
    codec = given.get("codec") or Codec(for_settings(settings.kafka))
    return Parts(
        settings=settings,
        gate=Gate(settings.api, given.get("verifier") or Verifier(settings.api)),
        publisher=publisher,
        audit=Auditor(publisher, codec, _now),
        database=database,
        store=given.get("store") or PostgresStore(database),
        lists=given.get("lists") or PostgresLists(database),
        details=given.get("details") or PostgresDetails(database),
        people=given.get("people") or person_store,
        codec=codec,
        now=_now,
        body_seconds=given.get("body_seconds", BODY_SECONDS),
    )


async def _purge_replies(app: web.Application) -> AsyncIterator[None]:
    purging = asyncio.create_task(app[REPLIES].purge(_PURGE_SECONDS))
    yield
    purging.cancel()
    await asyncio.gather(purging, return_exceptions=True)


async def _keep_keys_fresh(app: web.Application) -> AsyncIterator[None]:
    reading = asyncio.create_task(app[PARTS].gate.verifier.keep_fresh())
    yield
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


async def _end_streams(app: web.Application) -> None:
    await app[WATCH].close()


def _now() -> int:
    return time.time_ns() // 1_000_000


async def _close_parts(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[PEOPLE].changes.close()
    await app[PARTS].audit.close()
    await app[PARTS].publisher.close()
    await app[PARTS].store.close()
    await app[PARTS].database.close()
