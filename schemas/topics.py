"""Names of all topics, with the record each carries. Topics are named in the past tense and have one writer each."""

from dataclasses import dataclass
from typing import Literal

from schemas.audit import AuditRead
from schemas.claim import SubmittedClaim
from schemas.decision import Decision, RejectedClaim
from schemas.edi import EdiAnswered, EdiReceived
from schemas.envelope import Envelope
from schemas.events import (
    AdjudicationEvent,
    AuthorizationEvent,
    BusinessEvent,
    ClaimDocument,
    Command,
    DeadLetter,
    PaymentEvent,
    PaymentRequest,
    PeopleEvent,
)
from schemas.reference import Contract, Edit, Fee, Member, Plan, Provider, ReferenceRelease

CLAIMS_SUBMITTED = "claims.submitted"
CLAIMS_COMMANDS = "claims.commands"
AUTHORIZATION_EVENTS = "authorization.events"
ADJUDICATION_EVENTS = "adjudication.events"
PAYMENT_EVENTS = "payment.events"
PAYMENT_REQUESTS = "payment.requests"
CLAIMS_VALIDATED = "claims.validated"
CLAIMS_AUTHORIZED = "claims.authorized"
CLAIMS_ADJUDICATED = "claims.adjudicated"
CLAIMS_DECIDED = "claims.decided"
CLAIMS_REJECTED = "claims.rejected"
CLAIMS_EVENTS = "claims.events"
EDI_RECEIVED = "edi.received"
EDI_ANSWERED = "edi.answered"
DOCUMENTS_STORED = "documents.stored"
PEOPLE_CHANGED = "people.changed"
AUDIT_READS = "audit.reads"
REFERENCE_MEMBERS = "reference.members"
REFERENCE_PROVIDERS = "reference.providers"
REFERENCE_PLANS = "reference.plans"
REFERENCE_FEES = "reference.fees"
REFERENCE_CONTRACTS = "reference.contracts"
REFERENCE_EDITS = "reference.edits"
REFERENCE_RELEASES = "reference.releases"

# Headers of records. The first names the request behind a record that has no field for it; the second is the release
# that a record was sent with: who reads it waits for that release.
CORRELATION_HEADER = "correlation_id"
RELEASE_HEADER = "reference_release"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its record, what its key is, and how it is kept.

    `partitioned_as` is "chain" for topics that share the partition count of the chain, "single" for topics of one
    partition (reference data, which every reader reads whole).
    """

    name: str
    record: type
    key: str
    partitioned_as: Literal["chain", "single"] = "chain"
    compacted: bool = False


TOPICS = (
    Topic(CLAIMS_SUBMITTED, SubmittedClaim, "root claim id"),
    Topic(CLAIMS_COMMANDS, Command, "root claim id"),
    Topic(AUTHORIZATION_EVENTS, AuthorizationEvent, "member id"),
    Topic(ADJUDICATION_EVENTS, AdjudicationEvent, "root claim id"),
    Topic(PAYMENT_EVENTS, PaymentEvent, "root claim id"),
    Topic(CLAIMS_VALIDATED, Envelope, "coverage id"),
    Topic(CLAIMS_AUTHORIZED, Envelope, "coverage id"),
    Topic(CLAIMS_ADJUDICATED, Envelope, "coverage id"),
    Topic(CLAIMS_DECIDED, Decision, "coverage id"),
    Topic(CLAIMS_REJECTED, RejectedClaim, "root claim id"),
    Topic(CLAIMS_EVENTS, BusinessEvent, "coverage id"),
    Topic(PAYMENT_REQUESTS, PaymentRequest, "coverage id"),
    Topic(EDI_RECEIVED, EdiReceived, "submitter id"),
    Topic(EDI_ANSWERED, EdiAnswered, "submitter id"),
    Topic(DOCUMENTS_STORED, ClaimDocument, "root claim id"),
    Topic(PEOPLE_CHANGED, PeopleEvent, "member or provider id"),
    Topic(AUDIT_READS, AuditRead, "first id shown"),
    Topic(REFERENCE_MEMBERS, Member, "member id, release", "single", compacted=True),
    Topic(REFERENCE_PROVIDERS, Provider, "provider id, release", "single", compacted=True),
    Topic(REFERENCE_PLANS, Plan, "plan id, first day, release", "single", compacted=True),
    Topic(REFERENCE_FEES, Fee, "schedule, code system, code, modifier, first day, release", "single", compacted=True),
    Topic(REFERENCE_CONTRACTS, Contract, "contract id, first day, release", "single", compacted=True),
    Topic(REFERENCE_EDITS, Edit, "edit id, first day, release", "single", compacted=True),
    Topic(REFERENCE_RELEASES, ReferenceRelease, "release", "single", compacted=True),
)
BY_NAME = {topic.name: topic for topic in TOPICS}


def dead_letters_of(topic: str) -> str:
    """Name of the topic that takes what could not be read from `topic`; its record is DeadLetter."""
    return f"{topic}.dlq"


def record_of(topic: str) -> type:
    """The record that `topic` carries; raises KeyError for an unknown topic."""
    return DeadLetter if topic.endswith(".dlq") else BY_NAME[topic].record


def subject_of(topic: str) -> str:
    """Subject of the topic's values in a schema registry."""
    return f"{topic}-value"
