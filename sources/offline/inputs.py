"""Lines of a file as records for the chain, in their order: claims, and what happens to them afterwards.

No clock: what a line does not say of its time follows from the lines before. A claim is accepted at the end of its last
day of service on the payer's calendar, a payment at the end of its day, anything else at the latest moment so far.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from pydantic import BaseModel, ValidationError

from config.limits import JSON_LINE_BYTES_MAX, PAYER_UTC_OFFSET_MINUTES
from schemas import topics
from schemas.dates import MILLISECONDS_A_DAY, day_of, milliseconds_of
from schemas.envelope import Finding
from schemas.events import AdjudicationEvent, AuthorizationEvent, Command, PaymentEvent
from schemas.identifiers import claim_id, claim_id_of
from schemas.intake import ClaimIntake, JsonTextError, problems, to_submitted, told_apart
from schemas.money import MoneyError, minor_of
from sources.offline.models import AdjudicationIntake, AuthorizationIntake, CommandIntake, Delivery, PaymentIntake
from sources.replay.json_lines import DEFAULT_SUBMITTER, lines_of, value_of

CHANNEL = "file"
DELIVERY = ("submitterId", "acceptedAt")
FINDINGS_MAX = 100


class Sent(NamedTuple):
    """A record for a topic of the chain, with its key."""

    topic: str
    key: str
    record: object


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: a record to send, or what is wrong with it."""

    number: int
    sent: Sent | None
    findings: tuple[Finding, ...] = ()


class Inputs:
    """Reads lines; remembers the latest moment, and which claims stand under another root."""

    def __init__(self, submitter_id: str = DEFAULT_SUBMITTER) -> None:
        self._submitter_id = submitter_id
        self._latest = 0
        self._roots: dict[str, str] = {}
        self._kinds: dict[str, Callable[[int, Any], Sent]] = {
            "command": self._command,
            "adjudication": self._adjudication,
            "authorization": self._authorization,
            "payment": self._payment,
        }

    def read(self, file: BinaryIO) -> Iterator[Line]:
        """Every line that is not blank, one in memory at a time."""
        for number, line in lines_of(file):
            if len(line) > JSON_LINE_BYTES_MAX:
                text = f"the line has more than {JSON_LINE_BYTES_MAX:,} bytes; write one value a line"
                yield Line(number, None, (Finding("line_too_long", "", text),))
            elif line.strip():
                yield self._line(number, line)

    def _line(self, number: int, line: bytes) -> Line:
        try:
            return Line(number, self._sent(number, value_of(line)))
        except JsonTextError as error:
            return Line(number, None, (Finding(error.code, "", str(error)),))
        except ValidationError as error:
            return Line(number, None, tuple(problems(error)[:FINDINGS_MAX]))
        except MoneyError as error:
            return Line(number, None, (Finding("amount_too_fine", "amount", f"amount: {error}"),))

    def _sent(self, number: int, value: object) -> Sent:
        if not isinstance(value, dict):
            raise JsonTextError("not_an_object", "the line is no JSON object; write one claim or event a line")
        for kind, read in self._kinds.items():
            if kind in value:
                if len(value) > 1:
                    others = ", ".join(sorted(str(name)[:40] for name in value if name != kind))
                    text = f"a line with {kind} holds nothing else, found {others}; put it inside {kind}"
                    raise JsonTextError("unknown_field", text)
                return read(number, value[kind])
        delivery = {name: value.pop(name) for name in DELIVERY if name in value}
        if set(value) == {"claim"}:
            value = value["claim"]
        return self._claim(number, value, Delivery.model_validate(delivery))

    def _claim(self, number: int, value: object, delivery: Delivery) -> Sent:
        intake = ClaimIntake.model_validate(value)
        days = [intake.service_date_to, intake.service_date]
        days += [day for item in intake.items for day in (item.service_date_to, item.service_date)]
        last = max(day for day in days if day is not None)
        at = end_of(day_of(last)) if delivery.accepted_at is None else milliseconds_of(delivery.accepted_at)
        submitted = to_submitted(
            intake,
            submitter_id=delivery.submitter_id or self._submitter_id,
            channel=CHANNEL,
            correlation_id=f"line-{number}",
            accepted_at=at,
            idempotency_key=None,
        )
        claim = told_apart(submitted)
        self._latest = max(self._latest, at)
        if claim.claim_id != claim.root_id:
            self._roots[claim.claim_id] = claim.root_id
        return Sent(topics.CLAIMS_SUBMITTED, claim.root_id, claim)

    def _command(self, number: int, value: object) -> Sent:
        given = CommandIntake.model_validate(value)
        about, root = self._named(given)
        command = Command(
            given.command_id or f"line-{number}", given.kind, about, given.actor, given.role, given.reason, None,
            f"line-{number}", self._at(given),
        )  # fmt: skip
        return Sent(topics.CLAIMS_COMMANDS, root, command)

    def _adjudication(self, number: int, value: object) -> Sent:
        given = AdjudicationIntake.model_validate(value)
        about, root = self._named(given)
        event = AdjudicationEvent(
            given.event_id or f"line-{number}", about, given.verdict, given.reason, given.actor, f"line-{number}",
            self._at(given),
        )  # fmt: skip
        return Sent(topics.ADJUDICATION_EVENTS, root, event)

    def _payment(self, number: int, value: object) -> Sent:
        given = PaymentIntake.model_validate(value)
        about, root = self._named(given)
        event = PaymentEvent(
            given.event_id or f"line-{number}", about, given.payment_number, given.method,
            minor_of(given.amount, given.currency), given.currency, given.state, day_of(given.paid_on),
            f"line-{number}", self._at(given, end_of(day_of(given.paid_on))),
        )  # fmt: skip
        return Sent(topics.PAYMENT_EVENTS, root, event)

    def _authorization(self, number: int, value: object) -> Sent:
        given = AuthorizationIntake.model_validate(value)
        currency = given.currency
        event = AuthorizationEvent(
            event_id=f"line-{number}",
            authorization_number=given.authorization_number,
            member_id=given.member_id,
            provider_id=given.provider_id,
            service_codes=tuple(given.service_codes),
            valid_from=day_of(given.valid_from),
            valid_to=day_of(given.valid_to),
            units_milli=None if given.units is None else int(given.units * 1000),
            amount=None if given.amount is None or currency is None else minor_of(given.amount, currency),
            currency=currency,
            state=given.state,
            correlation_id=f"line-{number}",
            at=self._at(given),
        )
        return Sent(topics.AUTHORIZATION_EVENTS, event.member_id, event)

    def _named(self, given: CommandIntake | AdjudicationIntake | PaymentIntake) -> tuple[str, str]:
        """Id of the claim that is named, and of its root."""
        submitter_id = given.submitter_id or self._submitter_id
        about = claim_id_of(given.claim_id) or claim_id(submitter_id, given.claim_id, None, "")
        return about, self._roots.get(about, about)

    def _at(self, given: BaseModel, default: int = 0) -> int:
        moment = getattr(given, "at", None)
        at = max(self._latest, default) if moment is None else milliseconds_of(moment)
        self._latest = max(self._latest, at)
        return at


def end_of(day: int) -> int:
    """The last millisecond of a day on the payer's calendar."""
    return (day + 1) * MILLISECONDS_A_DAY - PAYER_UTC_OFFSET_MINUTES * 60_000 - 1
