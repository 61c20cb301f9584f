"""How long texts and lists from outside may be, and which ids are ids: what the doors refuse, the topics do too.

A text of a claim may come back on every line of its decision, so a long one would make a record that no topic takes.
What is too long is set aside: none of our own doors lets it pass.
"""

import uuid
from collections.abc import Iterable

from agents.contract import Dead
from config import limits
from schemas.claim import SubmittedClaim
from schemas.events import AdjudicationEvent, AuthorizationEvent, Command, PaymentEvent

AUTHORIZATION_CODES_MAX = 100
TOO_LONG = Dead("too_long", f"a code is longer than {limits.CODE_CHARACTERS_MAX} characters; shorten it")
TEXT_TOO_LONG = Dead("too_long", f"a text is longer than {limits.TEXT_CHARACTERS_MAX} characters; shorten it")
TOO_MANY = Dead("too_many", "a list has more entries than a claim or authorization may have")


def is_canonical(identifier: str) -> bool:
    """Whether an id is a UUID as we write them: another spelling would be another claim of the same number."""
    try:
        return str(uuid.UUID(identifier)) == identifier
    except ValueError:
        return False


def claim_too_large(claim: SubmittedClaim) -> Dead | None:
    """Why a claim is too large to be carried through the chain; None when it is not."""
    lines, provider = claim.lines, claim.provider
    if len(lines) > limits.CLAIM_LINES_MAX:
        return Dead("too_many_lines", f"more than {limits.CLAIM_LINES_MAX} lines")
    # Twice what an edit rejects: up to there the submitter is told what is wrong.
    if len(claim.diagnoses) > 2 * limits.DIAGNOSES_MAX or len(claim.other_payers) > 2 * limits.OTHER_PAYERS_MAX:
        return TOO_MANY
    codes = [claim.currency, claim.drg or "", claim.authorization_number or "", provider.provider_id or ""]
    for line in lines:
        if line.tooth is not None:
            codes.append(line.tooth)
        if line.authorization_number is not None:
            codes.append(line.authorization_number)
    for identifier in provider.identifiers:
        codes += [identifier.system, identifier.value]
    return _too_long(codes) or _texts_too_long((claim.submitter_id, claim.channel, claim.correlation_id, provider.name))


def event_too_large(event: Command | PaymentEvent | AdjudicationEvent | AuthorizationEvent) -> Dead | None:
    """Why an event or command is too large to be remembered and told; None when it is not."""
    if isinstance(event, AuthorizationEvent):
        if len(event.service_codes) > AUTHORIZATION_CODES_MAX:
            return TOO_MANY
        codes = [event.authorization_number, event.member_id, event.provider_id or "", *event.service_codes]
        return _too_long(codes) or _texts_too_long((event.event_id, event.correlation_id, event.currency))
    if isinstance(event, PaymentEvent):
        return _texts_too_long((event.event_id, event.payment_number, event.method, event.correlation_id))
    if isinstance(event, AdjudicationEvent):
        return _texts_too_long((event.event_id, event.actor, event.reason, event.correlation_id))
    return _texts_too_long((event.command_id, event.actor, event.role, event.reason, event.correlation_id))


def _too_long(codes: Iterable[str]) -> Dead | None:
    return TOO_LONG if max(map(len, codes)) > limits.CODE_CHARACTERS_MAX else None


def _texts_too_long(texts: Iterable[str | None]) -> Dead | None:
    return TEXT_TOO_LONG if any(one is not None and len(one) > limits.TEXT_CHARACTERS_MAX for one in texts) else None
