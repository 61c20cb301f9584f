"""What many rows share: parameters, headers of answers, and the words for each status that is a problem."""

from typing import Any

from api.filters import PAGE_DEFAULT
from api.openapi.rows import Parameter
from config.limits import PAGE_CLAIMS_MAX

TEXT: dict[str, Any] = {"type": "string"}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}

_UUID: dict[str, Any] = {**TEXT, "format": "uuid"}
_NUMBER: dict[str, Any] = {**TEXT, "pattern": "^CLM-[0-9]{4}-[0-9A-Z]{1,40}$"}
CLAIM_NAME = Parameter("id", "Id or claim number.", {"anyOf": [_UUID, _NUMBER]}, "path")
PATH_PARAMETERS = {
    "/api/v1/claims/{id}": CLAIM_NAME,
    "/api/v1/claims/{id}/documents/{documentId}": Parameter("documentId", "Id of the document.", _UUID, "path"),
    "/api/v1/workflow/{id}": CLAIM_NAME,
    "/api/v1/members/{id}": Parameter("id", "Id of the member.", {**TEXT, "maxLength": 50}, "path"),
    "/api/v1/providers/{id}": Parameter("id", "Id of the provider.", {**TEXT, "maxLength": 50}, "path"),
    "/docs/{file}": Parameter("file", "A file of the page.", TEXT, "path"),
}
ACCESS = (
    "A JSON Web Token with `sub`, `roles`, `iss`, `aud`, `iat` and `exp`. In development `claims token --sub me --role "
    "admin` prints one; elsewhere the issuer that the service is set to trusts mints them. What a role may do is the "
    "scope that each operation names."
)
# The sections of the document: the first part of a path below /api/v1. What is no part of the business is `service`.
SERVICE = "service"
TAGS = {
    "claims": "Submit claims, look them up, see why they were decided so, ask for something, add documents.",
    "workflow": "Claims that wait for a person: what is due first, and what to say to it.",
    "members": "Members and their cover: create, find, change, end. A change is a release of reference data.",
    "providers": "Providers and their networks: the same.",
    "auth": "Refresh tokens, where this service mints them.",
    "graphql": "The same claims under the same permissions, in one question.",
    SERVICE: "Probes, metrics, public keys, and this document.",
}
LANG = Parameter("lang", "Language of the words.", {**TEXT, "enum": ["en", "id"], "default": "en"})
IDEMPOTENCY_KEY = Parameter(
    "Idempotency-Key",
    "Of the caller's choosing: the same request with the same key is carried out once and answered the same for a day.",
    {**TEXT, "pattern": r"^[!-~]{1,200}$"},
    "header",
)
CORRELATION = Parameter(
    "X-Correlation-ID",
    "Names the request in logs, records and answers; another value than 1 to 64 letters, digits, `.`, `_` or `-` is "
    "replaced by one of ours.",
    TEXT,
    "header",
)

IF_NONE_MATCH = Parameter("If-None-Match", "The ETag of what the caller has: 304 while it is so.", TEXT, "header")
IF_MATCH = Parameter("If-Match", "The ETag of the claim that is meant: 412 once it has moved on.", TEXT, "header")
CURSOR = Parameter("cursor", "`next` of the page before.", {**TEXT, "maxLength": 64})
_UP_TO: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": PAGE_CLAIMS_MAX}
# An empty parameter says nothing.
LIMIT = Parameter("limit", "At most so many.", {"anyOf": [_UP_TO, {**TEXT, "maxLength": 0}], "default": PAGE_DEFAULT})

HEADERS: dict[str, dict[str, Any]] = {
    "X-Correlation-ID": {
        "description": "Names this request in our logs and records.",
        "schema": TEXT,
        "required": True,
    },
    "Location": {"description": "Where to look for what was made.", "schema": TEXT, "required": True},
    "ETag": {
        "description": "Changes when the answer would: send it as If-None-Match.",
        "schema": TEXT,
        "required": True,
    },
    "Link": {"description": "Where the next page is, as `rel=next`; absent on the last.", "schema": TEXT},
    "Retry-After": {"description": "Seconds after which to try again.", "schema": COUNT, "required": True},
    "WWW-Authenticate": {"description": "Which token is needed.", "schema": TEXT, "required": True},
    "RateLimit": {
        "description": "How many requests are left, and for how many seconds.",
        "schema": TEXT,
        "required": True,
    },
    "RateLimit-Policy": {
        "description": "How many requests are allowed in how many seconds.",
        "schema": TEXT,
        "required": True,
    },
    "Allow": {"description": "The methods of this path.", "schema": TEXT},
}
RATES = ("RateLimit", "RateLimit-Policy")
EVERYWHERE = ("X-Correlation-ID",)
# Headers of problems, by status.
TOLD = {401: ("WWW-Authenticate",), 429: ("Retry-After", *RATES), 503: ("Retry-After",)}

PROBLEMS = {
    400: "The request cannot be read.",
    401: "There is no token, or not a good one.",
    403: "The token does not permit this.",
    404: "There is no such thing, or it is none of the caller's business.",
    408: "The body did not arrive in time.",
    409: "What is there already forbids it.",
    412: "It is no longer what the caller has seen.",
    413: "The body is too large.",
    414: "The query of the URL is too long.",
    415: "The body is of a type that is not taken.",
    422: "The body can be read, and has mistakes.",
    428: "The request must say which state it is about.",
    429: "Too many requests; wait.",
    500: "A bug of ours; it is logged under the correlation id.",
    503: "Not now: Kafka or Postgres is away, or the outcome is not known. Sending the same again is safe.",
}
