"""Runs worked claims against the engine: the real stages in memory, fed step by step.

A case passes when nothing differs from what it expects. An error in the case itself is raised, an error of the engine
is a difference like any other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.contract import Table
from agents.tables import BALANCES, LEDGERS
from cli.conformance_cases import Case, CaseError, listed, refuse_unknown
from cli.conformance_compare import OF_DECISION, Money, differences
from cli.conformance_payer import COVERAGE, payer_of
from cli.conformance_steps import Sender, Sent
from schemas import topics
from schemas.codec import Codec
from schemas.decision import Decision
from schemas.events import DeadLetter, PaymentRequest
from schemas.reference import Plan
from schemas.state import Balances
from sources.offline.start import Start
from streams.driver import Driver
from streams.state import BatchState

EXPECT = OF_DECISION | {"claim", "rejected", "refused", "dead", "repeated", "undecided", "requested", "payee"}
LEDGER = frozenset({"account", "who", "period", "amount", "coverage"})
NOTHING_EXPECTED: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Result:
    """What a case came to: nothing differs, or these things do."""

    case: Case
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the engine did what the case expects."""
        return not self.differences


def run(case: Case, codec: Codec) -> Result:
    """Run one case. Raises CaseError when the case itself is wrong."""
    return Result(case, tuple(_Run(case, codec).differences()))


