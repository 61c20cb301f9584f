"""Every bound on input, in one place. Reaching one is a finding or a dead letter, never a crash and never silent."""

# Records on topics. A claim of 999 lines with all fields is about 250 kB.
RECORD_BYTES_MAX = 900_000
# What stages write: a decision says more than its claim, state keeps both, a dead letter has the whole record in it.
STAGE_RECORD_BYTES_MAX = 8_000_000
CLAIM_LINES_MAX = 999
DIAGNOSES_MAX = 50
MODIFIERS_MAX = 4
IDENTIFIERS_MAX = 10
ATTACHMENTS_MAX = 50
OTHER_PAYERS_MAX = 10
# A claim from a file with several providers and earlier payers comes to some 150.
ATTRIBUTES_MAX = 300
TEXT_CHARACTERS_MAX = 1_000
CODE_CHARACTERS_MAX = 50

# State of one key.
AUTHORIZATIONS_PER_MEMBER_MAX = 500
PENDED_CLAIMS_PER_MEMBER_MAX = 200
# Versions under a root claim; voids or replacements of one submitter that wait for their original, and how many
# submitters may wait, so that a stranger takes nobody's place; and commands that wait for claims of a root.
SUBMISSIONS_PER_ROOT_MAX = 100
WAITING_PER_ROOT_MAX = 10
WAITING_SUBMITTERS_MAX = 4
# Moves of a claim version that waits, after which nobody may have it judged again.
MOVES_PER_CLAIM_MAX = 100
# Lines of one member and day that duplicates are looked for among.
HISTORY_LINES_MAX = 1_000
# Commands and payments of a claim version that are remembered, so that a repeated one does nothing.
COMMANDS_PER_CLAIM_MAX = 50
# Benefit periods whose balances a coverage keeps, the lifetime among them; a claim for an older service is refused.
SERVICE_YEARS_MAX = 10
# Two names a year (a plan may move the start of its year), the year under way, and the lifetime.
LEDGER_PERIODS_MAX = 24

# The HTTP door.
HTTP_BODY_BYTES_MAX = 1_000_000
JSON_DEPTH_MAX = 20
TOKEN_CHARACTERS_MAX = 8_192
# Of a token's subject, provider and member; a token with a longer one is refused.
TOKEN_NAME_CHARACTERS_MAX = 200
# A header with its name, and headers of a request: half a megabyte before anybody looks at them.
HEADER_BYTES_MAX = 8_400
HEADERS_MAX = 64
# What stands behind the question mark of a URL. Whatever is longer is searched for by POST.
QUERY_CHARACTERS_MAX = 4_096
QUERY_PARAMETERS_MAX = 50
# Counters of rate limits that a process keeps: callers and addresses within a minute.
RATE_KEYS_MAX = 50_000
# Verified tokens that a process remembers, so that a caller's thousandth request costs no signature.
TOKENS_REMEMBERED_MAX = 10_000
# A key set of an issuer.
JWKS_BYTES_MAX = 100_000
JWKS_KEYS_MAX = 50
# A document of a claim: ten pages scanned in colour; how many of them a claim may have, and how often some may be
# sent for it: what is taken away leaves a row and two records for ever.
DOCUMENT_BYTES_MAX = 10_000_000
DOCUMENTS_PER_CLAIM_MAX = 50
DOCUMENTS_SENT_PER_CLAIM_MAX = 200
DOCUMENT_NAME_CHARACTERS_MAX = 200
# Ids that one record of a read names (a page of a list is shorter), and records that wait for the broker.
AUDIT_IDS_MAX = 500
AUDIT_QUEUE_RECORDS_MAX = 10_000
# Claims in one page of a list, ids that a list may name, and words that a search may look for.
PAGE_CLAIMS_MAX = 200
LIST_NAMES_MAX = 200
SEARCH_TEXT_CHARACTERS_MAX = 200
SEARCH_IDENTIFIERS_MAX = 5
# A batch of claims in JSON lines, and batches that a process carries out at a time: in all, and of one subject, who
# could otherwise keep everybody else waiting with a few that drip.
BATCH_LINES_MAX = 10_000
BATCH_BYTES_MAX = 50_000_000
BATCHES_TOGETHER_MAX = 8
BATCHES_PER_SUBJECT_MAX = 4
# Server-sent events: open streams of a process, and of one subject.
STREAMS_MAX = 1_000
STREAMS_PER_SUBJECT_MAX = 20
# Idempotency keys, and an answer that is kept for one: a larger one is given and not kept.
IDEMPOTENCY_KEY_CHARACTERS_MAX = 200
REPLY_BYTES_MAX = 64_000
# A GraphQL query: words and brackets, fields given twice (pairs of them, and of fragments, are compared one by one),
# depth, names given to fields, cost (fields, times the claims they are of; a page of 200 claims with everything of a
# claim costs about 12,000), and lines of claims that are read, and answered (that page, with 25 lines each).
GRAPHQL_TOKENS_MAX = 2_000
GRAPHQL_PAIRS_MAX = 1_000
GRAPHQL_DEPTH_MAX = 8
GRAPHQL_ALIASES_MAX = 15
GRAPHQL_COST_MAX = 12_500
GRAPHQL_LINES_MAX = 5_000
# gRPC: how long a message may take to come, and the longest call after it, whatever deadline the caller gives; how
# long health may be watched; calls at a time on one connection, of a process, and of it of one method that needs no
# token (health, reflection); bytes of an answer (a page of 200 claims with 999 lines each would have more: it is asked
# for in smaller pages).
GRPC_MESSAGE_SECONDS_MAX = 10
GRPC_CALL_SECONDS_MAX = 30
GRPC_WATCH_SECONDS_MAX = 900
GRPC_OPEN_CALLS_MAX = 50
GRPC_STREAMS_MAX = 100
GRPC_CALLS_MAX = 500
GRPC_ANSWER_BYTES_MAX = 16_000_000

