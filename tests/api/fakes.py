"""Fakes at the edges of the service: a broker and a store in memory, claims, tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from aiohttp import web

from api.app import create_app
from api.auth import Principal, mint
from api.database import DatabaseAway
from api.producer import OutcomeUnknown, Record
from api.queries import Figures, KnownClaim, StoredClaim
from api.queries_replies import Reply, Standing, Try
from api.watch import Place
from config.settings import ApiSettings, Settings
from schemas.audit import AuditRead
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.events import Command
from schemas.status import STATUS_OF
from schemas.topics import AUDIT_READS
from schemas.vocabulary import Substatus
from tests.api.list_fakes import FakeDetails as FakeDetails
from tests.api.list_fakes import FakeLists as FakeLists
from tests.api.security_fakes import FakeFamilies, FakeReadLog

API = ApiSettings()
SETTINGS = Settings(_env_file=None)
CODEC = Codec()
CLAIM_ID = "770e8400-e29b-41d4-a716-446655440002"
ACCEPTED = datetime(2026, 3, 2, 4, 5, 6, 789_000, tzinfo=UTC)


@dataclass
class FakePublisher:
    """Keeps what was published, records of reads apart; raises `failing` and `reads_failing` where set."""

    sent: list[tuple[str, bytes, bytes, dict[str, bytes]]] = field(default_factory=list)
    reads_sent: list[tuple[str, bytes, bytes, dict[str, bytes]]] = field(default_factory=list)
    failing: Exception | None = None
    reads_failing: Exception | None = None
    away: str | None = None
    closed: bool = False

    async def publish(self, topic: str, key: bytes, value: bytes, headers: Mapping[str, bytes]) -> None:
        read = topic == AUDIT_READS
        failing = self.reads_failing if read else self.failing
        if failing is not None:
            raise failing
        (self.reads_sent if read else self.sent).append((topic, key, value, dict(headers)))

    async def publish_all(self, topic: str, records: Sequence[Record]) -> Sequence[bool]:
        return [await self._confirmed(topic, *record) for record in records]

    async def _confirmed(self, topic: str, key: bytes, value: bytes, headers: Mapping[str, bytes]) -> bool:
        try:
            await self.publish(topic, key, value, headers)
        except OutcomeUnknown:
            return False
        return True

    async def fault(self, topic: str) -> str | None:
        return self.away

    async def close(self) -> None:
        self.closed = True

    def claims(self) -> list[SubmittedClaim]:
        """The claims published, decoded."""
        return [CODEC.decode(SubmittedClaim, value) for _, _, value, _ in self.sent]

    def commands(self) -> list[Command]:
        """The commands published, decoded."""
        return [CODEC.decode(Command, value) for _, _, value, _ in self.sent]

    def reads(self) -> list[AuditRead]:
        """The reads recorded, decoded."""
        return [CODEC.decode(AuditRead, value) for _, _, value, _ in self.reads_sent]


@dataclass
class FakeStore:
    """Claims in memory; raises DatabaseAway where `away` is set."""

    stored: dict[str, StoredClaim] = field(default_factory=dict)
    steps: list[Mapping[str, Any]] = field(default_factory=list)
    knowing: dict[str, KnownClaim] = field(default_factory=dict)
    received: list[tuple[str, str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, bytes] = field(default_factory=dict)
    trail: list[Mapping[str, Any]] = field(default_factory=list)
    figured: Figures = field(default_factory=lambda: Figures({}, {}))
    away: str | None = None
    broken: Exception | None = None

    def _ask(self) -> None:
        if self.broken is not None:
            raise self.broken
        if self.away is not None:
            raise DatabaseAway(self.away)

    async def claim(self, claim_id: str) -> StoredClaim | None:
        self._ask()
        return self.stored.get(claim_id)

    async def timeline(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        self._ask()
        return self.steps

    async def known(self, claim_id: str) -> KnownClaim | None:
        self._ask()
        return self.knowing.get(claim_id)

    async def receive(self, claim: SubmittedClaim, claim_number: str, digest: str) -> None:
        self._ask()
        self.received.append((claim.claim_id, claim_number, digest))
        known = KnownClaim(claim_number, "submitted", "received", ACCEPTED, digest, claim.root_id)
        self.knowing.setdefault(claim.claim_id, known)

    async def status_counts(self) -> Mapping[str, int]:
        self._ask()
        return self.counts

    async def decision(self, claim_id: str) -> bytes | None:
        self._ask()
        return self.decisions.get(claim_id)

    async def events(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        self._ask()
        return self.trail

    async def figures(self) -> Figures:
        self._ask()
        return self.figured

    async def fault(self) -> str | None:
        return self.away

    async def close(self) -> None:
        self.stored.clear()


@dataclass
class FakePeople:
    """Finds `found`, whoever is looked for; keeps what was asked. `rows`: what is not sealed, by topic and id."""

    found: list[str] = field(default_factory=list)
    asked: list[tuple[Sequence[tuple[str, str]], str | None]] = field(default_factory=list)
    release: int | None = None
    rows: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    looked_up: list[tuple[str, Sequence[str]]] = field(default_factory=list)

    async def member_ids(
        self, principal: Principal, identifiers: Sequence[tuple[str, str]], name: str | None
    ) -> Sequence[str]:
        self.asked.append((identifiers, name))
        return self.found

    async def release_of(self, claim: SubmittedClaim) -> int | None:
        return self.release

    async def unsealed(self, topic: str, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        self.looked_up.append((topic, ids))
        return {name: self.rows[topic, name] for name in ids if (topic, name) in self.rows}


@dataclass
class FakeReplies:
    """Answers in memory; raises DatabaseAway where `away` is set."""

    kept: dict[tuple[str, str], tuple[Try, Reply | None]] = field(default_factory=dict)
    away: str | None = None

    def _ask(self) -> None:
        if self.away is not None:
            raise DatabaseAway(self.away)

    async def begin(self, attempt: Try) -> Standing:
        self._ask()
        held, reply = self.kept.setdefault((attempt.subject, attempt.key), (attempt, None))
        return Standing(True, None, None) if held is attempt else Standing(False, held.digest, reply)

    async def finish(self, attempt: Try, reply: Reply) -> None:
        self._ask()
        self.kept[attempt.subject, attempt.key] = attempt, reply

    async def release(self, attempt: Try) -> None:
        self._ask()
        del self.kept[attempt.subject, attempt.key]

    async def purge(self) -> bool:
        self._ask()
        return False


@dataclass
class FakeSteps:
    """Steps in memory; counts how often it was asked."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Mapping[UUID, Place]] = field(default_factory=list)
    away: str | None = None

    def add(self, revision: int, sequence: int, substatus: Substatus, claim_id: str = CLAIM_ID) -> None:
        """A step of a claim."""
        self.rows.append({
            "claim_id": UUID(claim_id), "version": 1, "revision": revision, "sequence": sequence, "actor": "engine",
            "status": STATUS_OF[substatus], "substatus": substatus, "reason": None, "at": ACCEPTED,
        })  # fmt: skip

    async def steps_after(self, places: Mapping[UUID, Place]) -> Sequence[Mapping[str, Any]]:
        if self.away is not None:
            raise DatabaseAway(self.away)
        self.asked.append(dict(places))
        return [
            row
            for row in self.rows
            if row["claim_id"] in places
            and (row["version"], row["revision"], row["sequence"]) > places[row["claim_id"]]
        ]


