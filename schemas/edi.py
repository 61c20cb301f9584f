"""What came in by EDI and what was answered. Mirrors the Avro records of the same names; never more than answers need.

A transaction (ST to SE of an 837) is one EdiReceived, or several with parts counted from 1 when it has many claims. Its
277CA is complete when every claim in it has an outcome.
"""

from dataclasses import dataclass

from schemas.quick_init import quick_init


@quick_init
@dataclass(frozen=True, slots=True)
class EdiParty:
    """A name as an NM1 has it; `qualifier` says what kind of number `identifier` is (XX, MI, 46, ...)."""

    person: bool
    name: str
    first_name: str
    middle_name: str
    suffix: str
    qualifier: str
    identifier: str


@quick_init
@dataclass(frozen=True, slots=True)
class EdiEnvelope:
    """Who sent a transaction to whom, under which control numbers; an answer goes the other way."""

    sender_qualifier: str
    sender_id: str
    receiver_qualifier: str
    receiver_id: str
    usage: str
    version: str
    interchange_control: str
    application_sender: str
    application_receiver: str
    group_control: str
    guide: str
    transaction_control: str
    batch: str


@quick_init
@dataclass(frozen=True, slots=True)
class EdiLine:
    """A line of a claim: what a 277CA must name of it, should it be at fault.

    `number` is that of the claim's record, which findings name; `charge` stands as in the file; `control_number` is
    REF*6R, else LX01. `refused_for` says why the reader refused it, where it did: such a line has no service.
    """

    number: int
    qualifier: str
    code: str
    modifiers: tuple[str, ...]
    revenue_code: str | None
    charge: str
    units_milli: int | None
    control_number: str
    prescription_number: str | None
    service_from: int | None
    service_to: int | None
    refused_for: tuple[str, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class EdiClaim:
    """A claim of a transaction: what its 277CA must name, and why the reader refused it, where it did.

    `claim_id` is None for a refused one. `accepted_at` is that of the claim that was sent, in milliseconds. `digest` is
    that of its content, where an earlier claim of the transaction has the same id. `lines` are all of a claim that was
    sent, and those at fault of a refused one. `charge` is CLM02 as it stood in the file, None in records of an earlier
    version; `charged` is what was made of it, in minor units of `currency`. `frequency_code` is that of a claim that
    was sent: one that replaces or voids another may wait for it.
    """

    claim_id: str | None
    claim_number: str | None
    control_number: str
    accepted_at: int
    charged: int
    currency: str
    service_from: int | None
    service_to: int | None
    bill_type: str | None
    clearinghouse_trace: str | None
    provider: EdiParty
    patient: EdiParty
    refused_for: tuple[str, ...]
    digest: str | None = None
    lines: tuple[EdiLine, ...] = ()
    charge: str | None = None
    frequency_code: str | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class EdiReceived:
    """A transaction, or a part of one; keyed by submitter. `received_at` in milliseconds is that of the whole file."""

    transaction_id: str
    part: int
    last: bool
    submitter_id: str
    received_at: int
    file_digest: str
    envelope: EdiEnvelope
    submitter: EdiParty
    receiver: EdiParty
    claims: tuple[EdiClaim, ...]


@quick_init
@dataclass(frozen=True, slots=True)
class EdiAnswered:
    """An answer: TA1 of an interchange, 999 of a group, 277CA of a transaction; keyed by submitter.

    `answer_id` is derived from what is answered, so that an answer given twice has the same. A long one travels in
    several records, `part` of `parts`. `accepted` and `rejected` count groups, transactions, or claims.
    """

    answer_id: str
    kind: str
    interim: bool
    transaction_id: str | None
    submitter_id: str
    received_at: int
    interchange_control: str
    group_control: str | None
    transaction_control: str | None
    accepted: int
    rejected: int
    file_name: str
    part: int
    parts: int
    content: bytes