# Files.
JSON_LINE_BYTES_MAX = 1_000_000
EDI_SEGMENT_BYTES_MAX = 100_000
# A pharmacy transmission with four transactions of all segments has about 10 kB.
NCPDP_RECORD_BYTES_MAX = 100_000
FINDINGS_SHOWN_MAX = 20
# Findings of one file that a report quotes; all of them are counted.
FINDINGS_REPORTED_MAX = 1_000
# What may come out of a packed file: in all, and for each byte of it (text of claims packs 10 to 60 times), beyond a
# first part that is free. Layers (a gzip within a zip), members of an archive, and bytes of its list of members.
UNPACKED_BYTES_MAX = 50_000_000_000
UNPACKED_RATIO_MAX = 200
UNPACKED_FREE_BYTES = 10_000_000
PACKED_LAYERS_MAX = 2
ZIP_MEMBERS_MAX = 10_000
ZIP_LIST_BYTES_MAX = 4_000_000
XZ_MEMORY_BYTES_MAX = 200_000_000
# Files that one folder may give a run.
FILES_PER_RUN_MAX = 100_000
REFERENCE_FILE_BYTES_MAX = 200_000_000
# Changes of members and providers over HTTP: in one release, and waiting for one in a process.
CHANGES_PER_RELEASE_MAX = 500
CHANGES_WAITING_MAX = 2_000
# Members that a search of claims by name or identifier goes on with; changes of a person that are told of.
SEARCH_MEMBERS_MAX = 1_000
PEOPLE_EVENTS_MAX = 500
# Coverage segments of a member, networks of a provider.
SEGMENTS_PER_PERSON_MAX = 200

# Answers to EDI. Claims of one record of edi.received (about 500 bytes each), bytes of an answer in one record of
# edi.answered, findings that a 999 lists of one transaction (all count), codes that a 277CA gives for one claim, lines
# at fault that it tells of one, and claims of unanswered transactions that the service has in memory (about 1 kB each,
# or 25 lines): the next transactions wait on their topic, and one of four times as many claims is not acknowledged.
# Lines of one record have about 50 bytes, and 300 at most.
RECEIVED_CLAIMS_MAX = 500
RECEIVED_LINES_MAX = 1_500
LINES_LIKE_A_CLAIM = 25
ANSWER_CONTENT_BYTES_MAX = 800_000
ANSWER_NOTES_MAX = 1_000
ANSWER_STATUSES_MAX = 12
ANSWER_LINES_MAX = 100
ANSWER_CLAIMS_WAITING_MAX = 200_000
# A transaction that the strict check takes; pyx12 keeps all of it, and what it finds, in memory.
STRICT_TRANSACTION_BYTES_MAX = 20_000_000

# The runtime.
BATCH_RECORDS_MAX = 2_000
DEAD_LETTER_RATIO_WINDOW = 1_000

# The payer's calendar: western Indonesian time. Part of the rules, not of a machine: every stage must agree on it.
PAYER_UTC_OFFSET_MINUTES = 420
