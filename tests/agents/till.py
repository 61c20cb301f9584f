"""Claims priced directly: a plan with its fees and contracts, balances that go on from claim to claim, no chain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from agents.contract import Table
from agents.ledger import Ledger
from agents.pricing import Priced, priced
from agents.reference_store import ReferenceStore, ReferenceView
from schemas import topics
from schemas.claim import ClaimLine, OtherPayer, PayerAdjustment, PayerLine, SubmittedClaim
from schemas.decision import DecidedLine, LedgerEntry
from schemas.envelope import (
    Adjudicated,
    Adjustment,
    Authorized,
    AuthorizedLine,
    Envelope,
    Grant,
    LineVerdict,
    Validated,
)
from schemas.reference import Benefit, Contract, ContractTerm, Fee, NetworkSegment, Plan, Provider, ReferenceRelease
from schemas.vocabulary import Method
from tests.agents.world import BENEFIT, CODEC, DAY, PLAN, YEAR

R = TypeVar("R")
# Fees of schedule FEES by code; a `Fee` of its own where more must be said.
Fees = Mapping[str, int]


class Memory:
    """The state of the stage, as records."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], Any] = {}

    def get(self, table: Table[R], key: str) -> R | None:
        """The record under that key."""
        found: R | None = self._records.get((table.name, key))
        return found

    def put(self, table: Table[R], key: str, record: R) -> None:
        """Set the record under that key."""
        self._records[(table.name, key)] = record

    def delete(self, table: Table[R], key: str) -> None:
        """Remove the record under that key."""
        self._records.pop((table.name, key), None)


class Till:
    """A payer's till. Providers: P1 of NET, P2 of NET2, LEFT of NET until DAY, JOINED from DAY, OUT of none."""

    def __init__(self, plan: Plan = PLAN, fees: Fees | Sequence[Fee] = (), contracts: Sequence[Contract] = ()) -> None:
        self.plan = plan
        rows = [fee(*row) for row in fees.items()] if isinstance(fees, Mapping) else list(fees)
        self.reference = _reference(plan, [replace(row, currency=plan.currency) for row in rows], contracts)
        self.entries: list[LedgerEntry] = []
        self._state = Memory()

    def price(
        self,
        claim: SubmittedClaim,
        verdicts: Mapping[int, LineVerdict] | None = None,
        grants: Mapping[int, Grant] | None = None,
    ) -> Priced:
        """Price a claim whose lines passed, but for the verdicts given by line number; `grants` by line number."""
        ledger = Ledger("FAM", self._state)
        envelope = _envelope(claim, self.plan, verdicts or {}, grants or {})
        found = priced(envelope, claim, self.plan, self.reference, ledger)
        self.entries += ledger.take_entries()
        ledger.save()
        return found

    def lines(self, claim: SubmittedClaim, **more: Any) -> tuple[DecidedLine, ...]:
        """The priced lines of a claim."""
        return self.price(claim, **more).lines

    def used(self, account: str, who: str = "M1", period: str = "2026") -> int:
        """A balance."""
        return Ledger("FAM", self._state).used(account, who, period)


def reasons(*lines: DecidedLine) -> dict[str, int]:
    """Adjustments summed by group and reason, such as {"CO-45": 3000}."""
    sums: dict[str, int] = {}
    for one in lines:
        for adjustment in one.adjustments:
            key = f"{adjustment.group}-{adjustment.reason}"
            sums[key] = sums.get(key, 0) + adjustment.amount
    return sums


def plan_with(benefit: Mapping[str, Any] | None = None, **changes: Any) -> Plan:
    """The plan with one benefit changed, and changes of its own."""
    return replace(PLAN, **{"benefits": (replace(BENEFIT, **(benefit or {})),), **changes})


def benefits(**by_id: Mapping[str, Any]) -> tuple[Benefit, ...]:
    """Benefits by id."""
    return tuple(replace(BENEFIT, benefit_id=benefit_id, **changes) for benefit_id, changes in by_id.items())


def term(method: Method, *codes: str, **more: Any) -> ContractTerm:
    """A term for codes, none for all; its id is its method unless given."""
    drgs = more.pop("drgs", ())
    return ContractTerm(more.pop("term_id", method), (), (), codes, drgs, method, **more)


def contract(*terms: ContractTerm, **more: Any) -> Contract:
    """A contract of network NET."""
    provider_id = more.pop("provider_id", None)
    network_id = None if provider_id else "NET"
    given = Contract(1, False, "CON", provider_id, network_id, (), more.pop("currency", "USD"), YEAR[0], terms=terms)
    return replace(given, **more)


