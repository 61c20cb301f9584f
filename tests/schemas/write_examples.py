"""Writes schemas/examples/: one message a topic, as bytes, so that a change which breaks old bytes is seen.

Run `python -m tests.schemas.write_examples` after adding a topic. Files that exist are left alone: bytes that were
written once must stay readable.
"""

import json
from dataclasses import replace

from schemas import topics
from schemas.audit import AuditRead
from schemas.edi import EdiAnswered, EdiClaim, EdiEnvelope, EdiParty, EdiReceived
from schemas.events import AdjudicationEvent, ClaimDocument, Command, PaymentEvent, PaymentRequest, PeopleEvent
from schemas.reference import (
    Contract,
    ContractTerm,
    Edit,
    Fee,
    Member,
    NetworkSegment,
    Plan,
    Provider,
    ReferenceRelease,
)
from tests.agents.world import BENEFIT, CODEC, DAY, PLAN, YEAR, authorization, claim, line, member, submit, world
from tests.schemas.test_codec import EXAMPLES

STAY = ContractTerm("stay", ("inpatient",), (), (), ("470",), "case_rate", 1200000, None, None, False)
CONTRACT = Contract(
    1, False, "CON-1", "P1", None, (), "USD", YEAR[0], None, True, ("1",), ("1", "0.5"), (STAY,)
)  # fmt: skip
EDIT = Edit(
    1, False, "NCCI-1", "pair", "80048", "80053", ("59",), None, None, None, "deny", 10, "CO", "236", (), YEAR[0], None
)  # fmt: skip

CLINIC = EdiParty(False, "CLINIC", "", "", "", "XX", "1234567893")
PATIENT = EdiParty(True, "DOE", "JANE", "", "", "MI", "M1")
BATCH = EdiEnvelope(
    "ZZ", "SENDER", "ZZ", "PAYER", "T", "00501", "000000001", "APP", "PAYERAPP", "1", "005010X222A1", "0001", "B-1"
)  # fmt: skip
EDI_CLAIM = EdiClaim(None, None, "A-1", 1, 15000, "USD", DAY, DAY, None, "T-9", CLINIC, PATIENT, ("NO_SERVICE_DATE",))
ROOT = claim(line(1)).root_id
DOCUMENT = ClaimDocument(
    "d-1", 1, False, ROOT, ROOT, "invoice", "a.pdf", "application/pdf", 9, "0" * 64, "P1", "ani", None, None, 1
)  # fmt: skip


def examples() -> dict[str, bytes]:
    """A message of every topic."""
    plan: Plan = replace(PLAN, deductible_individual=5000, benefits=(replace(BENEFIT, coinsurance="0.20"),))
    chain = world(plan, {"99213": 12000})
    submit(chain, claim(line(15000)))
    submit(chain, claim(number="rejected"))
    chain.pipe(topics.CLAIMS_SUBMITTED, "wrong key", claim(line(15000)))
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization())
    made = {topic: outputs[0].value for topic, outputs in chain.outputs.items()}
    root = ROOT
    person: Member = member("M1")
    provider = Provider(1, False, "P1", (), "Clinic", "clinic", (NetworkSegment("NET", YEAR[0], None),))
    others: list[tuple[str, object]] = [
        (topics.CLAIMS_COMMANDS, Command("cmd-1", "approve", root, "ani", "claim_processor", "checked", 9600, None, 1)),
        (topics.ADJUDICATION_EVENTS, AdjudicationEvent("e-1", root, "passed", None, "outside", None, 1)),
        (topics.PAYMENT_EVENTS, PaymentEvent("e-2", root, "PAY-1", "transfer", 9600, "USD", "paid", DAY, None, 1)),
        (
            topics.PAYMENT_REQUESTS,
            PaymentRequest("r-1", root, "CLM-1", root, 1, 1, "FAM", "P1", "provider", None, 9600, "USD", 1, root),
        ),
        (topics.EDI_RECEIVED, EdiReceived("t-1", 1, True, "S1", 1, "ab", BATCH, CLINIC, CLINIC, (EDI_CLAIM,))),
        (
            topics.EDI_ANSWERED,
            EdiAnswered("a-1", "TA1", False, None, "S1", 1, "000000001", None, None, 1, 0, "a.ta1", 1, 1, b"ISA"),
        ),
        (topics.DOCUMENTS_STORED, DOCUMENT),
        (topics.PEOPLE_CHANGED, PeopleEvent("e-3", "member.created", "M1", 1, ("name",), "ani", "admin", None, 1)),
        (
            topics.AUDIT_READS,
            AuditRead("e-1", 1, "ani", ("auditor",), None, None, "claim", (root,), 0, None, "shown", "c-1"),
        ),
        (topics.REFERENCE_CONTRACTS, CONTRACT),
        (topics.REFERENCE_EDITS, EDIT),
        (topics.REFERENCE_MEMBERS, person),
        (topics.REFERENCE_PROVIDERS, provider),
        (topics.REFERENCE_PLANS, plan),
        (topics.REFERENCE_FEES, Fee(1, False, "FEES", "HC", "99213", None, YEAR[0], None, "USD", 12000)),
        (topics.REFERENCE_RELEASES, ReferenceRelease(1, 0, "samples", {topics.REFERENCE_MEMBERS: 1})),
    ]
    return made | {topic: CODEC.encode(record) for topic, record in others}


if __name__ == "__main__":
    EXAMPLES.mkdir(exist_ok=True)
    for topic, value in examples().items():
        path = EXAMPLES / f"{topic}.json"
        if not path.exists():
            decoded: object = CODEC.decode(topics.record_of(topic), value)
            path.write_text(json.dumps({"topic": topic, "hex": value.hex(), "record": repr(decoded)}, indent=1) + "\n")
