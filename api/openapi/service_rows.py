"""Rows of the document: the work queue, probes, metrics, and the document itself."""

from api.models.claim import WorkQueue
from api.models.health import Alive, Ready
from api.openapi.rows import JSON, Parameter, Reply, Row
from api.openapi.shared import TEXT

ROWS = (
    Row(
        "GET", "/api/v1/workflow/pending", "getPending", "The work queue: pended claims, what is due first",
        {200: Reply("Pended claims.", WorkQueue)},
        takes=(
            Parameter("queue", "Only of this queue.", TEXT),
            Parameter("limit", "At most.", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}),
        ),
        problems=(400, 503),
    ),
    Row("GET", "/health/live", "isAlive", "Does the process answer?", {200: Reply("It does.", Alive)}),
    Row(
        "GET", "/health/ready", "isReady", "Can claims be taken and looked up?",
        {200: Reply("They can.", Ready), 503: Reply("They cannot; the reasons say why.", Ready)},
    ),
    Row("GET", "/metrics", "getMetrics", "Metrics for Prometheus", {200: Reply("Metrics.", media=("text/plain",))}),
    Row("GET", "/openapi.json", "getDocument", "This document", {200: Reply("OpenAPI 3.1.", media=(JSON,))}),
    Row("GET", "/docs", "getPage", "This document as a page", {200: Reply("The page.", media=("text/html",))}),
    Row(
        "GET", "/docs/{file}", "getPageFile", "What the page is made of",
        {200: Reply("A file of Swagger UI.", media=("text/javascript", "text/css")), 304: Reply("As it was.")},
    ),
)  # fmt: skip
