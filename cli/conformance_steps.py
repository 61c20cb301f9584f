"""The steps of a case as records for the chain: claims in the API's JSON with small defaults, and what follows them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import ValidationError

from cli.conformance_cases import Case, CaseError, refuse_unknown
from cli.conformance_payer import FIRST_PROVIDER, authorization_of, first_member
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY, parse_day
from schemas.events import AdjudicationEvent, Command, PaymentEvent
from schemas.intake import ClaimIntake, problems, to_submitted
from schemas.money import MoneyError, minor_of
from sources.offline.start import Start

SUBMITTER = "conformance"
SERVICE_DATE = "2026-03-02"
DIAGNOSIS = "J06.9"
# Claims arrive so many days after the service unless a step says `on`; what is said of them, a day after the last.
DAYS_TO_FILE = 10
MORNING = 3 * 3_600_000
WHOLE_NUMBERS = ("lineNumber", "sequence")
TRUTHS = {"true": True, "false": False}
COMMAND = frozenset({"kind", "claim", "actor", "role", "reason"})
PAYMENT = frozenset({"claim", "amount", "state", "payment_number", "method"})
ADJUDICATION = frozenset({"claim", "verdict", "reason", "actor"})


class Sent(NamedTuple):
    """A record for an input topic, with its key, and the claim that the step is about (None for an authorization)."""

    topic: str
    key: str
    record: object
    claim: str | None


class Sender:
    """Turns the steps of a case into records, one after the other; remembers claims by their numbers."""

    def __init__(self, case: Case, start: Start) -> None:
        self._case = case
        self._start = start
        self._day = parse_day(SERVICE_DATE) + DAYS_TO_FILE
        self._sent = 0
        self.ids: dict[str, str] = {}
        self.roots: dict[str, str] = {}

    def record_of(self, step: Mapping[str, Any]) -> Sent:
        """The record that a step sends. Raises CaseError when it cannot be one."""
        self._sent += 1
        on = self._on(step)
        if "claim" in step:
            return self._claim(step["claim"], on)
        self._day = self._day + 1 if on is None else on
        if "authorization" in step:
            event = replace(authorization_of(step["authorization"], self._case, self._start), at=self._at())
            return Sent(topics.AUTHORIZATION_EVENTS, event.member_id, event, None)
        if "command" in step:
            return self._command(step["command"])
        return self._payment(step["payment"]) if "payment" in step else self._adjudication(step["adjudication"])

    def _on(self, step: Mapping[str, Any]) -> int | None:
        try:
            return parse_day(step["on"]) if "on" in step else None
        except ValueError:
            raise CaseError(f"{self._case.place}: on: {step['on']!r} is no day; write it as 2026-03-02") from None

    def _at(self) -> int:
        return self._day * MILLISECONDS_A_DAY + MORNING + self._sent

    def _claim(self, given: Mapping[str, Any], on: int | None) -> Sent:
        document = self._filled(given)
        try:
            intake = ClaimIntake.model_validate(document)
        except ValidationError as error:
            found = "; ".join(f"{finding.place}: {finding.text}" for finding in problems(error))
            raise CaseError(f"{self._case.place}, claim {document['claimNumber']}: {found}") from error
        claim: SubmittedClaim = to_submitted(
            intake, submitter_id=SUBMITTER, channel="file", correlation_id=None, accepted_at=0, idempotency_key=None
        )
        self._day = claim.service_to + DAYS_TO_FILE if on is None else on
        claim = replace(claim, accepted_at=self._at())
        number = document["claimNumber"]
        self.ids[number], self.roots[number] = claim.claim_id, claim.root_id
        return Sent(topics.CLAIMS_SUBMITTED, claim.root_id, claim, number)

    def _filled(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The claim with what it does not say: number, people, day, currency, a diagnosis."""
        defaults: dict[str, Any] = {"claimNumber": f"C{len(self.ids) + 1}", "currency": self._case.currency}
        if "member" not in given:
            defaults["memberId"] = first_member(self._case)
        if "provider" not in given:
            defaults["providerId"] = FIRST_PROVIDER
        if not all("serviceDate" in item for item in given.get("items", ())) or not given.get("items"):
            defaults["serviceDate"] = SERVICE_DATE
        if given.get("claimType") not in ("dental", "pharmacy"):
            defaults["diagnoses"] = [{"code": DIAGNOSIS}]
        filled: dict[str, Any] = _with_numbers({**defaults, **given})
        return filled

    def _command(self, given: Mapping[str, Any]) -> Sent:
        refuse_unknown(given, COMMAND, f"{self._case.place}, command")
        number = self._named(given)
        command = Command(
            f"command-{self._sent}", given["kind"], self.ids[number], given.get("actor", "ani"),
            given.get("role", "claim_processor"), given.get("reason"), None, None, self._at(),
        )  # fmt: skip
        return Sent(topics.CLAIMS_COMMANDS, self.roots[number], command, number)

    def _payment(self, given: Mapping[str, Any]) -> Sent:
        refuse_unknown(given, PAYMENT, f"{self._case.place}, payment")
        number = self._named(given)
        try:
            amount = minor_of(given["amount"], self._case.currency)
        except (KeyError, MoneyError) as error:
            raise CaseError(f"{self._case.place}, payment: needs an amount ({error})") from error
        event = PaymentEvent(
            f"payment-{self._sent}", self.ids[number], given.get("payment_number", f"PAY-{self._sent}"),
            given.get("method", "transfer"), amount, self._case.currency, given.get("state", "paid"), self._day, None,
            self._at(),
        )  # fmt: skip
        return Sent(topics.PAYMENT_EVENTS, self.roots[number], event, number)

    def _adjudication(self, given: Mapping[str, Any]) -> Sent:
        refuse_unknown(given, ADJUDICATION, f"{self._case.place}, adjudication")
        number = self._named(given)
        event = AdjudicationEvent(
            f"adjudication-{self._sent}", self.ids[number], given["verdict"], given.get("reason"),
            given.get("actor", "reviewer"), None, self._at(),
        )  # fmt: skip
        return Sent(topics.ADJUDICATION_EVENTS, self.roots[number], event, number)

    def _named(self, given: Mapping[str, Any]) -> str:
        number = str(given.get("claim"))
        if number not in self.ids:
            raise CaseError(f"{self._case.place}: claim {number} was not sent before; they are {', '.join(self.ids)}")
        return number


def _with_numbers(value: Any) -> Any:
    """The JSON with whole numbers and truths where the API wants them; amounts and quantities stay decimal text."""
    if isinstance(value, list):
        return [_with_numbers(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        name: int(part)
        if name in WHOLE_NUMBERS and isinstance(part, str) and part.isdigit()
        else [int(one) for one in part]
        if name == "diagnosisPointers"
        else TRUTHS.get(part, part)
        if name == "encounter"
        else _with_numbers(part)
        for name, part in value.items()
    }