def app_of(
    publisher: FakePublisher | None = None,
    store: FakeStore | None = None,
    api: ApiSettings | None = None,
    **options: Any,
) -> web.Application:
    """The service on fakes, with settings of `api` where they differ."""
    settings = SETTINGS if api is None else SETTINGS.model_copy(update={"api": api})
    store = store or FakeStore()
    made: dict[str, Any] = {"lists": FakeLists(), "details": FakeDetails(store), "people": FakePeople()}
    made |= {"replies": FakeReplies(), "steps": FakeSteps()}
    made |= {"families": FakeFamilies(), "read_log": FakeReadLog()} | options
    return create_app(settings, publisher=publisher or FakePublisher(), store=store, codec=CODEC, **made)


def bearer(*roles: str, sub: str = "dewi", api: ApiSettings = API, **claims: Any) -> dict[str, str]:
    """The Authorization header of a token with these roles."""
    return {"Authorization": f"Bearer {mint(api, sub, roles, datetime.now(UTC), **claims)}"}


ADMIN = bearer("admin")


def claim_json(**changes: Any) -> dict[str, Any]:
    """A claim in the seeds' JSON."""
    claim: dict[str, Any] = {
        "memberId": "550e8400-e29b-41d4-a716-446655440000",
        "providerId": "660e8400-e29b-41d4-a716-446655440001",
        "serviceDate": "2026-01-15",
        "claimType": "professional",
        "currency": "USD",
        "items": [{"serviceCode": "99213", "diagnosisCode": "J06.9", "quantity": 1, "chargedAmount": 150.00}],
    }
    return claim | changes