def on(line: ClaimLine, first: int, last: int | None = None) -> ClaimLine:
    """The line some days after DAY."""
    return replace(line, service_from=DAY + first, service_to=DAY + (first if last is None else last))


def payer(
    paid: int, reduced: int = 0, *, lines: Sequence[int] = (), allowed: int | None = None, sequence: int = 1
) -> OtherPayer:
    """What an earlier payer did: paid of the claim or by line, and its contractual reduction of the claim."""
    adjustments = (PayerAdjustment(None, "CO", "45", reduced),) if reduced else ()
    by_line = tuple(PayerLine(number, amount) for number, amount in enumerate(lines, start=1))
    return OtherPayer(f"PAYER{sequence}", sequence, paid, adjustments, allowed, by_line)


def denied(number: int, charge: int, group: Any = "PR", reason: str = "96") -> dict[int, LineVerdict]:
    """A line that adjudicate denied."""
    adjustment = Adjustment(group, reason, charge, "D-BENEFIT", None)
    return {number: LineVerdict(number, "denied", None, (adjustment,), ())}


def cut(number: int, units: int, amount: int) -> dict[int, LineVerdict]:
    """A line of which adjudicate denied units with their part of the charge."""
    adjustment = Adjustment("CO", "222", amount, "D-EDIT:MUE", None, units * 1000)
    return {number: LineVerdict(number, "passed", "visit", (adjustment,), (), units * 1000)}


def _envelope(
    claim: SubmittedClaim, plan: Plan, verdicts: Mapping[int, LineVerdict], grants: Mapping[int, Grant]
) -> Envelope:
    judged = tuple(
        verdicts.get(line.line_number)
        or LineVerdict(line.line_number, "passed", _benefit_of(line, plan).benefit_id, (), ())
        for line in claim.lines
    )
    numbers = tuple(
        AuthorizedLine(number, "passed", authorization_number=grant.authorization_number)
        for number, grant in grants.items()
    )
    once = {grant.authorization_number: grant for grant in grants.values()}
    authorized = Authorized(
        "passed", plan.plan_id, None, None, None, (), plan.effective_from, numbers, tuple(once.values())
    )
    provider_id = claim.provider.provider_id
    validated = Validated(claim.member.member_id or "", provider_id, "", ())
    return Envelope(
        "claim", claim.claim_id, "N", claim.root_id, 1, "FAM", "", claim.accepted_at, 1, b"",
        validated, authorized, Adjudicated("passed", judged, ()), (),
    )  # fmt: skip


def _benefit_of(line: ClaimLine, plan: Plan) -> Benefit:
    """The first benefit that lists the code, else the first that lists none."""
    listed = [one for one in plan.benefits if line.service_code in one.codes]
    return (listed or [one for one in plan.benefits if not one.codes])[0]


def _reference(plan: Plan, fees: Sequence[Fee], contracts: Sequence[Contract]) -> ReferenceView:
    store = ReferenceStore(CODEC)
    loads: list[tuple[str, Sequence[Any]]] = [
        (topics.REFERENCE_PROVIDERS, list(_providers())),
        (topics.REFERENCE_PLANS, [plan]),
        (topics.REFERENCE_FEES, fees),
        (topics.REFERENCE_CONTRACTS, contracts),
    ]
    for topic, records in loads:
        for record in records:
            store.add(topic, "", CODEC.encode(record))
    counts = {topic: len(records) for topic, records in loads}
    store.add(topics.REFERENCE_RELEASES, "1", CODEC.encode(ReferenceRelease(1, 0, "test", counts)))
    view = store.at(1)
    assert view is not None
    return view


def _providers() -> Iterable[Provider]:
    networks = {
        "P1": (NetworkSegment("NET", YEAR[0], None),),
        "P2": (NetworkSegment("NET2", YEAR[0], None),),
        "LEFT": (NetworkSegment("NET", YEAR[0], DAY),),
        "JOINED": (NetworkSegment("NET", DAY, None),),
        "OUT": (),
    }
    return (Provider(1, False, name, (), name, "clinic", segments) for name, segments in networks.items())


def fee(code: str, amount: int, **changes: Any) -> Fee:
    """A fee of schedule FEES."""
    return replace(Fee(1, False, "FEES", "HC", code, None, YEAR[0], None, "USD", amount), **changes)
