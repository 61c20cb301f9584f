"""Temporary tables that a batch is copied into, and their columns in the order of sinks/rows.py."""

from typing import NamedTuple


class Staging(NamedTuple):
    """A temporary table, emptied at each commit."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def create(self) -> str:
        """The statement that makes it."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns)
        return f"create temp table {self.name} ({columns}) on commit delete rows"


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((part.split()[0], part.split()[1]) for part in text.strip().split(","))


CLAIMS = Staging("staged_claims", _columns("""
    id uuid, claim_number text, root_id uuid, version integer, revision integer, rank integer, rank_order bigint,
    status text, substatus text, form text, settlement text, service_type text, member_id text, provider_id text,
    coverage_id text, plan_id text, submitter_id text, service_from integer, service_to integer, currency text,
    exponent smallint, charged bigint, allowed bigint, paid bigint, member_share bigint, reference_release integer,
    channel text, correlation_id text, findings jsonb, accepted_at bigint, accepted_day integer, decided_at bigint,
    frequency_code text, replaces uuid, plan_from integer, contract_id text, pend_code text, pend_queue text,
    pend_due integer, pend_text text, appeal_due integer, paid_out bigint, approvals jsonb
"""))  # fmt: skip
LINES = Staging("staged_lines", _columns("""
    claim_id uuid, line_number integer, service_code text, code_system text, diagnosis_code text, modifiers text[],
    units_milli bigint, verdict text, benefit_id text, exponent smallint, charged bigint, allowed bigint, paid bigint,
    member_share bigint, findings jsonb, service_from integer, units_denied_milli bigint, other_paid bigint,
    authorization_number text
"""))  # fmt: skip
ADJUSTMENTS = Staging("staged_adjustments", _columns("""
    claim_id uuid, line_number integer, position integer, group_code text, reason text, exponent smallint,
    amount bigint, rule text, remark text, quantity_milli bigint
"""))  # fmt: skip
TIMELINE = Staging("staged_timeline", _columns("""
    claim_id uuid, version integer, revision integer, sequence bigint, status text, substatus text, actor text,
    reason text, at bigint
"""))  # fmt: skip
EVENTS = Staging("staged_events", _columns("""
    event_id uuid, event_type text, claim_id uuid, claim_number text, version integer, revision integer,
    sequence integer, substatus text, actor text, at bigint, correlation_id text, details jsonb
"""))  # fmt: skip
DECISIONS = Staging("staged_decisions", _columns("""
    claim_id uuid, version integer, revision integer, substatus text, coverage_id text, ledger jsonb, record bytea,
    decided_at bigint
"""))  # fmt: skip
PAYMENT_REQUESTS = Staging("staged_payment_requests", _columns("""
    request_id uuid, claim_id uuid, claim_number text, root_id uuid, version integer, revision integer,
    coverage_id text, provider_id text, payee_kind text, exponent smallint, amount bigint, currency text, at bigint,
    correlation_id text
"""))  # fmt: skip
DEAD_LETTERS = Staging("staged_dead_letters", _columns("""
    topic text, dlq_partition integer, dlq_offset bigint, source_partition integer, source_offset bigint, key bytea,
    value bytea, stage text, code text, message text, at bigint
"""))  # fmt: skip
AUDIT_READS = Staging("staged_audit_reads", _columns("""
    event_id uuid, at bigint, subject text, roles text[], provider_id text, member_id text, view text, thing text,
    ids text[], left_out integer, claim_id text, outcome text, correlation_id text
"""))  # fmt: skip
DOCUMENTS = Staging("staged_documents", _columns("""
    document_id uuid, revision integer, removed boolean, claim_id uuid, root_id uuid, kind text, file_name text,
    content_type text, size bigint, sha256 text, submitter_id text, actor text, reason text, correlation_id text,
    at bigint
"""))  # fmt: skip
MEMBERS = Staging("staged_members", _columns("""
    member_id text, release integer, removed boolean, ended_on integer, sex text, relationship text, coverages jsonb,
    name bytea, birth_date bytea, identifiers bytea, contact bytea, account bytea, name_index bytea[],
    identifier_index bytea[]
"""))  # fmt: skip
PROVIDERS = Staging("staged_providers", _columns("""
    provider_id text, release integer, removed boolean, ended_on integer, kind text, networks jsonb, name bytea,
    identifiers bytea, contact bytea, account bytea, name_index bytea[], identifier_index bytea[]
"""))  # fmt: skip
PEOPLE_EVENTS = Staging("staged_people_events", _columns("""
    event_id uuid, event_type text, record_id text, release integer, fields text[], actor text, role text,
    correlation_id text, at bigint
"""))  # fmt: skip
# The claims whose row this batch changed, with what they counted for before and count for now.
ADVANCED = Staging("advanced_claims", _columns("""
    id uuid, accepted_at timestamptz,
    old_rank integer, old_day date, old_currency text, old_form text, old_status text, old_substatus text,
    old_provider text, old_charged numeric, old_allowed numeric, old_paid numeric, old_share numeric,
    new_day date, new_currency text, new_form text, new_status text, new_substatus text,
    new_provider text, new_charged numeric, new_allowed numeric, new_paid numeric, new_share numeric
"""))  # fmt: skip
ALL = (
    CLAIMS, LINES, ADJUSTMENTS, TIMELINE, EVENTS, DECISIONS, PAYMENT_REQUESTS, DEAD_LETTERS, AUDIT_READS, ADVANCED,
    DOCUMENTS, MEMBERS, PROVIDERS, PEOPLE_EVENTS,
)  # fmt: skip
