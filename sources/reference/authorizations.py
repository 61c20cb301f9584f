"""Prior authorizations and letters of guarantee, from authorizations.csv (or YAML); the file may be absent.

An authorization becomes an event. The id of the event comes from its content, so that it can be told from one that
another system sent, and an unchanged row is not sent again.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from schemas.events import AuthorizationEvent
from sources.reference.fields import Fields
from sources.reference.problems import Problems
from sources.reference.rows import Columns, rows_of

AUTHORIZATIONS = Columns(
    ("authorization_number", "member_id", "valid_from", "valid_to"),
    ("provider_id", "service_codes", "units", "amount", "currency", "state"),
)
STATES = ("approved", "cancelled")
CODES_MAX = 200
_NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a03")


def authorizations_of(
    folder: Path, members: Collection[str], providers: Collection[str], problems: Problems
) -> dict[str, AuthorizationEvent]:
    """Events by authorization number, without their time (0)."""
    found: dict[str, AuthorizationEvent] = {}
    for row in rows_of(folder, "authorizations", AUTHORIZATIONS, problems, needed=False):
        fields = Fields(row, problems)
        event = _event(fields)
        if event.authorization_number in found:
            fields.bad("authorization_number", f"{event.authorization_number} stands in an earlier row already")
        if members and event.member_id not in members:
            fields.bad("member_id", f"{event.member_id} is not in members")
        if event.provider_id is not None and providers and event.provider_id not in providers:
            fields.bad("provider_id", f"{event.provider_id} is not in providers; leave it empty for any provider")
        found[event.authorization_number] = event
    return found


def event_id_of(event: AuthorizationEvent) -> str:
    """Id of the event that a row of this content makes; of no other event, wherever it came from."""
    content = (
        event.authorization_number, event.member_id, event.provider_id, event.service_codes, event.valid_from,
        event.valid_to, event.units_milli, event.amount, event.currency, event.state,
    )  # fmt: skip
    return str(uuid.uuid5(_NAMESPACE, repr(content)))


def unsent(wanted: Mapping[str, AuthorizationEvent], sent: Mapping[str, str]) -> list[AuthorizationEvent]:
    """Events whose content is not the last that was sent from a row; `sent` has event ids by authorization number."""
    return [event for number, event in wanted.items() if sent.get(number) != event.event_id]


def _event(fields: Fields) -> AuthorizationEvent:
    currency = fields.currency("currency") if fields.given("currency") else None
    if fields.given("amount") and currency is None:
        fields.bad("currency", "is empty; an amount needs one")
    codes = fields.items("service_codes")
    if len(codes) > CODES_MAX:
        fields.bad("service_codes", f"more than {CODES_MAX}; leave it empty for any service")
    valid_from, valid_to = fields.period("valid_from", "valid_to")
    event = AuthorizationEvent(
        event_id="",
        authorization_number=fields.id("authorization_number"),
        member_id=fields.id("member_id"),
        provider_id=fields.id("provider_id") or None,
        service_codes=tuple(codes),
        valid_from=valid_from,
        valid_to=valid_from if valid_to is None else valid_to,
        units_milli=fields.thousandths_or_none("units"),
        amount=fields.amount_or_none("amount", currency),
        currency=currency,
        state=fields.word("state", STATES, "approved"),
        correlation_id=None,
        at=0,
    )
    return replace(event, event_id=event_id_of(event))