def stored_claim(**changes: Any) -> StoredClaim:
    """A decided claim as the store holds it; `changes` to columns of claims."""
    row: dict[str, Any] = {
        "id": UUID(CLAIM_ID), "claim_number": "CLM-2026-3Q1S2002", "version": 1, "revision": 1, "rank": 2,
        "rank_order": 0, "status": "approved", "substatus": "approved", "form": "professional",
        "settlement": "cashless", "service_type": "outpatient", "member_id": "MBR-1", "provider_id": "PRV-1",
        "service_date": date(2026, 1, 15), "service_to": date(2026, 1, 15), "currency": "USD",
        "total_charged": Decimal("150.00"), "total_allowed": Decimal("120.00"), "total_paid": Decimal("96.00"),
        "total_member_share": Decimal("24.00"), "findings": "[]", "accepted_at": ACCEPTED,
        "accepted_day": date(2026, 3, 2), "decided_at": ACCEPTED, "root_id": UUID(CLAIM_ID), "frequency_code": "1",
        "replaces": None, "plan_id": "PLAN", "plan_from": date(2026, 1, 1), "contract_id": None,
        "reference_release": 1, "pend_code": None, "pend_queue": None, "pend_due": None, "pend_text": None,
        "appeal_due": None, "paid_out": Decimal("0.00"), "replaced_by": None,
    }  # fmt: skip
    item: dict[str, Any] = {
        "line_number": 1, "service_code": "99213", "code_system": "HC", "procedure_code": "99213",
        "diagnosis_code": "J069", "modifiers": ["25"], "quantity": Decimal("1.000"), "verdict": "passed",
        "benefit_id": "office", "charged_amount": Decimal("150.00"), "allowed_amount": Decimal("120.00"),
        "paid_amount": Decimal("96.00"), "member_share": Decimal("24.00"),
        "findings": '[{"code": "fee", "place": "lines[1]", "text": "fee schedule"}]',
        "service_date": date(2026, 1, 15), "units_denied": Decimal("0.000"), "other_paid": Decimal("0.00"),
        "authorization_number": None,
    }  # fmt: skip
    adjustments = [
        {
            "line_number": 1,
            "group_code": group,
            "reason": reason,
            "amount": Decimal(amount),
            "rule": rule,
            "remark": None,
            "quantity": None,
        }
        for group, reason, amount, rule in (("CO", "45", "30.00", "fee"), ("PR", "2", "24.00", "coinsurance"))
    ]
    return StoredClaim(row | changes, [item], adjustments)
