"""What handlers find on the application and on a request, under typed keys."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from api.audit import Auditor
from api.auth import Principal
from api.database import Database
from api.gate import Gate
from api.people_search import People
from api.producer import Publisher
from api.queries import ClaimStore
from api.queries_details import DetailStore
from api.queries_list import ListStore
from api.windows import Used
from config.settings import Settings
from schemas.codec import Codec


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that handlers work with. `now` is milliseconds since 1970-01-01 UTC; tests put fakes here.

    `database` is the pool that every store in Postgres asks; it connects when first asked.
    """

    settings: Settings
    gate: Gate
    publisher: Publisher
    audit: Auditor
    database: Database
    store: ClaimStore
    lists: ListStore
    details: DetailStore
    people: People
    codec: Codec
    now: Callable[[], int]
    body_seconds: float


PARTS = web.AppKey("parts", Parts)
CORRELATION = web.RequestKey("correlation", str)
PRINCIPAL = web.RequestKey("principal", Principal)
RATE = web.RequestKey("rate", Used)


def parts_of(request: web.Request) -> Parts:
    """The parts of the application that serves this request."""
    return request.app[PARTS]
