"""`GET /metrics` for Prometheus."""

from typing import get_args

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.context import parts_of
from api.queries import DatabaseAway
from config.metrics import API_DATABASE_UP, CLAIMS_STATUS_COUNT
from schemas.vocabulary import Status


async def expose(request: web.Request) -> web.Response:
    """The metrics of this process; claims by status are read from the store now."""
    try:
        counts = await parts_of(request).store.status_counts()
    except DatabaseAway:
        API_DATABASE_UP.set(0)
        CLAIMS_STATUS_COUNT.clear()  # unknown is not what it was when somebody last looked
    else:
        API_DATABASE_UP.set(1)
        for status in get_args(Status):
            CLAIMS_STATUS_COUNT.labels(status).set(counts.get(status, 0))
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
