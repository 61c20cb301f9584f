"""The application: its parts, the middlewares in their order, the routes."""

import asyncio
import time
from collections.abc import AsyncIterator

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


def create_app(
    settings: Settings,
    *,
    publisher: Publisher | None = None,
    store: ClaimStore | None = None,
    lists: ListStore | None = None,
    details: DetailStore | None = None,
    people: People | None = None,
    documents: DocumentParts | None = None,
    person_store: PeopleStore | None = None,
    changes: Changes | None = None,
    replies: ReplyStore | None = None,
    steps: StepStore | None = None,
    families: Families | None = None,
    read_log: ReadLog | None = None,
    verifier: Verifier | None = None,
    codec: Codec | None = None,
    body_seconds: float = BODY_SECONDS,
) -> web.Application:
    """The service. Without a publisher and a store it uses Kafka and Postgres by the settings, and need not find them.

    Raises TokenKeyError when the key for tokens is missing, ValueError when no broker is named.
    """
    database = Database(settings.database)
    person_store = person_store or PostgresPeople(database, Sealer.from_settings(settings.sealing))
    publisher = publisher or KafkaPublisher(settings.kafka)
    codec = codec or Codec(for_settings(settings.kafka))
    verifier = verifier or Verifier(settings.api)
    app = web.Application(middlewares=middleware.ALL)
    app[PARTS] = Parts(
        settings=settings,
        gate=Gate(settings.api, verifier),
        publisher=publisher,
        audit=Auditor(publisher, codec, _now),
        database=database,
        store=store or PostgresStore(database),
        lists=lists or PostgresLists(database),
        details=details or PostgresDetails(database),
        people=people or person_store,
        codec=codec,
        now=_now,
        body_seconds=body_seconds,
    )
    app[DESK] = Desk(app[PARTS])
    app[PEOPLE] = PeopleParts(person_store, changes or NoChanges())
    app[DOCUMENTS] = documents or document_parts.for_settings(settings, database)
    app[READINESS] = Readiness()
    app[FAMILIES] = families or PostgresFamilies(database)
    app[READ_LOG] = read_log or PostgresReadLog(database)
    app[ORIGINS] = Origins(settings.api.cors_origins)
    app[middleware.CALLERS] = CallerAddress(settings.api.trusted_proxies)
    app[BATCHING] = Batching()
    app[REPLIES] = Replies(replies or PostgresReplies(database))
    app[WATCH] = Watch(steps or PostgresSteps(database))
    routes.mount(app)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.extend((_close_parts, _keep_keys_fresh, _purge_replies))
    app.on_shutdown.append(_end_streams)
    return app


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
