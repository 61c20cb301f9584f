"""Rows of the document: lists, searches, statistics and the work queue."""

from collections.abc import Iterable
from typing import get_args

from api.models.claim import CommandAccepted, WorkQueue
from api.models.claims import ClaimsFound, Statistics
from api.models.requests import ClaimSearch, CommandGiven
from api.openapi.rows import Body, Parameter, Reply, Row, Schema
from api.openapi.shared import CURSOR, IDEMPOTENCY_KEY, IF_MATCH, LIMIT, TEXT
from api.statements_totals import GROUPS
from config.limits import LIST_NAMES_MAX
from schemas.vocabulary import Form, Status, Substatus

# Such as 2026-03-02; empty says nothing.
_DAY = {**TEXT, "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"}
_NAME = {**TEXT, "maxLength": 200}


def _list_of(name: str, text: str, items: Schema) -> Parameter:
    schema = {"type": "array", "items": dict(items), "minItems": 1, "maxItems": LIST_NAMES_MAX, "uniqueItems": True}
    return Parameter(name, f"{text} Several are separated by commas.", schema)


def _words(words: Iterable[str]) -> Schema:
    # An empty parameter says nothing.
    return {**TEXT, "enum": [*words, ""]}


_STATUS = _list_of("status", "Only in these.", _words(get_args(Status)))
_FORM = _list_of("form", "Only of these.", _words(get_args(Form)))
_PROVIDER = Parameter("providerId", "Only of this provider.", _NAME)
_SUBMITTED = (
    Parameter("submittedFrom", "Accepted on this day or later.", _DAY),
    Parameter("submittedTo", "Accepted on this day or before.", _DAY),
)
FILTER = (
    _list_of("ids", "Ids or claim numbers.", TEXT),
    _STATUS,
    _list_of("substatus", "Only in these.", _words(get_args(Substatus))),
    _FORM,
    Parameter("memberId", "Only of this member.", _NAME),
    _PROVIDER,
    Parameter("dateFrom", "With a first day of service on this day or later.", _DAY),
    Parameter("dateTo", "With a first day of service on this day or before.", _DAY),
    *_SUBMITTED,
)
TOTALS = (
    _list_of("groupBy", "By what to group; the currency is always one of them.", _words(GROUPS)),
    *_SUBMITTED,
    _STATUS,
    _FORM,
    Parameter("currency", "Only in this.", {**TEXT, "maxLength": 3}),
    _PROVIDER,
)


def _decide(word: str, name: str, summary: str) -> Row:
    replies = {202: Reply("The command is with the broker.", CommandAccepted, headers=("Location",))}
    path = f"/api/v1/workflow/{{id}}/{word}"
    return Row("POST", path, name, summary, replies, Body(CommandGiven), (IF_MATCH, IDEMPOTENCY_KEY), (409, 412, 503))


ROWS = (
    Row(
        "GET", "/api/v1/claims", "listClaims", "Claims, page by page",
        {200: Reply("The last accepted first.", ClaimsFound)},
        takes=(*FILTER, LIMIT, CURSOR), problems=(400, 503), tagged=True,
        text="All conditions hold. Names and identity numbers of people do not belong into a URL: use the search.",
    ),
    Row(
        "POST", "/api/v1/claims/search", "searchClaims", "Claims by what must not stand in a URL",
        {200: Reply("The last accepted first.", ClaimsFound)}, Body(ClaimSearch), problems=(503,),
    ),
    Row(
        "GET", "/api/v1/claims/statistics", "getStatistics", "Claims counted and added up",
        {200: Reply("A group for each.", Statistics)}, takes=TOTALS, problems=(400, 503), tagged=True,
    ),
    Row(
        "GET", "/api/v1/workflow/pending", "getPending", "The work queue: pended claims, what is due first",
        {200: Reply("Pended claims.", WorkQueue)},
        takes=(Parameter("queue", "Only of this queue.", _NAME), LIMIT, CURSOR), problems=(400, 503), tagged=True,
    ),
    _decide("approve", "approvePending", "Approve a pended claim"),
    _decide("reject", "rejectPending", "Deny a pended claim"),
)  # fmt: skip
