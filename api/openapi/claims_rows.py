"""Rows of the document: submitting claims, looking them up, commands."""

from collections.abc import Mapping

from api.batch_lines import MEDIA_TYPE as NDJSON
from api.models.claim import ClaimFound, CommandAccepted, EventsOfClaim, Submitted, Timeline
from api.models.claims import ItemsOfClaim
from api.models.explanation import Explanation
from api.models.requests import CommandGiven
from api.openapi.rows import Body, Parameter, Reply, Row
from api.openapi.shared import IDEMPOTENCY_KEY, IF_MATCH, LANG, TEXT
from config.limits import BATCH_BYTES_MAX, BATCH_LINES_MAX
from schemas.intake_model import ClaimIntake

CLAIM = "/api/v1/claims/{id}"
LAST_EVENT_ID = Parameter("Last-Event-ID", "The id of the last event that the caller has.", TEXT, "header")
# One that the sample data knows: `claims up --sample` decides it.
EXAMPLE = {
    "memberId": "NUSA-0001",
    "providerId": "KLINIK-SEHAT",
    "serviceDate": "2026-09-14",
    "claimType": "outpatient",
    "items": [
        {"serviceCode": "KONSUL-UMUM", "codeSystem": "LOCAL", "diagnosisCode": "J06.9", "chargedAmount": 150000},
    ],
}
COMMANDS: Mapping[str, str] = {
    "approve": "Approve a pended claim",
    "deny": "Deny a pended claim",
    "release": "Have a pended claim judged again",
    "void": "Withdraw a claim",
    "appeal": "Appeal a decision",
    "uphold": "Leave a decision as it is, after an appeal",
    "overturn": "Have an appealed claim decided anew",
}


def _command(kind: str, summary: str) -> Row:
    replies = {202: Reply("The command is with the broker.", CommandAccepted, headers=("Location",))}
    path, name = f"{CLAIM}/{kind}", f"{kind}Claim"
    return Row("POST", path, name, summary, replies, Body(CommandGiven), (IF_MATCH, IDEMPOTENCY_KEY), (409, 412, 503))


ROWS = (
    Row(
        "POST", "/api/v1/claims", "submitClaim", "Submit a claim",
        {201: Reply("The claim is with the broker, durable, and can be looked up.", Submitted, headers=("Location",))},
        Body(ClaimIntake, examples={"a visit": EXAMPLE}), (IDEMPOTENCY_KEY,), (409, 503),
        "Accepted once all replicas of the broker have it. Safe to send again: the claim keeps its id and is decided "
        "once.",
    ),
    Row(
        "POST", "/api/v1/claims/batch", "submitBatch", "Submit many claims",
        {200: Reply("A line for each, as JSON: line, status, and claim or problem.", media=(NDJSON,))},
        Body(media={NDJSON: TEXT}), problems=(503,),
        text=f"A claim on each line, at most {BATCH_LINES_MAX:,} and {BATCH_BYTES_MAX:,} bytes. A line that fails "
        "fails alone. The whole may be sent again.",
    ),
    Row(
        "GET", CLAIM, "getClaim", "Look a claim up", {200: Reply("The claim.", ClaimFound)},
        problems=(503,), tagged=True,
    ),
    Row(
        "GET", f"{CLAIM}/items", "getItems", "The items of a claim", {200: Reply("By line.", ItemsOfClaim)},
        problems=(503,), tagged=True,
    ),
    Row(
        "GET", f"{CLAIM}/timeline", "getTimeline", "The steps of a claim's status",
        {200: Reply("Oldest first.", Timeline)}, problems=(503,), tagged=True,
    ),
    Row(
        "GET", f"{CLAIM}/stream", "streamSteps", "The steps of a claim's status as they come",
        {200: Reply("Server-sent events; the data of each is a step of the timeline.", media=("text/event-stream",))},
        takes=(LAST_EVENT_ID,), problems=(400, 503),
    ),
    Row(
        "GET", f"{CLAIM}/events", "getEvents", "The audit trail of a claim",
        {200: Reply("Oldest first.", EventsOfClaim)}, problems=(503,), tagged=True,
    ),
    Row(
        "GET", f"{CLAIM}/explanation", "getExplanation", "Why a claim was decided as it was",
        {200: Reply("Line by line, in words.", Explanation)}, takes=(LANG,), problems=(400, 503), tagged=True,
    ),
    Row(
        "GET", f"{CLAIM}/eob", "getExplanationOfBenefits", "The letter to the member",
        {200: Reply("The explanation of benefits.", media=("text/html", "application/pdf"))},
        takes=(LANG, Parameter("format", "As what.", {**TEXT, "enum": ["html", "pdf"], "default": "html"})),
        problems=(400, 409, 503),
    ),
    *(_command(kind, summary) for kind, summary in COMMANDS.items()),
)  # fmt: skip
