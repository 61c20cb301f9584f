"""`GET /metrics` for Prometheus."""

from typing import get_args

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.context import parts_of
from api.database import DatabaseAway
from api.queries import Figures
from config.metrics import API_DATABASE_UP, CLAIMS_PENDED, CLAIMS_STATUS_COUNT, TRIAL_BALANCE
from schemas.vocabulary import Status


async def expose(request: web.Request) -> web.Response:
    """The metrics of this process; claims by status are read from the store now."""
    try:
        store = parts_of(request).store
        counts, figures = await store.status_counts(), await store.figures()
    except DatabaseAway:
        API_DATABASE_UP.set(0)
        for gauge in (CLAIMS_STATUS_COUNT, CLAIMS_PENDED, TRIAL_BALANCE):
            gauge.clear()  # unknown is not what it was when somebody last looked
    else:
        API_DATABASE_UP.set(1)
        for status in get_args(Status):
            CLAIMS_STATUS_COUNT.labels(status).set(counts.get(status, 0))
        _show(figures)
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _show(figures: Figures) -> None:
    CLAIMS_PENDED.clear()  # a queue that is empty now is in no row
    for queue, claims in figures.pended.items():
        CLAIMS_PENDED.labels(queue).set(claims)
    for currency in {currency for currency, _ in figures.balances}:
        charged, paid, adjusted = (
            figures.balances.get((currency, kind), 0) for kind in ("charged", "paid", "adjusted")
        )
        kinds = {"charged": charged, "paid": paid, "adjusted": adjusted, "difference": charged - paid - adjusted}
        for kind, amount in kinds.items():
            TRIAL_BALANCE.labels(kind, currency).set(amount)
