"""Rows of the document: GraphQL, probes, metrics, and the document itself."""

from api.models.graphql import GraphQLAnswer, GraphQLGiven
from api.models.health import Alive, Ready
from api.openapi.rows import JSON, Body, Reply, Row

ROWS = (
    Row(
        "POST", "/graphql", "askGraphQL", "Queries and mutations in GraphQL",
        {200: Reply("Data, errors, or both.", GraphQLAnswer), 400: Reply("Nothing was executed.", GraphQLAnswer)},
        Body(GraphQLGiven),
        text="The schema is told by introspection, in development.",
    ),
    Row("GET", "/health/live", "isAlive", "Does the process answer?", {200: Reply("It does.", Alive)}),
    Row(
        "GET", "/health/ready", "isReady", "Can claims be taken and looked up?",
        {200: Reply("They can.", Ready), 503: Reply("They cannot; the reasons say why.", Ready)},
    ),
    Row("GET", "/metrics", "getMetrics", "Metrics for Prometheus", {200: Reply("Metrics.", media=("text/plain",))}),
    Row("GET", "/openapi.json", "getOpenApi", "This document", {200: Reply("OpenAPI 3.1.", media=(JSON,))}),
    Row("GET", "/docs", "getPage", "This document as a page", {200: Reply("The page.", media=("text/html",))}),
    Row("GET", "/", "getRoot", "The root", {302: Reply("To the page of this document.", headers=("Location",))}),
    Row("GET", "/docs/", "goToPage", "The same", {302: Reply("To the page.", headers=("Location",))}),
    Row("GET", "/favicon.ico", "getIcon", "The icon of the page", {200: Reply("It.", media=("image/svg+xml",))}),
    Row(
        "GET", "/docs/{file}", "getPageFile", "What the page is made of",
        {200: Reply("A file of Swagger UI.", media=("text/javascript", "text/css")), 304: Reply("As it was.")},
    ),
)  # fmt: skip