class _Run:
    """A case under way."""

    def __init__(self, case: Case, codec: Codec) -> None:
        self._case = case
        self._money = Money(case)
        start = payer_of(case, codec)
        self._start = start
        self._driver = Driver(start.references, codec)
        self._fill(start)
        self._sender = Sender(case, start)
        for event in start.folder.authorizations.values():
            self._driver.pipe(topics.AUTHORIZATION_EVENTS, event.member_id, event)

    def differences(self) -> Iterator[str]:
        """Everything that is not as expected, each with its step."""
        for number, step in enumerate(self._case.steps, start=1):
            sent = self._sender.record_of(step)
            place = f"step {number}, {self._title(sent)}"
            before = {topic: len(outputs) for topic, outputs in self._driver.outputs.items()}
            try:
                self._driver.pipe(sent.topic, sent.key, sent.record)
            except Exception as error:  # a failure of the engine is a difference, and no reason to stop the pack
                yield f"{place}: the engine failed: {type(error).__name__}: {error}"
                return
            expected = listed(step.get("expect", NOTHING_EXPECTED))
            for expect in expected:
                refuse_unknown(expect, EXPECT, f"{self._case.place}, {place}, expect")
                for text in self._unmet(expect, expect.get("claim", sent.claim), before):
                    yield f"{place}: {text}"
            if not any("dead" in expect for expect in expected):
                for letter in self._dead(before):
                    yield f"{place}: set aside: {letter.code}, {letter.message}"
        if self._case.ledger is not None:
            yield from self._ledger(self._case.ledger)

    def _title(self, sent: Sent) -> str:
        return f"claim {sent.claim}" if sent.claim else "authorization"

    def _unmet(self, expect: Mapping[str, Any], number: str | None, before: Mapping[str, int]) -> Iterator[str]:
        if "dead" in expect:
            yield from self._unlike_dead(expect["dead"], before)
            return
        if not expect:
            return
        if number is None:
            raise CaseError(f"{self._case.place}: what is expected after an authorization names its `claim`")
        claim_id = self._sender.ids.get(number)
        if claim_id is None:
            raise CaseError(f"{self._case.place}: expects something of claim {number}, which was not sent")
        if "rejected" in expect:
            yield from self._unlike_rejected(expect["rejected"], claim_id)
            return
        decisions = [one for one in self._driver.read(topics.CLAIMS_DECIDED) if one.claim_id == claim_id]
        if expect.get("undecided") == "true":
            if decisions:
                yield f"claim {number} is decided ({decisions[-1].substatus}), expected to wait"
            return
        if not decisions:
            yield from self._missing(number, claim_id)
            return
        prefix = f"claim {number}: " if "claim" in expect else ""
        for text in (
            *differences(expect, decisions[-1], self._money),
            *self._around(expect, number, decisions, before),
        ):
            yield f"{prefix}{text}"

    def _missing(self, number: str, claim_id: str) -> Iterator[str]:
        rejected = [one for one in self._driver.read(topics.CLAIMS_REJECTED) if one.claim_id == claim_id]
        codes = ", ".join(finding.code for one in rejected for finding in one.findings)
        yield f"claim {number} is rejected at the front end ({codes})" if codes else f"claim {number} is not decided"

    def _around(
        self, expect: Mapping[str, Any], number: str, decisions: Sequence[Decision], before: Mapping[str, int]
    ) -> Iterator[str]:
        """What stands beside a decision: refusals, repeats, payments asked for."""
        if "refused" in expect:
            events = self._driver.read(topics.CLAIMS_EVENTS)[before.get(topics.CLAIMS_EVENTS, 0) :]
            reasons = [event.details.get("reason") for event in events if event.event_type.endswith(".refused")]
            if reasons != [expect["refused"]]:
                yield f"refused for {', '.join(map(str, reasons)) or 'nothing'}, expected {expect['refused']}"
        if expect.get("repeated") == "true":
            new = self._driver.outputs[topics.CLAIMS_DECIDED][before.get(topics.CLAIMS_DECIDED, 0) :]
            if len(decisions) < 2 or len(new) != 1 or decisions[-1] != decisions[-2]:
                yield "the decision before is not repeated"
        requests: list[PaymentRequest] = [
            one for one in self._driver.read(topics.PAYMENT_REQUESTS) if one.root_id == self._sender.roots.get(number)
        ]
        if "requested" in expect:
            asked = sum(one.amount for one in requests)
            wanted = self._money.minor(expect["requested"])
            if asked != wanted:
                yield f"payments asked for are {self._money.shown(asked)}, expected {self._money.shown(wanted)}"
        if "payee" in expect and [expect["payee"]] != sorted({one.payee_kind for one in requests}):
            yield f"asked for {', '.join(one.payee_kind for one in requests) or 'nobody'}, expected {expect['payee']}"

    def _unlike_rejected(self, wanted: Any, claim_id: str) -> Iterator[str]:
        found = [one for one in self._driver.read(topics.CLAIMS_REJECTED) if one.claim_id == claim_id]
        if not found:
            yield "it is not rejected at the front end"
            return
        codes = sorted(finding.code for finding in found[-1].findings)
        if codes != sorted(listed(wanted)):
            yield f"rejected with {', '.join(codes)}, expected {', '.join(sorted(listed(wanted)))}"

    def _unlike_dead(self, wanted: str, before: Mapping[str, int]) -> Iterator[str]:
        codes = [letter.code for letter in self._dead(before)]
        if codes != [wanted]:
            yield f"set aside as {', '.join(codes) or 'nothing'}, expected {wanted}"

    def _dead(self, before: Mapping[str, int]) -> list[DeadLetter]:
        return [
            letter
            for topic in list(self._driver.outputs)
            if topic.endswith(".dlq")
            for letter in self._driver.read(topic)[before.get(topic, 0) :]
        ]

    # --- the ledger -----------------------------------------------------------------------------------------------

    def _fill(self, start: Start) -> None:
        """Opening balances and history into the state of their stages."""
        states = {name: BatchState(self._driver.stores[name], self._driver.codec) for name in ("adjudicate", "price")}
        start.fill(states["adjudicate"], states["price"])
        for name, state in states.items():
            self._driver.stores[name].write(state.changes(), 0)

    def _ledger(self, wanted: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """The balances that are named; none at all when the list is empty."""
        state = BatchState(self._driver.stores["price"], self._driver.codec)
        if not wanted:
            known = state.get(LEDGERS, COVERAGE)
            if known is not None:
                yield f"ledger: balances in {', '.join(known.periods)}, expected none"
        for row in wanted:
            refuse_unknown(row, LEDGER, f"{self._case.place}, ledger")
            key = f"{row.get('coverage', COVERAGE)}:{row['period']}"
            have = self._balance(state, BALANCES, key, f"{row['account']}:{row['who']}")
            want = self._counted(row["account"], row["amount"])
            if have != want:
                name = f"ledger: {row['account']} of {row['who']} in {row['period']}"
                yield f"{name} is {self._shown(row['account'], have)}, expected {self._shown(row['account'], want)}"

    def _balance(self, state: BatchState, table: Table[Balances], key: str, account: str) -> int:
        found = state.get(table, key)
        return 0 if found is None else found.amounts.get(account, 0)

    def _counted(self, account: str, text: str) -> int:
        measure = self._measure(account)
        if measure == "money":
            return self._money.minor(text)
        return int(text) * 1000 if measure == "units" else int(text)

    def _shown(self, account: str, value: int) -> str:
        measure = self._measure(account)
        return self._money.shown(value) if measure == "money" else str(value // 1000 if measure == "units" else value)

    def _measure(self, account: str) -> str:
        """What an account counts, in the word of its limit."""
        kind, _, rest = account.partition(":")
        if kind == "authorization":
            return "units" if rest.endswith(":units") else "money"
        plans = [plan for plan in self._start.folder.records[topics.REFERENCE_PLANS].values() if isinstance(plan, Plan)]
        limits = {limit.limit_id: limit.measure for plan in plans for limit in plan.limits}
        return limits.get(rest, "money") if kind == "limit" else "money"
