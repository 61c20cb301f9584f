"""Every metric of the engine, in one list. Append only; labels hold closed vocabularies, never ids or names."""

from prometheus_client import Counter, Gauge, Histogram

# --- The HTTP service -------------------------------------------------------------------------------------------------
# Submissions at the HTTP door, by what became of them: submitted, repeated, or the code of the problem answered.
# `form` is "unknown" when the body was not understood.
CLAIMS_SUBMITTED = Counter(
    "claims_submitted_total", "Claims submitted over HTTP, by form and outcome.", ["form", "status"]
)
# Requests by route template (never the path: it holds claim ids).
HTTP_REQUESTS = Counter("http_requests_total", "HTTP requests answered.", ["method", "route", "status"])
HTTP_REQUEST_DURATION = Histogram(
    "http_request_duration_seconds",
    "Time to answer an HTTP request.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
# Documents of claims, by what became of them: stored, repeated, removed, or the code of the problem answered.
DOCUMENTS = Counter("claims_documents_total", "Documents sent for claims or taken away, by outcome.", ["outcome"])
# Claims by status, read from the materialized table when the API is scraped: the same figure from every API process.
CLAIMS_STATUS_COUNT = Gauge("claims_status_count", "Claims by status, from the materialized table.", ["status"])
# Pended claims by the queue that must look at them, read as the above.
CLAIMS_PENDED = Gauge("claims_pended", "Claims that wait for a person or an authorization, by queue.", ["queue"])
# The trial balance over everything decided, which the sink keeps in the transaction of its rows, read as the above.
# `account_kind` is charged, paid, adjusted, or difference: charged less paid less adjusted, which must be 0.
TRIAL_BALANCE = Gauge(
    "claims_trial_balance_minor_units",
    "Charged, paid, adjusted and their difference, in minor units.",
    ["account_kind", "currency"],
)
# 1 while the API can read and write Postgres, else 0.
API_DATABASE_UP = Gauge("api_database_up", "Whether the API reached Postgres when it was scraped.")
# Requests answered 429, by the policy that ran out: read, write, address, failures, public or auth.
RATE_LIMITED = Counter("claims_rate_limited_total", "Requests refused because there were too many.", ["policy"])
# Reads that were recorded, by view and outcome: shown, refused, or no_room (503: no record, no read).
AUDIT_READS = Counter(
    "claims_audit_reads_total", "Reads recorded, or refused for want of a record.", ["view", "outcome"]
)
AUDIT_WAITING = Gauge("claims_audit_waiting_records", "Records of reads that the broker has not confirmed yet.")

# --- The sink: what came out of the chain -----------------------------------------------------------------------------
# Decided and rejected claims written to Postgres, by status.
CLAIMS_PROCESSED = Counter("claims_processed_total", "Claims whose outcome was written to Postgres.", ["status"])
# From acceptance of a claim to its committed row.
CLAIMS_PROCESSING_DURATION = Histogram(
    "claims_processing_duration_seconds",
    "Time from acceptance of a claim to its row in Postgres.",
    ["form", "status"],
    buckets=(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
)
# Records on the sink's topics that are not yet in Postgres, by topic; grows while Postgres is away.
SINK_LAG = Gauge("claims_sink_lag_records", "Records that the sink has not written yet.", ["topic"])
# 1 while the sink can write, else 0.
SINK_DATABASE_UP = Gauge("claims_sink_database_up", "Whether the sink reached Postgres when it last tried.")
# Time of one transaction, retries included.
SINK_WRITE_DURATION = Histogram(
    "claims_sink_write_duration_seconds",
    "Time to write one batch.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
)

# --- The scheduler ----------------------------------------------------------------------------------------------------
# Commands that the broker confirmed, by kind: deny for pends past their day, uphold for appeals past theirs.
SCHEDULER_COMMANDS = Counter("claims_scheduler_commands_total", "Commands sent for what was due.", ["kind"])
# Seconds since 1970 of the last look that went well: a scheduler that stands still shows here.
SCHEDULER_LOOKED = Gauge("claims_scheduler_looked_timestamp_seconds", "Time of the last look that went well.")

# --- Answers to EDI ---------------------------------------------------------------------------------------------------
# Answers written, by kind: TA1, 999, 277CA, and 277CA-interim for those that a complete one follows.
EDI_ANSWERS = Counter("claims_edi_answers_total", "Answers to EDI written, by kind.", ["kind"])
# Transactions whose 277CA waits for outcomes of the engine.
EDI_TRANSACTIONS_WAITING = Gauge("claims_edi_transactions_waiting", "Transactions whose 277CA is not complete.")
